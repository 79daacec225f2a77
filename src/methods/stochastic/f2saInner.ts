/** f2sa-inner: the double loop with a fixed λ, many decaying inner steps and large batches for x (penalised.ts). */
import { minibatch } from "../pieces/sampling/minibatch.js";
import { stochasticLoop } from "./loop.js";
import { penalised } from "./penalised.js";
import { penalisedAutomatic, penalisedFormulas, penalisedParameters } from "./penalisedParameters.js";

const K = [300, 20] as const;
const samples = 64;

export const f2saInner = stochasticLoop({
  id: "f2sa-inner",
  title: "Fully first-order stochastic approximation, double loop",
  reference:
    "Kwon, Kwon and Lyu, On the complexity of first-order methods in stochastic bilevel optimization, ICML 2024, Algorithm 1",
  formulas: [
    ...penalisedFormulas,
    "inner step k has ρ / (1 + k/10) in place of ρ_t;  φ3 stands for `samples` minibatches;  λ, γ constant",
    penalisedAutomatic,
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased gradients of bounded variance. No second derivatives.",
  failures: "A fixed λ leaves a bias of order 1/λ. Most samples go into the inner loops.",
  order: 1,
  make: penalised({ sampling: minibatch, K, delay: 10, samples }),
  reducesVariance: false,
  decay: { t0: 50, power: 0 },
  parameters: [...penalisedParameters({ K, lambdaPower: 0, samples }), ...minibatch.parameters],
});
