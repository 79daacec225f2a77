/**
 * Lower map: Nesterov's accelerated gradient steps (1983), with the constant momentum of strongly convex functions or with
 * FISTA's growing one (Beck and Teboulle, 2009):
 *
 *   u_k = y_k + β_k (y_k - y_{k-1}),   y_{k+1} = P_Y(u_k - α ∇y g(x, u_k))
 */
import { lowerStepOf, startingCurvature } from "../../kit/lowerStep.js";
import { choice, given } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { LowerMapPiece } from "../piece.js";
import { lowerStep } from "./gradient.js";
import { constantMomentum, growingMomentum, rootOfCondition } from "./momentum.js";
import { MomentumMap } from "./momentumMap.js";
import { GradientField } from "./stepField.js";

const nesterovMomentum: Parameter = {
  name: "momentum",
  type: "number",
  default: undefined,
  auto: "(√κ - 1)/(√κ + 1), κ by Lanczos at the start; growing where the lower Hessian is singular there",
  min: 0,
  max: 1,
  doc: "Constant momentum β of the lower steps.",
};

function bestMomentum(context: MethodContext): number | undefined {
  const root = rootOfCondition(startingCurvature(context));
  return root === undefined ? undefined : (1 - root) / (1 + root);
}

export const nesterov: LowerMapPiece = {
  kind: "lower",
  id: "nesterov",
  title: "Nesterov's accelerated gradient steps",
  formulas: ["u_k = y_k + β_k (y_k - y_{k-1})", "y_{k+1} = P_Y(u_k - α ∇y g(x, u_k))"],
  reference: "Nesterov, 1983; growing momentum: Beck and Teboulle, SIAM J. Imaging Sciences 2009, (4.1)-(4.3)",
  parameters: [
    lowerStep,
    nesterovMomentum,
    {
      name: "schedule",
      type: "choice",
      default: "constant",
      choices: ["constant", "growing"],
      doc: "Momentum: constant, or growing as β_k = (t_k - 1)/t_{k+1} (FISTA).",
    },
  ],
  order: 1,
  readsUpper: false,
  projects: true,
  stepwise: true,
  make: (context) => {
    const { oracle } = context;
    const growing = choice(context, "schedule", "constant") === "growing";
    const beta = growing ? undefined : (given(context, "momentum") ?? bestMomentum(context));
    const field = new GradientField(oracle.lower, oracle.m, lowerStepOf(context));
    const momentum = beta === undefined ? growingMomentum() : constantMomentum(beta);
    return new MomentumMap(oracle.n, oracle.m, oracle.domainY, field, momentum);
  },
};
