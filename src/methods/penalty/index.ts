/** First-order methods that put a penalty in place of the lower level. */
import { coupled } from "../kit/coupling.js";
import type { Method } from "../method.js";
import { bome } from "./bome.js";
import { f2ba } from "./f2ba.js";
import { gPbgd } from "./gPbgd.js";
import { meha } from "./meha.js";
import { vPbgd } from "./vPbgd.js";

export const penalty: readonly Method[] = [coupled(f2ba as Method), vPbgd, gPbgd, bome, meha];
