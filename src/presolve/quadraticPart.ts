/**
 * A part of the lower level as a quadratic program in its variables v:
 *
 *   min over v of  v' H(x) v / 2 + s(x)' v      subject to   A v + r(x) = 0
 *
 * with the proof that its solution is unique for every x of the domain: H positive definite on the null space of A, and A of full
 * row rank. H + rho A'A positive definite for some rho proves the first (Debreu, Definite and semidefinite quadratic forms,
 * Econometrica 1952, Theorem 3), A A' positive definite the second. Where H depends on x, a constant matrix below H(x) for all x in
 * their boxes stands for it (midpoints of its entries' bounds, the diagonal lowered by the sum of the radii: Gershgorin).
 */
import { work } from "../constants/bounds.js";
import { gradient, hessian, jacobianRows } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { InputBlock, Node } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import { provedDefinite } from "../num/definite.js";
import { addDown, addUp, up } from "../num/interval.js";
import { evaluate } from "../ops/evaluate.js";
import { type Part, sumOfTerms } from "./parts.js";
import { type Boxes, rangesOver } from "./ranges.js";
import { rebuilt } from "./rebuild.js";

type Vector = Float64Array;

/** Variables and rows together beyond which no formula is made. */
export const MOST = 150;
/** Variables times entries of the objective's graph: beyond, the matrix takes longer to form and bound than an analysis may. */
export const MOST_WORK = 4e6;

export interface QuadraticPart {
  readonly k: number;
  readonly rows: number;
  /** [k, k], a function of x. */
  readonly H: Node;
  /** [k] */
  readonly slope: Node;
  /** rows x k, where there are rows. */
  readonly A: Vector;
  /** [rows] */
  readonly residual: Node | undefined;
  /** The values of H where it does not depend on x. */
  readonly constant: Vector | undefined;
  readonly diagonal: boolean;
}

/** The inequalities of a part: boxes of its variables and rows. */
export function isHeld(part: Part): boolean {
  return part.variables.some((v) => v.domain.kind !== "free") || part.constraints.some((c) => c.kind === "le");
}

/**
 * What to leave out of account: `boxes`: the part's boxes and inequalities; `inside`: all sets but simplices, and the proof of a unique
 * solution, too, for formulas that hold where the solution is inside and the Hessian positive definite.
 */
export type Relaxed = "boxes" | "inside";

/** The quadratic program, or a sentence that says what is in the way. `boxes`: the bounds of x over which the proof is to hold. */
export function quadraticPart(problem: Problem, part: Part, boxes: Boxes, relaxed?: Relaxed): QuadraticPart | string {
  const { builder: b, x, y } = problem;
  const k = part.entries.length;
  const words = part.variables.map((v) => v.name).join(", ");
  const constraints = relaxed ? part.constraints.filter((c) => c.kind === "eq") : part.constraints;
  const rows = constraints.reduce((sum, c) => sum + c.rows, 0);
  if (k + rows > MOST)
    return `${words}: ${k + rows} variables and rows are more than ${MOST}, the most that a formula is made for.`;
  const allowed: readonly string[] = relaxed === "inside" ? ["box", "ball"] : relaxed === "boxes" ? ["box"] : [];
  const held = part.variables.find((v) => v.domain.kind !== "free" && !allowed.includes(v.domain.kind));
  if (held !== undefined)
    return `${held.name} is not free: its domain is a ${held.domain.kind}${held.domain.kind === "box" ? ", whose bounds it may meet" : ""}.`;
  const inequality = constraints.find((c) => c.kind === "le");
  if (inequality !== undefined) return `${inequality.name} is an inequality.`;
  const objective = sumOfTerms(problem, part.terms);
  if (degreeIn(objective, y) > 2) return `The lower objective is not quadratic in ${words}.`;
  const curved = constraints.find((c) => degreeIn(c.body, y) > 1);
  if (curved !== undefined) return `${curved.name} is not affine in ${words}.`;

  if (k * work([objective]) > MOST_WORK)
    return `The Hessian in ${words} is a sum over so many data that an iterative solution is faster.`;

  const at = b.graph.positions(part.entries);
  const zero: ReadonlyMap<InputBlock, Node> = new Map([[y, b.zeros([y.size])]]);
  const atZero = (node: Node): Node => rebuilt(b, [node], zero)[0];
  const slope = b.take(atZero(gradient(b, objective, [y])[0]), 0, at);
  const H = b.take(b.take(atZero(hessian(b, objective, y)), 0, at), 1, at);
  const bodies = constraints.map((c) => b.reshape(c.body, [c.rows]));
  const all = bodies.length === 0 ? undefined : b.concat(bodies, 0);
  const slopes = all && b.take(atZero(jacobianRows(b, all, y)), 1, at);
  if (slopes !== undefined && dependsOn(slopes, x))
    return `The coefficients of ${words} in the constraints depend on x.`;
  const A = slopes === undefined ? new Float64Array(0) : evaluate([slopes])[0];

  const [bounds] = rangesOver([H], boxes);
  if (relaxed !== "inside" && bounds.flags.some((f) => f !== 0)) return "The lower Hessian is not defined for all x.";
  const constant = dependsOn(H, x) ? undefined : evaluate([H])[0];
  const below = lowered(constant === undefined ? bounds : { lo: constant, hi: constant }, k);
  if (rows > 0 && !fullRank(A, rows, k))
    return `The equality constraints on ${words} are dependent, or too nearly so to prove the contrary.`;
  // a single variable has a quotient for a formula, whatever the sign of what it is divided by
  const unproved = relaxed === "inside" && constant === undefined && k === 1;
  if (!unproved && !definite(below, A, k, rows)) return notUnique(words, constant, rows);
  const diagonal = bounds.lo.every((lo, i) => i % (k + 1) === 0 || (lo === 0 && bounds.hi[i] === 0));
  return { k, rows, H, slope, A, residual: all && atZero(all), constant, diagonal };
}

