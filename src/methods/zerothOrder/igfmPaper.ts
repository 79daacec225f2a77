/**
 * The published loop of igfm: randomised two-point differences of phi~, constant delta and eta (Chen, Xu and Zhang 2023,
 * Algorithm 2). Both points of a difference start the inner solver from the same y, the lower solution at x, which
 * one further inner solve per iteration keeps up to date; it also gives phi~(x).
 */
import type { Random } from "../../num/random.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import { choice, numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { OptimisticValue } from "./hyperValue.js";
import { switchingOptions } from "./sgm.js";
import { SwitchingSubgradient } from "./simpleBilevel.js";
import { sphereInto } from "./sphere.js";

type Vector = Float64Array;

export class IgfmPaper extends StateFields implements Running {
  private readonly phi: (x: Vector, y: Vector) => number;
  private readonly random: Random;
  private readonly directions: number;
  private readonly output: string;
  private readonly delta: number;
  private eta: number;
  private readonly at: Vector;
  private readonly yAt: Vector;
  private readonly start: Vector;
  private readonly trial: Vector;
  private readonly u: Vector;
  private readonly G: Vector;
  private readonly scratch: Vector;
  private best = Number.POSITIVE_INFINITY;
  private t = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { n, m } = context.oracle;
    this.phi = innerSolver(context);
    this.random = context.random.split("directions");
    this.directions = numberOr(context, "directions", 1);
    this.output = choice(context, "output", "last");
    this.delta = numberOr(context, "delta", 1e-3);
    this.eta = numberOr(context, "eta", 0.1);
    this.at = this.x.slice();
    this.yAt = this.y.slice();
    this.start = new Float64Array(m);
    this.trial = new Float64Array(n);
    this.u = new Float64Array(n);
    this.G = new Float64Array(n);
    this.scratch = new Float64Array(n);
    this.arrive();
  }

  step(context: MethodContext): void {
    const { domainX } = context.oracle;
    const { at, G, u, directions, delta } = this;
    G.fill(0);
    for (let q = 0; q < directions; q++) {
      sphereInto(this.random, u);
      const difference = this.shifted(delta) - this.shifted(-delta);
      this.extra.difference = Math.abs(difference);
      const weight = (u.length * difference) / (2 * delta * directions);
      for (let i = 0; i < u.length; i++) G[i] += weight * u[i];
    }
    this.stationarity = projectedNorm(domainX, at, G, this.scratch);
    for (let i = 0; i < at.length; i++) at[i] -= this.eta * G[i];
    if (!domainX.free) domainX.project(at);
    this.t++;
    this.arrive();
  }

  backOff(): boolean {
    this.eta *= 0.5;
    this.at.set(this.x);
    this.yAt.set(this.y);
    return true;
  }

  /** phi~(x + t u), the inner solver started at the y of x. */
  private shifted(t: number): number {
    const { at, u, trial, start } = this;
    for (let i = 0; i < at.length; i++) trial[i] = at[i] + t * u[i];
    start.set(this.yAt);
    return this.phi(trial, start);
  }

  /** phi~ at the new iterate, and the point to be returned. */
  private arrive(): void {
    const { x, y, at, yAt, t } = this;
    const value = this.phi(at, yAt);
    if (this.output === "average") {
      for (let i = 0; i < x.length; i++) x[i] += (at[i] - x[i]) / (t + 1);
      y.set(yAt);
      this.value = this.phi(x, y);
    } else if (this.output === "last" || value < this.best) {
      this.best = value;
      x.set(at);
      y.set(yAt);
      this.value = value;
    }
  }
}

/** A as chosen: the published switching loop with its constants, or an accurate one. */
function innerSolver(context: MethodContext): (x: Vector, y: Vector) => number {
  if (choice(context, "inner", "sgm") === "accurate") {
    const value = new OptimisticValue(context, "auto");
    return (x, y) => value.at(x, y);
  }
  const options = switchingOptions(context);
  const inner = new SwitchingSubgradient(context.oracle);
  return (x, y) => inner.solve(x, y, options);
}
