/** Acceptance rows of the single-level family. */
import type { Row } from "../row.js";

const start = { x: [0.3], y: [0.5] };
/** The objective of C1 at the end. */
const objective = (from: number, to: number) => ({
  name: "F",
  of: ({ x, y }: { readonly x: Float64Array; readonly y: Float64Array }): number =>
    0.5 * (x[0] - 1) ** 2 + 0.5 * (y[0] - 2) ** 2,
  from,
  to,
});

/** An entry of what the method reports. */
const entry = (name: string, from: number, to: number) => ({
  name,
  of: ({ extra }: { readonly extra: Readonly<Record<string, number>> }): number => extra[name],
  from,
  to,
});
const penalty = (from: number, to: number) => entry("rho", from, to);
const multiplier = (value: number, within: number) => entry("multiplier", value - within, value + within);

export const singleLevel: readonly Row[] = [
  ...(
    [
      [1e-1, 1.4573, 1.523, 0.2183],
      [1e-2, 1.49557, 1.50223, 0.246684],
      [1e-4, 1.49996, 1.50002, 0.249967],
    ] as const
  ).flatMap(([t, x, y, F]): Row[] =>
    (["kkt-mpcc", "kkt-fb", "strong-duality"] as const).map((method) => ({
      method,
      problem: "C1",
      start,
      options: method === "kkt-fb" ? { eps: Math.sqrt(t) } : { t },
      iterations: 1,
      expected: { x: [x], y: [y], within: 1e-4, measures: [objective(F - 1e-4, F + 1e-4)] },
      note: "the relaxed program's own solution: z (y - x) = t, which is the duality gap too; t = eps²",
    })),
  ),
  ...(["kkt-mpcc", "kkt-fb", "strong-duality"] as const).map(
    (method): Row => ({
      method,
      problem: "C1",
      start,
      options: {},
      iterations: 20,
      expected: { x: [1.5], y: [1.5], within: 1e-6, measures: [objective(0.25 - 1e-6, 0.25 + 1e-6)] },
    }),
  ),
  {
    method: "auglag",
    problem: "C1",
    start,
    options: {},
    iterations: 30,
    expected: { x: [1.5], y: [1.5], within: 1e-6, measures: [penalty(1, 1)] },
    note: "rho stays at 1: it is not raised while eps moves",
  },
  {
    method: "auglag",
    problem: "P1C",
    options: { rho: 1, eta: 0.05, inner: 400 },
    iterations: 20,
    expected: { x: [4.0004], y: [2.0002], within: 1e-4, measures: [multiplier(7.999, 1e-3)] },
    note: "with a fixed rho the error falls by 0.64 an update: 20 updates leave 1.3e-4 of it",
  },
  {
    method: "auglag",
    problem: "P1C",
    options: {},
    iterations: 1000,
    expected: { x: [4], y: [2], within: 1e-8, measures: [multiplier(8, 1e-7)] },
  },
  {
    method: "vf-idca",
    problem: "C1",
    start,
    options: { eps: 1e-6 },
    iterations: 60,
    expected: { x: [1.5 - 4.5e-7], y: [1.5 + 2.2e-7], within: 1e-8 },
    note: "sigma is raised only where the violation lags behind the step, so that it stays at 1 and steps stay long",
  },
  {
    method: "vf-idca",
    problem: "C1",
    start,
    options: {},
    iterations: 200,
    expected: { x: [1.5], y: [1.5], within: 1e-7 },
  },
  {
    method: "snllvf",
    problem: "C1",
    start,
    options: { lambda: 0.5 },
    iterations: 200,
    expected: { x: [1.5], y: [1.5], within: 1e-8 },
    note: "partially calm: an exact penalty",
  },
  {
    method: "snllvf",
    problem: "E53",
    options: {},
    iterations: 2000,
    expected: { x: [1], y: [1, 1], within: 1e-8 },
    note: "the optimistic solution, where implicit methods stop at x = 0.5",
  },
  {
    method: "snllvf",
    problem: "P1",
    options: { lambda: 100 },
    iterations: 200,
    expected: { x: [7.13131313], y: [3.63131313], within: 1e-7 },
    note: "not partially calm: the bias of the penalty method at this lambda",
  },
  {
    method: "kkt-auto",
    problem: "E53",
    options: {},
    iterations: 2000,
    expected: { x: [1], y: [1, 1], within: 1e-6 },
  },
  {
    method: "kkt-auto",
    problem: "C3",
    options: {},
    iterations: 2000,
    expected: { x: [-0.3, -0.3], y: [0.7, 0.7, -0.4, -0.4], within: 1e-6 },
  },
];
