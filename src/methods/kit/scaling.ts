/**
 * Diagonal scaling of the variables, estimated once at the starting point, rounded to powers of two (so that it costs no
 * accuracy):   dy_i = |H_ii|^(-1/2),   dx_i = (mean of (J (dy ∘ v))_i² over Rademacher v)^(-1/2)
 * The lower Hessian in y/dy then has unit diagonal, and a unit change of any x/dx moves the lower gradient about equally.
 */
import type { Random } from "../../num/random.js";
import { fillInto } from "../../num/vector.js";
import type { Linearization, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Up to this many lower variables the diagonal of H is read off by products with unit vectors, beyond it is estimated. */
const EXACT_DIAGONAL = 64;
const PROBES_H = 30;
const PROBES_J = 10;
/** Scales that differ by no more than this factor are not worth having. */
const EVEN = 8;

export interface Scaling {
  readonly dx: Vector;
  readonly dy: Vector;
}

/** out = |diag H|, by at most 64 products. The estimator mean |v ∘ Hv| is exact for diagonal H. */
function hessianDiagonalInto(map: Linearization, random: Random, out: Vector): void {
  const m = out.length;
  const v = new Float64Array(m);
  const Hv = new Float64Array(m);
  fillInto(0, out);
  if (m <= EXACT_DIAGONAL) {
    for (let i = 0; i < m; i++) {
      v[i] = 1;
      map.hvp(v, Hv);
      v[i] = 0;
      out[i] = Math.abs(Hv[i]);
    }
    return;
  }
  for (let k = 0; k < PROBES_H; k++) {
    for (let i = 0; i < m; i++) v[i] = random.sign();
    map.hvp(v, Hv);
    for (let i = 0; i < m; i++) out[i] += Math.abs(v[i] * Hv[i]) / PROBES_H;
  }
}

/** d_i <- size_i^(-1/2), 1 for entries below `least` times the largest, rounded to powers of two; ones where nearly even. */
function inverseRootInto(size: Vector, least: number, d: Vector): void {
  let top = 0;
  for (let i = 0; i < size.length; i++) {
    if (!(size[i] < Number.POSITIVE_INFINITY)) {
      fillInto(1, d);
      return;
    }
    top = Math.max(top, size[i]);
  }
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let i = 0; i < size.length; i++) {
    d[i] = size[i] > least * top ? 2 ** Math.round(-0.5 * Math.log2(size[i])) : 1;
    low = Math.min(low, d[i]);
    high = Math.max(high, d[i]);
  }
  if (high <= EVEN * low) fillInto(1, d);
}

/** Scales at the start. A level with a ball or a simplex keeps its variables as they are; so does a single variable. */
export function estimateScaling(oracle: Oracle, random: Random): Scaling {
  const { n, m } = oracle;
  const dx = new Float64Array(n).fill(1);
  const dy = new Float64Array(m).fill(1);
  const scaleX = n > 1 && oracle.domainX.boxes;
  const scaleY = m > 1 && oracle.domainY.boxes;
  if (!scaleX && !scaleY) return { dx, dy };
  const map = oracle.lower.linearize(oracle.startX, oracle.startY);
  if (scaleY) {
    const diagonal = new Float64Array(m);
    hessianDiagonalInto(map, random.split("diagonal"), diagonal);
    inverseRootInto(diagonal, 1e-14, dy);
  }
  if (scaleX) {
    const signs = random.split("cross");
    const v = new Float64Array(m);
    const Jv = new Float64Array(n);
    const square = new Float64Array(n);
    for (let k = 0; k < PROBES_J; k++) {
      for (let i = 0; i < m; i++) v[i] = dy[i] * signs.sign();
      map.jvp(v, Jv);
      for (let i = 0; i < n; i++) square[i] += (Jv[i] * Jv[i]) / PROBES_J;
    }
    inverseRootInto(square, 1e-16, dx);
  }
  return { dx, dy };
}
