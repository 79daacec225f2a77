/** Evaluates the measures that were asked for at points of a run, on a fork of the oracle. */

import { lowerModel } from "../certify/lowerModel.js";
import { solveLower } from "../certify/lowerSolve.js";
import { createRandom, type Random } from "../num/random.js";
import { allFinite } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import type { LowerAnswer } from "./measure.js";
import type { AskedMeasure } from "./table.js";

type Vector = Float64Array;

export interface Measuring {
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** Adds the columns to `out`: NaN where the point is not finite. */
  at(x: Vector, y: Vector, out: Record<string, number>): void;
}

/** `original` is the oracle the method runs on: its counters are read, never moved. */
export function measuring(
  original: Oracle,
  asked: readonly AskedMeasure[],
  seed: number,
  exhausted: () => boolean,
): Measuring {
  const oracle = original.fork();
  const random: Random = createRandom(seed).split("measures");
  let here: { readonly x: Vector; readonly y: Vector } | undefined;
  let answer: LowerAnswer | undefined;
  const lower = (): LowerAnswer => {
    if (answer !== undefined) return answer;
    if (here === undefined) throw new Error("a measure asked for a lower solution outside of a point");
    const { y, value, L } = solveLower(lowerModel(oracle, here.x), here.y, exhausted);
    answer = { y, value, L };
    return answer;
  };
  const each = asked.map(({ measure, settings }) =>
    measure.make({ oracle, counts: original.counts, random: random.split(measure.id), exhausted, lower, settings }),
  );
  const columns = asked.flatMap(({ measure }) => measure.columns.map((c) => c.name));
  return {
    columns,
    at(x, y, out) {
      if (!allFinite(x) || !allFinite(y)) {
        for (const name of columns) out[name] = Number.NaN;
        return;
      }
      here = { x, y };
      answer = undefined;
      for (const evaluate of each) evaluate(x, y, out);
    },
  };
}
