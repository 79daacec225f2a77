/** Acceptance rows of the stochastic family. */
import type { Row } from "../row.js";

/** Three runs of each: what holds must hold for all of them. */
const seeds = [1, 2, 3];
const single = { rho: 0.05, gamma: 0.02 };

export const stochastic: readonly Row[] = [
  {
    method: "saba",
    problem: "S1",
    options: single,
    iterations: 5000,
    seeds,
    expected: { x: [7], y: [3.5], within: 1e-8 },
  },
  {
    method: "saba",
    problem: "S1",
    params: { sigma: 1 },
    options: single,
    iterations: 5000,
    seeds,
    expected: { x: [7], y: [3.5], within: 1e-8 },
    note: "variance reduction: the noise of the samples does not matter at the end",
  },
  {
    method: "soba",
    problem: "S1",
    options: single,
    iterations: 8000,
    seeds,
    expected: { x: [7], y: [3.5], within: 0.3 },
    note: "fresh samples: what is left is their noise, about 0.03",
  },
];
