/**
 * STORM (Cutkosky and Orabona, NeurIPS 2019, eq. (4)): momentum whose old part is corrected on the new sample.
 *
 *   d_0 = D(z_0; ξ_0);   d_t = D(z_t; ξ_t) + (1 - η_t) (d_{t-1} - D(z_{t-1}; ξ_t))
 *
 * η = 1 is a plain minibatch, η = 0 SPIDER without restarts.
 */
import { given } from "../../kit/options.js";
import type { Parameter } from "../../method.js";
import type { FieldEstimator, SampledField, SamplingPiece, Schedule } from "./field.js";
import {
  copyAll,
  partsLike,
  type SampleStream,
  samplerOf,
  samplerParameter,
  sizeOfAll,
  variablesLike,
} from "./reading.js";
import { decaying } from "./schedule.js";

type Vector = Float64Array;

class Storm implements FieldEstimator {
  readonly memory: number;
  private readonly last: readonly Vector[];
  private readonly before: readonly Vector[];
  private readonly kept: readonly Vector[];
  private started = false;
  private t = 0;

  constructor(
    private readonly field: SampledField,
    private readonly sampler: SampleStream,
    private readonly eta: Schedule,
  ) {
    this.last = partsLike(field);
    this.before = partsLike(field);
    this.kept = variablesLike(field);
    this.memory = 2 * sizeOfAll(this.last) + sizeOfAll(this.kept);
  }

  direction(at: readonly Vector[], out: readonly Vector[]): void {
    const { field, sampler, last, before, kept } = this;
    sampler.draw();
    const keep = 1 - this.eta(this.t++);
    if (this.started && keep !== 0) field.evaluate(kept, before);
    field.evaluate(at, out);
    if (this.started && keep !== 0) {
      for (let k = 0; k < out.length; k++) {
        for (let i = 0; i < out[k].length; i++) out[k][i] += keep * (last[k][i] - before[k][i]);
      }
    }
    this.started = true;
    copyAll(out, last);
    copyAll(at, kept);
  }

  reset(): void {
    this.started = false;
  }
}

export const stormParameters: readonly Parameter[] = [
  {
    name: "momentum",
    type: "number",
    default: undefined,
    auto: "min(1, (1 + t/20)^(-2/3))",
    min: 0,
    max: 1,
    doc: "Weight η of the new sample, the same at every step.",
  },
];

export const storm: SamplingPiece = {
  kind: "sampling",
  power: 1 / 3,
  id: "storm",
  title: "Momentum corrected on the new sample (STORM)",
  formulas: ["draw ξ_t;  d_t = D(z_t; ξ_t) + (1 - η_t) (d_{t-1} - D(z_{t-1}; ξ_t))"],
  reference: "Cutkosky and Orabona, Momentum-based variance reduction, NeurIPS 2019",
  parameters: [samplerParameter, ...stormParameters],
  make(context, sampled, field, settings = {}) {
    const fixed = given(context, "momentum");
    const eta = settings.eta ?? (fixed === undefined ? decaying(1, 20, 2 / 3) : () => fixed);
    return new Storm(field, samplerOf(context, sampled, field, settings), eta);
  },
};
