/**
 * Fields: lower gradient and hypergradient through a sampled Neumann series, D = (∇y g, h) (stochastic/neumannField.ts), the
 * series summed up or represented by one random term.
 */
import { AlongSeries } from "../../stochastic/alongSeries.js";
import { stochasticLoop } from "../../stochastic/loop.js";
import type { NeumannSettings } from "../../stochastic/neumannField.js";
import { type SeriesLimits, seriesParameters } from "../../stochastic/series.js";
import type { FieldPiece } from "./field.js";

type Facts = Pick<FieldPiece, "id" | "title" | "formulas" | "reference">;

function seriesField(facts: Facts, kind: NeumannSettings["kind"], limits: SeriesLimits): FieldPiece {
  return {
    kind: "field",
    ...facts,
    parameters: seriesParameters,
    redraws: true,
    compose: ({ sampling, ...recipe }) =>
      stochasticLoop({
        ...recipe,
        parameters: [...seriesParameters, ...sampling.parameters],
        make: (setting) => new AlongSeries(setting, sampling, kind, recipe.reducesVariance ? undefined : limits),
      }),
  };
}

const steps = "y ← y - ρ_t d_y,  x ← P_X(x - γ_t d_x),   d ~ D(x, y)";

export const neumann = seriesField(
  {
    id: "neumann",
    title: "Lower gradient and a summed Neumann series",
    formulas: ["D_y = ∇y g,  D_x = ∇x f - J r,   r = c Σ_{j=0}^{N} Π_{k≤j} (I - c H(x, y; ξ_k)) ∇y f", steps],
    reference: "Ji, Yang and Liang, Bilevel optimization: convergence analysis and enhanced design, ICML 2021, (6)",
  },
  "shia",
  { left: 0.02, most: 100 },
);

export const randomNeumann = seriesField(
  {
    id: "random-neumann",
    title: "Lower gradient and one random term of the Neumann series",
    formulas: [
      "D_y = ∇y g,  D_x = ∇x f - J r,   r = N c Π_{k≤N'} (I - c H(x, y; ξ_k)) ∇y f,  N' uniform in {0, …, N-1}",
      steps,
    ],
    reference: "Ghadimi and Wang, Approximation methods for bilevel programming, 2018, Algorithm 3",
  },
  "hia",
  { left: 0.1, most: 20 },
);
