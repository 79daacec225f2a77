/**
 * Plain momentum: exponential averages of minibatch estimates, d_t = (1 - η_t) d_{t-1} + η_t D(z_t; ξ_t), d_0 = D(z_0; ξ_0).
 * The variance falls with η_t; while z moves the average lags behind by about 1/η_t steps. Where nothing is
 * random there is nothing to average: d_t = D(z_t).
 */
import { given } from "../../kit/options.js";
import type { FieldEstimator, SampledField, SamplingPiece, Schedule } from "./field.js";
import { partsLike, type SampleStream, samplerOf, samplerParameter, sizeOfAll } from "./reading.js";
import { decaying } from "./schedule.js";
import { stormParameters } from "./storm.js";

type Vector = Float64Array;

class Averaged implements FieldEstimator {
  readonly memory: number;
  private readonly last: readonly Vector[];
  private t = 0;
  private started = false;

  constructor(
    private readonly field: SampledField,
    private readonly sampler: SampleStream,
    private readonly eta: Schedule,
  ) {
    this.last = partsLike(field);
    this.memory = sizeOfAll(this.last);
  }

  direction(at: readonly Vector[], out: readonly Vector[]): void {
    const { field, sampler, last } = this;
    sampler.draw();
    field.evaluate(at, out);
    const eta = this.eta(this.t++);
    const weight = this.started ? eta : 1;
    this.started = true;
    for (let k = 0; k < out.length; k++) {
      const d = out[k];
      const kept = last[k];
      for (let i = 0; i < d.length; i++) {
        kept[i] += weight * (d[i] - kept[i]);
        d[i] = kept[i];
      }
    }
  }

  reset(): void {
    this.started = false;
  }
}

export const averaged: SamplingPiece = {
  kind: "sampling",
  id: "averaged",
  title: "Momentum: exponential averages of minibatches",
  formulas: ["draw ξ_t;  d_t = (1 - η_t) d_{t-1} + η_t D(z_t; ξ_t)"],
  reference: "Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
  parameters: [samplerParameter, ...stormParameters],
  make(context, sampled, field, settings = {}) {
    const fixed = given(context, "momentum");
    const random = sampled.upper.random || sampled.lower.random;
    const eta = settings.eta ?? (fixed === undefined ? decaying(1, 20, 2 / 3) : () => fixed);
    return new Averaged(field, samplerOf(context, sampled, field, settings), random ? eta : () => 1);
  },
};
