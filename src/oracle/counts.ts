/** Counters behind `Oracle.counts`: one small record per level, so that a wrapper increments a field of its own. */
import { type Counts, emptyCounts, liveCalls } from "./oracle.js";

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

/** The tallies under their public names: a live view whose fields are its own, so it can be copied and assigned to. */
export function countsOf({ upper, lower, constraints }: Tallies): Counts {
  const counts = emptyCounts();
  const link = (name: keyof Counts, get: () => number, set: (count: number) => void): void => {
    Object.defineProperty(counts, name, { enumerable: true, get, set });
  };
  const field = <K extends string>(name: keyof Counts, tally: Record<K, number>, key: K): void =>
    link(
      name,
      () => tally[key],
      (count) => {
        tally[key] = count as Record<K, number>[K];
      },
    );
  field("upperValue", upper, "value");
  field("upperGradient", upper, "gradient");
  link(
    "upperProduct",
    () => upper.hvp + upper.jvp,
    (count) => {
      upper.hvp = count;
      upper.jvp = 0;
    },
  );
  field("lowerValue", lower, "value");
  field("lowerGradient", lower, "gradient");
  field("lowerHvp", lower, "hvp");
  field("lowerJvp", lower, "jvp");
  field("constraintValue", constraints, "value");
  field("constraintJacobian", constraints, "jacobian");
  // not enumerable: a copy of the counts is a plain record
  const sum = () =>
    upper.gradient + lower.gradient + 2 * (upper.hvp + upper.jvp + lower.hvp + lower.jvp) + constraints.jacobian;
  Object.defineProperty(counts, liveCalls, { value: sum });
  return counts;
}
