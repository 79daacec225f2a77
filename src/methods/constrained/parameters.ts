/** Options that the constrained methods share. */
import type { Parameter } from "../method.js";

export const stagesParameter: Parameter = {
  name: "stages",
  type: "integer",
  default: 14,
  min: 1,
  max: 40,
  doc: "Most values of the parameter in the continuation.",
};

/** The step size of (x, y) in the loops on a surrogate. */
export const alphaParameter: Parameter = {
  name: "alpha",
  type: "number",
  default: undefined,
  auto: "1/(2 Lipschitz estimate), if another step option is given; else a line search",
  min: 0,
  doc: "Step size of x and y. Giving alpha, beta, eta or p selects the published loop.",
};
