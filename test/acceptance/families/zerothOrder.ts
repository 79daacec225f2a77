/** Acceptance rows of the zerothOrder family. */
import type { Row } from "../row.js";

export const zerothOrder: readonly Row[] = [];
