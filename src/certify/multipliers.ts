/**
 * Multipliers of both levels at an answer (x, y), by least squares on first-order conditions whoever found it.
 *
 * Lower level: reform/multipliersAt.ts. Upper level: with every complementarity decided as it is at the answer, the single-level
 * program is smooth, and its Lagrangian
 *
 *     f + λᵀ c(x, y) + (multipliers of lower feasibility, stationarity and bounds)
 *
 * has no slope in (x, y, z, v). λ >= 0 for rows c <= 0 and for bounds l - x <= 0, x - u <= 0; free for c == 0; f is the minimised
 * upper objective: relaxing a row to c <= ε changes the smallest f by -λ ε to first order, where the decisions stay as they are.
 * Pairs of which both sides are zero are decided either way until one leaves no slope (a Karush-Kuhn-Tucker point of one of
 * the pieces around the answer). Where slopes are left, nothing is reported.
 */
import { interpreted } from "../codegen/backend.js";
import type { Problem } from "../model/problem.js";
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type FeasibleSet, feasibleSet } from "../reform/levels.js";
import { multipliersAt } from "../reform/multipliersAt.js";
import { DecidedPairs } from "../reform/pairs.js";
import { byConstraint } from "../report/values.js";
import { multipliersByAdjoint } from "./multipliersByAdjoint.js";
import { actsOnX, LEFT, type Named, named, near, type Term, UNDECIDED } from "./multiplierTerms.js";

type Vector = Float64Array;

export interface Multipliers {
  /** Of upper constraints, and of bounds and domains that act, as in "lower bound of x". */
  readonly upper: Named | undefined;
  /** Of lower constraints. */
  readonly lower: Named | undefined;
}

/** Programs of first-order conditions are looked at up to this many variables; beyond, adjoints serve (multipliersByAdjoint.ts). */
const LARGEST = 120;

const known = new WeakMap<Problem, DecidedPairs>();

/** `oracle` is asked beyond small problems only. */
export function multipliersOf(oracle: Oracle, x: Vector, y: Vector): Multipliers {
  const { problem } = oracle;
  const nothing: Multipliers = { upper: undefined, lower: undefined };
  const ofLower = problem.lowers.some((level) => level.constraints.length > 0);
  const set = feasibleSet(problem, problem.upper, problem.x);
  if (!ofLower && problem.upper.constraints.length === 0 && !actsOnX(set, x)) return nothing;
  if (x.length * y.length === 0) return nothing;
  const large = (): Multipliers => multipliersByAdjoint(oracle, set, x, y) ?? nothing;
  if (x.length + y.length > LARGEST) return large();
  const pairs = known.get(problem) ?? new DecidedPairs(problem, interpreted);
  known.set(problem, pairs);
  if (pairs.compiled.n > LARGEST) return large();
  const { u, residual, scale } = multipliersAt(pairs, x, y);
  if (!(residual <= LEFT * (1 + scale))) return nothing;
  const names = problem.lowers.flatMap((l) => l.constraints.flatMap((c) => Array<string>(c.rows).fill(c.name)));
  return {
    upper: upperMultipliers(problem, set, pairs, u),
    lower: byConstraint(names, pairs.invert(u).multipliers),
  };
}

