/** Options of fully first-order stochastic methods. */
import { lowerSteps } from "../kit/stepParameters.js";
import type { Parameter } from "../method.js";

export interface PenalisedDefaults {
  /** Inner steps: published, automatic. */
  readonly K: readonly [number, number];
  readonly lambdaPower: number;
  readonly samples?: number;
}

export function penalisedParameters({ K, lambdaPower, samples = 1 }: PenalisedDefaults): readonly Parameter[] {
  const [published, automatic] = K;
  return [
    {
      ...lowerSteps,
      auto: published === automatic ? `${published}` : `${published} where step sizes are given, else ${automatic}`,
      doc: "Steps of z and y per step of x.",
    },
    {
      name: "lambda",
      type: "number",
      default: undefined,
      auto: "5 where step sizes are given; else from 10 L_f/L_g upwards, the difference λ (y - z) kept where λ grows",
      min: 0,
      doc: "First penalty λ. Automatic runs raise it further, like (1 + t/pass)² up to 1e5 of it (1e6 before a claim).",
    },
    {
      name: "lambdaPower",
      type: "number",
      default: lambdaPower,
      min: 0,
      max: 1,
      doc: "λ grows like (1 + t/t0)^lambdaPower where step sizes are given; 0 keeps it.",
    },
    {
      name: "shared",
      type: "boolean",
      default: undefined,
      auto: "false where step sizes are given, else true",
      doc: "The steps of z and y read the same samples, so that their noise cancels in λ (y - z).",
    },
    {
      name: "samples",
      type: "integer",
      default: samples,
      min: 1,
      doc: "Minibatches per direction of x.",
    },
  ];
}

export const penalisedFormulas: readonly string[] = [
  "z <- z - ρ_t ∇y g(x, z; φ1)",
  "y <- y - (ρ_t/λ_t) (∇y f(x, y; ζ) + λ_t ∇y g(x, y; φ2))        both K times",
  "x <- P_X(x - γ_t (∇x f(x, y; ζ') + λ_t (∇x g(x, y; φ3) - ∇x g(x, z; φ3))))",
];

export const penalisedAutomatic =
  "auto: φ1 = φ2, λ_t = λ_0 (1 + t/pass)² with λ (y - z) kept, the same loop otherwise; z is returned";
