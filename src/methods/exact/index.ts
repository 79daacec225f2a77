/** Methods that prove what they find. */
import type { Method } from "../method.js";
import { branchAndBound } from "./branchAndBound.js";

export const exact: readonly Method[] = [branchAndBound as Method];
