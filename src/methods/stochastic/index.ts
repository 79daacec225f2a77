/** Methods that read minibatches. */
import type { Method } from "../method.js";
import { saba } from "./saba.js";
import { soba } from "./soba.js";

export const stochastic: readonly Method[] = [saba, soba];