function upperMultipliers(problem: Problem, set: FeasibleSet, pairs: DecidedPairs, u: Vector): Named | undefined {
  const { compiled, kkt } = pairs;
  const slope = new Float64Array(compiled.n);
  compiled.gradientInto(u, slope);
  const values = new Float64Array(compiled.jacobian.rows.length);
  compiled.jacobianInto(u, values);
  if (![...slope, ...values].every(Number.isFinite)) return undefined;
  const rowSlopes = kkt.rows.flatMap((r) =>
    Array.from({ length: r.body.shape[0] }, () => new Float64Array(compiled.n)),
  );
  compiled.jacobian.rows.forEach((i, e) => {
    rowSlopes[i][compiled.jacobian.columns[e]] += values[e];
  });
  const unit = (j: number, value: number): Vector => {
    const out = new Float64Array(compiled.n);
    out[j] = value;
    return out;
  };
  const always = [...upperTerms(set, pairs, u, rowSlopes, unit), ...equalities(pairs, rowSlopes)];
  const slacks = new Float64Array(pairs.size);
  pairs.slacksInto(u, slacks);
  const multiplier = (j: number): number => u[pairs.multiplier(j)];
  const open = [...slacks.keys()].filter((j) => near(slacks[j], norm(u)) && near(multiplier(j), norm(u)));
  const target = slope.map((v) => -v);
  for (let choice = 0; choice < 2 ** Math.min(open.length, UNDECIDED); choice++) {
    const terms = [...always];
    for (const { kind, offset, size, at, held } of kkt.groups) {
      if (kind !== "slack") continue;
      for (let i = 0; i < size; i++) {
        const j = offset + i;
        const place = open.indexOf(j);
        const active = place < 0 ? multiplier(j) > slacks[j] : ((choice >> Math.min(place, UNDECIDED)) & 1) === 0;
        const ofSlack =
          at !== undefined
            ? rowSlopes[at + i]
            : unit(kkt.x.input.size + held!.at[i], held!.side[i] === "lower" ? -1 : 1);
        if (active || place >= 0) terms.push({ slope: ofSlack, signed: !active });
        if (!active || place >= 0) terms.push({ slope: unit(pairs.multiplier(j), -1), signed: active });
      }
    }
    const found = nonNegativeLeastSquares(
      terms.map((t) => t.slope),
      target,
      terms.map((t) => t.signed),
    );
    const left = target.slice();
    let scale = norm(slope);
    terms.forEach((t, k) => {
      scale = Math.max(scale, Math.abs(found[k]) * Math.sqrt(dot(t.slope, t.slope)));
      for (let i = 0; i < left.length; i++) left[i] -= found[k] * t.slope[i];
    });
    if (norm(left) <= LEFT * scale) return named(problem, terms, found);
  }
  return undefined;
}

/** Rows and bounds of the upper level that act at u. */
function upperTerms(
  { slacks, residuals }: FeasibleSet,
  { compiled }: DecidedPairs,
  u: Vector,
  rowSlopes: readonly Vector[],
  unit: (j: number, value: number) => Vector,
): Term[] {
  const rows = new Float64Array(compiled.rows);
  compiled.constraintsInto(u, rows);
  const terms: Term[] = [];
  // the program's first rows are these, in this order
  let at = 0;
  for (const { name, body, row, bound, held } of [...slacks, ...residuals]) {
    const free = residuals.some((p) => p.body === body);
    for (let i = 0; i < body.shape[0]; i++) {
      if (bound && held !== undefined) {
        const j = held.at[i];
        if (!near(u[j] - held.value[i], u[j])) continue;
        const part = { name, row: row === undefined ? undefined : row + i, entry: j };
        terms.push({ slope: unit(j, held.slope[i]), signed: true, part });
      } else if (free || near(rows[at + i], norm(u))) {
        terms.push({
          slope: rowSlopes[at + i],
          signed: !free,
          part: { name, row: row === undefined ? undefined : row + i, entry: i },
        });
      }
    }
    if (!bound) at += body.shape[0];
  }
  return terms;
}

/** Stationarity and equalities of the lower levels: multipliers of any sign. */
function equalities({ kkt }: DecidedPairs, rowSlopes: readonly Vector[]): Term[] {
  let at = 0;
  return kkt.rows.flatMap(({ origin, body, lower }) => {
    const first = at;
    at += body.shape[0];
    const free = origin === "stationarity" || (origin === "lower" && lower[0] === 0);
    return free ? rowSlopes.slice(first, at).map((slope) => ({ slope, signed: false })) : [];
  });
}
