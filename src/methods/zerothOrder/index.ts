/** Methods that read the hyper-objective through its values. */
import type { Method } from "../method.js";
import { igfm } from "./igfm.js";
import { sgm } from "./sgm.js";

export const zerothOrder: readonly Method[] = [sgm, igfm];
