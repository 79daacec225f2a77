/** f2sa: first-order steps on the value-function penalty with a growing λ, on fresh minibatches (penalised.ts). */
import { minibatch } from "../pieces/sampling/minibatch.js";
import { stochasticLoop } from "./loop.js";
import { penalised } from "./penalised.js";
import { penalisedAutomatic, penalisedFormulas, penalisedParameters } from "./penalisedParameters.js";

const K = [5, 5] as const;

export const f2sa = stochasticLoop({
  id: "f2sa",
  title: "Fully first-order stochastic approximation",
  reference:
    "Kwon, Kwon, Wright and Nowak, A fully first-order method for stochastic bilevel optimization, ICML 2023, Algorithm 1",
  formulas: [
    ...penalisedFormulas,
    "ρ_t ~ (1 + t/t0)^(-4/7),  γ_t ~ (1 + t/t0)^(-5/7),  λ_t = λ_0 (1 + t/t0)^(1/7)",
    penalisedAutomatic,
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased gradients of bounded variance. No second derivatives.",
  failures:
    "The penalty leaves a bias of order 1/λ. With samples of their own for z and y the noise of x grows with λ: large λ with constant γ scatters.",
  order: 1,
  make: penalised({ sampling: minibatch, K }),
  reducesVariance: false,
  decay: { t0: 50, power: 4 / 7, upperPower: 5 / 7 },
  parameters: [...penalisedParameters({ K, lambdaPower: 1 / 7 }), ...minibatch.parameters],
});
