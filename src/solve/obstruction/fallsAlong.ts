/**
 * A proof that the lower level has no solution at any x of the upper level's bounds: along y + t d, t >= 0,
 *
 *   g(x, y + t d) -> -infinity   and   c(x, y + t d) <= 0 for all large t.
 *
 * Where such a function is a polynomial in t, the first of its coefficients, from the highest power down, that is not zero decides;
 * coefficients are bounded over all x and y that the constraints leave by interval arithmetic. A row whose coefficients all vanish keeps the value it has at y.
 * Other functions: the slope in t (for g) or the value (for c) over all t >= T, by interval arithmetic, too. y is any point that keeps
 * the lower constraints; where that cannot be proved, one y for all x.
 */
import { impliedBoxes } from "../../curvature/implied.js";
import { jvp, substitute } from "../../diff/index.js";
import type { InputBlock, Node } from "../../expr/node.js";
import { constantOf, type Polynomial, type Term } from "../../expr/polynomial.js";
import { toNode } from "../../expr/polynomialNode.js";
import { polynomialsOf } from "../../expr/polynomialOf.js";
import type { Problem } from "../../model/problem.js";
import type { Builder } from "../../ops/build.js";
import type { Intervals } from "../../ops/operator.js";
import { type Box, rangesOver } from "../../presolve/ranges.js";

type Vector = Float64Array;

/** From where on functions that are no polynomials are looked at, in units of the ray. */
const FROM = [1e2, 1e4, 1e6];

interface Ranges {
  readonly x: Intervals;
  readonly y: Intervals;
}

interface Along {
  readonly builder: Builder;
  readonly t: InputBlock;
  readonly boxes: (from: number) => ReadonlyMap<InputBlock, Box>;
}

/** `base`: a y from which to go where one y must serve all x. False says nothing. */
export function fallsAlong(problem: Problem, ray: Vector, base: Vector): boolean {
  const { builder: b, x, y, lowerObjective, lowers, independentFollowers } = problem;
  if (lowerObjective === undefined || !independentFollowers || !staysInDomain(problem, ray)) return false;
  const t: InputBlock = { name: "t", size: 1 };
  const moved = b.add(
    b.input(y),
    b.mul(b.broadcast(b.reshape(b.input(t), []), [y.size], []), b.tensor({ shape: [y.size], values: ray })),
  );
  const constraints = lowers.flatMap((l) => l.constraints);
  const bodies = constraints.map((c) => b.reshape(c.body, [c.rows]));
  const [g, ...rows] = substitute(b, [lowerObjective, ...bodies], new Map([[y, moved]]));
  const bounds = impliedBoxes(problem);
  const fixed: Intervals = { lo: base, hi: base, flags: new Float64Array(base.length) };
  const all: readonly Ranges[] = inside(bounds.y, base) ? [bounds, { x: bounds.x, y: fixed }] : [bounds];
  return all.some((ranges) => {
    const boxes = (from: number): ReadonlyMap<InputBlock, Box> =>
      new Map<InputBlock, Box>([
        [x, ranges.x],
        [y, ranges.y],
        [t, { lo: Float64Array.of(from), hi: Float64Array.of(Number.POSITIVE_INFINITY) }],
      ]);
    const along = { builder: b, t, boxes };
    const everywhere = ranges === bounds;
    return falls(along, g) && rows.every((row, k) => staysBelow(along, row, constraints[k].kind === "eq", everywhere));
  });
}

/** Domains of the lower variables are boxes that are open along the ray. */
function staysInDomain({ lowers }: Problem, ray: Vector): boolean {
  return lowers.every((l) =>
    l.variables.every(({ domain, offset, size }) =>
      ray.subarray(offset, offset + size).every((d, k) => {
        if (d === 0 || domain.kind === "free") return true;
        if (domain.kind !== "box") return false;
        return d > 0 ? domain.upper[k] === Number.POSITIVE_INFINITY : domain.lower[k] === Number.NEGATIVE_INFINITY;
      }),
    ),
  );
}

