/** Counters behind `Oracle.counts`: one small record per level, so that a wrapper increments a field of its own. */
import type { Counts } from "./oracle.js";

export interface Tally {
  value: number;
  gradient: number;
  hvp: number;
  jvp: number;
}
export interface ConstraintTally {
  value: number;
  jacobian: number;
}

export interface Tallies {
  readonly upper: Tally;
  readonly lower: Tally;
  readonly constraints: ConstraintTally;
}

export function emptyTallies(): Tallies {
  return {
    upper: { value: 0, gradient: 0, hvp: 0, jvp: 0 },
    lower: { value: 0, gradient: 0, hvp: 0, jvp: 0 },
    constraints: { value: 0, jacobian: 0 },
  };
}

/** The tallies under their public names: a live view whose fields are its own, so it can be copied by spreading. */
export function countsOf({ upper, lower, constraints }: Tallies): Counts {
  return {
    get upperValue() {
      return upper.value;
    },
    get upperGradient() {
      return upper.gradient;
    },
    get upperProduct() {
      return upper.hvp + upper.jvp;
    },
    get lowerValue() {
      return lower.value;
    },
    get lowerGradient() {
      return lower.gradient;
    },
    get lowerHvp() {
      return lower.hvp;
    },
    get lowerJvp() {
      return lower.jvp;
    },
    get constraintValue() {
      return constraints.value;
    },
    get constraintJacobian() {
      return constraints.jacobian;
    },
  };
}
