/**
 * Sums that the composition rule does not decide term by term: the terms of degree at most 2 are one quadratic form, convex where
 * its matrix is positive semidefinite; the others keep their own kinds. y1² - 2 y1 y2 + 2 y2² + exp(y1) is decided so.
 */
import { type Node, sizeOf } from "../expr/node.js";
import type { Atom } from "../expr/polynomial.js";
import { polynomialOf } from "../expr/polynomialOf.js";
import type { Analysis, Verdicted } from "./analysis.js";
import { exactlySemidefinite, leastEigenvalue } from "./definite.js";
import { type SecondDerivatives, secondDerivatives } from "./hessian.js";
import { both, type Kind, negated, plus } from "./kinds.js";
import { convexPolynomial } from "./sumOfSquares.js";
import { additiveTerms, type Term } from "./terms.js";

/** Constraints with more rows are not split. */
const MOST_ROWS = 24;
/** Polynomials of higher degree, or with larger tensors, are not multiplied out. */
const MOST_DEGREE = 8;
const MOST_ENTRIES = 64;

export function bySplitting(a: Analysis, node: Node): Verdicted | undefined {
  if (node.shape.length === 0) return splitScalar(a, node);
  // rows of a vector, each a quadratic form
  const { builder: b } = a;
  const rows = sizeOf(node.shape);
  if (a.degreeOf(node) > 2 || rows > MOST_ROWS) return undefined;
  const flat = b.reshape(node, [rows]);
  let kind: Kind = "constant";
  let words = "";
  for (let r = 0; r < rows; r++) {
    const row = b.reshape(b.take(flat, 0, b.graph.range(r, 1)), []);
    const found = quadraticKind(a, row);
    kind = plus(kind, found.kind);
    words = found.words;
    if (kind === "unknown") return undefined;
  }
  return { kind, reason: { rule: words, premises: [] } };
}

function splitScalar(a: Analysis, node: Node): Verdicted | undefined {
  const terms = additiveTerms(a, node);
  const quadratic = terms.filter((t) => a.degreeOf(t.source) <= 2);
  const rest = terms.filter((t) => a.degreeOf(t.source) > 2);
  const open = (t: Term): boolean => a.kind(t.source) === "unknown" && t.source !== node;
  if (rest.some((t) => open(t) || t.source === node)) return polynomialKind(a, node, terms);
  if (quadratic.length === 0) return undefined;
  const others = rest.reduce<Kind>((kind, t) => plus(kind, signed(a, t)), "constant");
  if (others === "unknown") return undefined;
  const { builder: b } = a;
  const form = b.at(node.origin, () => b.addAll(quadratic.map((t) => t.node)));
  const found = quadraticKind(a, form);
  const kind = plus(found.kind, others);
  if (kind === "unknown") return undefined;
  return { kind, reason: { rule: found.words, premises: rest.map((t) => t.source) } };
}

/**
 * Where terms of higher degree have no kind of their own: all that are polynomials are one, which may be convex as a whole; the others
 * keep their kinds.
 */
function polynomialKind(a: Analysis, node: Node, terms: readonly Term[]): Verdicted | undefined {
  const together = terms.filter((t) => a.degreeOf(t.source) <= MOST_DEGREE);
  const rest = terms.filter((t) => a.degreeOf(t.source) > MOST_DEGREE);
  if (together.length === 0 || rest.some((t) => a.kind(t.source) === "unknown")) return undefined;
  const others = rest.reduce<Kind>((kind, t) => plus(kind, signed(a, t)), "constant");
  if (others === "unknown") return undefined;
  const { builder: b } = a;
  const sum = b.at(node.origin, () => b.addAll(together.map((t) => t.node)));
  const p = polynomialOf(sum, { entries: MOST_ENTRIES });
  if (p === undefined) return undefined;
  const moving = new Set(p.terms.flatMap((t) => t.powers.flatMap((q) => (selected(a, q.atom) ? [q.atom.key] : []))));
  const proved = (sign: 1 | -1): boolean => convexPolynomial(p, sign, (key) => moving.has(key));
  const kind = plus(both(proved(1), proved(-1)), others);
  const words = "polynomial whose second derivatives are sums of squares";
  return kind === "unknown" ? undefined : { kind, reason: { rule: words, premises: rest.map((t) => t.source) } };
}

function selected(a: Analysis, atom: Atom): boolean {
  if (atom.kind !== "entry") return false;
  const mask = a.selection.get(atom.block);
  return mask === true || mask?.[atom.index] === 1;
}

export function signed(a: Analysis, t: Term): Kind {
  const kind = a.kind(t.source);
  return t.sign > 0 ? kind : negated(kind);
}

/** The kind of a scalar of degree at most 2 by its matrix, with words on the proof. */
export function quadraticKind(a: Analysis, form: Node): { readonly kind: Kind; readonly words: string } {
  const H = secondDerivatives(a.builder, a.fine, form, a.selection);
  if (!H) return { kind: "unknown", words: "" };
  const convex = semidefinite(H, 1);
  const concave = semidefinite(H, -1);
  const kind = both(convex, concave);
  const words =
    kind === "affine"
      ? "second derivatives are 0"
      : kind === "convex"
        ? "quadratic form with positive semidefinite matrix"
        : "quadratic form with negative semidefinite matrix";
  return { kind, words };
}

/** Proved: sign times the matrix is positive semidefinite, whatever the fixed variables. */
export function semidefinite(H: SecondDerivatives, sign: 1 | -1): boolean {
  const [lo, hi] = sign > 0 ? [H.lo, H.hi] : [H.hi.map((v) => -v), H.lo.map((v) => -v)];
  if (leastEigenvalue(lo, hi, H.size) >= 0) return true;
  return H.exact && H.size <= 40 && exactlySemidefinite(lo, H.size);
}
