/** A fresh minibatch at every evaluation (Robbins and Monro, 1951): unbiased, with a variance that stays. */
import type { SamplingPiece } from "./field.js";
import { samplerOf, samplerParameter } from "./reading.js";

export const minibatch: SamplingPiece = {
  kind: "sampling",
  id: "minibatch",
  title: "Fresh minibatches",
  formulas: ["draw ξ_t;  d_t = D(z_t; ξ_t)"],
  reference: "Robbins and Monro, A stochastic approximation method, 1951",
  parameters: [samplerParameter],
  make(context, sampled, field, settings = {}) {
    const sampler = samplerOf(context, sampled, field, settings);
    return {
      memory: 0,
      reset() {},
      direction(at, out) {
        sampler.draw();
        field.evaluate(at, out);
      },
    };
  },
};
