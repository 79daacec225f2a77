/** Acceptance rows of double-loop and of fully first-order stochastic methods, on the finite sum S1. */
import type { ParameterValue } from "../../../src/methods/method.js";
import type { Row } from "../row.js";

const seeds = [1, 2, 3];

function row(
  method: string,
  options: Readonly<Record<string, ParameterValue>>,
  iterations: number,
  within: number,
  note: string,
  x = 7,
): Row {
  return {
    method,
    problem: "S1",
    options: { rho: 0.1, gamma: 0.02, ...options },
    iterations,
    seeds,
    expected: { x: [x], y: [x / 2], within },
    note,
  };
}

const series = { M: 10, adjointStep: 0.1 };
const hia = { ...series, gamma: 0.05, average: true };
const hiaNote = "random lengths of the series: single iterates are off by 1 to 3, tail averages by 0.2 to 0.4";
/** Where the penalty's own solution lies on P1: 7 + 13 / (lambda - 1). */
const penalised = (lambda: number): number => 7 + 13 / (lambda - 1);
const bias = "7 + 13 / (λ - 1), the solution of the penalty at the end";

export const stochasticNested: readonly Row[] = [
  row("amigo", { K: 5 }, 5000, 0.3, "fresh samples: noise of about 0.03 is left"),
  row("stocbio", { K: 5, ...series }, 5000, 0.3, "constant steps: noise of about 0.1 stays"),
  row("ttsa", hia, 8000, 0.5, hiaNote),
  row("bsa", hia, 5000, 0.5, hiaNote),
  row("alset", { ...hia, rho: 0.05, gamma: 0.02 }, 5000, 0.5, hiaNote),
  row("f2sa", { rho: 0.05, lambda: 5 }, 5000, 0.3, bias, penalised(5 * 101 ** (1 / 7))),
  row("f2sa", { rho: 0.05, lambda: 20 }, 5000, 0.3, bias, penalised(20 * 101 ** (1 / 7))),
  row(
    "f2sa",
    { rho: 0.05, lambda: 20, shared: true },
    5000,
    0.05,
    "the same, z and y on the same samples: noise of 0.02 in place of 0.2",
    penalised(20 * 101 ** (1 / 7)),
  ),
  row("f3sa", { rho: 0.05, lambda: 10, t0: 75 }, 6000, 0.5, bias, penalised(10 * 81 ** (1 / 5))),
  row(
    "f2sa-inner",
    { lambda: 30, gamma: 0.1, shared: true },
    60,
    0.3,
    "7 + 13 / (λ - 1); with samples apart the noise is 1",
    penalised(30),
  ),
  ...(["momentum", "storm"] as const).map(
    (variant): Row => ({
      method: "mgbio",
      problem: "S1",
      options: { variant, alpha: 0.05, eta: 0.02 },
      iterations: 8000,
      seeds,
      expected: { x: [7], y: [3.5], within: 0.3 },
      note: "stochastic variants of MGBiO: noise of about 0.05 is left",
    }),
  ),
];
