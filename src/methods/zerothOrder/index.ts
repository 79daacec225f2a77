/** Methods that read the hyper-objective through its values. */
import type { Method } from "../method.js";

export const zerothOrder: readonly Method[] = [];
