/**
 * Lower solutions as formulas. Where a part of the lower level is an equality-constrained quadratic program with a unique
 * solution (quadraticPart.ts), that solution is
 *
 *   [ H  A' ] [ v ]   [ -s(x) ]
 *   [ A  0  ] [ z ] = [ -r(x) ]        (Nocedal and Wright, Numerical Optimization, 2nd ed., equation 16.4)
 *
 * an expression in x: a quotient where H is diagonal, a fixed matrix times the right-hand side where H is constant, `solve` else.
 * Small systems with constant H are solved in rational numbers, so that formulas have the coefficients a person would find.
 */
import { type Node, sizeOf } from "../expr/node.js";
import { constantPolynomial, type Polynomial, scaled, sumOf } from "../expr/polynomial.js";
import { simplestOf, toNode } from "../expr/polynomialNode.js";
import { negated, one, type Rational, rationalOf } from "../expr/polynomialNumber.js";
import { polynomialsOf } from "../expr/polynomialOf.js";
import { exactly } from "../expr/polynomialText.js";
import type { Problem } from "../model/problem.js";
import { eliminateInto } from "../ops/solve.js";
import { type NarrowedX, narrowedX } from "./narrowedX.js";
import { type Part, partsOf } from "./parts.js";
import { isHeld, type QuadraticPart, quadraticPart } from "./quadraticPart.js";
import { type Boxes, domainBoxes, rangesOver } from "./ranges.js";
import { rationalInverse } from "./rationalInverse.js";
import { rebuilt } from "./rebuild.js";

export interface LowerFormula {
  readonly part: Part;
  /** [k]: the entries of the part, a function of x. */
  readonly solution: Node;
  /** [rows]: multipliers of the part's constraints. */
  readonly multipliers: Node | undefined;
  /** Entries of the solution for people, where they are short. */
  readonly polynomials: readonly Polynomial[] | undefined;
  readonly form: "quotient" | "matrix" | "system";
  readonly quadratic: QuadraticPart;
  /** [r]: how far the solution is beyond the part's bounds and inequalities, a function of x that is nowhere positive. */
  readonly margins?: Node | undefined;
  /** Domains of x, narrower than those written, that the formula holds over: all constraints together imply them. */
  readonly within?: NarrowedX["domains"];
}

/** Systems up to this size are solved in rational numbers. */
const SMALL = 8;
/** Most monomials of all entries of a solution that is worked out. */
const MOST_TERMS = 40;

type Found = LowerFormula | string;

const known = new WeakMap<Problem, Map<Part, Found>>();

/** The formula of a part for all x of the domain, or a sentence that says why there is none. */
export function partFormula(problem: Problem, part: Part): Found {
  let formulas = known.get(problem);
  if (formulas === undefined) {
    formulas = new Map();
    known.set(problem, formulas);
  }
  let found = formulas.get(part);
  if (found === undefined) {
    found = formulaOver(problem, part, domainBoxes(problem));
    formulas.set(part, found);
  }
  return found;
}

/** The same for the x within the bounds that all constraints imply, where they are narrower than the domain. */
export function formulaWithin(problem: Problem, part: Part): Found {
  const plain = partFormula(problem, part);
  const narrowed = typeof plain === "string" ? narrowedX(problem) : undefined;
  if (narrowed === undefined) return plain;
  const found = formulaOver(problem, part, new Map([[problem.x, narrowed.box]]));
  return typeof found === "string" ? plain : { ...found, within: narrowed.domains };
}

/**
 * By the part's quadratic program; where it has bounds or inequalities, without them, with the proof that its solution keeps them for all
 * x of the boxes: a convex program's solution that keeps more constraints is the solution under these, too, with multipliers 0.
 */
function formulaOver(problem: Problem, part: Part, boxes: Boxes): Found {
  if (!isHeld(part)) {
    const quadratic = quadraticPart(problem, part, boxes);
    return typeof quadratic === "string" ? quadratic : solved(problem, part, quadratic);
  }
  const relaxed = quadraticPart(problem, part, boxes, "boxes");
  // the plain program's sentence says what is in the way
  if (typeof relaxed === "string") return quadraticPart(problem, part, boxes) as string;
  const formula = solved(problem, part, relaxed);
  const margins = marginsOf(problem, formula);
  const [{ hi, flags }] = rangesOver([margins], boxes);
  return hi.every((h, i) => h <= 0 && flags[i] === 0)
    ? { ...formula, margins }
    : (quadraticPart(problem, part, boxes) as string);
}

