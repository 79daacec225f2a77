/**
 * Lower solutions without multipliers. Where the lower constraints satisfy no qualification at y (no interior, a cusp, two
 * sets that touch) the first-order conditions need not hold there, only Fritz John's (1948):
 *
 *   z0 grad g + sum z_i grad h_i = 0,    z0 >= 0, z >= 0, z0 + sum z_i = 1,    z_i > 0 for active rows only
 *
 * They say little about g. What decides is the value: with v(eps) = min { g : h <= eps } over a compact set v(eps) rises to the
 * lower value v(0) as eps falls. Solves at eps in constant ratio give the limit by Aitken's process,
 * which is exact for v(0) - c eps^p; their multipliers grow without bound where there are none in the limit.
 */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type ConstrainedSolution, solveConstrained } from "./lowerConstrained.js";
import { shortestCombination } from "./shortestCombination.js";

type Vector = Float64Array;

const SLACKS = [1e-3, 1e-5, 1e-7, 1e-9];
/** Multipliers that grow at least so much from one slack to the next are unbounded. */
const GROWTH = 2;
/** Rows within this of zero are active. */
const ACTIVE = 1e-6;

/** The slack at which neighbours are compared: small enough to matter little, large enough for accurate solves. */
export const COMPARED = 1e-7;

export interface Softened {
  /** The extrapolated lower value. */
  readonly value: number;
  /** |z0 grad g + …|, in the best combination. */
  readonly fritzJohn: number;
  /** Where neighbours start from, and the oracle that they are solved with. */
  readonly y: Vector;
  readonly multipliers: Vector;
  readonly oracle: Oracle;
}

/** The same problem with lower inequalities <= eps. */
export function softenedOracle(oracle: Oracle, eps: number): Oracle {
  const { lower } = oracle;
  const { constraints } = lower;
  const value = (x: Vector, y: Vector, out: Vector): void => {
    constraints.value(x, y, out);
    for (let r = 0; r < out.length; r++) if (constraints.equality[r] === 0) out[r] -= eps;
  };
  const level = Object.create(lower, { constraints: { value: Object.create(constraints, { value: { value } }) } });
  return Object.create(oracle, { lower: { value: level } }) as Oracle;
}

/**
 * From y, and from `starts` where they lead to a lower value at the largest slack. Undefined where the lower level has
 * multipliers at y after all, or its value could not be extrapolated.
 */
export function softened(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  starts: readonly Vector[],
  exhausted: () => boolean,
): Softened | undefined {
  const own = chain(oracle, x, y, exhausted);
  if (own === undefined) return undefined;
  let { value } = own;
  const wide = softenedOracle(oracle, SLACKS[0]);
  for (const start of starts) {
    const other = solveConstrained(wide, x, start, exhausted);
    if (other.unbounded || !other.feasible || !(other.value < own.first - 1e-9 * (1 + Math.abs(own.first)))) continue;
    // where its value cannot be extrapolated the one at the largest slack is a lower bound: y is not confirmed
    value = Math.min(value, chain(oracle, x, other.y, exhausted)?.value ?? other.value);
  }
  return { ...own, value, fritzJohn: fritzJohn(oracle, x, y), oracle: softenedOracle(oracle, COMPARED) };
}

interface Chain {
  /** At the largest slack, and in the limit. */
  readonly first: number;
  readonly value: number;
  /** At the slack at which neighbours are compared. */
  readonly y: Vector;
  readonly multipliers: Vector;
}

function chain(oracle: Oracle, x: Vector, y: Vector, exhausted: () => boolean): Chain | undefined {
  const solutions: ConstrainedSolution[] = [];
  for (const eps of SLACKS) {
    const last = solutions.at(-1);
    const relaxed = softenedOracle(oracle, eps);
    // multipliers go on growing as they did
    const before = solutions.at(-2)?.multipliers;
    const warm = last?.multipliers.map((z, r) => (before !== undefined && before[r] > 0 ? (z * z) / before[r] : z));
    const found = solveConstrained(relaxed, x, last?.y ?? y, exhausted, 0, warm);
    if (found.unbounded || !found.feasible || exhausted()) return undefined;
    if (last !== undefined && !(norm(found.multipliers) >= GROWTH * norm(last.multipliers))) return undefined;
    solutions.push(found);
  }
  const [first, a, b, c] = solutions.map((s) => s.value);
  const [one, two] = [b - a, c - b];
  if (!(two >= 0 && one > two)) return undefined;
  const { y: there, multipliers } = solutions[SLACKS.indexOf(COMPARED)];
  return { first, value: c + (two * two) / (one - two), y: there, multipliers };
}

/** Length of the shortest convex combination of grad g and the gradients of active rows and bounds, off the equalities'. */
function fritzJohn(oracle: Oracle, x: Vector, y: Vector): number {
  const { n, m, lower, domainY } = oracle;
  const { rows, equality } = lower.constraints;
  const c = new Float64Array(rows);
  const jacobian = new Float64Array(rows * m);
  lower.constraints.value(x, y, c);
  lower.constraints.jacobian(x, y, new Float64Array(rows * n), jacobian);
  const slope = new Float64Array(m);
  lower.gradY(x, y, slope);
  const size = 1 + norm(y);
  const parts: Vector[] = [slope];
  const fixed: Vector[] = [];
  for (let r = 0; r < rows; r++) {
    const row = jacobian.slice(r * m, (r + 1) * m);
    if (equality[r] === 1) fixed.push(row);
    else if (c[r] >= -ACTIVE * size) parts.push(row);
  }
  for (let j = 0; domainY.boxes && j < m; j++) {
    for (const [bound, sign] of [
      [domainY.lower[j], -1],
      [domainY.upper[j], 1],
    ]) {
      if (Math.abs(y[j] - bound) > ACTIVE * size) continue;
      const e = new Float64Array(m);
      e[j] = sign;
      parts.push(e);
    }
  }
  const basis: Vector[] = [];
  for (const row of fixed) {
    const rest = off(row, basis);
    const length = norm(rest);
    if (length > 1e-10 * norm(row)) basis.push(rest.map((v) => v / length));
  }
  return norm(shortestCombination(parts.map((p) => off(p, basis))));
}

function off(v: Vector, basis: readonly Vector[]): Vector {
  const rest = v.slice();
  for (const b of basis) {
    let s = 0;
    for (let j = 0; j < v.length; j++) s += rest[j] * b[j];
    for (let j = 0; j < v.length; j++) rest[j] -= s * b[j];
  }
  return rest;
}
