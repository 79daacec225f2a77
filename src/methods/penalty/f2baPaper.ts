/**
 * The published loop of F2BA with fixed inner numbers and step sizes (Chen, Ma and Zhang 2023, Algorithm 1), also with
 * projections and with the bias of the penalty removed to first order:
 *
 *   z <- P_Y(z - alpha grad_y g(x, z))                              K times
 *   y <- P_Y(y - tau (grad_y f(x, y) + lambda grad_y g(x, y)))      K times
 *   G = grad_x f(x, y) + lambda (grad_x g(x, y) - grad_x g(x, z));  x <- P_X(x - eta G)
 *   debias: a third sequence with 2 lambda (step tau/2), G <- 2 G_{2 lambda} - G_lambda
 */
import { norm } from "../../num/vector.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { lowerGradientInto, penalisedGradientInto, projectedNorm } from "../kit/lowerGradient.js";
import { flag, given, numberOr } from "../kit/options.js";
import { OuterStep } from "../kit/outerStep.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

/** Lower levels whose smallest curvature is below this share of the largest count as singular. */
export const SINGULAR = 1e-7;

/**
 * Convergence is tested at each of the first iterations, then now and then: on one variable a test costs as much as half
 * an iteration.
 */
const FIRST = 8;
const EVERY = 4;

export class F2baPaper extends StateFields implements Running {
  /** Penalised sequences for lambda and, where debiased, 2 lambda; and the lower one. */
  readonly penalised: Vector;
  readonly doubled: Vector;
  readonly z: Vector;
  private readonly G: Vector;
  private readonly gradX: Vector;
  private readonly gradXy: Vector;
  private readonly gradXz: Vector;
  private readonly gradY: Vector;
  private readonly gradYg: Vector;
  private readonly gradZ: Vector;
  private readonly scratch: Vector;
  private readonly outer: OuterStep;
  private readonly stop: RelativeStop;
  private readonly zStop: RelativeStop;
  private readonly yStop: RelativeStop;
  private readonly lambda: number;
  private readonly K: number;
  private readonly debias: boolean;
  private readonly returnsPenalised: boolean;
  private untilTest = 1;
  private tests = 0;
  private alpha: number;
  private tau: number;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle, random } = context;
    const { n, m } = oracle;
    const { x, y } = this;
    this.penalised = y.slice();
    this.doubled = y.slice();
    this.z = y.slice();
    this.G = new Float64Array(n);
    this.gradX = new Float64Array(n);
    this.gradXy = new Float64Array(n);
    this.gradXz = new Float64Array(n);
    this.gradY = new Float64Array(m);
    this.gradYg = new Float64Array(m);
    this.gradZ = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.outer = new OuterStep(n, given(context, "eta"));
    const tolerance = claimTolerance(context.tolerance);
    this.stop = new RelativeStop(tolerance);
    this.zStop = new RelativeStop(tolerance);
    this.yStop = new RelativeStop(tolerance);
    this.lambda = numberOr(context, "lambda", 100);
    this.K = numberOr(context, "K", 30);
    this.debias = flag(context, "debias");
    const constants = random.split("constants");
    const lower = estimateCurvature(differenceProducts(oracle.lower, x, y), m, constants);
    this.returnsPenalised = lower.mu <= SINGULAR * lower.L;
    this.alpha = given(context, "alpha") ?? 1 / lower.L;
    this.tau = given(context, "tau") ?? 1 / (this.lambda * lower.L + this.upperCurvature(context));
  }

  private upperCurvature(context: MethodContext): number {
    const { oracle, random } = context;
    return estimateCurvature(differenceProducts(oracle.upper, this.x, this.y), oracle.m, random.split("upper")).L;
  }

  step(context: MethodContext): void {
    const { upper, lower, domainX, domainY } = context.oracle;
    const { x, y, z, penalised, G, lambda } = this;
    lowerGradientInto(lower, domainY, x, z, this.alpha, this.K, this.gradZ);
    penalisedGradientInto(upper, lower, domainY, x, penalised, this.tau, lambda, this.K, this.gradY, this.gradYg);
    this.value = this.surrogateInto(context, penalised, lambda, G);
    if (this.debias) this.addDoubled(context);
    this.stationarity = this.outer.measure(domainX, x, G);
    const chosen = this.returnsPenalised ? penalised : z;
    for (let j = 0; j < y.length; j++) y[j] = chosen[j];
    if (--this.untilTest === 0) {
      this.untilTest = this.tests++ < FIRST ? 1 : EVERY;
      if (this.done(context)) return;
    }
    this.outer.take(domainX, x, G);
  }

  /** f(x, y), with out = grad_x f(x, y) + lambda (grad_x g(x, y) - grad_x g(x, z)); in one kernel where there is one. */
  private surrogateInto(context: MethodContext, y: Vector, lambda: number, out: Vector): number {
    const { upper, lower } = context.oracle;
    const { descent } = upper;
    const { x, z, gradXy, gradXz } = this;
    if (descent?.upper === upper && descent.lower === lower) return descent.surrogateInto(x, y, z, lambda, out);
    const value = upper.valueGrad(x, y, out, this.scratch);
    lower.gradX(x, y, gradXy);
    lower.gradX(x, z, gradXz);
    for (let i = 0; i < out.length; i++) out[i] += lambda * (gradXy[i] - gradXz[i]);
    return value;
  }

  /** G <- 2 G_{2 lambda} - G_lambda; its error is of the order of 1 / lambda². */
  private addDoubled(context: MethodContext): void {
    const { upper, lower, domainY } = context.oracle;
    const { x, doubled, G, gradX } = this;
    const lambda = 2 * this.lambda;
    penalisedGradientInto(upper, lower, domainY, x, doubled, this.tau / 2, lambda, this.K, this.gradY, this.gradYg);
    this.surrogateInto(context, doubled, lambda, gradX);
    for (let i = 0; i < G.length; i++) G[i] = 2 * gradX[i] - G[i];
  }

  private done(context: MethodContext): boolean {
    const { domainY } = context.oracle;
    // Gradients before the last inner step: slightly pessimistic, and free.
    const rz = projectedNorm(domainY, this.z, this.gradZ, this.scratch);
    const ry = projectedNorm(domainY, this.debias ? this.doubled : this.penalised, this.gradY, this.scratch);
    const small = this.stop.passes(this.stationarity) || (this.nearNoise() && this.stationarity <= this.noise(context));
    const z = this.zStop.passes(rz, 1e-300);
    const y = this.yStop.passes(ry);
    if (!small || !z) return false;
    if (!y && ry > (1e-15 * this.lambda * (1 + norm(this.penalised))) / this.alpha) return false;
    this.finish(
      "converged",
      `The gradient of the penalty surrogate with lambda = ${this.lambda} is below the tolerance; its solution is biased by the order of 1/lambda${this.debias ? "²" : ""}.`,
    );
    return true;
  }

  /** Whether it is worth a gradient to ask how large rounding errors are. */
  private nearNoise(): boolean {
    return this.stationarity <= Math.max(1e-6 * this.stop.largest, 1e-10 * this.lambda);
  }

  /** Rounding error of lambda (grad_x g(x, y) - grad_x g(x, z)), generously. */
  private noise({ oracle }: MethodContext): number {
    oracle.lower.gradX(this.x, this.z, this.gradXz);
    return 2e-14 * this.lambda * norm(this.gradXz);
  }

  backOff(): boolean {
    this.outer.shrink();
    this.alpha *= 0.5;
    this.tau *= 0.5;
    this.penalised.set(this.y);
    this.doubled.set(this.y);
    this.z.set(this.y);
    return true;
  }
}
