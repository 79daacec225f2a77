/**
 * The recursion of fully first-order stochastic methods: z follows the lower solution, y that of f + lambda g,
 *
 *   z <- z - rho_t h_z,   y <- y - (rho_t / lambda_t) (h_fy + lambda_t h_gy)                       K times
 *   d_x = h_fx + lambda_t h_gx,    h_gx ~ grad_x g(x, y; φ) - grad_x g(x, z; φ)
 *
 * with estimates h of grad_y g(x, z), grad_y f(x, y), grad_y g(x, y), grad_x f(x, y) by a sampling rule. The two terms of h_gx
 * share their sample: its variance is then that of lambda (y - z), which stays bounded as lambda grows, instead of lambda²
 * sigma². Where the steps of z and y share theirs too (`shared`), lambda (y - z) follows the adjoint equation
 * H v = -grad_y f as differences of gradients do, and lambda may be as large as rounding allows.
 */
import { axpyInto, copyInto, norm } from "../../num/vector.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { flag, given } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { FieldEstimator, SampledField, SamplingPiece, Schedule } from "../pieces/sampling/field.js";
import { decaying } from "../pieces/sampling/schedule.js";
import { apart, innerField, outerField } from "./penalisedFields.js";
import { PenaltyBias } from "./penaltyBias.js";
import type { Recursion, RecursionSetting } from "./recursion.js";

type Vector = Float64Array;

export interface PenalisedParts {
  readonly sampling: SamplingPiece;
  /** η_t of a sampling rule with momentum. */
  readonly eta?: (setting: RecursionSetting) => Schedule;
  /** Inner steps where K is not given: published, automatic. */
  readonly K: readonly [number, number];
  /** Inner steps shrink like 1 / (1 + k / delay) within each step of x where samples are random. */
  readonly delay?: number;
  /** Minibatches per estimate of d_x. */
  readonly samples?: number;
}

class Penalised implements Recursion {
  readonly residuals = { lowerResidual: 0, penaltyResidual: 0 };
  private readonly y: Vector;
  private readonly K: number;
  private readonly inner: readonly (() => void)[];
  private readonly estimators: FieldEstimator[] = [];
  private readonly field: SampledField & { value: number };
  private readonly outer: () => void;
  private readonly gz: Vector;
  private readonly gy: Vector;
  private readonly fy: Vector;
  private readonly dx: Vector;
  private readonly gradXf: Vector;
  private readonly penalty: Schedule;
  private readonly ofInner: Schedule;
  private readonly bound: PenaltyBias;
  private most: number;
  private lambda: number;
  private t = 0;

  constructor(
    private readonly setting: RecursionSetting,
    parts: PenalisedParts,
  ) {
    const { context, sampled, x, y: z, published } = setting;
    const { n, m } = context.oracle;
    this.y = z.slice();
    this.gz = new Float64Array(m);
    this.gy = new Float64Array(m);
    this.fy = new Float64Array(m);
    this.dx = new Float64Array(n);
    this.gradXf = new Float64Array(n);
    this.field = outerField(sampled.batch);
    const make = (name: string, field: SampledField, at: readonly Vector[], out: readonly Vector[], samples = 1) => {
      const random = context.random.split(`samples of ${name}`);
      const eta = parts.eta?.(setting);
      const settings = { random, samples, ...(eta === undefined ? {} : { eta }) };
      const estimator = parts.sampling.make(context, sampled, field, settings);
      this.estimators.push(estimator);
      return () => estimator.direction(at, out);
    };
    const { y, gz, gy, fy } = this;
    if (flag(context, "shared", !published)) {
      this.inner = [make("both", innerField(sampled.batch), [x, z, y], [gz, gy, fy])];
    } else {
      const [ofZ, ofY] = apart(sampled.batch);
      this.inner = [make("z", ofZ, [x, z], [gz]), make("y", ofY, [x, y], [gy, fy])];
    }
    const samples = given(context, "samples") ?? parts.samples;
    this.outer = make("x", this.field, [x, z, y], [this.dx, this.gradXf], samples);
    this.K = given(context, "K") ?? parts.K[published ? 0 : 1];
    const random = sampled.lower.random || sampled.upper.random;
    this.ofInner = decaying(1, parts.delay ?? 1, parts.delay !== undefined && random ? 1 : 0);
    const first = given(context, "lambda") ?? (published ? publishedPenalty : this.firstOf());
    const pass = Math.max(sampled.upper.blocks, sampled.lower.blocks);
    this.penalty = published
      ? decaying(first, given(context, "t0") ?? 1, -(given(context, "lambdaPower") ?? 0))
      : decaying(first, pass, -2);
    this.most = published ? Number.POSITIVE_INFINITY : 1e5 * first;
    this.lambda = this.penalty(0);
    this.bound = new PenaltyBias(sampled.full);
  }

