/**
 * Strong convexity: f - mu/2 |y|² is convex for every x of the bounds. Terms that are convex by rule may be left out, so that
 *   matrix      mu is the smallest eigenvalue of the quadratic terms together,
 *   squares     mu is the least weight that terms c |y_part - a|² (or, with the smallest eigenvalue of T, c u'Tu) put on some entry of y
 *               (any number of variables),
 *   Hessian     mu is a bound of the smallest eigenvalue of the Hessian over the bounds,
 * each a proof of its own; the largest counts.
 */
import type { Derivation } from "../base/derivation.js";
import type { InputBlock, Node } from "../expr/node.js";
import { sizeOf } from "../expr/node.js";
import { addDown, down } from "../num/interval.js";
import { evaluate } from "../ops/evaluate.js";
import type { Analysis } from "./analysis.js";
import { leastEigenvalue } from "./definite.js";
import { digits } from "./derive.js";
import { extremes, matrixForm } from "./forms/matrix.js";
import { type SecondDerivatives, secondDerivatives } from "./hessian.js";
import { sides } from "./kinds.js";
import { signed } from "./splitting.js";
import { additiveTerms, type Term } from "./terms.js";
import type { StrongConvexity } from "./verdict.js";

interface Found {
  readonly mu: number;
  readonly rule: string;
  /** Positive at each point, though with no positive bound. */
  readonly pointwise?: boolean;
}

/** `block` is the own block, `mask` the own entries (all of them: undefined); `hessian`, if smooth, the whole function's. */
export function strongConvexity(
  a: Analysis,
  root: Node,
  block: InputBlock,
  mask: Uint8Array | undefined,
  hessian: SecondDerivatives | undefined,
): StrongConvexity | undefined {
  const own = mask ? mask.reduce((n, v) => n + v, 0) : block.size;
  if (own === 0) return undefined;
  const terms = additiveTerms(a, root);
  const found = [byMatrix(a, terms, own), bySquares(a, terms, block, mask)];
  if (hessian?.size === own) {
    found.push({
      mu: leastEigenvalue(hessian.lo, hessian.hi, own),
      rule: "smallest eigenvalue of the Hessian over the bounds",
    });
  }
  const best = found.reduce((top, f) => (f && (!top || f.mu > top.mu) ? f : top), undefined);
  if (best && best.mu > 0 && Number.isFinite(best.mu)) return strong(best.mu, best.rule, root);
  const pointwise = found.find((f) => f?.pointwise);
  return pointwise
    ? strong(undefined, `${pointwise.rule}; the weight is positive, but no positive number bounds it from below`, root)
    : undefined;
}

function strong(mu: number | undefined, rule: string, root: Node): StrongConvexity {
  const statement = mu === undefined ? "strongly convex for each x" : `strongly convex with mu = ${digits(mu)}`;
  const derivation: Derivation = { statement, rule, premises: [], ...(root.origin ? { span: root.origin } : {}) };
  return { mu, derivation };
}

/** The quadratic terms together; all others convex by rule. */
function byMatrix(a: Analysis, terms: readonly Term[], own: number): Found | undefined {
  const quadratic = terms.filter((t) => a.degreeOf(t.source) <= 2);
  const rest = terms.filter((t) => a.degreeOf(t.source) > 2);
  if (quadratic.length === 0 || !rest.every((t) => sides(signed(a, t)).convex)) return undefined;
  const H = secondDerivatives(a.builder, a.fine, a.builder.addAll(quadratic.map((t) => t.node)), a.selection);
  if (H?.size !== own) return undefined;
  return { mu: leastEigenvalue(H.lo, H.hi, own), rule: "smallest eigenvalue of the quadratic terms' matrix" };
}

/** Squares of single entries; all other terms convex by rule. */
function bySquares(
  a: Analysis,
  terms: readonly Term[],
  block: InputBlock,
  mask: Uint8Array | undefined,
): Found | undefined {
  const weights = new Float64Array(block.size);
  const positive = new Uint8Array(block.size);
  for (const t of terms) {
    const square = t.sign > 0 ? weighted(a, t) : undefined;
    if (square) {
      for (const k of square.entries) {
        weights[k] = addDown(weights[k], square.weight);
        if (square.positive) positive[k] = 1;
      }
    } else if (!sides(signed(a, t)).convex) return undefined;
  }
  let mu = Number.POSITIVE_INFINITY;
  let pointwise = true;
  for (let k = 0; k < block.size; k++) {
    if (mask && mask[k] === 0) continue;
    mu = Math.min(mu, weights[k]);
    if (positive[k] === 0 && !(weights[k] > 0)) pointwise = false;
  }
  return { mu, rule: "squares of all variables, with weights", pointwise };
}

