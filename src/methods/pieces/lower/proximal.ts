/**
 * Lower map: proximal point steps, which make one of a lower level that is convex but not strongly convex:
 *
 *   y_{k+1} ~ argmin_{z in Y} g(x, z) + ρ/2 |z - y_k|²,   by M steps  z <- P_Y(z - α (∇y g(x, z) + ρ (z - y_k))) from y_k
 *
 * (Rockafellar, SIAM J. Control 1976). The sweeps differentiate the inner steps as they are, so they are exact for any M; the
 * inner path of one outer step is run again when a sweep reaches it, which asks for M more gradients and room for M vectors.
 */
import { norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { startingCurvature } from "../../kit/lowerStep.js";
import { given, numberOr } from "../../kit/options.js";
import type { LowerMapPiece } from "../piece.js";
import { lowerStep } from "./gradient.js";
import { MomentumMap } from "./momentumMap.js";
import { PathMap } from "./pathMap.js";
import { GradientField } from "./stepField.js";

type Vector = Float64Array;

/** d(x, z) = α (∇y g(x, z) + ρ (z - c)) with the centre c, which sweeps treat as a variable, too. */
class ProximalField extends GradientField {
  readonly center: Vector;
  /** The reverse sweep adds dF/dc here; the forward sweep reads dc/dx u here. */
  readonly centerAdjoint: Vector;
  readonly centerTangent: Vector;
  private readonly rho: number;

  constructor(oracle: Oracle, alpha: number, rho: number) {
    super(oracle.lower, oracle.m, alpha);
    this.rho = rho;
    this.center = new Float64Array(oracle.m);
    this.centerAdjoint = new Float64Array(oracle.m);
    this.centerTangent = new Float64Array(oracle.m);
  }

  override directionInto(x: Vector, z: Vector, k: number, out: Vector): void {
    super.directionInto(x, z, k, out);
    const pull = this.alpha * this.rho;
    for (let j = 0; j < out.length; j++) out[j] += pull * (z[j] - this.center[j]);
  }

  override pullInto(x: Vector, z: Vector, k: number, w: Vector, outU: Vector, outX: Vector): void {
    super.pullInto(x, z, k, w, outU, outX);
    const pull = this.alpha * this.rho;
    for (let j = 0; j < outU.length; j++) {
      outU[j] += pull * w[j];
      this.centerAdjoint[j] += pull * w[j];
    }
  }

  override pushInto(x: Vector, z: Vector, k: number, t: Vector, s: Vector, out: Vector): void {
    super.pushInto(x, z, k, t, s, out);
    const pull = this.alpha * this.rho;
    for (let j = 0; j < out.length; j++) out[j] += pull * (t[j] - this.centerTangent[j]);
  }
}

class ProximalMap extends PathMap {
  private readonly field: ProximalField;
  private readonly inner: MomentumMap;
  private readonly M: number;
  private readonly z: Vector;

  constructor(oracle: Oracle, alpha: number, rho: number, M: number) {
    super(oracle.n, oracle.m, oracle.domainY, undefined, false);
    this.field = new ProximalField(oracle, alpha, rho);
    this.inner = new MomentumMap(oracle.n, oracle.m, oracle.domainY, this.field);
    this.M = M;
    this.z = new Float64Array(oracle.m);
  }

  shrink(): void {
    this.field.shrink();
  }

  protected gradientInto(x: Vector, y: Vector, out: Vector): void {
    this.field.gradientInto(x, y, out);
  }

  protected advance(x: Vector, _k: number, _before: Vector, y: Vector, next: Vector): void {
    this.field.center.set(y);
    next.set(y);
    this.inner.run(x, next, this.M, false);
  }

  /** The inner path of step k, kept for a sweep. */
  private replay(x: Vector, k: number): void {
    const y = this.path[this.entry(k)];
    this.field.center.set(y);
    this.z.set(y);
    this.inner.run(x, this.z, this.M, true);
  }

  pullInto(x: Vector, a: Vector, G: Vector, from: number, to: number): number {
    const { centerAdjoint } = this.field;
    for (let k = from - 1; k >= to; k--) {
      this.replay(x, k);
      centerAdjoint.fill(0);
      this.inner.pullInto(x, a, G, this.M, 0);
      for (let j = 0; j < a.length; j++) a[j] += centerAdjoint[j];
    }
    return norm(a);
  }

  pushInto(x: Vector, u: Vector, t: Vector): void {
    for (let k = 0; k < this.steps; k++) {
      this.replay(x, k);
      this.field.centerTangent.set(t);
      this.inner.pushInto(x, u, t);
    }
  }
}

export const proximal: LowerMapPiece = {
  kind: "lower",
  id: "proximal",
  title: "Proximal point steps",
  formulas: [
    "y_{k+1} ≈ argmin_z g(x, z) + ρ/2 |z - y_k|²,  M times  z ← P_Y(z - α (∇y g(x, z) + ρ (z - y_k))) from y_k",
  ],
  reference: "Rockafellar, Monotone operators and the proximal point algorithm, SIAM J. Control 1976",
  parameters: [
    { ...lowerStep, auto: "1/(L + ρ), L by Lanczos at the start" },
    {
      name: "rho",
      type: "number",
      default: undefined,
      auto: "L/10, L by Lanczos at the start",
      min: 0,
      doc: "Weight ρ of the proximal term.",
    },
    { name: "inner", type: "integer", default: 20, min: 1, doc: "Gradient steps M of each proximal step." },
  ],
  order: 1,
  readsUpper: false,
  projects: true,
  stepwise: true,
  make: (context) => {
    const { L } = startingCurvature(context);
    const rho = given(context, "rho") ?? 0.1 * L;
    const alpha = given(context, "alpha") ?? 1 / (L + rho);
    return new ProximalMap(context.oracle, alpha, rho, numberOr(context, "inner", 20));
  },
};
