/**
 * Momentum corrected on the new sample for both directions, the hypergradient by a sampled Neumann series:
 *
 *   d_y ~ grad_y g(x, y),   d_x ~ h(x, y)   by STORM, all samples shared by both points;   y -= rho_t d_y,   x <- P_X(x - gamma_t d_x)
 */
import { axpyInto, norm } from "../../num/vector.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import type { FieldEstimator } from "../pieces/sampling/field.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { storm } from "../pieces/sampling/storm.js";
import { stochasticLoop } from "./loop.js";
import { momentumOf, momentumParameter } from "./momentum.js";
import type { NeumannSettings } from "./neumannField.js";
import type { LoopRecipe, Recursion, RecursionSetting } from "./recursion.js";
import { Series, type SeriesLimits, seriesParameters } from "./series.js";

type Vector = Float64Array;

class NeumannMomentum implements Recursion {
  readonly residuals = { lowerResidual: 0 };
  private readonly series: Series;
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];

  constructor(setting: RecursionSetting, kind: NeumannSettings["kind"], limits: SeriesLimits) {
    const { context, sampled, x, y } = setting;
    this.series = new Series(setting, kind, limits);
    this.estimator = storm.make(context, sampled, this.series.field, { eta: momentumOf(context, 2 / 3) });
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

export interface NeumannMomentumRecipe extends Omit<LoopRecipe, "make" | "parameters" | "reducesVariance" | "decay"> {
  readonly kind: NeumannSettings["kind"];
  /** Of the series in automatic runs with noise. */
  readonly limits: SeriesLimits;
}

export function neumannMomentum({ kind, limits, ...facts }: NeumannMomentumRecipe): Method<Running> {
  return stochasticLoop({
    ...facts,
    make: (setting) => new NeumannMomentum(setting, kind, limits),
    reducesVariance: false,
    decay: { t0: 200, power: 1 / 3 },
    parameters: [...seriesParameters, momentumParameter(2 / 3), samplerParameter],
  });
}
