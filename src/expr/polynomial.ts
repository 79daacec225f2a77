/**
 * Polynomials in normal form, for formulas as a person would write them: sums of monomials with exact rational coefficients over
 * atoms. Atoms are entries of input blocks, function values such as exp(2x), and groups, which are sums kept together as in (1 + x)^2 or
 * 1 / (1 + x). Exponents are integers other than 0. Terms are in graded lexicographic order, highest degree first; equal
 * polynomials have equal keys.
 */
import type { InputBlock } from "./node.js";
import { add, gcd, inverse, isZero, negated, one, power, type Rational, ratio, times } from "./polynomialNumber.js";

export type Atom =
  | { readonly kind: "entry"; readonly key: string; readonly block: InputBlock; readonly index: number }
  | { readonly kind: "call"; readonly key: string; readonly op: string; readonly args: readonly Polynomial[] }
  | { readonly kind: "group"; readonly key: string; readonly of: Polynomial };

export interface Power {
  readonly atom: Atom;
  readonly exponent: number;
}

export interface Term {
  readonly key: string;
  readonly coefficient: Rational;
  /** By the order of their atoms. */
  readonly powers: readonly Power[];
}

export interface Polynomial {
  readonly terms: readonly Term[];
}

/** Products with more terms are not multiplied out. */
export const MOST_TERMS = 2000;

export const nothing: Polynomial = { terms: [] };

export function constantPolynomial(value: Rational): Polynomial {
  return isZero(value) ? nothing : { terms: [termOf(value, [])] };
}

const blockIds = new WeakMap<InputBlock, number>();
let blocks = 0;

export function entry(block: InputBlock, index: number): Polynomial {
  let id = blockIds.get(block);
  if (id === undefined) {
    id = blocks++;
    blockIds.set(block, id);
  }
  return atomPolynomial({ kind: "entry", key: `${block.name}#${id}[${String(index).padStart(7, "0")}]`, block, index });
}

export function call(op: string, args: readonly Polynomial[]): Polynomial {
  return atomPolynomial({ kind: "call", key: `${op}(${args.map(keyOf).join(", ")})`, op, args });
}

export function keyOf(p: Polynomial): string {
  return p.terms.map((t) => `${t.coefficient.n}/${t.coefficient.d}*${t.key}`).join("+");
}

/** The value of a polynomial without atoms. */
export function constantOf(p: Polynomial): Rational | undefined {
  if (p.terms.length === 0) return { n: 0n, d: 1n };
  return p.terms.length === 1 && p.terms[0].powers.length === 0 ? p.terms[0].coefficient : undefined;
}

export function plus(a: Polynomial, b: Polynomial): Polynomial {
  return sumOf([a, b]);
}

export function sumOf(parts: readonly Polynomial[]): Polynomial {
  const terms = new Map<string, Term>();
  for (const p of parts) for (const t of p.terms) collect(terms, t);
  return sorted(terms);
}

export function scaled(p: Polynomial, by: Rational): Polynomial {
  if (isZero(by)) return nothing;
  return { terms: p.terms.map((t) => ({ ...t, coefficient: times(t.coefficient, by) })) };
}

/** Multiplied out; undefined where that makes too many terms. */
export function product(a: Polynomial, b: Polynomial): Polynomial | undefined {
  if (a.terms.length * b.terms.length > MOST_TERMS) return undefined;
  const terms = new Map<string, Term>();
  for (const s of a.terms) for (const t of b.terms) collect(terms, multiplied(s, t));
  return sorted(terms);
}

/** p to an integer power; powers of sums stay together where they are negative or `expand` is false. */
export function raised(p: Polynomial, exponent: number, expand: boolean): Polynomial | undefined {
  if (exponent === 0) return constantPolynomial(one);
  if (p.terms.length === 0) return exponent > 0 ? nothing : undefined;
  if (p.terms.length === 1) {
    const [t] = p.terms;
    const powers = t.powers.map((q) => ({ atom: q.atom, exponent: q.exponent * exponent }));
    return { terms: [termOf(power(t.coefficient, exponent), powers)] };
  }
  if (exponent === 1) return p;
  if (exponent < 0 || !expand) {
    const { content, primitive } = splitContent(p);
    return { terms: [termOf(power(content, exponent), [{ atom: groupAtom(primitive), exponent }])] };
  }
  let result: Polynomial | undefined = constantPolynomial(one);
  for (let k = 0; k < exponent && result !== undefined; k++) result = product(result, p);
  return result;
}

