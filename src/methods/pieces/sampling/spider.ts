/**
 * SPIDER (Fang et al., NeurIPS 2018, Algorithm 1): all terms every q evaluations, in between the last estimate is
 * corrected by the change of the field on one sample.
 *
 *   t mod q = 0:  d_t = D(z_t)         else draw ξ_t:  d_t = d_{t-1} + D(z_t; ξ_t) - D(z_{t-1}; ξ_t)
 */
import { given } from "../../kit/options.js";
import type { Parameter } from "../../method.js";
import type { FieldEstimator, SampledField, SamplingPiece } from "./field.js";
import {
  copyAll,
  partsLike,
  type SampleStream,
  samplerOf,
  samplerParameter,
  sizeOfAll,
  variablesLike,
} from "./reading.js";

type Vector = Float64Array;

class Spider implements FieldEstimator {
  readonly memory: number;
  private readonly last: readonly Vector[];
  private readonly before: readonly Vector[];
  private readonly kept: readonly Vector[];
  private t = 0;

  constructor(
    private readonly field: SampledField,
    private readonly sampler: SampleStream,
    private readonly period: number,
  ) {
    this.last = partsLike(field);
    this.before = partsLike(field);
    this.kept = variablesLike(field);
    this.memory = 2 * sizeOfAll(this.last) + sizeOfAll(this.kept);
  }

  direction(at: readonly Vector[], out: readonly Vector[]): void {
    const { field, sampler, last, before, kept } = this;
    if (this.t++ % this.period === 0) {
      sampler.everything();
      field.evaluate(at, out);
    } else {
      sampler.draw();
      field.evaluate(kept, before);
      field.evaluate(at, out);
      for (let k = 0; k < out.length; k++) {
        for (let i = 0; i < out[k].length; i++) out[k][i] += last[k][i] - before[k][i];
      }
    }
    copyAll(out, last);
    copyAll(at, kept);
  }

  reset(): void {
    this.t = 0;
  }
}

const periodParameter: Parameter = {
  name: "period",
  type: "integer",
  default: undefined,
  auto: "half the number of blocks of both levels together, (N_f + N_g) / (2 b)",
  min: 1,
  doc: "Evaluations from one full evaluation to the next (q).",
};

export const spider: SamplingPiece = {
  kind: "sampling",
  reducesVariance: true,
  id: "spider",
  title: "Recursive differences with restarts (SPIDER)",
  formulas: ["t mod q = 0: d_t = D(z_t);  else draw ξ_t: d_t = d_{t-1} + D(z_t; ξ_t) - D(z_{t-1}; ξ_t)"],
  reference: "Fang, Li, Lin and Zhang, SPIDER, NeurIPS 2018",
  parameters: [samplerParameter, periodParameter],
  make(context, sampled, field, settings = {}) {
    const blocks = sampled.upper.blocks + sampled.lower.blocks;
    const period = settings.period ?? given(context, "period") ?? Math.max(1, Math.floor(blocks / 2));
    return new Spider(field, samplerOf(context, sampled, field, settings), period);
  },
};
