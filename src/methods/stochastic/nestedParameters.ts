/** Options of double-loop stochastic methods. */
import { lowerSteps } from "../kit/stepParameters.js";
import type { Parameter } from "../method.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { seriesParameters } from "./series.js";

export function innerSteps(K: number): Parameter {
  return { ...lowerSteps, default: K, auto: "", doc: "Lower steps per outer step." };
}

/** Options of double loops with a sampled Neumann series. */
export function nestedSeries(K: number): readonly Parameter[] {
  return [innerSteps(K), ...seriesParameters, samplerParameter];
}

/** Options of steps on the adjoint equation. */
export function adjointStepsParameters(K: number): readonly Parameter[] {
  return [
    innerSteps(K),
    {
      name: "M",
      type: "integer",
      default: undefined,
      auto: "K",
      min: 1,
      doc: "Steps on the adjoint equation per outer step, with step size ρ.",
    },
    samplerParameter,
  ];
}

export const hiaFailures =
  "The random length of the series gives estimates whose variance grows with N: average (`average`) or use a summed series (stocbio). (1 - c mu)^N of the adjoint is left out, a bias that stays.";
