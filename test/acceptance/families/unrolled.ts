/** Acceptance rows of the unrolled family. */
import type { Row } from "../row.js";

export const unrolled: readonly Row[] = [
  {
    method: "itd",
    problem: "P1",
    options: { alpha: 1 / 16, K: 20, eta: 0.1 },
    iterations: 62,
    expected: { x: [6.99998713], y: [3.49999022], within: 1e-7 },
    note: "20 steps leave a bias of (1 - alpha mu)^20",
  },
];
