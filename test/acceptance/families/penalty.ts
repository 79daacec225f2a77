/** Acceptance rows of the penalty family. */
import type { Row } from "../row.js";

export const penalty: readonly Row[] = [];
