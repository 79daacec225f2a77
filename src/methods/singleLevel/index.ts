/** Methods that solve a single-level program in place of the bilevel problem. */
import type { Method } from "../method.js";
import { kktAuto } from "./kktAuto.js";

export const singleLevel: readonly Method[] = [kktAuto as Method];
