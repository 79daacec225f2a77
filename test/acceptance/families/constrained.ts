/** Acceptance rows of the constrained family. */
import type { End, Row } from "../row.js";

const bic = { alpha: 0.05, beta: 0.05, eta: 0.1, p: 0 };
const bicC3 = { alpha: 0.02, beta: 0.02, eta: 0.05 };
const authors = { alpha: 0.008, beta: 0.02, eta: 0.01, gamma1: 10, gamma2: 10 };
/** The multiplier of the problem's only constraint. */
const multiplier = (value: number, within: number) => ({
  name: "multiplier",
  of: ({ multipliers }: End): number => multipliers?.[0] ?? Number.NaN,
  from: value - within,
  to: value + within,
});
const blocc = { eta: 0.2, T: 200, sigma: 0.3, rho: 0.3 };

export const constrained: readonly Row[] = [
  {
    method: "lv-hba",
    problem: "C1",
    start: { x: [0], y: [0] },
    options: { alpha: 0.05, beta: 0.05, eta: 0.1, c0: 1, p: 0.3 },
    iterations: 20000,
    expected: { x: [1.5], y: [1.5], within: 1e-8 },
    note: "no bias: y >= x is all that the lower level asks near the solution",
  },
  {
    method: "lv-hba",
    problem: "C3",
    options: { ...authors, c0: 1, p: 0.3 },
    iterations: 100000,
    expected: {
      x: [-0.30298, -0.30298],
      y: [0.7045, 0.7045, -0.40153, -0.40153],
      within: 1e-4,
      measures: [multiplier(-1.0006, 1e-4)],
    },
    note: "bias of the order of 1/c_k",
  },
  {
    method: "lv-hba",
    problem: "C3",
    options: { ...authors, c0: 10, p: 0 },
    iterations: 100000,
    expected: { x: [-0.30916, -0.30916], within: 1e-5 },
    note: "bias of the order of 1/c",
  },
  {
    method: "lv-hba",
    problem: "C3",
    options: { ...authors, c0: 0.025, p: 0.3 },
    iterations: 5000,
    expected: { x: [-0.4197, -0.4197], within: 1e-3 },
    note: "the authors' c_k is still small after 5,000 iterations",
  },
  ...(
    [
      [1, 9.01, 5e-3],
      [0.1, 7.57, 5e-3],
      [0.01, 7.17419, 1e-3],
      [0.001, 7.0546, 1e-4],
    ] as const
  ).map(
    ([tau, x, within]): Row => ({
      method: "bvfim",
      problem: "P1",
      options: { tau, eta: 0.02 },
      iterations: 4000,
      expected: { x: [x], within },
      note: "bias of the order of the square root of tau",
    }),
  ),
  ...([10, 100, 1000] as const).map(
    (gamma): Row => ({
      method: "blocc",
      problem: "C1",
      start: { x: [0.5], y: [0.5] },
      options: { ...blocc, gamma },
      iterations: 300,
      expected: { x: [1.5], y: [1.5], within: 1e-8, measures: [multiplier(1.5 - 0.5 / gamma, 1e-8)] },
      note: "the multiplier is that of f/gamma + g: 1.5 - 0.5/gamma",
    }),
  ),
  {
    method: "bic-gaffa",
    problem: "C1",
    options: { ...bic, c0: 10 },
    iterations: 50000,
    expected: { x: [1.47619], y: [1.52381], within: 1e-5 },
    note: "bias of the order of 1/c",
  },
  {
    method: "bic-gaffa",
    problem: "C1",
    options: { ...bic, c0: 100 },
    iterations: 100000,
    expected: { x: [1.49751], y: [1.50249], within: 1e-5 },
    note: "bias of the order of 1/c",
  },
  {
    method: "bic-gaffa",
    problem: "C3",
    options: { ...bicC3, c0: 1, p: 0.3 },
    iterations: 100000,
    expected: { x: [-0.30684, -0.30684], within: 1e-4 },
    note: "bias of the order of 1/c_k",
  },
  {
    method: "bic-gaffa",
    problem: "C3",
    options: { ...bicC3, c0: 10, p: 0 },
    iterations: 100000,
    expected: { x: [-0.32, -0.32], within: 1e-5 },
    note: "bias of the order of 1/c",
  },
];
