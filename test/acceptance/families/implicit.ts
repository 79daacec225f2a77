/** Acceptance rows of the implicit family. */
import type { End, Row } from "../row.js";

const steps = { alpha: 1 / 16, K: 10, eta: 0.1 };
/** Example 1 of the GALET paper with its default constants (N, T, beta, alpha there are K, M, alpha, eta here). */
const paper = { alpha: 1, K: 1, M: 1, adjointStep: 0.1, eta: 0.3 };

/** Distance to the solution set of E1, squared: (x - 1/2)² + (1/2 + y1 - sin y2)². */
const gap = ({ x, y }: End): number => (x[0] - 0.5) ** 2 + (0.5 + y[0] - Math.sin(y[1])) ** 2;
const within = (from: number, to: number) => [{ name: "gap", of: gap, from, to }];

const kernel =
  "the lower Hessian is diag(2, 0): y[2] never moves, so x ends at (1 + y[2])/2 = 1/2, not at the optimistic 1";

/** The known failure: any stable steps lead to (0.5; 0.5, 0). */
const failure = (method: string, options: Row["options"]): Row => ({
  method,
  problem: "E53",
  options,
  iterations: 400,
  expected: { x: [0.5], y: [0.5, 0], within: 1e-6 },
  note: kernel,
});

/** The paper's study of its constants on E1 after 30 outer steps, warm w: each leads to about this gap. */
const study: readonly (readonly [Row["options"], number])[] = [
  [{ eta: 0.1 }, 5.7e-6],
  [{ eta: 0.5 }, 9.9e-6],
  [{ eta: 0.7 }, 1.5e-4],
  [{ eta: 0.9 }, 1.1e-4],
  [{ M: 1, adjointStep: 0.5 }, 2.3e-8],
  [{ M: 5, adjointStep: 0.1 }, 2e-13],
  [{ M: 5, adjointStep: 0.5 }, 1e-11],
  [{ M: 50, adjointStep: 0.1 }, 1.3e-12],
  [{ M: 50, adjointStep: 0.5 }, 1.2e-20],
  [{ K: 1, alpha: 0.1 }, 1.3e-2],
  [{ K: 1, alpha: 0.5 }, 2.4e-5],
  [{ K: 5, alpha: 0.1 }, 1.4e-3],
  [{ K: 5, alpha: 0.5 }, 1.2e-3],
  [{ K: 5, alpha: 1 }, 2.4e-10],
];

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
  {
    method: "aid-fp",
    problem: "P1",
    options: { ...steps, M: 10 },
    iterations: 62,
    expected: { x: [7], y: [3.5], within: 1e-9 },
  },
  {
    method: "aid-neumann",
    problem: "P1",
    options: { ...steps, M: 10 },
    iterations: 62,
    expected: { x: [6.99682772], y: [3.49841386], within: 1e-7 },
    note: "the bias of a series cut after M = 10: a share 2^-11 of the adjoint is missing",
  },
  {
    method: "aid-neumann",
    problem: "P1",
    options: { ...steps, M: 30 },
    iterations: 62,
    expected: { x: [7], y: [3.5], within: 1e-7 },
  },
  failure("ift-direct", { alpha: 0.4, K: 10, eta: 0.2 }),
  failure("aid-cg", { alpha: 0.4, K: 10, M: 10, eta: 0.2 }),
  failure("aid-fp", { alpha: 0.4, K: 10, M: 10, eta: 0.2 }),
  failure("aid-neumann", { alpha: 0.4, K: 10, M: 30, eta: 0.2 }),
  failure("galet", { alpha: 0.4, K: 1, M: 5, eta: 0.2 }),
  failure("mgbio", { alpha: 0.4, eta: 0.2, muClip: 0.1, LClip: 10 }),
  {
    method: "galet",
    problem: "E1",
    options: { ...paper, warmAdjoint: false },
    iterations: 30,
    expected: { x: [0.0981343], within: 1e-5, measures: within(0.3229921 - 1e-5, 0.3229921 + 1e-5) },
    note: "one step from w = 0 at every outer step leaves |H(∇y f + H w)| large: a biased fixed point",
  },
  {
    method: "galet",
    problem: "E1",
    options: paper,
    iterations: 30,
    expected: { x: [0.49993734], within: 1e-5, measures: within(9.66e-9 / 2, 9.66e-9 * 2) },
  },
  {
    method: "galet",
    problem: "E1",
    options: paper,
    iterations: 100,
    expected: { x: [0.5], within: 1e-9, measures: within(0, 1e-20) },
  },
  {
    method: "galet",
    problem: "E1",
    options: { ...paper, M: 50, warmAdjoint: false },
    iterations: 30,
    expected: { measures: within(6.2e-13, 6.2e-11) },
  },
  {
    method: "galet",
    problem: "E1",
    options: { ...paper, alpha: 3 },
    iterations: 300,
    expected: { diverges: true },
    note: "a lower step above 2/L; it was given, so it is kept",
  },
  ...study.map(
    ([options, value]): Row => ({
      method: "galet",
      problem: "E1",
      options: { ...paper, ...options },
      iterations: 30,
      expected: { measures: within(0.9 * value, 1.1 * value) },
    }),
  ),
  {
    method: "galet",
    problem: "E1",
    options: { alpha: 1, K: 1, M: 50, eta: 0.3 },
    iterations: 100,
    expected: { measures: within(0, 1e-20) },
    note: "the step size of w from |H| at every outer step",
  },
  {
    method: "galet",
    problem: "E1",
    options: { ...paper, update: "sc" },
    iterations: 200,
    expected: { measures: within(0, 1e-16) },
  },
  {
    method: "galet",
    problem: "P1",
    options: { alpha: 1 / 8, K: 1, M: 50, adjointStep: 1 / 64, eta: 0.1 },
    iterations: 200,
    expected: { x: [7], y: [3.5], within: 1e-9 },
  },
  {
    method: "mgbio",
    problem: "E1",
    options: { alpha: 0.5, eta: 0.3, relaxation: 0.9, muClip: 0.1, LClip: 10 },
    iterations: 400,
    expected: { measures: within(0, 1e-12) },
  },
  {
    method: "mgbio",
    problem: "P1",
    options: { alpha: 1 / 8, eta: 0.1, relaxation: 0.9, muClip: 1, LClip: 10 },
    iterations: 400,
    expected: { x: [7], y: [3.5], within: 1e-9 },
  },
  ...[0.2, 3, -1].map(
    (x): Row => ({
      method: "aid-cg",
      problem: "C2",
      start: { x: [x] },
      options: { alpha: 0.5, K: 20, eta: 0.1 },
      iterations: 500,
      expected: { x: [2], y: [1], within: 1e-9 },
      note: "projected lower steps; the adjoint lives on the free coordinates",
    }),
  ),
];
