/**
 * Constants behind the step sizes of primal-dual loops, at the starting point, from first derivatives only:
 *
 *   L_g, L_f   largest |eigenvalue| of d²g/dy², d²f/dy² by Lanczos on differences of gradients
 *   A          |[h_x h_y]|, the Frobenius norm of the constraints' Jacobian (at least its spectral norm)
 *
 * A primal-dual step on g + λᵀh has Lipschitz constant at most L_g + |λ| L_h + A.
 */
import { norm } from "../../num/vector.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import type { MethodContext } from "../method.js";

export interface PrimalDualConstants {
  readonly lower: number;
  readonly upper: number;
  /** |h_y| and |[h_x h_y]| */
  readonly slopeY: number;
  readonly slope: number;
}

export function primalDualConstants(context: MethodContext): PrimalDualConstants {
  const { oracle, random } = context;
  const { n, m, startX, startY, upper, lower } = oracle;
  const rows = lower.constraints.rows;
  const outX = new Float64Array(rows * n);
  const outY = new Float64Array(rows * m);
  lower.constraints.jacobian(startX, startY, outX, outY);
  const slopeY = norm(outY);
  const of = (level: typeof lower, name: string): number => {
    const { L } = estimateCurvature(differenceProducts(level, startX, startY), m, random.split(name));
    return Number.isFinite(L) ? L : 1;
  };
  return {
    lower: of(lower, "lower curvature"),
    upper: of(upper, "upper curvature"),
    slopeY,
    slope: Math.hypot(slopeY, norm(outX)),
  };
}
