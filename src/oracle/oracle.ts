/**
 * The oracle: all that a method may ask of a problem. Vectors are flat Float64Arrays: x of length n (upper variables),
 * y of length m (lower variables). Queries write into arrays the caller owns and count themselves.
 *
 *   f  upper objective    g  lower objective       (both to be minimised)
 *   H = d²g/dy²  (m x m, symmetric)                J = d²g/dx dy  (n x m, J[i][j] = d²g / dx_i dy_j)
 */
import type { Backend } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { SampledOracle, SamplingOptions } from "./sampled.js";

/** Where a live view of counters keeps the sum that `calls` gives (reading nine accessors takes ten times as long). */
export const liveCalls: unique symbol = Symbol("calls");

/** What was asked, per level: values, gradients (any block or both blocks together count one), second-order products. */
export interface Counts {
  upperValue: number;
  upperGradient: number;
  upperProduct: number;
  lowerValue: number;
  lowerGradient: number;
  /** H v */
  lowerHvp: number;
  /** J v or Jᵀ u */
  lowerJvp: number;
  constraintValue: number;
  constraintJacobian: number;
  readonly [liveCalls]?: () => number;
}

/** Gradient calls plus twice the second-order products: the one number that budgets and comparisons use. */
export function calls(c: Counts): number {
  const live = c[liveCalls];
  if (live) return live();
  return c.upperGradient + c.lowerGradient + 2 * (c.upperProduct + c.lowerHvp + c.lowerJvp) + c.constraintJacobian;
}

export function emptyCounts(): Counts {
  return {
    upperValue: 0,
    upperGradient: 0,
    upperProduct: 0,
    lowerValue: 0,
    lowerGradient: 0,
    lowerHvp: 0,
    lowerJvp: 0,
    constraintValue: 0,
    constraintJacobian: 0,
  };
}

type Vector = Float64Array;

/** Second derivatives at a fixed point (x, y): made once, applied many times; valid until the next `linearize`. */
export interface Linearization {
  /** out = H v */
  hvp(v: Vector, out: Vector): void;
  /** out (length n) = J v */
  jvp(v: Vector, out: Vector): void;
  /** Both at once. */
  both(v: Vector, outH: Vector, outJ: Vector): void;
}

export interface LevelOracle {
  value(x: Vector, y: Vector): number;
  gradX(x: Vector, y: Vector, out: Vector): void;
  gradY(x: Vector, y: Vector, out: Vector): void;
  /** Value and d/dy in one pass. */
  valueGradY(x: Vector, y: Vector, outY: Vector): number;
  /** Value and both gradients in one pass. */
  valueGrad(x: Vector, y: Vector, outX: Vector, outY: Vector): number;
  /** out (length m) = d²/dy² v */
  hvpYY(x: Vector, y: Vector, v: Vector, out: Vector): void;
  /** out (length n) = d²/dx dy v, v of length m */
  jvpXY(x: Vector, y: Vector, v: Vector, out: Vector): void;
  /** out (length m) = (d²/dx dy)ᵀ u, u of length n */
  jvpYX(x: Vector, y: Vector, u: Vector, out: Vector): void;
  linearize(x: Vector, y: Vector): Linearization;
  /** Dense d²/dy², row-major m x m; counts m products. Meant for m up to a few hundred. */
  hessianYY(x: Vector, y: Vector, out: Vector): void;
  readonly constraints: ConstraintOracle;
  /** Gradient steps in one call, for small problems. */
  readonly descent?: FusedDescent;
}

/**
 * Plain gradient steps in y inside one kernel. Each returns false, and has done nothing, where a loop over gradients is
 * as good; the surrogate is always there. Only for the very oracles in `upper` and `lower`: a wrapper that took over this field must not use it.
 */
export interface FusedDescent {
  readonly upper: LevelOracle;
  readonly lower: LevelOracle;
  /** K steps y <- y - alpha d/dy g(x, y); out = the gradient before the last step. Counts K lower gradients. */
  lowerInto(x: Vector, y: Vector, alpha: number, K: number, out: Vector): boolean;
  /** K steps y <- y - tau d/dy (f + lambda g)(x, y); the same. Counts K gradients of each level. */
  penalisedInto(x: Vector, y: Vector, tau: number, lambda: number, K: number, out: Vector): boolean;
  /**
   * f(x, y), with out = d/dx [f(x, y) + lambda (g(x, y) - g(x, z))]: the outer step of penalty methods in one kernel.
   * Counts a value and a gradient of the upper level and two gradients of the lower one.
   */
  surrogateInto(x: Vector, y: Vector, z: Vector, lambda: number, out: Vector): number;
}

/** Rows c(x, y), each `<= 0` or `== 0` by `equality`. */
export interface ConstraintOracle {
  readonly rows: number;
  /** 1 where the row is an equality. */
  readonly equality: Uint8Array;
  /** Name of each row's constraint. */
  readonly names: readonly string[];
  value(x: Vector, y: Vector, out: Vector): void;
  /** Dense, row-major rows x n and rows x m. */
  jacobian(x: Vector, y: Vector, outX: Vector, outY: Vector): void;
  /** outX = c_xᵀ z, outY = c_yᵀ z */
  vjp(x: Vector, y: Vector, z: Vector, outX: Vector, outY: Vector): void;
  /** out = (d²(zᵀc)/dy²) v: the constraints' part of the Hessian of the Lagrangian. */
  hvpYY(x: Vector, y: Vector, z: Vector, v: Vector, out: Vector): void;
  /** out (length n) = (d²(zᵀc)/dx dy) v */
  jvpXY(x: Vector, y: Vector, z: Vector, v: Vector, out: Vector): void;
}

/** A product of simple sets, one block per variable. */
export interface DomainOracle {
  /** True where nothing is restricted. */
  readonly free: boolean;
  /** True where every block is free or a box; then `lower` and `upper` hold the bounds (±Infinity). */
  readonly boxes: boolean;
  readonly lower: Vector;
  readonly upper: Vector;
  /** In place: the nearest point of the set. */
  project(v: Vector): void;
  /**
   * In place: the derivative of the projection at `point` (the point BEFORE projection) applied to v; symmetric.
   * At kinks the one-sided choice "coordinates exactly at a bound count as held".
   */
  projectTangent(point: Vector, v: Vector): void;
}

export interface Oracle {
  readonly problem: Problem;
  readonly n: number;
  readonly m: number;
  /** Starting point as written, projected. Do not write to it. */
  readonly startX: Vector;
  readonly startY: Vector;
  readonly upper: LevelOracle;
  readonly lower: LevelOracle;
  readonly domainX: DomainOracle;
  readonly domainY: DomainOracle;
  readonly counts: Counts;
  /** The same queries with counters of their own: what certificates use, so that a method's counts stay its own. */
  fork(): Oracle;
  /** Compiles what methods want beyond these queries (single-level programs); hand-written oracles may lack it: see backendOf.ts. */
  readonly backend?: Backend;
  /** The stochastic view, sharing this oracle's counters; hand-written oracles may lack it. */
  readonly sampled?: (options?: SamplingOptions) => SampledOracle;
}
