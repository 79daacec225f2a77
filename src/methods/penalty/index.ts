/** First-order methods that put a penalty in place of the lower level. */
import type { Method } from "../method.js";
import { bome } from "./bome.js";
import { f2ba } from "./f2ba.js";
import { gPbgd } from "./gPbgd.js";
import { meha } from "./meha.js";
import { vPbgd } from "./vPbgd.js";

export const penalty: readonly Method[] = [f2ba, vPbgd, gPbgd, bome, meha];
