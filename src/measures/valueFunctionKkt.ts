/**
 * Scores of the value-function reformulation, min f subject to g(x, y) - g*(x) <= 0, with g* known from a lower solution z:
 *
 *   S_vf  = |grad_x f|² + |grad_y f|² + (g - g*)
 *   S_kkt = min over sigma >= 0 of |grad_x f + sigma (grad_x g - grad g*)|² + |grad_y f + sigma grad_y g|²
 *   q = (grad_x g(x, y) - grad_x g(x, z), grad_y g(x, y)),   sigma = max(0, -⟨grad f, q⟩ / |q|²)
 *
 * S_vf is no measure of optimality: on GALET's first example it stays between 2 and 3 at the solutions. S_kkt vanishes only
 * where a multiplier exists, which fails in the limit g = g* (no constraint qualification), and sigma then grows. With
 * domains the gradients count without the entries that a bound of a box holds; other domains are not reduced.
 */
import type { DomainOracle } from "../oracle/oracle.js";
import type { Measure } from "./measure.js";

type Vector = Float64Array;

export const valueFunctionKkt: Measure = {
  id: "vf-kkt",
  title: "Scores of the value-function reformulation",
  formulas: ["S_vf = |∇x f|² + |∇y f|² + (g - g*)", "S_kkt = min_{σ ≥ 0} |∇x f + σ (∇x g - ∇g*)|² + |∇y f + σ ∇y g|²"],
  reference:
    "Xiao, Lu and Chen 2023, (47) and (48); σ as in BOME: Ye and others, Bilevel optimization made easy, NeurIPS 2022, (7)",
  columns: [
    { name: "S_vf", doc: "score without a multiplier (does not go to 0 at solutions)" },
    { name: "S_kkt", doc: "squared residual of the KKT conditions with the best multiplier" },
    { name: "sigma", doc: "that multiplier" },
  ],
  constrained: false,
  make: ({ oracle, lower }) => {
    const { n, m, upper, lower: below, domainX, domainY } = oracle;
    const [fx, gx, zx] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    const [fy, gy] = [new Float64Array(m), new Float64Array(m)];
    return (x, y, out) => {
      const answer = lower();
      upper.valueGrad(x, y, fx, fy);
      const gap = Math.max(0, below.valueGrad(x, y, gx, gy) - answer.value);
      below.gradX(x, answer.y, zx);
      for (let i = 0; i < n; i++) gx[i] -= zx[i];
      out.S_vf = reduced(domainX, x, fx, gx, 0) + reduced(domainY, y, fy, gy, 0) + gap;
      let [inner, size] = [0, 0];
      for (let i = 0; i < n; i++) {
        inner += fx[i] * gx[i];
        size += gx[i] * gx[i];
      }
      for (let j = 0; j < m; j++) {
        inner += fy[j] * gy[j];
        size += gy[j] * gy[j];
      }
      const sigma = size > 0 ? Math.max(0, -inner / size) : 0;
      out.S_kkt = reduced(domainX, x, fx, gx, sigma) + reduced(domainY, y, fy, gy, sigma);
      out.sigma = sigma;
    };
  },
};

/** |a + sigma b|² over the coordinates that no bound of a box holds against it. */
function reduced(domain: DomainOracle, p: Vector, a: Vector, b: Vector, sigma: number): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const d = a[i] + sigma * b[i];
    const held =
      domain.boxes && !domain.free && ((p[i] <= domain.lower[i] && d > 0) || (p[i] >= domain.upper[i] && d < 0));
    if (!held) sum += d * d;
  }
  return sum;
}
