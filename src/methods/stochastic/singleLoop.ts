/**
 * Single-loop stochastic methods: field x sampling rule x step rule. All variables move at once, from the old point:
 *
 *   d ~ D(x, y, v) by the sampling rule;   y -= rho_t d_y,   v -= rho_t d_v,   x <- P_X(x - gamma_t d_x)
 *
 * Published: rho_t = rho / (1 + t/t0)^p, gamma_t likewise. Automatic (neither given): rho = 1/(3 L_max), x held for two
 * passes over the terms, then gamma_t by AdaGrad-norm; rho_t decays only where the rule's noise stays.
 */
import { axpyInto, norm } from "../../num/vector.js";
import type { SampledOracle } from "../../oracle/sampled.js";
import { anyGiven, flag, given, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, MethodContext, Requirements } from "../method.js";
import type { FieldEstimator, SamplingPiece, Schedule } from "../pieces/sampling/field.js";
import { largestCurvature } from "../pieces/sampling/largest.js";
import { decaying } from "../pieces/sampling/schedule.js";
import { type JointField, joinParts, jointField } from "./field.js";
import { NoisyState } from "./noisyState.js";
import {
  averageParameter,
  batchParameter,
  decayOf,
  decayParameters,
  evaluationsPerPass,
  gammaParameter,
  openSampled,
  passesParameter,
  rhoParameter,
} from "./parameters.js";
import { AdaGradNorm, projectedStep } from "./steps.js";

type Vector = Float64Array;

/** What a method of this form is made of, and its facts. */
export interface SingleLoopRecipe
  extends Pick<Method, "id" | "title" | "reference" | "formulas" | "assumptions" | "failures"> {
  readonly sampling: SamplingPiece;
  /** True where the rule's noise vanishes at a solution. */
  readonly reducesVariance: boolean;
  /** Published decay of the steps. */
  readonly decay: { readonly t0: number; readonly power: number };
}

export const stochasticRequirements: Requirements = {
  order: 2,
  class: "g strongly convex in y",
  upperDomain: true,
  lowerDomain: false,
  upperConstraints: false,
  lowerConstraints: false,
  minimaxOnly: false,
  stochastic: true,
};

/** Passes over the terms during which automatic runs hold x. */
const warmPasses = 2;
/** Decay of rho in automatic runs whose noise stays: 1 / sqrt(1 + t / (10 passes)). */
const decayPasses = 10;

class SingleLoop extends NoisyState implements Running {
  private readonly v: Vector;
  private readonly sampled: SampledOracle;
  private readonly field: JointField;
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];
  private readonly trial: Vector;
  private readonly rho: Schedule;
  private readonly gamma: Schedule | undefined;
  private readonly adagrad = new AdaGradNorm(0.3);
  private readonly held: number;
  private readonly end: number;
  private t = 0;
  private shrunk = 1;

  constructor(context: MethodContext, { sampling, reducesVariance }: SingleLoopRecipe) {
    const sampled = openSampled(context);
    const published = anyGiven(context, ["rho", "gamma"]);
    const random = sampled.upper.random || sampled.lower.random;
    const keepsNoise = random && !reducesVariance;
    super(context, flag(context, "average", keepsNoise && !published));
    const { n, m } = context.oracle;
    this.sampled = sampled;
    this.v = new Float64Array(m);
    this.trial = new Float64Array(n);
    this.field = jointField(sampled.batch);
    this.estimator = sampling.make(context, sampled, this.field);
    this.at = [this.moving.x, this.moving.y, this.v];
    this.d = this.field.parts.map((p) => new Float64Array(p.length));
    const pass = evaluationsPerPass(sampled);
    this.held = published ? 0 : Math.max(2, warmPasses * pass);
    this.end = keepsNoise && !published ? numberOr(context, "passes", 300) * pass : Number.POSITIVE_INFINITY;
    const L = this.largest(context);
    if (published) {
      const rho = given(context, "rho") ?? 0.1 / L;
      this.rho = decayOf(context, rho);
      this.gamma = decayOf(context, given(context, "gamma") ?? 0.4 * rho);
    } else {
      this.rho = decaying(1 / (3 * L), decayPasses * pass, keepsNoise ? 0.5 : 0);
      this.gamma = undefined;
    }
  }

  step(context: MethodContext): void {
    const { d, at, v, moving, field, t } = this;
    this.estimator.direction(at, d);
    joinParts(d);
    const [dy, dv, dx] = d;
    const rho = this.shrunk * this.rho(t);
    const held = t < this.held;
    const gamma = held ? 0 : this.gamma ? this.shrunk * this.gamma(t) : this.adagrad.next(moving.x, dx);
    const slope = projectedStep(context.oracle.domainX, moving.x, gamma, dx, this.trial);
    axpyInto(-rho, dy, moving.y);
    axpyInto(-rho, dv, v);
    this.t++;
    this.observe(field.value, slope);
    this.watch("lowerResidual", norm(dy));
    this.watch("adjointResidual", norm(dv));
    this.extra.rho = rho;
    this.extra.gamma = gamma;
    this.publish(!held);
    if (!held && this.settled) {
      this.finish("converged", "The means of the last estimates of the field are below the tolerance.");
    } else if (this.t >= this.end) {
      this.finish("stalled", noiseLeft);
    }
  }

  backOff(): boolean {
    this.shrunk *= 0.5;
    this.adagrad.shrink();
    this.v.fill(0);
    this.restore();
    this.estimator.reset();
    return true;
  }

  /** L_max, where it is needed. */
  private largest(context: MethodContext): number {
    if (given(context, "rho") !== undefined) return 1;
    return largestCurvature(this.sampled, this.x, this.y, context.random.split("constants"));
  }
}

const noiseLeft =
  "The passes asked for are done; the noise of fresh minibatches keeps such a method from going further (variance-reduced methods such as saba do).";

export function singleLoop(recipe: SingleLoopRecipe): Method<Running> {
  const { id, title, reference, formulas, assumptions, failures, sampling, decay, reducesVariance } = recipe;
  const parameters = [
    rhoParameter,
    gammaParameter,
    ...decayParameters(decay.t0, decay.power),
    batchParameter,
    averageParameter,
    ...(reducesVariance ? [] : [passesParameter]),
    ...sampling.parameters,
  ];
  return {
    id,
    title,
    reference,
    formulas,
    assumptions,
    failures,
    requirements: stochasticRequirements,
    parameters,
    init: (context) => new SingleLoop(context, recipe),
    ...running,
  };
}
