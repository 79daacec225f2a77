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
import type { NestedNumbers } from "../methods/result.js";
import type { Problem } from "../model/problem.js";
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { dot, norm } from "../num/vector.js";
import { type FeasibleSet, feasibleSet } from "../reform/levels.js";
import { multipliersAt } from "../reform/multipliersAt.js";
import { DecidedPairs } from "../reform/pairs.js";
import { byConstraint, nested } from "../report/values.js";

type Vector = Float64Array;
type Named = Readonly<Record<string, NestedNumbers>>;

export interface Multipliers {
  /** Of upper constraints, and of bounds and domains that act, as in "lower bound of x". */
  readonly upper: Named | undefined;
  /** Of lower constraints. */
  readonly lower: Named | undefined;
}

/** Programs of first-order conditions are looked at up to this many variables. */
const LARGEST = 120;
/** Distance from a limit that counts as none, over 1 + the size of what is limited. */
const ACTIVE = 1e-5;
/** Share of the slopes that may be left. */
const LEFT = 1e-4;
/** Undecided pairs are tried both ways up to this many. */
const UNDECIDED = 4;

const known = new WeakMap<Problem, DecidedPairs>();

export function multipliersOf(problem: Problem, x: Vector, y: Vector): Multipliers {
  const nothing: Multipliers = { upper: undefined, lower: undefined };
  const ofLower = problem.lowers.some((level) => level.constraints.length > 0);
  const set = feasibleSet(problem, problem.upper, problem.x);
  if (!ofLower && problem.upper.constraints.length === 0 && !actsOnX(set, x)) return nothing;
  if (x.length + y.length > LARGEST || x.length * y.length === 0) return nothing;
  const pairs = known.get(problem) ?? new DecidedPairs(problem, interpreted);
  known.set(problem, pairs);
  if (pairs.compiled.n > LARGEST) return nothing;
  const { u, residual, scale } = multipliersAt(pairs, x, y);
  if (!(residual <= LEFT * (1 + scale))) return nothing;
  const names = problem.lowers.flatMap((l) => l.constraints.flatMap((c) => Array<string>(c.rows).fill(c.name)));
  return {
    upper: upperMultipliers(problem, set, pairs, u),
    lower: byConstraint(names, pairs.invert(u).multipliers),
  };
}

/** Whether a domain of the upper level can have a multiplier at x; balls and simplices always may. */
function actsOnX({ slacks, residuals }: FeasibleSet, x: Vector): boolean {
  const atBound = slacks.some(({ held }) => held?.at.some((j, i) => near(x[j] - held.value[i], x[j])) ?? true);
  return atBound || residuals.length > 0;
}

const near = (distance: number, size: number): boolean => Math.abs(distance) <= ACTIVE * (1 + Math.abs(size));

/** A term of the Lagrangian: its slope, whether its multiplier is at least zero, and the upper part's entry it belongs to. */
interface Term {
  readonly slope: Vector;
  readonly signed: boolean;
  readonly part?: { readonly name: string; readonly row: number | undefined; readonly entry: number };
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

/** By constraint and, where they act, by bound. */
function named({ upper }: Problem, terms: readonly Term[], found: Vector): Named | undefined {
  const names = upper.constraints.flatMap((c) => Array<string>(c.rows).fill(c.name));
  const rows = new Float64Array(names.length);
  const domains: Record<string, NestedNumbers> = {};
  terms.forEach(({ part }, k) => {
    if (part === undefined || found[k] === 0) return;
    if (part.row !== undefined) {
      rows[part.row] = found[k];
      return;
    }
    const variable = upper.variables.find((v) => part.name.endsWith(` of ${v.name}`));
    if (variable === undefined || part.name.startsWith("domain")) domains[part.name] = found[k];
    else {
      const entries = new Float64Array(variable.size);
      terms.forEach((t, l) => {
        if (t.part?.name === part.name && t.part.row === undefined) entries[t.part.entry - variable.offset] = found[l];
      });
      domains[part.name] = nested(entries, variable.shape);
    }
  });
  const all = { ...byConstraint(names, rows), ...domains };
  return Object.keys(all).length > 0 ? all : undefined;
}
