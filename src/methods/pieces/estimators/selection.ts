/**
 * Estimator: bilevel games with selection (Arbel and Mairal, NeurIPS 2022, Algorithm 1). The reverse sweep over the last D lower
 * steps leaves an adjoint a at y_{K-D}; how that point moves with x is taken from the implicit equation at y_K, in the least
 * squares sense, so that a singular H does no harm:
 *
 *   v ~ argmin ½ |H v + a|²,  warm:  M steps v <- v - β H (H v + a), or M of conjugate gradients on H² v = -H a
 *   G <- G + J v
 *
 * Where Y has active bounds H is that of the tangent space at y_K (kit/tangent.ts). D = 0 leaves the implicit estimator alone.
 */
import { axpyInto, copyInto, dot, fillInto, norm } from "../../../num/vector.js";
import type { Linearization } from "../../../oracle/oracle.js";
import { lowerStepOf } from "../../kit/lowerStep.js";
import { given, numberOr } from "../../kit/options.js";
import { Tangent } from "../../kit/tangent.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { EstimatorPiece, LowerMap } from "../piece.js";
import { AdjointSystem } from "./adjoint.js";
import { type PathEstimator, ReverseSweep } from "./reverse.js";

type Vector = Float64Array;

const STEPS = 10;
const MOST = 10_000;

export class SelectionSweep implements PathEstimator {
  residual = Number.NaN;
  /** |H v + a| / |∇y f|: what is out of reach because H is singular. */
  unreached = Number.NaN;
  private readonly context: MethodContext;
  private readonly sweep: ReverseSweep;
  private readonly tangent: Tangent;
  private readonly system: AdjointSystem;
  private readonly M: number;
  private readonly beta: number | undefined;
  /** H v = leftover: the sign of implicit differentiation, v here is -v of the paper. */
  private readonly v: Vector;
  private readonly r: Vector;
  private readonly s: Vector;
  private readonly p: Vector;
  private readonly q: Vector;
  private readonly Jv: Vector;
  private map: Linearization | undefined;

  constructor(context: MethodContext, map: LowerMap) {
    const { n, m, domainY } = context.oracle;
    this.context = context;
    this.sweep = new ReverseSweep(context.oracle, map, numberOr(context, "D", Number.MAX_SAFE_INTEGER));
    this.tangent = new Tangent(domainY, m);
    this.system = new AdjointSystem(m, this.tangent, (v, out) => this.map?.hvp(v, out));
    this.M = numberOr(context, "M", STEPS);
    this.beta = given(context, "beta");
    this.v = new Float64Array(m);
    this.r = new Float64Array(m);
    this.s = new Float64Array(m);
    this.p = new Float64Array(m);
    this.q = new Float64Array(m);
    this.Jv = new Float64Array(n);
  }

  get adjointSize(): number {
    return this.sweep.adjointSize;
  }

  get leftSize(): number {
    return this.sweep.leftSize;
  }

  get size(): number {
    return this.sweep.size + norm(this.Jv);
  }

  estimate(x: Vector, y: Vector, G: Vector, tolerance: number | undefined): number {
    const { context, sweep, system, v, q, Jv, tangent } = this;
    const { lower, domainY } = context.oracle;
    const value = sweep.estimate(x, y, G);
    if (!domainY.free) {
      lower.gradY(x, y, q);
      tangent.update(y, q, lowerStepOf(context));
    }
    this.map = lower.linearize(x, y);
    system.pose(sweep.leftover, v);
    if (system.size === 0) {
      v.fill(0);
      this.residual = 0;
      this.unreached = 0;
      return value;
    }
    this.residual = this.beta === undefined ? this.conjugate(tolerance) : this.descend(this.beta, tolerance);
    this.unreached = (sweep.residual * norm(this.r)) / system.size;
    this.map.jvp(v, Jv);
    for (let i = 0; i < G.length; i++) G[i] -= Jv[i];
    return value;
  }

  reset(): void {
    this.v.fill(0);
  }

  /** s <- A (b - A v), r <- b - A v; returns |s| / |A b|. */
  private normalResidual(scale: number): number {
    const { system, v, r, s } = this;
    system.apply(v, r);
    for (let j = 0; j < r.length; j++) r[j] = system.b[j] - r[j];
    system.apply(r, s);
    return scale > 0 ? norm(s) / scale : 0;
  }

  private scale(): number {
    this.system.apply(this.system.b, this.s);
    return norm(this.s);
  }

  /** M steps v <- v + β A (b - A v) */
  private descend(beta: number, tolerance: number | undefined): number {
    const { v, s } = this;
    const scale = this.scale();
    const most = tolerance === undefined ? this.M : MOST;
    let residual = Number.NaN;
    for (let k = 0; k < most; k++) {
      residual = this.normalResidual(scale);
      if (tolerance !== undefined && (residual <= tolerance || this.context.exhausted())) break;
      axpyInto(beta, s, v);
    }
    return residual;
  }

  /** Conjugate gradients on A² v = A b from the last v (Björck, 1996, Algorithm 7.4.1). */
  private conjugate(tolerance: number | undefined): number {
    const { system, v, r, s, p, q } = this;
    const scale = this.scale();
    if (scale === 0) {
      fillInto(0, v);
      copyInto(system.b, r);
      return 0;
    }
    let residual = this.normalResidual(scale);
    const most = tolerance === undefined ? this.M : Math.min(MOST, 10 * v.length + 100);
    const target = tolerance ?? 1e-15;
    copyInto(s, p);
    let gamma = dot(s, s);
    for (let k = 0; k < most && residual > target && !this.context.exhausted(); k++) {
      system.apply(p, q);
      const qq = dot(q, q);
      if (!(qq > 0)) break;
      axpyInto(gamma / qq, p, v);
      axpyInto(-gamma / qq, q, r);
      system.apply(r, s);
      const next = dot(s, s);
      residual = Math.sqrt(next) / scale;
      for (let j = 0; j < p.length; j++) p[j] = s[j] + (next / gamma) * p[j];
      gamma = next;
    }
    return residual;
  }
}

const selectionSteps: readonly Parameter[] = [
  {
    name: "D",
    type: "integer",
    default: undefined,
    auto: "K: the whole sweep",
    min: 0,
    doc: "Steps of the reverse sweep, from the last one back; 0 leaves implicit differentiation alone.",
  },
  {
    name: "M",
    type: "integer",
    default: undefined,
    auto: `${STEPS}`,
    min: 1,
    doc: "Steps on the least-squares problem of v per outer step.",
  },
  {
    name: "beta",
    type: "number",
    default: undefined,
    auto: "conjugate gradients, which need no step size",
    min: 0,
    doc: "Step size of gradient steps on the least-squares problem (at most 2/L²).",
  },
];

export const selection: EstimatorPiece = {
  kind: "estimator",
  id: "selection",
  title: "Reverse sweep and least-squares implicit correction (bilevel games with selection)",
  formulas: [
    "a, G from the reverse sweep over the last D steps",
    "v ← v - β H(y_K) (H(y_K) v + a)   M times, warm;  or M steps of conjugate gradients",
    "G ← G + J(y_K) v",
  ],
  reference: "Arbel and Mairal, Non-convex bilevel games with critical point selection maps, NeurIPS 2022, Algorithm 1",
  parameters: selectionSteps,
  order: 2,
  keepsPath: true,
  maps: "plain",
  why: "its correction takes the lower level's optimality conditions for granted, which steps that mix in the upper objective do not meet",
  exactOnly: "the lower Hessian of a minibatch has a kernel of its own, wider than that of the whole",
  make: (context, map) => new SelectionSweep(context, map),
};
