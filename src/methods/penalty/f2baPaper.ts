/**
 * The published loop of F2BA with fixed inner numbers and step sizes (Chen, Ma and Zhang 2023, Algorithm 1), also with
 * projections, debiased or with proximal terms: x <- P_X(x - eta G), G the gradient of the penalty surrogate
 * (pieces/surrogates/penalty.ts) after K steps of its inner sequences.
 *
 * What is returned beside x: z where the lower level is strongly convex; the penalised y where it has many solutions, since
 * z is any of them and y near the one that the upper level prefers.
 */
import { norm } from "../../num/vector.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { given } from "../kit/options.js";
import { OuterStep } from "../kit/outerStep.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { Penalty, SINGULAR } from "../pieces/surrogates/penalty.js";

type Vector = Float64Array;

/**
 * Convergence is tested at each of the first iterations, then now and then: on one variable a test costs as much as half
 * an iteration.
 */
const FIRST = 8;
const EVERY = 4;
/** Whether the lower level is singular is asked again after so many iterations, and whenever their number has doubled. */
const FIRST_LOOK = 32;

export class F2baPaper extends StateFields implements Running {
  readonly penalised: Vector;
  private readonly surrogate: Penalty;
  private readonly G: Vector;
  private readonly Gy: Vector;
  private readonly outer: OuterStep;
  private readonly stop: RelativeStop;
  private readonly zStop: RelativeStop;
  private readonly yStop: RelativeStop;
  private returnsPenalised: boolean;
  private untilTest = 1;
  private tests = 0;
  private untilLook = FIRST_LOOK;
  private looks = FIRST_LOOK;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { n, m } = context.oracle;
    this.penalised = this.y.slice();
    this.G = new Float64Array(n);
    this.Gy = new Float64Array(m);
    this.outer = new OuterStep(n, given(context, "eta"));
    const tolerance = claimTolerance(context.tolerance);
    this.stop = new RelativeStop(tolerance);
    this.zStop = new RelativeStop(tolerance);
    this.yStop = new RelativeStop(tolerance);
    this.surrogate = new Penalty(context);
    this.returnsPenalised = this.surrogate.singular;
  }

  step(context: MethodContext): void {
    const { domainX } = context.oracle;
    const { x, y, penalised, surrogate, G } = this;
    surrogate.evaluate(x, penalised, G, this.Gy);
    this.value = surrogate.upper;
    this.stationarity = this.outer.measure(domainX, x, G);
    if (--this.untilLook === 0) this.look(context);
    const chosen = this.returnsPenalised ? penalised : surrogate.z;
    for (let j = 0; j < y.length; j++) y[j] = chosen[j];
    if (--this.untilTest === 0) {
      this.untilTest = this.tests++ < FIRST ? 1 : EVERY;
      if (this.done(context)) return;
    }
    this.outer.take(domainX, x, G);
  }

  /** The Hessian at the start says little of the one at lower solutions. */
  private look({ oracle, random }: MethodContext): void {
    const products = differenceProducts(oracle.lower, this.x, this.surrogate.z);
    const { mu, L } = estimateCurvature(products, oracle.m, random.split("constants"));
    this.returnsPenalised = mu <= SINGULAR * L;
    this.untilLook = this.looks;
    this.looks *= 2;
  }

  private done(context: MethodContext): boolean {
    const { surrogate } = this;
    surrogate.measure();
    const { zResidual, yResidual } = surrogate;
    const small =
      this.stop.passes(this.stationarity) || (this.nearNoise() && this.stationarity <= surrogate.roundingAt(this.x));
    const z = this.zStop.passes(zResidual, 1e-300);
    const y = this.yStop.passes(yResidual);
    if (!small || !z) return false;
    if (!y && yResidual > (1e-15 * surrogate.lambda * (1 + norm(this.penalised))) / surrogate.alpha) return false;
    this.look(context);
    this.y.set(this.returnsPenalised ? this.penalised : surrogate.z);
    this.finish("converged", surrogate.claim());
    return true;
  }

  /** Whether it is worth a gradient to ask how large rounding errors are. */
  private nearNoise(): boolean {
    return this.stationarity <= Math.max(1e-6 * this.stop.largest, 1e-10 * this.surrogate.lambda);
  }

  backOff(): boolean {
    this.outer.shrink();
    this.penalised.set(this.y);
    this.surrogate.shrink();
    return true;
  }
}
