/** Every term at every evaluation: d = D(z). What all other rules come to where nothing is sampled. */
import type { SamplingPiece } from "./field.js";
import { samplerOf } from "./reading.js";

export const full: SamplingPiece = {
  kind: "sampling",
  reducesVariance: true,
  readsAll: true,
  id: "full",
  title: "All terms",
  formulas: ["d_t = D(z_t)"],
  reference: "Cauchy, 1847",
  parameters: [],
  make(context, sampled, field, settings = {}) {
    const sampler = samplerOf(context, sampled, field, settings);
    return {
      memory: 0,
      reset() {},
      direction(at, out) {
        sampler.everything();
        field.evaluate(at, out);
      },
    };
  },
};
