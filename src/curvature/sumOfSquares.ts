/**
 * Polynomials that are sums of squares, by their Gram matrix: p = m' G m with G positive semidefinite, m the monomials whose
 * squares stand in p (Parrilo, Semidefinite programming relaxations for semialgebraic problems, Mathematical Programming 96, 2003, section
 * 3.2). A monomial that is a product of several pairs of m is shared equally among them, squares first among themselves: one or two fixed
 * choices of G instead of a search, and exact arithmetic instead of a solver. And convexity of polynomials that are written out: the form
 * v' H(x) v is a sum of squares in x and v (Helton and Nie 2010), as for s⁴ + 2 s² t² + t⁴.
 */
import type { Polynomial } from "../expr/polynomial.js";
import { add, gcd, isZero, type Rational, ratio, times } from "../expr/polynomialNumber.js";
import { exactlySemidefinite } from "./definite.js";

interface Monomial {
  readonly coefficient: Rational;
  readonly exponents: readonly number[];
}

/** Larger polynomials are left. */
const MOST_TERMS = 150;
const MOST_DEGREE = 8;

/** p >= 0 everywhere, proved; false says nothing. Only for polynomials in entries of variables. */
export function isSumOfSquares(p: Polynomial): boolean {
  const found = monomialsOf([p]);
  return found !== undefined && squares(found.terms[0]);
}

/** sign p is convex in the entries that `varies` names, proved. */
export function convexPolynomial(p: Polynomial, sign: 1 | -1, varies: (key: string) => boolean): boolean {
  const found = monomialsOf([p]);
  if (found === undefined) return false;
  const { keys, terms } = found;
  const moving = keys.flatMap((key, i) => (varies(key) ? [i] : []));
  const n = keys.length;
  const form = new Map<string, Monomial>();
  for (const { coefficient, exponents } of terms[0]) {
    for (const i of moving) {
      for (const j of moving) {
        const factor = i === j ? exponents[i] * (exponents[i] - 1) : exponents[i] * exponents[j];
        if (factor === 0) continue;
        const next = [...exponents, ...new Array<number>(n).fill(0)];
        next[i]--;
        next[j]--;
        next[n + i]++;
        next[n + j]++;
        const key = next.join();
        const share = times(coefficient, ratio(BigInt(sign * factor), 1n));
        const before = form.get(key)?.coefficient;
        form.set(key, { coefficient: before === undefined ? share : add(before, share), exponents: next });
      }
    }
  }
  const rest = [...form.values()].filter((m) => !isZero(m.coefficient));
  return rest.length <= 4 * MOST_TERMS && squares(rest);
}

function monomialsOf(
  polynomials: readonly Polynomial[],
): { readonly keys: readonly string[]; readonly terms: readonly (readonly Monomial[])[] } | undefined {
  const index = new Map<string, number>();
  for (const { terms } of polynomials) {
    if (terms.length > MOST_TERMS) return undefined;
    for (const { powers } of terms) {
      if (powers.some((q) => q.atom.kind !== "entry" || q.exponent < 0)) return undefined;
      if (powers.reduce((sum, q) => sum + q.exponent, 0) > MOST_DEGREE) return undefined;
      for (const { atom } of powers) if (!index.has(atom.key)) index.set(atom.key, index.size);
    }
  }
  const terms = polynomials.map((p) =>
    p.terms.map(({ coefficient, powers }) => {
      const exponents = new Array<number>(index.size).fill(0);
      for (const { atom, exponent } of powers) exponents[index.get(atom.key)!] = exponent;
      return { coefficient, exponents };
    }),
  );
  return { keys: [...index.keys()], terms };
}

function squares(terms: readonly Monomial[]): boolean {
  if (terms.length === 0) return true;
  const even = terms.filter((t) => t.coefficient.n > 0n && t.exponents.every((e) => e % 2 === 0));
  const basis = even.map((t) => t.exponents.map((e) => e / 2));
  if (basis.length > MOST_TERMS) return false;
  const pairs = new Map<string, (readonly [number, number])[]>();
  basis.forEach((p, i) => {
    for (let j = 0; j <= i; j++) {
      const key = p.map((e, k) => e + basis[j][k]).join();
      const known = pairs.get(key);
      if (known) known.push([i, j]);
      else pairs.set(key, [[i, j]]);
    }
  });
  return [true, false].some((diagonal) => gram(terms, basis.length, pairs, diagonal));
}

/** `diagonal`: squares of the basis count for themselves alone. */
function gram(
  terms: readonly Monomial[],
  size: number,
  pairs: ReadonlyMap<string, readonly (readonly [number, number])[]>,
  diagonal: boolean,
): boolean {
  const entries: { readonly i: number; readonly j: number; readonly value: Rational }[] = [];
  for (const { coefficient, exponents } of terms) {
    let shares = pairs.get(exponents.join()) ?? [];
    const own = shares.filter(([i, j]) => i === j);
    if (diagonal && own.length > 0) shares = own;
    if (shares.length === 0) return false;
    // two mirror entries of a pair off the diagonal
    const count = shares.reduce((sum, [i, j]) => sum + (i === j ? 1 : 2), 0);
    for (const [i, j] of shares) entries.push({ i, j, value: times(coefficient, ratio(1n, BigInt(count))) });
  }
  const whole = entries.reduce((d, { value }) => (d * value.d) / gcd(d, value.d), 1n);
  const G = new Float64Array(size * size);
  for (const { i, j, value } of entries) {
    const scaled = Number((value.n * whole) / value.d);
    if (!Number.isSafeInteger(scaled)) return false;
    G[i * size + j] = scaled;
    G[j * size + i] = scaled;
  }
  return exactlySemidefinite(G, size);
}
