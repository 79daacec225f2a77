/** Methods that differentiate through the steps of a lower solver. */
import type { Method } from "../method.js";
import { itd } from "./itd.js";

export const unrolled: readonly Method[] = [itd];
