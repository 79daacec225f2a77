/**
 * The shortest vector of the convex hull of given points (Wolfe, Finding the nearest point in a polytope, Math. Programming
 * 1976). For gradients sampled near a point its length is a measure of stationarity at kinks (Goldstein's subdifferential).
 */
import { pseudoSolveInto, symmetricEigen } from "../num/eigen.js";
import { dot } from "../num/vector.js";

type Vector = Float64Array;

/** `points` not empty, all of one length. Accurate to about 1e-10 of the largest point. */
export function shortestCombination(points: readonly Vector[]): Vector {
  const n = points[0].length;
  let top = 0;
  for (const p of points) top = Math.max(top, dot(p, p));
  let corral = [shortest(points)];
  let weights = [1];
  const x = points[corral[0]].slice();
  for (let major = 0; major < 20 * (n + 2); major++) {
    let entering = -1;
    let least = dot(x, x) - 1e-12 * top;
    points.forEach((p, k) => {
      const d = dot(x, p);
      if (d < least) {
        least = d;
        entering = k;
      }
    });
    if (entering < 0 || corral.includes(entering)) break;
    corral.push(entering);
    weights.push(0);
    for (let minor = 0; minor <= corral.length + 1; minor++) {
      const affine = affineWeights(points, corral, top);
      if (affine.every((w) => w > 1e-12)) {
        weights = affine;
        break;
      }
      // Go from the old weights towards the affine minimiser until one becomes zero; drop it.
      let theta = 1;
      affine.forEach((w, k) => {
        if (w <= 1e-12 && weights[k] > w) theta = Math.min(theta, weights[k] / (weights[k] - w));
      });
      weights = weights.map((w, k) => (1 - theta) * w + theta * affine[k]);
      const kept = weights.map((w) => w > 1e-12);
      if (kept.every(Boolean)) kept[weights.indexOf(Math.min(...weights))] = false;
      corral = corral.filter((_, k) => kept[k]);
      weights = weights.filter((_, k) => kept[k]);
    }
    const before = dot(x, x);
    x.fill(0);
    const total = weights.reduce((a, b) => a + b, 0);
    corral.forEach((c, k) => {
      for (let i = 0; i < n; i++) x[i] += (weights[k] / total) * points[c][i];
    });
    if (!(dot(x, x) < before)) break;
  }
  return x;
}

function shortest(points: readonly Vector[]): number {
  let best = 0;
  points.forEach((p, k) => {
    if (dot(p, p) < dot(points[best], points[best])) best = k;
  });
  return best;
}

/** Weights with sum 1 of the point of the affine hull nearest to 0: (Gram + top 1 1ᵀ) u = 1, scaled. */
function affineWeights(points: readonly Vector[], corral: readonly number[], top: number): number[] {
  const k = corral.length;
  const A = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) A[i * k + j] = dot(points[corral[i]], points[corral[j]]) + top;
  }
  const u = new Float64Array(k);
  pseudoSolveInto(symmetricEigen(A, k), new Float64Array(k).fill(1), 1e-14, u);
  const sum = u.reduce((a, b) => a + b, 0);
  return Array.from(u, (w) => w / sum);
}
