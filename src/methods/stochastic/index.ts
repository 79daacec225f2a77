/** Methods that read minibatches. */
import type { Method } from "../method.js";

export const stochastic: readonly Method[] = [];
