/** Methods that differentiate the lower level's optimality conditions, and those that leave part of that out. */
import { coupled } from "../kit/coupling.js";
import type { Method } from "../method.js";
import { aidAuto } from "./aidAuto.js";
import { aidCg } from "./aidCg.js";
import { aidFp } from "./aidFp.js";
import { aidNeumann } from "./aidNeumann.js";
import { darts } from "./darts.js";
import { firstOrder } from "./firstOrder.js";
import { galet } from "./galet.js";
import { iftDirect } from "./iftDirect.js";
import { mgbio } from "./mgbio.js";
import { nullAid } from "./nullAid.js";

export const implicit: readonly Method[] = [
  coupled(aidAuto as Method),
  nullAid,
  coupled(iftDirect as Method),
  coupled(aidCg as Method),
  coupled(aidFp as Method),
  coupled(aidNeumann as Method),
  galet,
  mgbio,
  darts,
  firstOrder,
];
