/** The methods that come with Blo, in the order in which they are listed. */
import { aidAuto } from "./implicit/aidAuto.js";
import { aidCg } from "./implicit/aidCg.js";
import { iftDirect } from "./implicit/iftDirect.js";
import { nullAid } from "./implicit/nullAid.js";
import type { Method } from "./method.js";
import { extragradient } from "./minimax/extragradient.js";
import { gda } from "./minimax/gda.js";
import { f2ba } from "./penalty/f2ba.js";
import { vPbgd } from "./penalty/vPbgd.js";
import { itd } from "./unrolled/itd.js";

export const builtin: readonly Method[] = [aidAuto, nullAid, iftDirect, aidCg, itd, f2ba, vPbgd, gda, extragradient];