/** The sum as one factor: content times group. */
export function grouped(p: Polynomial): Polynomial {
  if (p.terms.length <= 1) return p;
  const { content, primitive } = splitContent(p);
  return { terms: [termOf(content, [{ atom: groupAtom(primitive), exponent: 1 }])] };
}

/**
 * p = content * primitive, where the primitive part has coprime integer coefficients, the first of them positive; where that one is
 * large and a decimal's denominator, the first is 1 (x - 0.1 in place of 10x - 1).
 */
function splitContent(p: Polynomial): { content: Rational; primitive: Polynomial } {
  let [n, d] = [0n, 1n];
  for (const { coefficient: c } of p.terms) {
    n = gcd(n, c.n);
    d = (d * c.d) / gcd(d, c.d);
  }
  const size = ratio(n, d);
  const lead = times(p.terms[0].coefficient, inverse(size));
  const first = lead.n < 0n ? -lead.n : lead.n;
  const shown = first > 5n && 10_000n % first === 0n ? times(size, { n: first, d: 1n }) : size;
  const content = lead.n < 0n ? negated(shown) : shown;
  return { content, primitive: scaled(p, inverse(content)) };
}

function groupAtom(of: Polynomial): Atom {
  return { kind: "group", key: `(${keyOf(of)})`, of };
}

function atomPolynomial(atom: Atom): Polynomial {
  return { terms: [termOf(one, [{ atom, exponent: 1 }])] };
}

function termOf(coefficient: Rational, powers: readonly Power[]): Term {
  return { key: powers.map((q) => `${q.atom.key}^${q.exponent}`).join("*"), coefficient, powers };
}

function collect(terms: Map<string, Term>, t: Term): void {
  const before = terms.get(t.key);
  if (before === undefined) terms.set(t.key, t);
  else terms.set(t.key, { ...t, coefficient: add(before.coefficient, t.coefficient) });
}

function multiplied(s: Term, t: Term): Term {
  const powers: Power[] = [];
  let [i, j] = [0, 0];
  while (i < s.powers.length || j < t.powers.length) {
    const [p, q] = [s.powers[i], t.powers[j]];
    const order = p === undefined ? 1 : q === undefined ? -1 : compareAtoms(p.atom, q.atom);
    if (order === 0) {
      const exponent = p.exponent + q.exponent;
      if (exponent !== 0) powers.push({ atom: p.atom, exponent });
    } else powers.push(order < 0 ? p : q);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return termOf(times(s.coefficient, t.coefficient), powers);
}

const rank = { entry: 0, group: 1, call: 2 } as const;

function compareAtoms(a: Atom, b: Atom): number {
  return rank[a.kind] - rank[b.kind] || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/** Degree of a monomial, where function values count 1. */
export function degreeOf(t: Term): number {
  return t.powers.reduce((sum, q) => sum + q.exponent * (q.atom.kind === "group" ? groupDegree(q.atom.of) : 1), 0);
}

function groupDegree(p: Polynomial): number {
  return Math.max(...p.terms.map(degreeOf));
}

function sorted(terms: ReadonlyMap<string, Term>): Polynomial {
  return { terms: [...terms.values()].filter((t) => !isZero(t.coefficient)).sort(compareTerms) };
}

function compareTerms(s: Term, t: Term): number {
  const degrees = degreeOf(t) - degreeOf(s);
  if (degrees !== 0) return degrees;
  for (let k = 0; k < Math.min(s.powers.length, t.powers.length); k++) {
    const atoms = compareAtoms(s.powers[k].atom, t.powers[k].atom);
    if (atoms !== 0) return atoms;
    const exponents = t.powers[k].exponent - s.powers[k].exponent;
    if (exponents !== 0) return exponents;
  }
  return s.powers.length - t.powers.length;
}
