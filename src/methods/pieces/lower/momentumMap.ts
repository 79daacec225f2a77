/**
 * Projected steps along a field with momentum, and their sweeps (Franceschi and others, ICML 2017, Algorithms 1 and 2; momentum
 * as in Nesterov, 1983, and Polyak, 1964):
 *
 *   u_k = y_k + β_k (y_k - y_{k-1}),   q_k = u_k (Nesterov) or y_k (Polyak),   p_k = u_k - d_k(x, q_k),   y_{k+1} = P_Y(p_k)
 *
 *   reverse, a = dF/dy_{k+1}:   w = P_Y'(p_k) a;   G -= (∂d/∂x)ᵀ w;   du = w,  dq = -(∂d/∂u)ᵀ w
 *   forward, t_k = dy_k/dx s:   t_{k+1} = P_Y'(p_k) (t_u - (∂d/∂u) t_q - (∂d/∂x) s)
 *
 * What reaches u_k goes to y_k with 1 + β_k and to y_{k-1} with -β_k. P_Y' is symmetric. y_0 = y_{-1} counts as constant in x.
 */
import { copyInto, norm } from "../../../num/vector.js";
import { type MapDomain, PathMap } from "./pathMap.js";
import type { StepField } from "./stepField.js";

type Vector = Float64Array;

export interface Momentum {
  /** β_k; zero for plain steps. */
  beta(k: number): number;
  /** True: the field is read at u_k (Nesterov); false: at y_k (Polyak). */
  readonly ahead: boolean;
}

const noMomentum: Momentum = { beta: () => 0, ahead: true };

export class MomentumMap extends PathMap {
  protected readonly field: StepField;
  private readonly momentum: Momentum;
  private readonly u: Vector;
  private readonly w: Vector;
  private readonly dU: Vector;
  private readonly dX: Vector;
  private readonly carried: Vector;
  private readonly next: Vector;

  constructor(n: number, m: number, domain: MapDomain, field: StepField, momentum = noMomentum, most?: number) {
    super(n, m, domain, most);
    this.field = field;
    this.momentum = momentum;
    this.u = new Float64Array(m);
    this.w = new Float64Array(m);
    this.dU = new Float64Array(m);
    this.dX = new Float64Array(n);
    this.carried = new Float64Array(m);
    this.next = new Float64Array(m);
  }

  shrink(): void {
    this.field.shrink();
  }

  protected gradientInto(x: Vector, y: Vector, out: Vector): void {
    this.field.gradientInto(x, y, out);
  }

  protected advance(x: Vector, k: number, before: Vector, y: Vector, next: Vector, point: Vector): void {
    const { u, dU: d, domain, momentum } = this;
    const beta = momentum.beta(k);
    for (let j = 0; j < u.length; j++) u[j] = y[j] + beta * (y[j] - before[j]);
    this.field.directionInto(x, momentum.ahead ? u : y, k, d);
    for (let j = 0; j < u.length; j++) next[j] = u[j] - d[j];
    if (domain.free) return;
    copyInto(next, point);
    domain.project(next);
  }

  /** The place where the field was read in the step from path[entry]. */
  private place(entry: number, beta: number): Vector {
    const y = this.path[entry];
    if (beta === 0 || !this.momentum.ahead) return y;
    const before = this.path[entry - 1];
    const { u } = this;
    for (let j = 0; j < u.length; j++) u[j] = y[j] + beta * (y[j] - before[j]);
    return u;
  }

  /** With momentum and `to` > 0, what goes on to y_{to-1} is counted at y_to. */
  pullInto(x: Vector, a: Vector, G: Vector, from: number, to: number): number {
    const { w, dU, dX, carried, next, domain, field, momentum } = this;
    carried.fill(0);
    for (let k = from - 1; k >= to; k--) {
      const entry = this.entry(k);
      const beta = momentum.beta(k);
      copyInto(a, w);
      if (!domain.free) domain.projectTangent(this.pointAt(entry), w);
      field.pullInto(x, this.place(entry, beta), k, w, dU, dX);
      for (let i = 0; i < G.length; i++) G[i] -= dX[i];
      if (momentum.ahead) {
        for (let j = 0; j < w.length; j++) {
          const au = w[j] - dU[j];
          next[j] = carried[j] + (1 + beta) * au;
          carried[j] = -beta * au;
        }
      } else {
        for (let j = 0; j < w.length; j++) {
          next[j] = carried[j] + (1 + beta) * w[j] - dU[j];
          carried[j] = -beta * w[j];
        }
      }
      copyInto(next, a);
    }
    for (let j = 0; j < a.length; j++) a[j] += carried[j];
    return norm(a);
  }

  pushInto(x: Vector, s: Vector, t: Vector): void {
    const { w, dU, carried, next, domain, field, momentum } = this;
    const before = carried;
    copyInto(t, before);
    for (let k = 0; k < this.steps; k++) {
      const entry = this.entry(k);
      const beta = momentum.beta(k);
      for (let j = 0; j < t.length; j++) w[j] = t[j] + beta * (t[j] - before[j]);
      field.pushInto(x, this.place(entry, beta), k, momentum.ahead ? w : t, s, dU);
      for (let j = 0; j < t.length; j++) next[j] = w[j] - dU[j];
      if (!domain.free) domain.projectTangent(this.pointAt(entry), next);
      copyInto(t, before);
      copyInto(next, t);
    }
  }
}
