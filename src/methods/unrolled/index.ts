/** Methods that differentiate through the steps of a lower solver. */
import { coupled } from "../kit/coupling.js";
import type { Method } from "../method.js";
import { bda } from "./bda.js";
import { bgs } from "./bgs.js";
import { iaGm } from "./iaGm.js";
import { iaptt } from "./iaptt.js";
import { itd } from "./itd.js";
import { itdForward } from "./itdForward.js";
import { tRhg } from "./tRhg.js";

export const unrolled: readonly Method[] = [
  coupled(itd as Method),
  tRhg,
  coupled(itdForward as Method),
  bgs,
  iaGm,
  iaptt,
  bda,
];
