/**
 * The numbers of the two regularised value functions as the options say, and what the steps are where they are not given, from
 * constants at the starting point (constrained/constants.ts); L_f, L_g curvatures in y, A = |[h_x h_y]|:
 *
 *   η = 1/(2 (L_g + 1/γ1 + 1/γ2 + |h_y|)), at most 0.1
 *   α = 1/(2 (L_f/c0 + 2 L_g + 1/γ1 + A + w A²))      of x and y; w = γ2 where λ follows y (the gap function), else 0
 *   β = α (the gap function), min(α, γ2) (the proximal Lagrangian)
 */
import { primalDualConstants } from "../../constrained/constants.js";
import { given, numberOr } from "../../kit/options.js";
import type { MethodContext } from "../../method.js";

/** What the surrogates are made with. */
export interface LagrangianSteps {
  readonly gamma1: number;
  readonly gamma2: number;
  readonly radius: number;
  /** Halved after explosions. */
  eta: number;
  beta: number;
  /** Weight c_k of iteration k. */
  readonly c: (k: number) => number;
}

export interface LagrangianSettings extends LagrangianSteps {
  /** Step size of x and y. */
  readonly alpha: number;
}

/** c0 (k + 1)^p */
export function growing(c0: number, p: number): (k: number) => number {
  return p === 0 ? () => c0 : (k) => c0 * (k + 1) ** p;
}

/** `alpha`: the step of x and y where it is given. */
export function lagrangianSettings(
  context: MethodContext,
  kind: "proximal" | "gap",
  alpha: number | undefined,
): LagrangianSettings {
  const gamma1 = numberOr(context, "gamma1", 1);
  const gamma2 = numberOr(context, "gamma2", 1);
  const c0 = numberOr(context, "c0", 1);
  const { lower, upper, slope, slopeY } = primalDualConstants(context);
  const squares = kind === "gap" ? gamma2 * slope ** 2 : 0;
  const step = alpha ?? 1 / (2 * (upper / c0 + 2 * lower + 1 / gamma1 + slope + squares));
  return {
    gamma1,
    gamma2,
    radius: numberOr(context, "r", 100),
    eta: given(context, "eta") ?? Math.min(0.1, 1 / (2 * (lower + 1 / gamma1 + 1 / gamma2 + slopeY))),
    beta: given(context, "beta") ?? (kind === "gap" ? step : Math.min(step, gamma2)),
    c: growing(c0, numberOr(context, "p", 0.3)),
    alpha: step,
  };
}
