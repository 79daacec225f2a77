/** Methods that read minibatches. */
import type { Method } from "../method.js";
import { fsla } from "./fsla.js";
import { saba } from "./saba.js";
import { soba } from "./soba.js";
import { srba } from "./srba.js";

export const stochastic: readonly Method[] = [saba, soba, srba, fsla];
