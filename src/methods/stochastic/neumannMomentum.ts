/**
 * Momentum corrected on the new sample for both directions, the hypergradient by a sampled Neumann series:
 *
 *   d_y ~ grad_y g(x, y),   d_x ~ h(x, y)   by STORM, all samples shared by both points;   y -= rho_t d_y,   x <- P_X(x - gamma_t d_x)
 */
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { storm } from "../pieces/sampling/storm.js";
import { AlongSeries } from "./alongSeries.js";
import { stochasticLoop } from "./loop.js";
import { momentumOf, momentumParameter } from "./momentum.js";
import type { NeumannSettings } from "./neumannField.js";
import type { LoopRecipe } from "./recursion.js";
import { type SeriesLimits, seriesParameters } from "./series.js";

export interface NeumannMomentumRecipe extends Omit<LoopRecipe, "make" | "parameters" | "reducesVariance" | "decay"> {
  readonly kind: NeumannSettings["kind"];
  /** Of the series in automatic runs with noise. */
  readonly limits: SeriesLimits;
}

export function neumannMomentum({ kind, limits, ...facts }: NeumannMomentumRecipe): Method<Running> {
  return stochasticLoop({
    ...facts,
    make: (setting) => new AlongSeries(setting, storm, kind, limits, { eta: momentumOf(setting.context, 2 / 3) }),
    reducesVariance: false,
    decay: { t0: 200, power: 1 / 3 },
    parameters: [...seriesParameters, momentumParameter(2 / 3), samplerParameter],
  });
}
