/**
 * The hyper-objective at points next to an answer: phi and the upper constraints at the optimistic one of the lower solutions that are
 * followed from given ones. A small weight on f chooses among lower solutions that are equally good; of those that it alone tells
 * apart, the ones that keep the upper constraints come first.
 */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { ActiveLower } from "./lowerActive.js";
import { solveConstrained } from "./lowerConstrained.js";
import { lowerModel } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";
import { solveLower } from "./lowerSolve.js";
import { withinUpper } from "./withinUpper.js";

type Vector = Float64Array;

/** Lower constraints of samples hold to this. */
const EXACT = 1e-10;
/** Upper constraints that hold, relative to 1 + |y|. */
const KEPT = 1e-8;

export interface Sample {
  readonly phi: number;
  /** Upper constraint rows, and whether a lower solution was found at all. */
  readonly c: Vector;
  readonly known: boolean;
  readonly y: Vector;
}

interface Candidate extends Sample {
  /** g + weight f */
  readonly value: number;
}

/** Followed from `starts`. */
export function sampler(
  oracle: Oracle,
  starts: readonly Vector[],
  warm: Vector | undefined,
  exhausted: () => boolean,
): (x: Vector) => Sample {
  const { upper, m } = oracle;
  const constrained = oracle.lower.constraints.rows > 0;
  const active = starts.map(() => new ActiveLower(oracle));
  const large = oracle.m + oracle.lower.constraints.rows > 2 * DENSE;
  const within = withinUpper(oracle);
  let unique: boolean | undefined;
  const b = new Float64Array(m);
  const g = new Float64Array(m);
  return (x) => {
    upper.gradY(x, starts[0], b);
    oracle.lower.gradY(x, starts[0], g);
    const weight = (1e-7 * (1 + norm(g))) / (1 + norm(b));
    const found: Candidate[] = [];
    for (const [k, start] of starts.entries()) {
      const s = constrained
        ? (active[k].solve(x, start, weight, exhausted) ??
          (large ? undefined : solveConstrained(oracle, x, start, exhausted, weight, warm)))
        : { ...solveLower(lowerModel(oracle, x, weight), start, exhausted), violation: 0 };
      // A violation must be small beside the steps compared: else x without feasible y would seem better.
      if (s === undefined || s.unbounded || s.violation > EXACT * (1 + norm(s.y)) || !Number.isFinite(s.value))
        continue;
      const c = new Float64Array(upper.constraints.rows);
      if (c.length > 0) upper.constraints.value(x, s.y, c);
      found.push({ phi: upper.value(x, s.y), c, known: true, y: s.y, value: s.value });
    }
    const strict = (): boolean =>
      starts.length === 1 && new ActiveLower(oracle).solve(x, starts[0], 0, exhausted)?.feasible === true;
    if (found.length === 0) {
      return { phi: Number.NaN, c: new Float64Array(upper.constraints.rows), known: false, y: starts[0] };
    }
    const { y, c, ...best } = chosen(oracle, found, weight);
    // A strict solution has none beside it to choose from: what is as good to rounding there only breaks its conditions a little.
    unique ??= strict();
    if (unique) return { ...best, y, c };
    const rows = c.slice();
    const kept = within(x, y, oracle.lower.value(x, y), rows);
    return kept === undefined ? { ...best, y, c } : { phi: upper.value(x, kept), c: rows, known: true, y: kept };
  };
}

function chosen(oracle: Oracle, found: readonly Candidate[], weight: number): Candidate {
  const own = ({ value, phi }: Candidate): number => value - weight * phi;
  const lowest = found.reduce((a, b) => (own(b) < own(a) ? b : a));
  const first = found.reduce((a, b) => (b.value < a.value ? b : a));
  if (violationOf(oracle, first.c) <= KEPT * (1 + norm(first.y))) return first;
  const feasible = found.filter(
    (s) =>
      violationOf(oracle, s.c) <= KEPT * (1 + norm(s.y)) &&
      own(s) - own(lowest) <= 2 * weight * Math.abs(s.phi - first.phi),
  );
  return feasible.reduce((a, b) => (b.value < a.value ? b : a), feasible[0] ?? first);
}

/** Sum of what the upper rows are violated by. */
export function violationOf(oracle: Oracle, c: Vector): number {
  let sum = 0;
  for (let r = 0; r < c.length; r++) {
    sum += oracle.upper.constraints.equality[r] === 1 ? Math.abs(c[r]) : Math.max(0, c[r]);
  }
  return sum;
}
