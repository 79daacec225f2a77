/**
 * The direction of BOME (Liu, Ye, Wright, Stone and Liu, BOME! Bilevel optimization made easy: a simple first-order approach,
 * NeurIPS 2022, Algorithm 1): not the gradient of a function, but used like one.
 *
 *   z <- z - alpha grad_y g(x, z)   K times from y;   q^ = g(x, y) - g(x, z)
 *   q = (grad_x g(x, y) - grad_x g(x, z), grad_y g(x, y)),   lambda = max(0, (phi - <grad f, q>) / |q|²)
 *   d = grad f + lambda q,   phi = eta |q|² or eta q^
 *
 * d is the vector nearest to grad f with <q, d> >= phi: along -d the gap q^ falls at the rate phi, and f as fast as it can then.
 */
import type { LevelOracle, Oracle } from "../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { lowerGradientInto } from "../kit/lowerGradient.js";
import { choice, given, numberOr } from "../kit/options.js";
import type { MethodContext } from "../method.js";
import type { Surrogate } from "../pieces/piece.js";

type Vector = Float64Array;

/** |q|² below which the point counts as a lower solution: no barrier. */
const SOLVED = 1e-16;

export class DynamicBarrier implements Surrogate {
  residual = Number.NaN;
  upper = Number.NaN;
  lambda = 0;
  /** q^ and |q|² at the last point. */
  gap = Number.NaN;
  square = Number.NaN;
  readonly z: Vector;
  private readonly oracle: Oracle;
  private readonly qx: Vector;
  private readonly qy: Vector;
  private readonly qz: Vector;
  private readonly gz: Vector;
  private readonly eta: number;
  private readonly K: number;
  private readonly byGap: boolean;
  private alpha: number;

  constructor(context: MethodContext, lowerL?: number) {
    const { oracle } = context;
    const { n, m, startX, startY } = oracle;
    this.oracle = oracle;
    this.z = new Float64Array(m);
    this.qx = new Float64Array(n);
    this.qy = new Float64Array(m);
    this.qz = new Float64Array(n);
    this.gz = new Float64Array(m);
    this.eta = numberOr(context, "eta", 0.5);
    this.K = numberOr(context, "K", 10);
    this.byGap = choice(context, "phi", "gap") === "gap";
    this.alpha = given(context, "alpha") ?? 1 / (lowerL ?? curvatureAt(oracle.lower, startX, startY, context));
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { z, qx, qy, qz, gz } = this;
    const { upper, lower } = this.oracle;
    for (let j = 0; j < z.length; j++) z[j] = y[j];
    this.solveInto(x, z);
    const f = upper.valueGrad(x, y, Gx, Gy);
    const atY = lower.valueGrad(x, y, qx, qy);
    const gap = atY - lower.valueGrad(x, z, qz, gz);
    let square = 0;
    let product = 0;
    for (let i = 0; i < qx.length; i++) {
      qx[i] -= qz[i];
      square += qx[i] * qx[i];
      product += Gx[i] * qx[i];
    }
    for (let j = 0; j < qy.length; j++) {
      square += qy[j] * qy[j];
      product += Gy[j] * qy[j];
    }
    const barrier = this.eta * (this.byGap ? gap : square);
    const lambda = square < SOLVED ? 0 : Math.max(0, (barrier - product) / square);
    if (lambda > 0) {
      for (let i = 0; i < qx.length; i++) Gx[i] += lambda * qx[i];
      for (let j = 0; j < qy.length; j++) Gy[j] += lambda * qy[j];
    }
    this.lambda = lambda;
    this.gap = gap;
    this.square = square;
    this.residual = Math.sqrt(square);
    this.upper = f;
    return f;
  }

  /** K steps of z towards the lower solution at x. */
  solveInto(x: Vector, z: Vector): void {
    const { lower, domainY } = this.oracle;
    lowerGradientInto(lower, domainY, x, z, this.alpha, this.K, this.gz);
  }

  note(extra: Record<string, number>): void {
    extra.lambda = this.lambda;
    extra.gap = this.gap;
  }

  claim(): string {
    return "The direction grad f + lambda q and the gradient q of the lower gap are below the tolerance.";
  }

  shrink(): void {
    this.alpha *= 0.5;
  }
}

/** L of a level in y at a point, by differences of gradients. */
export function curvatureAt(level: LevelOracle, x: Vector, y: Vector, { oracle, random }: MethodContext): number {
  return estimateCurvature(differenceProducts(level, x, y), oracle.m, random.split("constants")).L;
}
