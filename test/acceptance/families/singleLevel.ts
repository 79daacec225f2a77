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

export const singleLevel: readonly Row[] = [
  ...(
    [
      [1e-1, 1.4573, 1.523, 0.2183],
      [1e-2, 1.49557, 1.50223, 0.246684],
      [1e-4, 1.49996, 1.50002, 0.249967],
    ] as const
  ).flatMap(([t, x, y, F]): Row[] =>
    (["kkt-mpcc", "kkt-fb"] as const).map((method) => ({
      method,
      problem: "C1",
      start,
      options: method === "kkt-mpcc" ? { t } : { eps: Math.sqrt(t) },
      iterations: 1,
      expected: { x: [x], y: [y], within: 1e-4, measures: [objective(F - 1e-4, F + 1e-4)] },
      note: "the relaxed program's own solution: z (y - x) = t; t = eps²",
    })),
  ),
  ...(["kkt-mpcc", "kkt-fb"] as const).map(
    (method): Row => ({
      method,
      problem: "C1",
      start,
      options: {},
      iterations: 20,
      expected: { x: [1.5], y: [1.5], within: 1e-6, measures: [objective(0.25 - 1e-6, 0.25 + 1e-6)] },
    }),
  ),
];
