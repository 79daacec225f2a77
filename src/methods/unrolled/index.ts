/** Methods that differentiate through the steps of a lower solver. */
import type { Method } from "../method.js";
import { bda } from "./bda.js";
import { bgs } from "./bgs.js";
import { iaGm } from "./iaGm.js";
import { iaptt } from "./iaptt.js";
import { itd } from "./itd.js";
import { itdForward } from "./itdForward.js";
import { tRhg } from "./tRhg.js";

export const unrolled: readonly Method[] = [itd, tRhg, itdForward, bgs, iaGm, iaptt, bda];
