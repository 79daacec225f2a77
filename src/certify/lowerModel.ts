/**
 * A function of the lower variables at fixed x, as certificates minimise it: the lower objective alone, or with a little of
 * the upper one added (whose minimiser approaches the OPTIMISTIC lower solution as the weight goes to 0). Certificates
 * have minimisers of their own (lowerSolve.ts); nothing here is shared with the methods.
 */
import { type LinearMap, norm } from "../num/vector.js";
import type { DomainOracle, Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** Beyond so many lower variables accuracy costs too much to be had for nothing. */
const LARGE = 120;

export interface LowerModel {
  readonly m: number;
  /** |grad g| at the written start for large problems, which are not solved to the limit of rounding; else 0. */
  readonly size: number;
  readonly domain: DomainOracle;
  value(y: Vector): number;
  /** Value; the gradient into `out` (length m). */
  valueGradient(y: Vector, out: Vector): number;
  /** Dense symmetric second derivative, row-major. */
  hessianInto(y: Vector, out: Vector): void;
  /** Products with the second derivative at y, valid until the next call. */
  products(y: Vector): LinearMap;
}

/** g(x, ·) + weight f(x, ·) */
export function lowerModel(oracle: Oracle, x: Vector, weight = 0): LowerModel {
  const { upper, lower, m } = oracle;
  const extra = new Float64Array(m);
  const dense = weight === 0 ? extra : new Float64Array(m * m);
  let size = 0;
  if (m > LARGE) {
    lower.gradY(x, oracle.startY, extra);
    const there = norm(extra);
    if (Number.isFinite(there)) size = there;
  }
  return {
    m,
    size,
    domain: oracle.domainY,
    value: (y) => lower.value(x, y) + (weight === 0 ? 0 : weight * upper.value(x, y)),
    valueGradient: (y, out) => {
      const g = lower.valueGradY(x, y, out);
      if (weight === 0) return g;
      const f = upper.valueGradY(x, y, extra);
      for (let j = 0; j < m; j++) out[j] += weight * extra[j];
      return g + weight * f;
    },
    hessianInto: (y, out) => {
      lower.hessianYY(x, y, out);
      if (weight === 0) return;
      upper.hessianYY(x, y, dense);
      for (let j = 0; j < m * m; j++) out[j] += weight * dense[j];
    },
    products: (y) => {
      const g = lower.linearize(x, y);
      if (weight === 0) return (v, out) => g.hvp(v, out);
      const at = y.slice();
      return (v, out) => {
        g.hvp(v, out);
        upper.hvpYY(x, at, v, extra);
        for (let j = 0; j < m; j++) out[j] += weight * extra[j];
      };
    },
  };
}

/** |y - P(y - eta g)| / eta: the projected gradient's norm for a step eta > 0, zero exactly at stationary points. */
export function stationarityOf(domain: DomainOracle, y: Vector, gradient: Vector, eta: number): number {
  let sum = 0;
  if (domain.free) {
    for (const g of gradient) sum += g * g;
    return Math.sqrt(sum);
  }
  const moved = y.slice();
  for (let j = 0; j < y.length; j++) moved[j] -= eta * gradient[j];
  domain.project(moved);
  for (let j = 0; j < y.length; j++) sum += (moved[j] - y[j]) ** 2;
  return Math.sqrt(sum) / eta;
}

/** |R_ii|^(-1/2); entries below 1e-14 of the largest count as the largest. Ones for R = 0. */
export function inverseRootDiagonal(R: Vector, k: number): Vector {
  let top = 0;
  for (let i = 0; i < k; i++) top = Math.max(top, Math.abs(R[i * k + i]));
  return Float64Array.from({ length: k }, (_, i) => {
    const d = Math.abs(R[i * k + i]);
    return top > 0 ? 1 / Math.sqrt(d > 1e-14 * top ? d : top) : 1;
  });
}
