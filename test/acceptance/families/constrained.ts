/** Acceptance rows of the constrained family. */
import type { Row } from "../row.js";

export const constrained: readonly Row[] = [];
