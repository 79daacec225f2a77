/** Methods that solve a single-level program in place of the bilevel problem. */
import type { Method } from "../method.js";
import { auglag } from "./auglag.js";
import { kktAuto } from "./kktAuto.js";
import { kktFb } from "./kktFb.js";
import { kktMpcc } from "./kktMpcc.js";
import { snllvf } from "./snllvf.js";
import { strongDuality } from "./strongDuality.js";
import { vfIdca } from "./vfIdca.js";

export const singleLevel: readonly Method[] = [kktAuto, kktMpcc, kktFb, strongDuality, auglag, vfIdca, snllvf].map(
  (m) => m as Method,
);
