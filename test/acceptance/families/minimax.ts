/** Acceptance rows of the minimax family. */
import type { Row } from "../row.js";

export const minimax: readonly Row[] = [];
