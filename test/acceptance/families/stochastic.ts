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
  {
    method: "srba",
    problem: "S1",
    options: { ...single, period: 16 },
    iterations: 5000,
    seeds,
    expected: { x: [7], y: [3.5], within: 1e-8 },
  },
  {
    method: "srba",
    problem: "S1",
    params: { sigma: 1 },
    options: single,
    iterations: 5000,
    seeds,
    expected: { x: [7], y: [3.5], within: 1e-10 },
    note: "variance reduction: the noise of the samples does not matter; the run ends where its residuals are 1e-11",
  },
  {
    method: "vrbo",
    problem: "S1",
    options: { ...single, period: 8, K: 3, M: 20, adjointStep: 0.08 },
    iterations: 2000,
    seeds,
    expected: { x: [7], y: [3.5], within: 1e-6 },
    note: "N = 20 factors leave out 0.36^21: 3e-9 of x",
  },
  {
    method: "vrbo",
    problem: "S1",
    options: { ...single, period: 8, K: 3, M: 10, adjointStep: 0.08 },
    iterations: 2000,
    seeds,
    expected: {
      measures: [{ name: "|x - 7|", of: ({ x }) => Math.abs(x[0] - 7), from: 8.4e-5, to: 8.8e-5 }],
    },
    note: "N = 10 factors leave out 0.36^11: 8.6e-5 of x",
  },
  {
    method: "fsla",
    problem: "S1",
    options: single,
    iterations: 8000,
    seeds,
    expected: { x: [7], y: [3.5], within: 0.3 },
    note: "the noise of y and v stays, about 0.05",
  },
  {
    method: "mrbo",
    problem: "S1",
    options: { ...single, M: 10 },
    iterations: 10000,
    seeds,
    expected: { x: [7], y: [3.5], within: 0.3 },
    note: "momentum leaves about 0.05",
  },
  {
    method: "sustain",
    problem: "S1",
    options: { ...single, M: 10 },
    iterations: 10000,
    seeds,
    expected: { x: [7], y: [3.5], within: 3 },
    note: "one random term stands for the Neumann series: its variance is left",
  },
];
