/**
 * Switching subgradient method for the simple bilevel problem at fixed x, min f(x, y) over y in argmin g(x, ·), as published
 * (Chen, Xu and Zhang 2023, Algorithm 1):
 *
 *   ŷ <- P_Y(ŷ - tau dg(x, ŷ)), K0 times;  ĝ = g(x, ŷ)
 *   K times: if g(x, y) - ĝ <= 2 theta: record y, y <- P_Y(y - tau df(x, y));  else y <- P_Y(y - tau dg(x, y))
 *   answer: the mean of the recorded y, here of those among the last `suffix` share of the K steps
 *
 * Asks for first derivatives (at kinks: one subgradient). Assumes f and g convex in y; a theta below ĝ - g* is met by no
 * y, then the last y is the answer. The upper value is biased by about C_f sqrt(2 theta / alpha) under gradient dominance.
 */
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export interface SwitchingOptions {
  readonly K0: number;
  readonly K: number;
  readonly tau: number;
  readonly theta: number;
  /** Share of the K steps, from the end, whose recorded points are averaged: 1 averages all of them. */
  readonly suffix: number;
}

export class SwitchingSubgradient {
  /** Points recorded in the last run: steps on f. */
  recorded = 0;
  /** ĝ of the last run. */
  lowest = Number.NaN;
  private readonly oracle: Oracle;
  private readonly y: Vector;
  private readonly gradient: Vector;
  private readonly sum: Vector;
  private averaged = 0;

  constructor(oracle: Oracle) {
    this.oracle = oracle;
    this.y = new Float64Array(oracle.m);
    this.gradient = new Float64Array(oracle.m);
    this.sum = new Float64Array(oracle.m);
  }

  /** The whole run: y holds the start and then the answer. Returns f there. */
  solve(x: Vector, y: Vector, options: SwitchingOptions): number {
    this.begin(x, y, options);
    for (let k = 0; k < options.K; k++) this.step(x, k, options);
    this.answerInto(y);
    return this.oracle.upper.value(x, y);
  }

  /** The first phase, from y, which stays: finds ĝ. */
  begin(x: Vector, y: Vector, { K0, tau }: SwitchingOptions): void {
    const { lower } = this.oracle;
    this.y.set(y);
    for (let k = 0; k < K0; k++) {
      lower.gradY(x, this.y, this.gradient);
      this.move(tau);
    }
    this.lowest = lower.value(x, this.y);
    this.y.set(y);
    this.sum.fill(0);
    this.recorded = 0;
    this.averaged = 0;
  }

  /** Step k of K. */
  step(x: Vector, k: number, { K, tau, theta, suffix }: SwitchingOptions): void {
    const { upper, lower } = this.oracle;
    const { y, sum, gradient } = this;
    if (lower.valueGradY(x, y, gradient) - this.lowest <= 2 * theta) {
      this.recorded++;
      if (k >= (1 - suffix) * K) {
        this.averaged++;
        for (let j = 0; j < y.length; j++) sum[j] += y[j];
      }
      upper.gradY(x, y, gradient);
    }
    this.move(tau);
  }

  /** The mean of what was recorded; the current y where nothing was. */
  answerInto(out: Vector): void {
    for (let j = 0; j < out.length; j++) out[j] = this.averaged > 0 ? this.sum[j] / this.averaged : this.y[j];
  }

  private move(tau: number): void {
    const { domainY } = this.oracle;
    const { y, gradient } = this;
    for (let j = 0; j < y.length; j++) y[j] -= tau * gradient[j];
    if (!domainY.free) domainY.project(y);
  }
}
