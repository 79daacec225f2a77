/**
 * Extreme eigenvalues of a symmetric map: Lanczos with full reorthogonalisation (Golub and Van Loan, 4th ed., 10.3) and
 * power iteration. Ritz values lie inside the spectrum: the largest from below, the smallest from above.
 */
import { symmetricEigen } from "./eigen.js";
import type { Random } from "./random.js";
import { axpyInto, dot, fillInto, type LinearMap, norm, scaleInto } from "./vector.js";

export interface Spectrum {
  readonly smallest: number;
  readonly largest: number;
  /** Residual bounds |A u - theta u|: each end has an eigenvalue within this distance. */
  readonly smallestError: number;
  readonly largestError: number;
  readonly steps: number;
}

/**
 * Ritz values after at most `steps` products with A (k x k), from a random start. Stores steps + 1 vectors.
 * Ends early on an invariant subspace, where the Ritz values are eigenvalues. NaN entries if A is not finite.
 */
export function lanczosExtremes(apply: LinearMap, k: number, steps: number, random: Random): Spectrum {
  const alpha: number[] = [];
  const beta: number[] = [];
  const basis: Float64Array[] = [];
  const first = new Float64Array(k);
  for (let i = 0; i < k; i++) first[i] = random.normal();
  scaleInto(1 / norm(first), first, first);
  basis.push(first);
  let last = 0;
  const limit = Math.min(steps, k);
  for (let j = 0; j < limit; j++) {
    const w = new Float64Array(k);
    apply(basis[j], w);
    const size = norm(w);
    if (!(size - size === 0)) {
      const nan = Number.NaN;
      return { smallest: nan, largest: nan, smallestError: nan, largestError: nan, steps: j };
    }
    alpha.push(dot(basis[j], w));
    // Twice is enough (Kahan and Parlett).
    for (let twice = 0; twice < 2; twice++) for (const q of basis) axpyInto(-dot(q, w), q, w);
    last = norm(w);
    if (j + 1 === limit || last <= 1e-13 * size) {
      if (last <= 1e-13 * size) last = 0;
      break;
    }
    beta.push(last);
    scaleInto(1 / last, w, w);
    basis.push(w);
  }
  const t = alpha.length;
  const T = new Float64Array(t * t);
  for (let i = 0; i < t; i++) {
    T[i * t + i] = alpha[i];
    if (i + 1 < t) T[i * t + i + 1] = T[(i + 1) * t + i] = beta[i];
  }
  const { values, vectors } = symmetricEigen(T, t);
  return {
    smallest: values[0],
    largest: values[t - 1],
    smallestError: last * Math.abs(vectors[(t - 1) * t]),
    largestError: last * Math.abs(vectors[(t - 1) * t + t - 1]),
    steps: t,
  };
}

/** |largest eigenvalue| in absolute value by `steps` power iterations: an estimate from below. 0 for a zero map. */
export function powerIteration(apply: LinearMap, k: number, steps: number, random: Random): number {
  const v = new Float64Array(k);
  const w = new Float64Array(k);
  for (let i = 0; i < k; i++) v[i] = random.normal();
  let estimate = 0;
  let size = norm(v);
  for (let s = 0; s < steps && size > 0; s++) {
    scaleInto(1 / size, v, v);
    fillInto(0, w);
    apply(v, w);
    size = norm(w);
    if (!(size - size === 0)) return Number.NaN;
    if (size > estimate) estimate = size;
    v.set(w);
  }
  return estimate;
}
