/**
 * Lower map: the heavy ball (Polyak, 1964), the gradient taken where the ball is:
 *
 *   y_{k+1} = P_Y(y_k + β (y_k - y_{k-1}) - α ∇y g(x, y_k)),   α = 4/(√L + √μ)²,  β = ((√κ - 1)/(√κ + 1))²
 *
 * Optimal on quadratics; on other functions these constants may cycle (Lessard, Recht and Packard, 2016, section 4.6).
 */
import { startingCurvature } from "../../kit/lowerStep.js";
import { given } from "../../kit/options.js";
import type { LowerMapPiece } from "../piece.js";
import { lowerStep } from "./gradient.js";
import { constantMomentum, rootOfCondition } from "./momentum.js";
import { MomentumMap } from "./momentumMap.js";
import { GradientField } from "./stepField.js";

/** Where no strong convexity shows: steps of 1/L with this momentum. */
const FALLBACK = 0.9;

export const heavyBall: LowerMapPiece = {
  kind: "lower",
  id: "heavy-ball",
  title: "Heavy ball",
  formulas: ["y_{k+1} = P_Y(y_k + β (y_k - y_{k-1}) - α ∇y g(x, y_k))"],
  reference: "Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
  parameters: [
    { ...lowerStep, auto: "4/(√L + √μ)², by Lanczos at the start; 1/L where μ is zero" },
    {
      name: "momentum",
      type: "number",
      default: undefined,
      auto: "((√κ - 1)/(√κ + 1))², κ by Lanczos at the start; 0.9 where the lower Hessian is singular there",
      min: 0,
      max: 1,
      doc: "Constant momentum β of the lower steps.",
    },
  ],
  order: 1,
  readsUpper: false,
  projects: true,
  stepwise: true,
  make: (context) => {
    const { oracle } = context;
    const curvature = startingCurvature(context);
    const root = rootOfCondition(curvature);
    const alpha = root === undefined ? 1 / curvature.L : 4 / (curvature.L * (1 + root) ** 2);
    const beta = root === undefined ? FALLBACK : ((1 - root) / (1 + root)) ** 2;
    const field = new GradientField(oracle.lower, oracle.m, given(context, "alpha") ?? alpha);
    const momentum = constantMomentum(given(context, "momentum") ?? beta, false);
    return new MomentumMap(oracle.n, oracle.m, oracle.domainY, field, momentum);
  },
};
