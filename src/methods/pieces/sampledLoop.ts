/**
 * The published loop of a lower map, an estimator and an outer rule on minibatches:
 *
 *   draw ξ_0, …, ξ_{K-1}:   y <- Φ_k(x, y; ξ_k), k = 0 … K-1;   draw ξ, ζ:   G ~ estimate at (x, y);   x <- outer rule (x, G)
 *
 * Sweeps and further runs of the map meet the samples of its steps, so that they belong to the path that was taken. The step
 * on x is x <- x + s_t (rule(x) - x), s_t = (1 + t/t0)^(-p), where its length is given; else AdaGrad-norm after two passes over
 * the terms. The adjoint of one minibatch has not the adjoint as its mean: a bias of the order of the variance of H stays.
 */
import { normInf } from "../../num/vector.js";
import type { SampledOracle, SampleToken } from "../../oracle/sampled.js";
import { differenceProducts, exactProducts } from "../kit/constants.js";
import { flag, numberOr } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext, ParameterValue } from "../method.js";
import { NoisyState } from "../stochastic/noisyState.js";
import { decayOf, evaluationsPerPass } from "../stochastic/parameters.js";
import { AdaGradNorm } from "../stochastic/steps.js";
import type { Parts } from "./composedLoop.js";
import type { Estimator, LowerMap, OuterRule } from "./piece.js";
import type { Schedule } from "./sampling/field.js";
import { largestCurvature } from "./sampling/largest.js";
import { SampleStream } from "./sampling/reading.js";

type Vector = Float64Array;

const WARM_PASSES = 2;
const SCALE = 0.3;
const FIRST = 0.1;

const settledReason =
  "The means of the last estimates of the hypergradient and of the lower gradient are below the tolerance.";
const noiseLeft =
  "The passes asked for are done; the noise of fresh minibatches keeps such a loop from going further (fields with variance reduction do).";

export class SampledLoop extends NoisyState implements Running {
  private readonly parts: Parts;
  private readonly K: number;
  private readonly sampled: SampledOracle;
  private readonly stream: SampleStream;
  private readonly map: LowerMap;
  private readonly estimator: Estimator;
  private readonly outer: OuterRule;
  /** Samples of the lower steps. */
  private readonly lowerTokens: SampleToken[] = [];
  private readonly upperTokens: SampleToken[] = [];
  private readonly G: Vector;
  private readonly before: Vector;
  private readonly share: Schedule;
  private readonly adagrad: AdaGradNorm | undefined;
  private readonly held: number;
  private readonly last: number;
  private t = 0;

  /** `published`: the step size of x is given. */
  constructor(
    context: MethodContext,
    sampled: SampledOracle,
    parts: Parts,
    K: number,
    published: boolean,
    order: 0 | 1 | 2,
  ) {
    super(context, flag(context, "average", !published));
    const { oracle, random } = context;
    const { startX, startY, n } = oracle;
    const { lower, outer, estimator } = parts;
    this.parts = parts;
    this.K = K;
    this.sampled = sampled;
    this.stream = new SampleStream(
      sampled,
      { parts: [], variables: [], evaluate: () => {} },
      random.split("samples"),
      1,
    );
    const products = order === 2 ? exactProducts : differenceProducts;
    const step = 1 / (3 * largestCurvature(sampled, startX, startY, random.split("constants"), products));
    const { parameters } = context;
    const chosen: Record<string, ParameterValue | undefined> = { ...parameters };
    chosen.alpha ??= step;
    chosen.sl ??= step;
    const sizes = outer.parameters.some((p) => p.name === "eta") && !published;
    if (sizes) chosen.eta = outer.scaleFree ? FIRST * (1 + normInf(startX)) : 1;
    this.adagrad = sizes && !outer.scaleFree ? new AdaGradNorm(SCALE) : undefined;
    this.share = this.adagrad ? () => 1 : decayOf(context, 1);
    const seen = { ...sampled.batch, startX, startY };
    const view: MethodContext = { ...context, oracle: seen, parameters: chosen };
    this.map = lower.make(view);
    this.estimator = estimator.make(view, this.map);
    this.outer = outer.make(view, n);
    this.map.beforeStep = (k) => this.meet(k);
    this.G = new Float64Array(n);
    this.before = new Float64Array(n);
    const pass = evaluationsPerPass(sampled);
    this.held = published ? 0 : WARM_PASSES * pass;
    this.last = published ? Number.POSITIVE_INFINITY : Math.max(this.held + 1, numberOr(context, "passes", 300) * pass);
    const remarks = [
      estimator.bias === undefined ? "" : `The estimate of the hypergradient ${estimator.bias}.`,
      estimator.adjoint !== undefined && sampled.lower.random
        ? "The adjoint solves the equation of one minibatch, which leaves a bias of the order of the variance of its Hessian."
        : "",
    ].filter((text) => text !== "");
    if (remarks.length > 0) this.remark = remarks.join(" ");
  }

  step({ oracle }: MethodContext): void {
    const { moving, map, estimator, parts, K, G, stream, t } = this;
    const { x, y } = moving;
    if (parts.start === "cold") y.set(oracle.startY);
    this.drawSteps();
    map.run(x, y, K, parts.estimator.keepsPath);
    stream.draw();
    const upper = this.sampled.current("upper");
    const lower = this.sampled.current("lower");
    const value = estimator.estimate(x, y, G, undefined);
    this.sampled.use("upper", upper);
    this.sampled.use("lower", lower);
    const residual = map.residual(x, y);
    const held = t < this.held;
    const slope = this.move(oracle.domainX, held);
    this.t++;
    this.observe(value, slope);
    this.watch("lowerResidual", residual);
    this.publish(!held);
    if (!held && this.settled) this.finish("converged", settledReason);
    else if (this.t >= this.last) this.finish("stalled", noiseLeft);
  }

  backOff({ parameters }: MethodContext): boolean {
    if (parameters.alpha === undefined) this.map.shrink();
    this.estimator.reset();
    this.outer.shrink();
    this.adagrad?.shrink();
    this.restore();
    return true;
  }

  /** Samples for the lower steps, and of the upper level where these read it. */
  private drawSteps(): void {
    const { sampled, stream, K, lowerTokens, upperTokens, parts } = this;
    for (let k = 0; k < K; k++) {
      if (parts.lower.readsUpper) {
        stream.draw();
        upperTokens[k] = sampled.current("upper");
      } else stream.drawLower();
      lowerTokens[k] = sampled.current("lower");
    }
  }

  /** The sample of lower step k is in use. */
  private meet(k: number): void {
    const { sampled, lowerTokens, upperTokens, parts } = this;
    if (k >= this.K) return;
    sampled.use("lower", lowerTokens[k]);
    if (parts.lower.readsUpper) sampled.use("upper", upperTokens[k]);
  }

  /** The step on x, unless it is held; returns the norm of the projected gradient mapping. */
  private move(domain: MethodContext["oracle"]["domainX"], held: boolean): number {
    const { outer, adagrad, G, before, moving } = this;
    const { x } = moving;
    const gamma = adagrad && !held ? adagrad.next(x, G) : 1;
    if (gamma !== 1) for (let i = 0; i < G.length; i++) G[i] *= gamma;
    const slope = outer.measure(domain, x, G) / (gamma > 0 ? gamma : 1);
    if (held) return slope;
    const share = this.share(this.t);
    before.set(x);
    outer.take(domain, x, G);
    if (share !== 1) for (let i = 0; i < x.length; i++) x[i] = before[i] + share * (x[i] - before[i]);
    this.extra.eta = gamma * outer.eta * share;
    return slope;
  }
}
