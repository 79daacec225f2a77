/** vrbo: recursive differences with restarts (SPIDER), several lower steps per upper step, the summed Neumann series. */
import { axpyInto, norm } from "../../num/vector.js";
import { numberOr } from "../kit/options.js";
import { lowerSteps } from "../kit/stepParameters.js";
import type { FieldEstimator } from "../pieces/sampling/field.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { spider } from "../pieces/sampling/spider.js";
import { stochasticLoop } from "./loop.js";
import { evaluationsPerPass } from "./parameters.js";
import type { Recursion, RecursionSetting } from "./recursion.js";
import { Series, seriesParameters } from "./series.js";

type Vector = Float64Array;

const defaultSteps = 3;

class NestedSpider implements Recursion {
  readonly residuals = { lowerResidual: 0 };
  readonly evaluations: number;
  private readonly series: Series;
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];
  /** Steps of x from one full evaluation to the next. */
  private readonly period: number;
  private t = 0;

  constructor(setting: RecursionSetting) {
    const { context, sampled, x, y } = setting;
    const K = numberOr(context, "K", defaultSteps);
    this.evaluations = K;
    this.period = numberOr(context, "period", Math.max(1, Math.ceil(evaluationsPerPass(sampled) / 2)));
    this.series = new Series(setting, "shia");
    // one full evaluation, then K differences after each of `period` steps of x
    this.estimator = spider.make(context, sampled, this.series.field, { period: 1 + this.period * K });
    this.at = [x, y];
    this.d = [new Float64Array(y.length), new Float64Array(x.length)];
  }

  get value(): number {
    return this.series.field.value;
  }

  direction(): Vector {
    const { at, d, estimator } = this;
    if (this.t++ % this.period === 0) {
      estimator.direction(at, d);
      this.series.adapt(d[1]);
    }
    return d[1];
  }

  after(rho: number): void {
    const { at, d, estimator } = this;
    const [dy] = d;
    for (let k = 0; k < this.evaluations; k++) {
      estimator.direction(at, d);
      axpyInto(-rho, dy, at[1]);
    }
    this.residuals.lowerResidual = norm(dy);
  }

  exact(): boolean {
    return this.series.exact();
  }

  bias(): string | undefined {
    return this.series.bias();
  }

  reset(): void {
    this.series.shorten();
    this.estimator.reset();
    this.t = 0;
  }
}

export const vrbo = stochasticLoop({
  id: "vrbo",
  title: "Variance-reduced bilevel optimiser",
  reference: "Yang, Ji and Liang, Provably faster algorithms for bilevel optimization, NeurIPS 2021, Algorithm 2",
  formulas: [
    "h(x, y) = ∇x f(x, y; ζ) - J(x, y; ξ) r,   r = c Σ_{j=0}^{N} Π_{k<=j} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ)",
    "t mod q = 0:  d_y = ∇y g, d_x = h with all terms;   (x̂, ŷ) = (x, y), the point of the last evaluation",
    "x <- P_X(x - γ d_x)",
    "K times: draw samples;  d_y += ∇y g(x, y; ξ) - ∇y g(x̂, ŷ; ξ),  d_x += h(x, y) - h(x̂, ŷ);  (x̂, ŷ) = (x, y);  y <- y - ρ d_y",
  ],
  assumptions:
    "g strongly convex in y, f and g smooth; both (or one) are finite sums; constant steps of order 1/L_max.",
  failures:
    "The series leaves out a share (1 - c μ)^(N+1), a bias that stays; N products per evaluation, and two evaluations per sample. Too large constant steps diverge.",
  make: (setting) => new NestedSpider(setting),
  reducesVariance: true,
  decay: { t0: 200, power: 0 },
  parameters: [
    { ...lowerSteps, auto: `${defaultSteps}`, doc: "Lower steps K per step of x." },
    {
      name: "period",
      type: "integer",
      default: undefined,
      auto: "half the number of blocks of the longer level",
      min: 1,
      doc: "Steps of x from one full evaluation to the next (q).",
    },
    ...seriesParameters,
    samplerParameter,
  ],
});
