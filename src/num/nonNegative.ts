/**
 * Non-negative least squares  min |sum_k z_k a_k - b|²  over z_k >= 0 for the entries marked, others free (Lawson and Hanson,
 * Solving Least Squares Problems, 1974, chapter 23; free entries are in the passive set from the start). Small and dense.
 */
import { pseudoSolveInto, symmetricEigen } from "./eigen.js";
import { dot } from "./vector.js";

type Vector = Float64Array;

/** Columns and b of one length. The residual b - A z is the projection of b onto the polar cone of the columns. */
export function nonNegativeLeastSquares(columns: readonly Vector[], b: Vector, sign: readonly boolean[]): Vector {
  const k = columns.length;
  const z = new Float64Array(k);
  // Columns of length one: what counts as zero does not depend on their units.
  const length = columns.map((a) => Math.sqrt(dot(a, a)));
  const unit = columns.map((a, j) => a.map((v) => (length[j] > 0 ? v / length[j] : 0)));
  const passive = columns.map((_, j) => !sign[j] && length[j] > 0);
  const size = Math.sqrt(dot(b, b));
  const r = b.slice();
  const refresh = (): void => {
    r.set(b);
    for (let j = 0; j < k; j++) for (let i = 0; i < r.length; i++) r[i] -= z[j] * unit[j][i];
  };
  const solvePassive = (): Vector => {
    const set = unit.flatMap((_, j) => (passive[j] ? [j] : []));
    const p = set.length;
    const gram = new Float64Array(p * p);
    const right = new Float64Array(p);
    const s = new Float64Array(p);
    set.forEach((j, a) => {
      right[a] = dot(unit[j], b);
      set.forEach((l, c) => {
        gram[a * p + c] = dot(unit[j], unit[l]);
      });
    });
    pseudoSolveInto(symmetricEigen(gram, p), right, 1e-12, s);
    const full = new Float64Array(k);
    set.forEach((j, a) => {
      full[j] = s[a];
    });
    return full;
  };
  if (passive.some(Boolean)) {
    z.set(solvePassive());
    refresh();
  }
  for (let round = 0; round < 3 * k + 10; round++) {
    let entering = -1;
    let most = 1e-12 * size;
    for (let j = 0; j < k; j++) {
      const w = passive[j] || length[j] === 0 ? 0 : dot(unit[j], r);
      if (w > most) {
        most = w;
        entering = j;
      }
    }
    if (entering < 0) break;
    passive[entering] = true;
    for (let inner = 0; inner <= k; inner++) {
      const s = solvePassive();
      let alpha = 1;
      for (let j = 0; j < k; j++) {
        if (passive[j] && sign[j] && s[j] <= 0 && z[j] - s[j] > 0) alpha = Math.min(alpha, z[j] / (z[j] - s[j]));
      }
      const feasible = s.every((v, j) => !passive[j] || !sign[j] || v > 0);
      for (let j = 0; j < k; j++) z[j] += (feasible ? 1 : alpha) * (s[j] - z[j]);
      if (feasible) break;
      for (let j = 0; j < k; j++) {
        if (passive[j] && sign[j] && z[j] <= 1e-14) {
          z[j] = 0;
          passive[j] = false;
        }
      }
    }
    refresh();
  }
  return z.map((v, j) => (length[j] > 0 ? v / length[j] : 0));
}