function inside({ lo, hi }: Box, point: Vector): boolean {
  return point.every((v, j) => v >= lo[j] && v <= hi[j]);
}

/** g -> -infinity. */
function falls(along: Along, g: Node): boolean {
  const powers = powersOf(along, g)?.[0];
  if (powers !== undefined) {
    for (let k = powers.length - 1; k >= 1; k--) {
      const most = upperBound(along, powers[k]);
      if (most < 0) return true;
      if (most > 0) return false;
    }
    return false;
  }
  const { builder: b, t } = along;
  const [slope] = jvp(b, [g], new Map([[t, b.filled([1], 1)]]));
  return FROM.some((from) => {
    const [{ hi, flags }] = rangesOver([slope], along.boxes(from));
    return hi[0] < 0 && flags[0] === 0;
  });
}

/**
 * c(y + t d) <= 0 for all large t, or = 0 for all t. `everywhere`: y ranges over all points of the bounds, of which those with
 * c(y) <= 0 count; else the row is to hold at the y given.
 */
function staysBelow(along: Along, row: Node, equality: boolean, everywhere: boolean): boolean {
  const entries = powersOf(along, row);
  if (entries !== undefined) return entries.every((powers) => entryStays(along, powers, equality, everywhere));
  if (equality) return false;
  return FROM.some((from) => {
    const [{ hi, flags }] = rangesOver([row], along.boxes(from));
    return hi.every((v, r) => v <= 0 && flags[r] === 0);
  });
}

function entryStays(along: Along, powers: readonly Polynomial[], equality: boolean, everywhere: boolean): boolean {
  const still = powers.slice(1).every((p) => p.terms.length === 0);
  if (still && everywhere) return true;
  if (equality) return still && constantOf(powers[0])?.n === 0n;
  for (let k = powers.length - 1; k >= 1; k--) {
    const most = upperBound(along, powers[k]);
    if (most < 0) return true;
    if (most > 0) return false;
  }
  // all that remains where the coefficients vanish is the value at y
  return everywhere || upperBound(along, powers[0]) <= 0;
}

/** Over the bounds of x and y; Infinity where it is not defined everywhere. */
function upperBound({ builder, boxes }: Along, p: Polynomial): number {
  if (p.terms.length === 0) return 0;
  const [{ hi, flags }] = rangesOver([toNode(builder, p)], boxes(0));
  return flags[0] === 0 && !Number.isNaN(hi[0]) ? hi[0] : Number.POSITIVE_INFINITY;
}

/** Every entry of a node as polynomial in t: the coefficients from t^0 on. Undefined where one is none. */
function powersOf({ t }: Along, node: Node): readonly (readonly Polynomial[])[] | undefined {
  const entries = polynomialsOf(node);
  if (entries === undefined) return undefined;
  const found: (readonly Polynomial[])[] = [];
  for (const { terms } of entries) {
    const powers: Term[][] = [[]];
    for (const term of terms) {
      let degree = 0;
      for (const { atom, exponent } of term.powers) {
        if (atom.kind === "entry" && atom.block === t) degree = exponent;
        else if (atom.kind !== "entry" && mentions(atom, t)) return undefined;
      }
      if (degree < 0) return undefined;
      const rest = term.powers.filter(({ atom }) => atom.kind !== "entry" || atom.block !== t);
      while (powers.length <= degree) powers.push([]);
      powers[degree].push({ ...term, powers: rest });
    }
    found.push(powers.map((p) => ({ terms: p })));
  }
  return found;
}

function mentions(atom: Term["powers"][number]["atom"], block: InputBlock): boolean {
  if (atom.kind === "entry") return atom.block === block;
  const parts = atom.kind === "group" ? [atom.of] : atom.args;
  return parts.some(({ terms }) => terms.some(({ powers }) => powers.some((q) => mentions(q.atom, block))));
}