/** l - y*(x), y*(x) - u for finite bounds, and the inequalities' bodies at y*(x). */
function marginsOf(problem: Problem, { part, solution }: LowerFormula): Node {
  const { builder: b, y } = problem;
  const sides: Node[] = [];
  part.entries.forEach((k, i) => {
    const v = part.variables.find(({ offset, size }) => k >= offset && k < offset + size)!;
    if (v.domain.kind !== "box") return;
    const value = b.take(solution, 0, b.graph.range(i, 1));
    const [low, high] = [v.domain.lower[k - v.offset], v.domain.upper[k - v.offset]];
    if (Number.isFinite(low)) sides.push(b.sub(b.filled([1], low), value));
    if (Number.isFinite(high)) sides.push(b.sub(value, b.filled([1], high)));
  });
  const whole = b.put(solution, 0, b.graph.positions(part.entries), y.size);
  const rows = part.constraints.filter((c) => c.kind === "le").map((c) => b.reshape(c.body, [c.rows]));
  const bodies = rebuilt(b, rows, new Map([[y, whole]]));
  return simplified(problem, b.concat([...sides, ...bodies, b.filled([1], -1)], 0));
}

/** Short polynomials multiplied out: their terms do not hide that they cancel. */
function simplified(problem: Problem, node: Node): Node {
  const { builder: b } = problem;
  if (node.shape.length > 1 || sizeOf(node.shape) > 4 * SMALL) return node;
  const found = simplestOf(node);
  if (found === undefined || termsOf(found) > MOST_TERMS) return node;
  return b.concat(
    found.map((p) => b.reshape(toNode(b, p), [1])),
    0,
  );
}

export interface WholeFormula {
  readonly parts: readonly LowerFormula[];
  /** [m]: all of y. */
  readonly solution: Node;
  /** Of all parts, where some have bounds or inequalities. */
  readonly margins: Node | undefined;
}

/** The whole lower solution as a formula, or why there is none. */
export function lowerFormula(problem: Problem): WholeFormula | string {
  return wholeFormula(problem, (part) => partFormula(problem, part));
}

/**
 * The same where bounds are left out of account, and no unique solution is proved: it holds where the solution lies inside of
 * its bounds and the lower Hessian is positive definite.
 */
export function formulaInside(problem: Problem): WholeFormula | string {
  return wholeFormula(problem, (part) => {
    const quadratic = quadraticPart(problem, part, domainBoxes(problem), "inside");
    return typeof quadratic === "string" ? quadratic : solved(problem, part, quadratic);
  });
}

function wholeFormula(problem: Problem, formulaOf: (part: Part) => Found): WholeFormula | string {
  const { builder: b, y, independentFollowers } = problem;
  if (!independentFollowers) return "The followers depend on each other.";
  if (y.size === 0) return "There are no lower variables.";
  const loose = problem.lowers
    .flatMap((l) => l.constraints)
    .find((c) => !partsOf(problem).parts.some((p) => p.constraints.includes(c)));
  if (loose !== undefined) return `${loose.name} is a lower constraint on x alone.`;
  const parts: LowerFormula[] = [];
  for (const part of partsOf(problem).parts) {
    const found = formulaOf(part);
    if (typeof found === "string") return found;
    parts.push(found);
  }
  const solution = parts.map((p) => b.put(p.solution, 0, b.graph.positions(p.part.entries), y.size));
  const margins = parts.flatMap((p) => p.margins ?? []);
  return {
    parts,
    solution: solution.reduce((p, q) => b.add(p, q)),
    margins: margins.length === 0 ? undefined : b.concat(margins, 0),
  };
}

