/** First-order methods that put a penalty in place of the lower level. */
import type { Method } from "../method.js";
import { f2ba } from "./f2ba.js";
import { vPbgd } from "./vPbgd.js";

export const penalty: readonly Method[] = [f2ba, vPbgd];
