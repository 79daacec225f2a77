/**
 * Eigenvalues and vectors of a dense symmetric matrix in place: Householder reduction to tridiagonal form, then the QL algorithm
 * with implicit shifts (Bowdler, Martin, Reinsch and Wilkinson, The QR and QL algorithms for symmetric matrices, Numerische
 * Mathematik 11, 1968: tred2 and tql2, as EISPACK and JAMA have them). Nothing is allocated.
 */
import { hypotenuse } from "./vector.js";

type Vector = Float64Array;

const EPSILON = 2.220446049250313e-16;

/**
 * Decomposes the finite symmetric V (k x k), of which one triangle and the diagonal are read: on return row j of V is the
 * eigenvector of values[j], ascending and orthonormal. `e` (length k) is scratch. O(k³).
 */
export function symmetricQlInto(V: Vector, k: number, values: Vector, e: Vector): void {
  if (k === 0) return;
  tridiagonalInto(V, k, values, e);
  diagonalInto(V, k, values, e);
  sortInto(V, k, values);
}

/** V <- the orthogonal matrix of the reduction (transposed), d the diagonal, e[1…] the subdiagonal. */
function tridiagonalInto(V: Vector, n: number, d: Vector, e: Vector): void {
  for (let j = 0; j < n; j++) d[j] = V[j * n + n - 1];
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = V[j * n + i - 1];
        V[j * n + i] = 0;
        V[i * n + j] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k] /= scale;
        h += d[k] * d[k];
      }
      const f = d[i - 1];
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      reflectInto(V, n, i, h, d, e);
    }
    d[i] = h;
  }
  accumulateInto(V, n, d);
  e[0] = 0;
}

/** The similarity transform with the Householder vector d[0 … i-1], h = |d|²/2. */
function reflectInto(V: Vector, n: number, i: number, h: number, d: Vector, e: Vector): void {
  for (let j = 0; j < i; j++) e[j] = 0;
  for (let j = 0; j < i; j++) {
    const f = d[j];
    V[i * n + j] = f;
    let g = e[j] + V[j * n + j] * f;
    for (let k = j + 1; k < i; k++) {
      g += V[j * n + k] * d[k];
      e[k] += V[j * n + k] * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j] /= h;
    f += e[j] * d[j];
  }
  const hh = f / (h + h);
  for (let j = 0; j < i; j++) e[j] -= hh * d[j];
  for (let j = 0; j < i; j++) {
    const a = d[j];
    const b = e[j];
    for (let k = j; k < i; k++) V[j * n + k] -= a * e[k] + b * d[k];
    d[j] = V[j * n + i - 1];
    V[j * n + i] = 0;
  }
}

function accumulateInto(V: Vector, n: number, d: Vector): void {
  for (let i = 0; i < n - 1; i++) {
    V[i * n + n - 1] = V[i * n + i];
    V[i * n + i] = 1;
    const h = d[i + 1];
    const next = (i + 1) * n;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = V[next + k] / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += V[next + k] * V[j * n + k];
        for (let k = 0; k <= i; k++) V[j * n + k] -= g * d[k];
      }
    }
    for (let k = 0; k <= i; k++) V[next + k] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = V[j * n + n - 1];
    V[j * n + n - 1] = 0;
  }
  V[n * n - 1] = 1;
}

function diagonalInto(V: Vector, n: number, d: Vector, e: Vector): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i];
  e[n - 1] = 0;
  let shift = 0;
  let top = 0;
  for (let l = 0; l < n; l++) {
    top = Math.max(top, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n && !(Math.abs(e[m]) <= EPSILON * top)) m++;
    if (m > l) {
      do {
        const g = d[l];
        const p = (d[l + 1] - g) / (2 * e[l]);
        const r = p < 0 ? -hypotenuse(p, 1) : hypotenuse(p, 1);
        d[l] = e[l] / (p + r);
        d[l + 1] = e[l] * (p + r);
        const h = g - d[l];
        for (let i = l + 2; i < n; i++) d[i] -= h;
        shift += h;
        sweepInto(V, n, l, m, d, e);
      } while (Math.abs(e[l]) > EPSILON * top);
    }
    d[l] += shift;
    e[l] = 0;
  }
}

/** One QL sweep over rows l … m, with its rotations applied to the rows of V. */
function sweepInto(V: Vector, n: number, l: number, m: number, d: Vector, e: Vector): void {
  const last = d[l + 1];
  const el1 = e[l + 1];
  let p = d[m];
  let c = 1;
  let c2 = 1;
  let c3 = 1;
  let s = 0;
  let s2 = 0;
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i];
    const h = c * p;
    const r = hypotenuse(p, e[i]);
    e[i + 1] = s * r;
    s = e[i] / r;
    c = p / r;
    p = c * d[i] - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]);
    const low = i * n;
    const high = low + n;
    for (let k = 0; k < n; k++) {
      const v = V[high + k];
      V[high + k] = s * V[low + k] + c * v;
      V[low + k] = c * V[low + k] - s * v;
    }
  }
  p = (-s * s2 * c3 * el1 * e[l]) / last;
  e[l] = s * p;
  d[l] = c * p;
}

function sortInto(V: Vector, n: number, d: Vector): void {
  for (let i = 0; i < n - 1; i++) {
    let k = i;
    for (let j = i + 1; j < n; j++) if (d[j] < d[k]) k = j;
    if (k === i) continue;
    const value = d[k];
    d[k] = d[i];
    d[i] = value;
    for (let j = 0; j < n; j++) {
      const v = V[i * n + j];
      V[i * n + j] = V[k * n + j];
      V[k * n + j] = v;
    }
  }
}
