/** Methods that differentiate the lower level's optimality conditions. */
import type { Method } from "../method.js";
import { aidAuto } from "./aidAuto.js";
import { aidCg } from "./aidCg.js";
import { iftDirect } from "./iftDirect.js";
import { nullAid } from "./nullAid.js";

export const implicit: readonly Method[] = [aidAuto, nullAid, iftDirect, aidCg];
