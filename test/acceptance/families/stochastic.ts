/** Acceptance rows of the stochastic family. */
import type { Row } from "../row.js";

export const stochastic: readonly Row[] = [];