function solved(problem: Problem, part: Part, quadratic: QuadraticPart): LowerFormula {
  const { builder: b } = problem;
  const { k, rows, H, slope, residual, constant, diagonal } = quadratic;
  const rest = { part, quadratic } as const;
  const worked = constant === undefined ? undefined : workedOut(quadratic, constant);
  if (worked !== undefined) {
    const nodes = b.concat(
      worked.map((p) => b.reshape(toNode(b, p), [1])),
      0,
    );
    return {
      ...rest,
      solution: b.take(nodes, 0, b.graph.range(0, k)),
      multipliers: rows === 0 ? undefined : b.take(nodes, 0, b.graph.range(k, rows)),
      polynomials: worked.slice(0, k),
      form: "matrix",
    };
  }
  if (diagonal && rows === 0) {
    const steps = b.graph.range(0, k * k === 1 ? 1 : k, k + 1);
    const solution = b.div(b.neg(slope), b.take(b.reshape(H, [k * k]), 0, steps));
    return { ...rest, solution, multipliers: undefined, polynomials: short(solution), form: "quotient" };
  }
  const right = residual === undefined ? b.neg(slope) : b.concat([b.neg(slope), b.neg(residual)], 0);
  const both =
    constant === undefined
      ? b.solve(systemNode(problem, quadratic), right)
      : b.matvec(b.tensor({ shape: [k + rows, k + rows], values: inverseOf(quadratic, constant) }), right);
  return {
    ...rest,
    solution: b.take(both, 0, b.graph.range(0, k)),
    multipliers: rows === 0 ? undefined : b.take(both, 0, b.graph.range(k, rows)),
    polynomials: constant === undefined ? undefined : short(b.take(both, 0, b.graph.range(0, k))),
    form: constant === undefined ? "system" : "matrix",
  };
}

function short(solution: Node): readonly Polynomial[] | undefined {
  if (solution.shape[0] > 4 * SMALL) return undefined;
  const found = simplestOf(solution);
  return found !== undefined && termsOf(found) <= MOST_TERMS ? found : undefined;
}

function termsOf(entries: readonly Polynomial[]): number {
  return entries.reduce((sum, p) => sum + p.terms.length, 0);
}

/** Solution and multipliers as polynomials with exact coefficients; undefined where they would be long. */
function workedOut(quadratic: QuadraticPart, constant: Float64Array): readonly Polynomial[] | undefined {
  const { k, rows, slope, residual } = quadratic;
  const size = k + rows;
  if (size > SMALL) return undefined;
  const right = [slope, residual].flatMap((node) => (node === undefined ? [] : [polynomialsOf(node)]));
  if (right.includes(undefined)) return undefined;
  const negative = right.flatMap((entries) => entries!.map((p) => scaled(p, negated(one))));
  if (termsOf(negative) > MOST_TERMS) return undefined;
  const values = systemOf(quadratic, constant);
  const K: Rational[] = [];
  for (const value of values) {
    const coefficient = rationalOf(value);
    if (coefficient === undefined || !exactly(constantPolynomial(coefficient))) return undefined;
    K.push(coefficient);
  }
  const inverse = rationalInverse(K, size);
  if (inverse === undefined) return undefined;
  const out = Array.from({ length: size }, (_, i) => sumOf(negative.map((p, j) => scaled(p, inverse[i * size + j]))));
  return termsOf(out) <= MOST_TERMS ? out : undefined;
}

/** [H A'; A 0] in numbers. */
function systemOf({ k, rows, A }: QuadraticPart, H: Float64Array): Float64Array {
  const size = k + rows;
  const K = new Float64Array(size * size);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) K[i * size + j] = H[i * k + j];
    for (let r = 0; r < rows; r++) {
      K[i * size + k + r] = A[r * k + i];
      K[(k + r) * size + i] = A[r * k + i];
    }
  }
  return K;
}

/** The same as an expression in x. */
function systemNode(problem: Problem, { k, rows, A, H }: QuadraticPart): Node {
  const { builder: b } = problem;
  if (rows === 0) return H;
  const below = b.tensor({ shape: [rows, k], values: A });
  const top = b.concat([H, b.transpose(below)], 1);
  return b.concat([top, b.concat([below, b.zeros([rows, rows])], 1)], 0);
}

function inverseOf(quadratic: QuadraticPart, H: Float64Array): Float64Array {
  const size = quadratic.k + quadratic.rows;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) out[i * size + i] = 1;
  eliminateInto(out, systemOf(quadratic, H), size, size);
  return out;
}