function notUnique(words: string, constant: Vector | undefined, rows: number): string {
  const where = rows > 0 ? " on the null space of the constraints" : "";
  return constant === undefined
    ? `The lower Hessian in ${words} depends on x and could not be proved positive definite${where} for every x.`
    : `The lower Hessian in ${words} is not positive definite${where}: the lower solution is not unique, or there is none.`;
}

/** A symmetric matrix whose quadratic form is below all those within the bounds. */
export function lowered({ lo, hi }: { readonly lo: Vector; readonly hi: Vector }, k: number): Vector {
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    let diagonal = lo[i * k + i];
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      // both halves of a symmetric matrix, should their bounds differ
      const low = Math.min(lo[i * k + j], lo[j * k + i]);
      const high = Math.max(hi[i * k + j], hi[j * k + i]);
      out[i * k + j] = low === high ? low : low / 2 + high / 2;
      if (low !== high)
        diagonal = addDown(diagonal, -up(Math.max(addUp(high, -out[i * k + j]), addUp(out[i * k + j], -low))));
    }
    out[i * k + i] = diagonal;
  }
  return out;
}

function fullRank(A: Vector, rows: number, k: number): boolean {
  const { product, error } = gram(A, rows, k, false);
  return provedDefinite(product, rows, error);
}

/** Tries penalties rho over a range that covers badly scaled rows. */
function definite(H: Vector, A: Vector, k: number, rows: number): boolean {
  if (H.some((v) => !Number.isFinite(v))) return false;
  if (rows === 0) return provedDefinite(H, k);
  const { product, error } = gram(A, rows, k, true);
  const size = (values: Vector): number => values.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  const unit = 2 ** Math.round(Math.log2((size(H) || 1) / (size(product) || 1)));
  for (const rho of [1, 16, 256, 4096, 65536, 2 ** 20].map((p) => p * unit)) {
    const sum = H.map((h, i) => h + rho * product[i]);
    const errors = error.map((e, i) => {
      let row = rho * e;
      for (let j = 0; j < k; j++) row = addUp(row, Math.abs(sum[i * k + j]) * 2 ** -52);
      return up(row);
    });
    if (provedDefinite(sum, k, errors)) return true;
  }
  return false;
}

/** A'A or AA', and for each row a bound on the sum of its rounding errors: gamma_n |A|'|A| (Higham, Accuracy and Stability, 3.5). */
function gram(A: Vector, rows: number, k: number, columns: boolean): { product: Vector; error: Vector } {
  const size = columns ? k : rows;
  const inner = columns ? rows : k;
  const entry = (i: number, p: number): number => (columns ? A[p * k + i] : A[i * k + p]);
  const product = new Float64Array(size * size);
  const error = new Float64Array(size);
  const gamma = (inner + 2) * 2 ** -52;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      let absolute = 0;
      for (let p = 0; p < inner; p++) {
        sum += entry(i, p) * entry(j, p);
        absolute += Math.abs(entry(i, p) * entry(j, p));
      }
      product[i * size + j] = sum;
      error[i] = addUp(error[i], up(gamma * absolute));
    }
  }
  return { product, error };
}
