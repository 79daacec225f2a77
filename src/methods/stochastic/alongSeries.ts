/**
 * Steps along the lower gradient and the hypergradient through a sampled Neumann series, both estimated by one sampling rule:
 *
 *   (d_y, d_x) ~ (grad_y g, h)(x, y);   y <- y - rho_t d_y,   x <- P_X(x - gamma_t d_x)
 */
import { axpyInto, norm } from "../../num/vector.js";
import type { FieldEstimator, SamplingPiece, SamplingSettings } from "../pieces/sampling/field.js";
import type { NeumannSettings } from "./neumannField.js";
import type { Recursion, RecursionSetting } from "./recursion.js";
import { Series, type SeriesLimits } from "./series.js";

type Vector = Float64Array;

export class AlongSeries implements Recursion {
  readonly residuals = { lowerResidual: 0 };
  private readonly series: Series;
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];

  constructor(
    setting: RecursionSetting,
    sampling: SamplingPiece,
    kind: NeumannSettings["kind"],
    limits: SeriesLimits | undefined,
    settings?: SamplingSettings,
  ) {
    const { context, sampled, x, y } = setting;
    this.series = new Series(setting, kind, limits);
    this.estimator = sampling.make(context, sampled, this.series.field, settings);
    this.at = [x, y];
    this.d = [new Float64Array(y.length), new Float64Array(x.length)];
  }

  get value(): number {
    return this.series.field.value;
  }

  direction(rho: number): Vector {
    const { at, d, residuals } = this;
    this.estimator.direction(at, d);
    const [dy, dx] = d;
    axpyInto(-rho, dy, at[1]);
    residuals.lowerResidual = norm(dy);
    this.series.adapt(dx);
    return dx;
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
  }
}
