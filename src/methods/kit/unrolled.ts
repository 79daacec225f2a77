/**
 * The lower level as a dynamical system: K steps of projected gradient descent, with constant momentum if asked, and the
 * reverse sweep through them (Franceschi and others, ICML 2017, Algorithm 1; momentum as in Nesterov's method).
 *
 *   u_k = y_k + beta (y_k - y_{k-1}),   p_k = u_k - alpha grad_y g(x, u_k),   y_{k+1} = P_Y(p_k)
 *   reverse, a = dF/dy_{k+1}:  w = P_Y'(p_k) a;  G -= alpha J(u_k) w;  dF/du_k = w - alpha H(u_k) w
 *
 * dF/du_k goes to y_k with 1 + beta and to y_{k-1} with -beta. The start y_0 counts as constant. The sweep may be cut
 * after `depth` steps. Memory: K m numbers, twice that where Y is restricted; the arrays grow and are kept.
 */

import { norm } from "../../num/vector.js";
import type { DomainOracle, LevelOracle, Linearization } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** What the map asks of the lower level and of its domain. */
export type UnrolledLevel = Pick<LevelOracle, "gradY"> & {
  linearize(x: Vector, y: Vector): Pick<Linearization, "both">;
};
export type UnrolledDomain = Pick<DomainOracle, "free" | "project" | "projectTangent">;

export class Unrolled {
  private u: Vector[] = [];
  private p: Vector[] = [];
  private readonly gradient: Vector;
  private readonly before: Vector;
  private readonly next: Vector;
  private readonly w: Vector;
  private readonly Hw: Vector;
  private readonly Jw: Vector;
  private readonly carried: Vector;
  private readonly n: number;
  private readonly m: number;
  steps = 0;

  constructor(n: number, m: number) {
    this.n = n;
    this.m = m;
    this.gradient = new Float64Array(m);
    this.before = new Float64Array(m);
    this.next = new Float64Array(m);
    this.w = new Float64Array(m);
    this.Hw = new Float64Array(m);
    this.Jw = new Float64Array(n);
    this.carried = new Float64Array(m);
  }

  /** y <- y_K from y_0 = y, keeping what the sweep needs. Returns |y_K - y_{K-1}|. */
  forward(
    lower: UnrolledLevel,
    domain: UnrolledDomain,
    x: Vector,
    y: Vector,
    K: number,
    alpha: number,
    beta: number,
  ): number {
    const { m, gradient, before } = this;
    while (this.u.length < K) {
      this.u.push(new Float64Array(m));
      if (!domain.free) this.p.push(new Float64Array(m));
    }
    before.set(y);
    this.steps = K;
    let moved = 0;
    for (let k = 0; k < K; k++) {
      const u = this.u[k];
      for (let j = 0; j < m; j++) {
        u[j] = y[j] + beta * (y[j] - before[j]);
        before[j] = y[j];
      }
      lower.gradY(x, u, gradient);
      for (let j = 0; j < m; j++) y[j] = u[j] - alpha * gradient[j];
      if (!domain.free) {
        this.p[k].set(y);
        domain.project(y);
      }
    }
    for (let j = 0; j < m; j++) moved += (y[j] - before[j]) ** 2;
    return Math.sqrt(moved);
  }

  /**
   * Adds the contribution of the last `depth` steps to G (length n), for the adjoint a = dF/dy_K, which is overwritten by
   * what is left of it at the first step swept. Returns the size of that leftover.
   */
  reverse(
    lower: UnrolledLevel,
    domain: UnrolledDomain,
    x: Vector,
    a: Vector,
    G: Vector,
    alpha: number,
    beta: number,
    depth = this.steps,
  ): number {
    const { n, m, w, Hw, Jw, carried, next } = this;
    carried.fill(0);
    const last = Math.max(0, this.steps - depth);
    for (let k = this.steps - 1; k >= last; k--) {
      w.set(a);
      if (!domain.free) domain.projectTangent(this.p[k], w);
      const map = lower.linearize(x, this.u[k]);
      map.both(w, Hw, Jw);
      for (let i = 0; i < n; i++) G[i] -= alpha * Jw[i];
      for (let j = 0; j < m; j++) {
        const au = w[j] - alpha * Hw[j];
        next[j] = carried[j] + (1 + beta) * au;
        carried[j] = -beta * au;
      }
      a.set(next);
    }
    // y_{-1} = y_0: both parts act on the start.
    for (let j = 0; j < m; j++) a[j] += carried[j];
    return norm(a);
  }
}
