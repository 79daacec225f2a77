/** f3sa: f2sa with momentum corrected on the new sample (STORM) for each of its gradients (penalised.ts). */
import { given } from "../kit/options.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { decaying } from "../pieces/sampling/schedule.js";
import { storm, stormParameters } from "../pieces/sampling/storm.js";
import { stochasticLoop } from "./loop.js";
import { penalised } from "./penalised.js";
import { penalisedAutomatic, penalisedFormulas, penalisedParameters } from "./penalisedParameters.js";

const K = [1, 1] as const;

export const f3sa = stochasticLoop({
  id: "f3sa",
  title: "Fully first-order stochastic approximation with momentum",
  reference:
    "Kwon, Kwon, Wright and Nowak, A fully first-order method for stochastic bilevel optimization, ICML 2023, Algorithm 2",
  formulas: [
    "h_t = ∇(p_t; ξ_t) + (1 - η_t) (h_{t-1} - ∇(p_{t-1}; ξ_t)) in place of each gradient of:",
    ...penalisedFormulas,
    "η_t = (1 + t/t0)^(-4/5),  ρ_t ~ (1 + t/t0)^(-2/5),  γ_t ~ (1 + t/t0)^(-3/5),  λ_t = λ_0 (1 + t/t0)^(1/5)",
    penalisedAutomatic,
  ],
  assumptions:
    "g strongly convex in y; f and g smooth for each sample (in the mean square); samples that can be read at two points. No second derivatives.",
  failures: "The penalty leaves a bias of order 1/λ. Large first steps meet momentum that is not averaged yet.",
  order: 1,
  make: penalised({
    sampling: storm,
    K,
    eta: ({ context }) => {
      const fixed = given(context, "momentum");
      return fixed === undefined ? decaying(1, given(context, "t0") ?? 50, 4 / 5) : () => fixed;
    },
  }),
  reducesVariance: false,
  decay: { t0: 50, power: 2 / 5, upperPower: 3 / 5 },
  parameters: [
    ...penalisedParameters({ K, lambdaPower: 1 / 5 }),
    ...stormParameters.map((p) => ({ ...p, auto: "(1 + t/t0)^(-4/5)" })),
    samplerParameter,
  ],
});
