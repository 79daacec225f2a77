/**
 * The loop of stochastic methods that move x once per step along an estimate of the hypergradient (recursion.ts).
 *
 * Published: rho_t = rho / (1 + t/t0)^p for y and v, gamma_t likewise for x. Automatic (neither given): rho = 1/(3 L_max),
 * 1/L where nothing is sampled, x held for two passes over the terms, then gamma_t by AdaGrad-norm; rho_t decays only where
 * noise stays, and then tail averages are returned.
 */
import type { SampledOracle } from "../../oracle/sampled.js";
import { differenceProducts, exactProducts } from "../kit/constants.js";
import { anyGiven, flag, given, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, MethodContext, Requirements } from "../method.js";
import { CurvatureWatch } from "../pieces/sampling/curvatureWatch.js";
import type { Schedule } from "../pieces/sampling/field.js";
import { largestCurvature } from "../pieces/sampling/largest.js";
import { decaying } from "../pieces/sampling/schedule.js";
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
import type { LoopRecipe, Recursion } from "./recursion.js";
import { AdaGradNorm, projectedStep } from "./steps.js";

type Vector = Float64Array;

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
/** Least steps between checks of the curvature at a standing x. */
const leastWait = 10;
/** Least share of AdaGrad-norm's step that x takes where the other variables lag behind. */
const leastPace = 0.1;

class StochasticLoop extends NoisyState implements Running {
  private readonly recursion: Recursion;
  private readonly sampled: SampledOracle;
  private readonly trial: Vector;
  private readonly rho: Schedule;
  private readonly gamma: Schedule | undefined;
  private readonly adagrad = new AdaGradNorm(0.3);
  private readonly held: number;
  private readonly last: number;
  private curvature: number | undefined;
  /** In automatic runs. */
  private readonly curvatures: CurvatureWatch | undefined;
  private t = 0;
  private shrunk = 1;

  private readonly order: 1 | 2;
  /** The noise vanishes, or there is none. */
  private readonly exactly: boolean;

  constructor(context: MethodContext, { make, reducesVariance, order = 2 }: LoopRecipe) {
    const sampled = openSampled(context);
    const published = anyGiven(context, ["rho", "gamma"]);
    const random = sampled.upper.random || sampled.lower.random;
    const keepsNoise = random && !reducesVariance;
    super(context, flag(context, "average", keepsNoise && !published));
    this.sampled = sampled;
    this.order = order;
    this.exactly = !keepsNoise;
    this.trial = new Float64Array(context.oracle.n);
    const largest = (): number => this.largest(context);
    this.recursion = make({ context, sampled, x: this.moving.x, y: this.moving.y, published, largest });
    const pass = Math.ceil(evaluationsPerPass(sampled) / (this.recursion.evaluations ?? 1));
    this.held = published ? 0 : Math.max(2, warmPasses * pass);
    this.last = keepsNoise && !published ? numberOr(context, "passes", 300) * pass : Number.POSITIVE_INFINITY;
    if (published) {
      const rho = given(context, "rho") ?? 0.1 / largest();
      this.rho = decayOf(context, rho);
      this.gamma = decayOf(context, given(context, "gamma") ?? 0.4 * rho, "upperPower");
    } else {
      const L = largest();
      const stream = context.random.split("curvature");
      this.rho = decaying(random ? 1 / 3 : 1, decayPasses * pass, keepsNoise ? 0.5 : 0);
      this.gamma = undefined;
      this.curvatures = new CurvatureWatch(sampled, this.products(), L, this.x, Math.max(pass, leastWait), stream);
    }
  }

  step(context: MethodContext): void {
    const { recursion, moving, t } = this;
    const rho = (this.shrunk * this.rho(t)) / this.followed();
    const held = t < this.held;
    const dx = recursion.direction(rho);
    const gamma = held ? 0 : this.gamma ? this.shrunk * this.gamma(t) : this.automaticStep(dx);
    const slope = projectedStep(context.oracle.domainX, moving.x, gamma, dx, this.trial);
    recursion.after?.(rho);
    this.t++;
    this.observe(recursion.value, slope);
    for (const name in recursion.residuals) this.watch(name, recursion.residuals[name]);
    this.extra.rho = rho;
    this.extra.gamma = gamma;
    this.publish(!held);
    if (!held && this.settled && (recursion.exact?.() ?? true)) this.end(settledReason, "converged");
    else if (this.t >= this.last) this.end(noiseLeft, "stalled");
  }

  backOff(): boolean {
    this.shrunk *= 0.5;
    this.adagrad.shrink();
    this.restore();
    this.recursion.reset();
    return true;
  }

  /** AdaGrad-norm; where the noise vanishes, held back while the other variables cannot follow. */
  private automaticStep(dx: Vector): number {
    const gamma = this.adagrad.next(this.moving.x, dx);
    return this.exactly ? Math.max(leastPace, this.pace ** 2) * gamma : gamma;
  }

  /** A bias that is left is no convergence. */
  private end(reason: string, how: "converged" | "stalled"): void {
    const bias = this.recursion.bias?.();
    if (bias === undefined) this.finish(how, reason);
    else this.finish("stalled", `${reason} ${bias}`);
  }

  /** L_max at the start. */
  private largest(context: MethodContext): number {
    this.curvature ??= largestCurvature(
      this.sampled,
      this.x,
      this.y,
      context.random.split("constants"),
      this.products(),
    );
    return this.curvature;
  }

  private products() {
    return this.order === 1 ? differenceProducts : exactProducts;
  }

  /** L where steps are chosen along the run: in automatic ones. */
  private followed(): number {
    this.curvatures?.update(this.moving.x, this.moving.y);
    return this.curvatures?.L ?? 1;
  }
}

const settledReason = "The means of the last estimates of the field are below the tolerance.";
const noiseLeft =
  "The passes asked for are done; the noise of fresh minibatches keeps such a method from going further (variance-reduced methods such as saba do).";

export function stochasticLoop(recipe: LoopRecipe): Method<Running> {
  const { id, title, reference, formulas, assumptions, failures, decay, reducesVariance } = recipe;
  const parameters = [
    rhoParameter,
    gammaParameter,
    ...decayParameters(decay.t0, decay.power, decay.upperPower),
    batchParameter,
    averageParameter,
    ...(reducesVariance ? [] : [passesParameter]),
    ...recipe.parameters,
  ];
  return {
    id,
    title,
    reference,
    formulas,
    assumptions,
    failures,
    requirements: { ...stochasticRequirements, order: recipe.order ?? 2 },
    parameters,
    init: (context) => new StochasticLoop(context, recipe),
    ...running,
  };
}
