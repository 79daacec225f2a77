/**
 * What the sampling rules share: drawing one sample for both levels, and arrays shaped like a field's parts and variables.
 */
import type { Random } from "../../../num/random.js";
import type { SampledOracle } from "../../../oracle/sampled.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { SampledField, SamplingSettings } from "./field.js";

type Vector = Float64Array;

/** An option of all rules that draw (SAGA picks blocks independently). */
export const samplerParameter: Parameter = {
  name: "sampler",
  type: "choice",
  choices: ["shuffle", "independent"],
  default: "shuffle",
  doc: "How terms are drawn: random permutations one after the other, or independently with replacement.",
};

/** Draws samples for a field; each level has a stream of its own. */
export class SampleStream {
  private readonly upper: Random;
  private readonly lower: Random;
  private readonly extra: Random;

  constructor(
    private readonly sampled: SampledOracle,
    private readonly field: SampledField,
    random: Random,
    private readonly samples: number,
  ) {
    this.upper = random.split("upper");
    this.lower = random.split("lower");
    this.extra = random.split("extra");
  }

  /** A fresh sample of each level. */
  draw(): void {
    const { sampled, field } = this;
    sampled.use("upper", sampled.upper.draw(this.upper, this.samples));
    sampled.use("lower", sampled.lower.draw(this.lower, this.samples));
    field.redraw?.(this.extra, false);
  }

  /** A fresh sample of the lower level alone; nothing else is drawn anew. */
  drawLower(): void {
    this.sampled.use("lower", this.sampled.lower.draw(this.lower, this.samples));
  }

  /** All terms. */
  everything(): void {
    const { sampled, field } = this;
    sampled.use("upper", sampled.upper.everything);
    sampled.use("lower", sampled.lower.everything);
    field.redraw?.(this.extra, true);
  }
}

export function samplerOf(
  context: MethodContext,
  sampled: SampledOracle,
  field: SampledField,
  settings: SamplingSettings,
): SampleStream {
  return new SampleStream(sampled, field, settings.random ?? context.random.split("samples"), settings.samples ?? 1);
}

export function partsLike(field: SampledField): Vector[] {
  return field.parts.map((p) => new Float64Array(p.length));
}

export function variablesLike(field: SampledField): Vector[] {
  return field.variables.map((size) => new Float64Array(size));
}

export function copyAll(from: readonly Vector[], to: readonly Vector[]): void {
  for (let k = 0; k < from.length; k++) to[k].set(from[k]);
}

export function sizeOfAll(arrays: readonly Vector[]): number {
  return arrays.reduce((sum, a) => sum + a.length, 0);
}
