/**
 * Example 1 of Xiao, Lu and Chen, An alternating optimization method for bilevel problems under the Polyak-Łojasiewicz
 * condition, NeurIPS 2023, with the paper's constants, and their method written out plainly beside the library's:
 *
 *   f = x² + y1 - sin y2,  g = ½ (x + y1 - sin y2)²;   solutions x = ½, y1 = sin y2 - ½
 *   y <- y - beta grad_y g  (N times);   w <- w - rho H (grad_y f + H w)  (T times);   x <- x - alpha (grad_x f + J w)
 */
import { methodOf } from "../../src/methods/registry.js";
import { norm } from "../../src/num/vector.js";
import type { Oracle } from "../../src/oracle/oracle.js";

export const paper =
  "Xiao, Lu and Chen, An alternating optimization method for bilevel problems under the Polyak-Łojasiewicz condition, NeurIPS 2023";

export const steps = 30;
export const start = { x: [3], y: [2, 2] };

/** alpha, beta, N, rho (gamma in the appendix), T of the paper by the names of the method's options. */
export const constants = { eta: 0.3, alpha: 1, K: 1, adjointStep: 0.1, M: 1 } as const;

/** (46): the squared distances from x = ½ and from y1 = sin y2 - ½. */
export function optimalityGap(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return (x[0] - 0.5) ** 2 + (0.5 + y[0] - Math.sin(y[1])) ** 2;
}

export interface PlainOptions {
  readonly eta: number;
  readonly alpha: number;
  readonly K: number;
  readonly adjointStep: number;
  readonly M: number;
  /** w goes on from the last outer step, or begins at 0 in each. */
  readonly warm: boolean;
  /** Along H (grad_y f + H w), or along grad_y f + H w. */
  readonly update: "hessian" | "sc";
}

/** Algorithm 1; `watch` sees x, y and |w| after every outer step, and what is not finite too. */
export function plainGalet(
  oracle: Oracle,
  from: { readonly x: readonly number[]; readonly y: readonly number[] },
  o: PlainOptions,
  outer: number,
  watch: (k: number, x: Float64Array, y: Float64Array, w: number) => void,
): void {
  const { n, m, upper, lower } = oracle;
  const [x, y, w] = [Float64Array.from(from.x), Float64Array.from(from.y), new Float64Array(m)];
  const [gy, fy, Hw, d] = [new Float64Array(m), new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  const [fx, Jw] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 1; k <= outer; k++) {
    for (let i = 0; i < o.K; i++) {
      lower.gradY(x, y, gy);
      for (let j = 0; j < m; j++) y[j] -= o.alpha * gy[j];
    }
    if (!o.warm) w.fill(0);
    upper.gradY(x, y, fy);
    for (let t = 0; t < o.M; t++) {
      lower.hvpYY(x, y, w, Hw);
      for (let j = 0; j < m; j++) d[j] = fy[j] + Hw[j];
      if (o.update === "hessian") {
        lower.hvpYY(x, y, d, Hw);
        d.set(Hw);
      }
      for (let j = 0; j < m; j++) w[j] -= o.adjointStep * d[j];
    }
    upper.gradX(x, y, fx);
    lower.jvpXY(x, y, w, Jw);
    for (let i = 0; i < n; i++) x[i] -= o.eta * (fx[i] + Jw[i]);
    watch(k, x, y, norm(w));
  }
}

/** The method's own options for the same run. */
export function optionsOf({ warm, update, ...rest }: PlainOptions) {
  const known = new Set(methodOf("galet").parameters.map((p) => p.name));
  const options = { ...rest, warmAdjoint: warm, update };
  for (const name of Object.keys(options)) if (!known.has(name)) throw new Error(`galet has no option ${name}`);
  return options;
}