/**
 * A term w square(u), w times sum(square(u)), w · square(u) or w u' T u, u = s y_part + a: entries and the least weight 2 w s² on each. The factors of the
 * term are what its closing multiplied by: read off its second derivative along one entry, a bound of which is taken.
 */
function weighted(
  a: Analysis,
  t: Term,
): { readonly entries: Float64Array; readonly weight: number; readonly positive: boolean } | undefined {
  let node = t.source;
  while (node.op === "reshape" || node.op === "sum") node = node.args[0];
  const form = node.op === "square" ? undefined : matrixForm(a, node);
  if (node.op !== "square" && form === undefined) return undefined;
  const inner = positionsOf(a, form?.u ?? node.args[0]);
  if (!inner) return undefined;
  const factor = factorOf(a, t.node, node);
  if (!factor) return undefined;
  const least = form === undefined ? 1 : extremes(form.matrix).convex;
  if (!(least >= 0)) return undefined;
  return {
    entries: inner.entries,
    weight: down(down(2 * factor.lo) * down(down(inner.scale * inner.scale) * least)),
    positive: factor.positive && least > 0,
  };
}

/** The product of the factors between a term and the square in it. */
function factorOf(
  a: Analysis,
  term: Node,
  square: Node,
): { readonly lo: number; readonly positive: boolean } | undefined {
  let lo = 1;
  let sure = true;
  let node = term;
  while (node !== square) {
    if (node.op === "sum" || node.op === "reshape") node = node.args[0];
    else if (node.op === "mul" || node.op === "div" || node.op === "contract") {
      const k = node.args.findIndex((f) => a.varies(f) && (node.op !== "div" || f === node.args[0]));
      const other = node.args[1 - k];
      if (k < 0 || a.varies(other)) return undefined;
      const bounds = a.bounds(other);
      if (!(bounds.lo >= 0)) return undefined;
      lo = down(node.op !== "div" ? lo * bounds.lo : bounds.hi === Number.POSITIVE_INFINITY ? 0 : lo / bounds.hi);
      sure &&= bounds.lo > 0 || surelyPositive(other);
      node = node.args[k];
    } else return undefined;
  }
  return { lo: Math.max(0, lo), positive: sure };
}

/** Positive at each point although bounds may come down to 0. */
function surelyPositive(node: Node): boolean {
  if (node.op === "exp" || node.op === "softplus" || node.op === "sigmoid" || node.op === "cosh") return true;
  if (node.op === "constant") return node.attributes.value! > 0;
  if (node.op === "mul" || node.op === "add") return node.args.every(surelyPositive);
  return ["broadcast", "reshape", "take", "sum", "sqrt", "transpose"].includes(node.op) && surelyPositive(node.args[0]);
}

/** u = s y_part + a: which entries of y stand in u, each at most once, and a bound of |s| from below. */
function positionsOf(a: Analysis, u: Node): { readonly entries: Float64Array; readonly scale: number } | undefined {
  const moves: Node[] = [];
  let scale = 1;
  let node = u;
  while (node.op !== "input") {
    const k = node.args.findIndex((n) => a.varies(n));
    const others = node.args.filter((_, i) => i !== k);
    if (k < 0 || others.some((n) => a.varies(n))) return undefined;
    if (node.op === "mul") {
      const { lo, hi } = a.bounds(others[0]);
      if (lo < 0 && hi > 0) return undefined;
      scale = down(scale * Math.min(Math.abs(lo), Math.abs(hi)));
    } else if (["take", "reshape", "transpose"].includes(node.op)) moves.push(node);
    else if (!["neg", "add", "sub"].includes(node.op)) return undefined;
    // a scalar of y spread over a vector stands in several entries
    if (sizeOf(node.args[k].shape) < sizeOf(node.shape)) return undefined;
    node = node.args[k];
  }
  const size = node.shape[0];
  let entries = Float64Array.from({ length: size }, (_, i) => i);
  for (const move of moves.reverse()) {
    const stand = { name: "numbers", size: entries.length };
    const leaf: Node = {
      id: -1,
      op: "input",
      args: [],
      shape: move.args[0].shape,
      attributes: { input: stand },
      origin: undefined,
    };
    entries = evaluate([{ ...move, args: [leaf] }], new Map([[stand, entries]]))[0] as Float64Array<ArrayBuffer>;
  }
  return { entries, scale };
}