  get value(): number {
    return this.field.value;
  }

  direction(rho: number): Vector {
    const { y, gz, gy, fy, dx, gradXf, residuals, setting } = this;
    this.grow();
    const { lambda } = this;
    for (let k = 0; k < this.K; k++) {
      const step = rho * this.ofInner(k);
      for (const estimate of this.inner) estimate();
      axpyInto(-step, gz, setting.y);
      axpyInto(-step, gy, y);
      axpyInto(-step / lambda, fy, y);
    }
    residuals.lowerResidual = norm(gz);
    residuals.penaltyResidual = this.apartness();
    this.outer();
    for (let i = 0; i < dx.length; i++) dx[i] = gradXf[i] + lambda * dx[i];
    this.bound.see(norm(dx));
    return dx;
  }

  /** Before a claim: a larger penalty where it may grow and leaves too much. */
  exact(): boolean {
    if (this.setting.published || !(this.share() > this.setting.context.tolerance)) return true;
    const { lambda, most } = this;
    if (lambda >= most && most >= largestRatio * this.penalty(0)) return true;
    if (lambda >= most) this.most = 10 * most;
    return false;
  }

  bias(): string | undefined {
    const share = this.share();
    if (!(share > this.setting.context.tolerance)) return undefined;
    return `The penalty λ = ${this.lambda.toPrecision(3)} biases the hypergradient by a share of about ${share.toExponential(0)} (option lambda).`;
  }

  reset(): void {
    copyInto(this.setting.y, this.y);
    for (const estimator of this.estimators) estimator.reset();
  }

  /**
   * |grad_y f + lambda (grad_y g(x, y) - grad_y g(x, z))|, what lambda (y - z) still has to go whether or not z has arrived; 0
   * where rounding errors of gradients, about eps L |y|, are all that lambda shows.
   */
  private apartness(): number {
    const { gy, gz, fy, y, lambda, setting } = this;
    let sum = 0;
    for (let j = 0; j < y.length; j++) sum += (fy[j] + lambda * (gy[j] - gz[j])) ** 2;
    const size = Math.sqrt(sum);
    return size > roundings * Number.EPSILON * lambda * setting.largest() * norm(y) ? size : 0;
  }

  private share(): number {
    const { x, y: z } = this.setting;
    return this.bound.share(x, z, this.y, this.lambda);
  }

  /** The next penalty; in automatic runs lambda (y - z) is kept as it is. */
  private grow(): void {
    const before = this.lambda;
    this.lambda = Math.min(this.most, this.penalty(this.t++));
    if (this.setting.published || this.lambda === before) return;
    const { y, setting } = this;
    const keep = before / this.lambda;
    for (let j = 0; j < y.length; j++) y[j] = setting.y[j] + keep * (y[j] - setting.y[j]);
  }

  private firstOf(): number {
    const { context } = this.setting;
    return firstPenalty(differenceOracle(context.oracle), context.random.split("penalty"));
  }
}

/** Rounding errors of a gradient, in units of eps L |y|. */
const roundings = 4;
const publishedPenalty = 5;
/** Largest penalty of automatic runs, as a multiple of the first one. */
const largestRatio = 1e6;

export function penalised(parts: PenalisedParts): (setting: RecursionSetting) => Recursion {
  return (setting) => new Penalised(setting, parts);
}
