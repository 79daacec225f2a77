/** Acceptance rows of the implicit family. */
import type { Row } from "../row.js";

const steps = { alpha: 1 / 16, K: 10, eta: 0.1 };

export const implicit: readonly Row[] = [
  {
    method: "ift-direct",
    problem: "P1",
    options: steps,
    iterations: 62,
    expected: { x: [7], y: [3.5], within: 1e-9 },
  },
  {
    method: "aid-cg",
    problem: "P1",
    options: { ...steps, M: 10 },
    iterations: 62,
    expected: { x: [7], y: [3.5], within: 1e-9 },
  },
];
