/** Methods that keep constraints of the lower level without a general nonlinear program. */
import type { Method } from "../method.js";

export const constrained: readonly Method[] = [];
