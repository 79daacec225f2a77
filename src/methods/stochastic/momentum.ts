/** The weight η_t of the new sample in directions with corrected momentum: an option, else (1 + t/20)^(-power). */
import { given } from "../kit/options.js";
import type { MethodContext, Parameter } from "../method.js";
import type { Schedule } from "../pieces/sampling/field.js";
import { decaying } from "../pieces/sampling/schedule.js";

const delay = 20;

export function momentumParameter(power: number): Parameter {
  return {
    name: "momentum",
    type: "number",
    default: undefined,
    auto: `(1 + t/${delay})^(-${power === 0.5 ? "1/2" : "2/3"})`,
    min: 0,
    max: 1,
    doc: "Weight η of the new sample, the same at every step.",
  };
}

export function momentumOf(context: MethodContext, power: number): Schedule {
  const fixed = given(context, "momentum");
  return fixed === undefined ? decaying(1, delay, power) : () => fixed;
}
