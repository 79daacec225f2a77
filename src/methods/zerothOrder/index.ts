/** Methods that read the hyper-objective, or the lower solution, through values. */
import type { Method } from "../method.js";
import { igfm } from "./igfm.js";
import { pzobo } from "./pzobo.js";
import { sgm } from "./sgm.js";

export const zerothOrder: readonly Method[] = [sgm, igfm, pzobo];
