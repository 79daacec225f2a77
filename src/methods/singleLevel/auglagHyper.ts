/**
 * auglag on the hyper-objective: coupling constraints c(x, y) <= 0 (or == 0) of the upper level join the upper objective,
 *
 *   f + Σ ½ ρ (max(0, c + μ/ρ)² - (μ/ρ)²),   μ <- max(0, μ + ρ c(x, y(x)))
 *
 * and the hyper-objective of the sum is minimised with the same lower solves and adjoints as without them: its gradients gain
 * max(0, μ + ρ c) times those of c. Published loop: fixed ρ and a fixed number of gradient steps of length η for each update.
 */
import type { Oracle } from "../../oracle/oracle.js";
import { type AidAutoState, aidAuto, descend } from "../implicit/aidAuto.js";
import { updateMultipliers } from "../kit/augmentedOracle.js";
import { HyperEvaluator, HyperPoint } from "../kit/hyperPoint.js";
import { given, numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling, type Scaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { withStart } from "../start.js";
import { GROWTH, MOST_RHO, SHRINK } from "./auglagSystem.js";

type Vector = Float64Array;

const ACCURACY = 1e-9;
const ROUNDS = 80;

/** The scaled problem with the augmented terms in its upper objective. */
class Penalised extends ScaledProblem {
  readonly weights: Vector;
  readonly c: Vector;
  private readonly ux: Vector;
  private readonly uy: Vector;
  private readonly addX: Vector;
  private readonly addY: Vector;

  constructor(
    oracle: Oracle,
    scaling: Scaling,
    private readonly terms: { readonly mu: Vector; rho: number },
  ) {
    super(oracle, scaling);
    const { rows } = oracle.upper.constraints;
    this.weights = new Float64Array(rows);
    this.c = new Float64Array(rows);
    this.ux = new Float64Array(oracle.n);
    this.uy = new Float64Array(oracle.m);
    this.addX = new Float64Array(oracle.n);
    this.addY = new Float64Array(oracle.m);
  }

  override upperGradient(x: Vector, y: Vector, outX: Vector, outY: Vector): number {
    let value = super.upperGradient(x, y, outX, outY);
    const { weights, c, ux, uy, addX, addY, oracle, dx, dy } = this;
    const { mu, rho } = this.terms;
    const { constraints } = oracle.upper;
    this.unscaleXInto(x, ux);
    this.unscaleYInto(y, uy);
    constraints.value(ux, uy, c);
    for (let r = 0; r < c.length; r++) {
      const next = mu[r] + rho * c[r];
      weights[r] = constraints.equality[r] === 1 ? next : Math.max(0, next);
      value += (weights[r] ** 2 - mu[r] ** 2) / (2 * rho);
    }
    constraints.vjp(ux, uy, weights, addX, addY);
    for (let i = 0; i < outX.length; i++) outX[i] += dx[i] * addX[i];
    for (let j = 0; j < outY.length; j++) outY[j] += dy[j] * addY[j];
    return value;
  }
}

export class AuglagHyper extends StateFields implements Running {
  private readonly terms: { readonly mu: Vector; rho: number };
  private readonly scaling: Scaling;
  private readonly fixed:
    | { readonly eta: number; readonly inner: number; readonly evaluator: HyperEvaluator }
    | undefined;
  private readonly point: HyperPoint;
  private readonly c: Vector;
  private run: AidAutoState | undefined;
  private violation = Number.POSITIVE_INFINITY;
  private rounds = 0;
  private largest = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    const { rows } = oracle.upper.constraints;
    this.terms = { mu: new Float64Array(rows), rho: numberOr(context, "rho", 1) };
    this.c = new Float64Array(rows);
    this.point = new HyperPoint(oracle.n, oracle.m);
    const eta = given(context, "eta");
    this.scaling =
      eta === undefined
        ? estimateScaling(oracle, context.random.split("scaling"))
        : { dx: new Float64Array(oracle.n).fill(1), dy: new Float64Array(oracle.m).fill(1) };
    if (eta !== undefined) {
      const problem = new Penalised(oracle, this.scaling, this.terms);
      const evaluator = new HyperEvaluator(problem, context.exhausted);
      evaluator.tight = true;
      this.fixed = { eta, inner: numberOr(context, "inner", 400), evaluator };
      this.point.x.set(oracle.startX);
      this.point.y.set(oracle.startY);
    }
    this.report(this.c);
  }

  step(context: MethodContext): void {
    if (this.fixed !== undefined) this.publishedRound(context);
    else this.automaticStep(context);
  }

  private publishedRound(context: MethodContext): void {
    const { fixed, point } = this;
    if (fixed === undefined) return;
    const { eta, inner, evaluator } = fixed;
    for (let k = 0; k < inner; k++) {
      if (!evaluator.evaluate(point) || !point.finite) return;
      for (let i = 0; i < point.x.length; i++) point.x[i] -= eta * point.G[i];
      context.oracle.domainX.project(point.x);
    }
    if (!evaluator.evaluate(point) || !point.finite) return;
    this.x.set(point.x);
    this.y.set(point.y);
    this.value = point.f;
    this.stationarity = point.pg;
    const violation = this.update(context);
    this.largest = Math.max(this.largest, point.pg + violation);
    if (point.pg + violation <= ACCURACY * this.largest) this.claim(violation);
  }

  private automaticStep(context: MethodContext): void {
    const { oracle } = context;
    if (this.run === undefined) {
      const from = withStart(oracle, this.x, this.y);
      const problem = new Penalised(from, this.scaling, this.terms);
      this.run = descend(new HyperEvaluator(problem, context.exhausted), context.tolerance);
    } else aidAuto.step(this.run, context);
    const { run } = this;
    this.x.set(run.x);
    this.y.set(run.y);
    this.value = oracle.upper.value(this.x, this.y);
    this.stationarity = run.stationarity;
    if (run.finished === "no") return;
    this.run = undefined;
    const before = this.violation;
    const violation = this.update(context);
    if (violation <= ACCURACY * (1 + Math.hypot(...this.x, ...this.y))) {
      if (run.finished === "converged") this.claim(violation);
      else this.finish("stalled", run.reason);
    } else if (++this.rounds > ROUNDS) {
      this.finish(
        "stalled",
        `After ${ROUNDS} multiplier updates the upper constraints are still violated by ${violation}.`,
      );
    } else if (violation > SHRINK * before) this.terms.rho = Math.min(MOST_RHO, this.terms.rho * GROWTH);
  }

  /** New multipliers; returns violation and complementarity together. */
  private update({ oracle }: MethodContext): number {
    const { c, terms } = this;
    const { constraints } = oracle.upper;
    constraints.value(this.x, this.y, c);
    const worst = updateMultipliers(terms, constraints, c);
    this.violation = worst;
    this.report(terms.mu);
    return worst;
  }

  private report(mu: Vector): void {
    const { extra } = this;
    extra.violation = this.violation;
    extra.rho = this.terms.rho;
    extra.multiplier = mu.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  }

  private claim(violation: number): void {
    this.finish(
      "converged",
      `The hypergradient of the augmented Lagrangian vanishes and the upper constraints hold to ${violation.toExponential(1)}.`,
    );
  }

  backOff(): boolean {
    this.run = undefined;
    this.point.x.set(this.x);
    this.point.y.set(this.y);
    return this.fixed === undefined;
  }
}
