/**
 * Estimator: truncated back-propagation, the reverse sweep over the last D of K lower steps only (Shaban, Cheng, Hatch and
 * Boots, AISTATS 2019, (7)-(9)). Its bias is (1 - αμ)^D, whatever K; what is left of the adjoint after D steps shows it.
 */
import { numberOr } from "../../kit/options.js";
import type { Parameter } from "../../method.js";
import type { EstimatorPiece } from "../piece.js";
import { ReverseSweep } from "./reverse.js";

const DEPTH = 10;

const sweepDepth: Parameter = {
  name: "D",
  type: "integer",
  default: undefined,
  auto: `${DEPTH}`,
  min: 1,
  doc: "Steps of the reverse sweep, from the last one back; biased for D < K.",
};

export const truncated: EstimatorPiece = {
  kind: "estimator",
  id: "truncated",
  title: "Truncated reverse sweep",
  formulas: ["a = ∇y f(x, y_K),  G = ∇x f(x, y_K)", "for k = K-1 … K-D:  G ← G + (∂Φ_k/∂x)ᵀ a;  a ← (∂Φ_k/∂y)ᵀ a"],
  reference:
    "Shaban, Cheng, Hatch and Boots, Truncated back-propagation for bilevel optimization, AISTATS 2019, (7)-(9)",
  parameters: [sweepDepth],
  order: 2,
  keepsPath: true,
  maps: "all",
  bias: "leaves out what lies more than D lower steps back",
  make: (context, map) => new ReverseSweep(context.oracle, map, numberOr(context, "D", DEPTH)),
};
