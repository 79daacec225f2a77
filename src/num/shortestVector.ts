/**
 * The shortest vector sum_k w_k g_k, w >= 0, sum w = 1, of a few given vectors: an active-set method on the weights. For an
 * index set S the minimiser over the affine hull has w_S proportional to K_S⁻¹ 1, K = 1 1ᵀ + G Gᵀ (which is positive
 * definite where the vectors are affinely independent); weights that would turn negative are stopped at zero and leave S.
 */
import { pseudoSolveInto, symmetricEigen } from "./eigen.js";
import { dot } from "./vector.js";

type Vector = Float64Array;

/** Weights of the vectors (not empty, equal lengths), as above. Relative accuracy about 1e-7 of the longest vector. */
export function shortestWeights(vectors: readonly Vector[]): Vector {
  const count = vectors.length;
  const gram = vectors.map((a) => vectors.map((b) => dot(a, b)));
  let top = Number.MIN_VALUE;
  let first = 0;
  for (let k = 0; k < count; k++) {
    top = Math.max(top, gram[k][k]);
    if (gram[k][k] < gram[first][first]) first = k;
  }
  const w = new Float64Array(count);
  w[first] = 1;
  let active = [first];
  for (let round = 0; round < 10 * count + 10; round++) {
    // At the minimiser each g_k has g_kᵀ d >= |d|²: the worst violator enters.
    let entering = -1;
    let size = 0;
    const along = gram.map((row) => active.reduce((sum, k) => sum + w[k] * row[k], 0));
    for (const k of active) size += w[k] * along[k];
    let worst = size - 1e-14 * top;
    for (let k = 0; k < count; k++) {
      if (along[k] < worst && w[k] === 0) {
        worst = along[k];
        entering = k;
      }
    }
    if (entering < 0) return w;
    active.push(entering);
    for (;;) {
      const target = affineWeights(gram, active, top);
      let t = 1;
      active.forEach((k, i) => {
        if (target[i] <= 0) t = Math.min(t, w[k] - target[i] > 0 ? w[k] / (w[k] - target[i]) : 0);
      });
      active.forEach((k, i) => {
        w[k] = Math.max(0, w[k] + t * (target[i] - w[k]));
      });
      if (t >= 1) break;
      active.forEach((k, i) => {
        if (target[i] <= 0 && w[k] <= 1e-15) w[k] = 0;
      });
      const kept = active.filter((k) => w[k] > 0);
      if (kept.length === active.length || kept.length === 0) return w;
      active = kept;
    }
  }
  return w;
}

/** Weights of the shortest vector of the affine hull of the vectors `active`. */
function affineWeights(gram: readonly (readonly number[])[], active: readonly number[], top: number): Vector {
  const k = active.length;
  const K = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) K[i * k + j] = top + gram[active[i]][active[j]];
  const weights = new Float64Array(k);
  pseudoSolveInto(symmetricEigen(K, k), new Float64Array(k).fill(1), 1e-15, weights);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((v) => v / sum);
}
