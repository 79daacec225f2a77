/** Methods that keep constraints of the lower level without a general nonlinear program. */
import { coupled } from "../kit/coupling.js";
import type { Method } from "../method.js";
import { bicGaffa } from "./bicGaffa.js";
import { blocc } from "./blocc.js";
import { bvfim } from "./bvfim.js";
import { kktSensitivity } from "./kktSensitivity.js";
import { lvHba } from "./lvHba.js";

export const constrained: readonly Method[] = [
  coupled(kktSensitivity as Method),
  blocc as Method,
  lvHba as Method,
  bicGaffa as Method,
  bvfim as Method,
];
