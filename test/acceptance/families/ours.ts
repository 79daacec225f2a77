/** Acceptance rows of methods that are Blo's own or have no published numbers: the answer follows from the problem. */
import type { Row } from "../row.js";

export const ours: readonly Row[] = [
  { method: "aid-auto", problem: "P1", options: {}, iterations: 20, expected: { x: [7], y: [3.5], within: 1e-9 } },
  { method: "aid-auto", problem: "C2", options: {}, iterations: 50, expected: { x: [2], y: [1], within: 1e-9 } },
  {
    method: "kkt-sensitivity",
    problem: "C1",
    options: {},
    iterations: 50,
    expected: {
      x: [1.5],
      y: [1.5],
      within: 1e-9,
      measures: [
        {
          name: "multiplier",
          of: ({ multipliers }) => multipliers?.[0] ?? Number.NaN,
          from: 1.5 - 1e-9,
          to: 1.5 + 1e-9,
        },
      ],
    },
  },
  {
    method: "kkt-sensitivity",
    problem: "C3",
    options: {},
    iterations: 50,
    expected: {
      x: [-0.3, -0.3],
      y: [0.7, 0.7, -0.4, -0.4],
      within: 1e-6,
      measures: [
        { name: "multiplier", of: ({ multipliers }) => multipliers?.[0] ?? Number.NaN, from: -1 - 1e-6, to: -1 + 1e-6 },
      ],
    },
    note: "many lower solutions: a millionth of the upper objective chooses among them",
  },
  { method: "kkt-sensitivity", problem: "C2", options: {}, iterations: 50, expected: { x: [2], y: [1], within: 1e-9 } },
  ...["aid-auto", "aid-cg", "aid-fp", "aid-neumann", "ift-direct", "itd", "itd-forward", "f2ba", "kkt-sensitivity"].map(
    (method): Row => ({
      method,
      problem: "P1C",
      options: {},
      iterations: 400,
      expected: {
        x: [4],
        y: [2],
        within: 1e-6,
        measures: [{ name: "multiplier of cap", of: ({ extra }) => extra.multiplier, from: 8 - 1e-5, to: 8 + 1e-5 }],
      },
      note: "the coupling constraint through an augmented Lagrangian; its multiplier is 8",
    }),
  ),
  { method: "null-aid", problem: "E53", options: {}, iterations: 50, expected: { x: [1], y: [1, 1], within: 1e-8 } },
  {
    method: "null-aid",
    problem: "E1",
    options: {},
    iterations: 50,
    expected: {
      x: [0.5],
      within: 1e-8,
      measures: [{ name: "x + y1 - sin y2", of: ({ x, y }) => x[0] + y[0] - Math.sin(y[1]), from: -1e-9, to: 1e-9 }],
    },
  },
  {
    method: "darts",
    problem: "P1",
    options: { alpha: 1 / 16, eta: 0.02 },
    iterations: 2000,
    expected: { x: [29 / 6], y: [29 / 12], within: 1e-6 },
    note: "8x - 30 + 4 xi (4 - 8x) = 0 for a virtual step xi = 1/16: not the solution, which needs xi H = 1",
  },
  {
    method: "first-order",
    problem: "P1",
    options: { alpha: 1 / 16, eta: 0.02 },
    iterations: 2000,
    expected: { x: [3.75], y: [1.875], within: 1e-6 },
    note: "8x - 30 = 0: the implicit term is left out",
  },
  {
    method: "branch-and-bound",
    problem: "C1",
    options: {},
    iterations: 20,
    expected: {
      x: [1.5],
      y: [1.5],
      within: 1e-7,
      measures: [
        {
          name: "multiplier",
          of: ({ multipliers }) => multipliers?.[0] ?? Number.NaN,
          from: 1.5 - 1e-7,
          to: 1.5 + 1e-7,
        },
      ],
    },
  },
  {
    method: "branch-and-bound",
    problem: "C3",
    options: {},
    iterations: 20,
    expected: { x: [-0.3, -0.3], y: [0.7, 0.7, -0.4, -0.4], within: 1e-7 },
  },
];
