/**
 * The momentum coefficients β_k of lower maps.
 *
 *   constant   β = (√κ - 1)/(√κ + 1)         Nesterov, strongly convex g with condition κ = L/μ
 *   growing    β_k = (t_k - 1)/t_{k+1},  t_0 = 1,  t_{k+1} = (1 + √(1 + 4 t_k²))/2       Beck and Teboulle, 2009, (4.2)-(4.3)
 */
import type { Momentum } from "./momentumMap.js";

/** Below this share of L the smallest curvature counts as zero. */
const SINGULAR = 1e-7;

export function constantMomentum(beta: number, ahead = true): Momentum {
  return { beta: () => beta, ahead };
}

/** √(μ/L); undefined where the lower level does not look strongly convex. */
export function rootOfCondition({ L, mu }: { readonly L: number; readonly mu: number }): number | undefined {
  return mu > SINGULAR * L ? Math.sqrt(mu / L) : undefined;
}

/** FISTA's coefficients; the table grows with k and is kept. */
export function growingMomentum(): Momentum {
  const table: number[] = [];
  let t = 1;
  return {
    ahead: true,
    beta: (k) => {
      while (table.length <= k) {
        const next = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
        table.push((t - 1) / next);
        t = next;
      }
      return table[k];
    },
  };
}
