/**
 * Polynomials as formulas: in the notation of the language (2x^2 - 28x - 2, x/2, (x[1] - 1)^2) and in TeX. Coefficients that need more
 * than `digits` significant digits are rounded to these; `exactly` says whether any is.
 */
import type { InputBlock } from "./node.js";
import type { Atom, Polynomial, Power, Term } from "./polynomial.js";
import { type Rational, ratio, toNumber } from "./polynomialNumber.js";

export interface EntryName {
  readonly text: string;
  readonly tex: string;
}

/** What the entry of an input block is called. */
export type EntryNames = (block: InputBlock, index: number) => EntryName;

/** The block's own name with a subscript from 1 where there are several entries. */
export const plainNames: EntryNames = ({ name, size }, index) =>
  size === 1 ? { text: name, tex: name } : { text: `${name}[${index + 1}]`, tex: `${name}_{${index + 1}}` };

/** Significant digits of numbers that a formula shows. */
const DIGITS = 12;

/** How a notation writes the parts of a formula. */
interface Notation {
  readonly entry: (name: EntryName) => string;
  readonly call: (op: string, args: readonly string[]) => string;
  readonly brackets: (inner: string) => string;
  readonly power: (base: string, exponent: number) => string;
  /** A number times factors. */
  readonly product: (number: string, factors: readonly string[]) => string;
  /** Fractions have a bar, which needs no brackets. */
  readonly bars: boolean;
  readonly quotient: (above: string, below: string, several: boolean) => string;
  readonly number: (digits: string) => string;
}

/** In the notation of the language. */
export function textOf(p: Polynomial, names: EntryNames = plainNames, digits = DIGITS): string {
  return write(p, names, text, digits);
}

/** For math mode. */
export function texOf(p: Polynomial, names: EntryNames = plainNames, digits = DIGITS): string {
  return write(p, names, tex, digits);
}

/** Whether no coefficient is rounded. */
export function exactly(p: Polynomial, digits = DIGITS): boolean {
  return p.terms.every(
    ({ coefficient: { n, d }, powers }) =>
      isShort(n, digits) &&
      isShort(d, digits) &&
      powers.every(({ atom }) =>
        atom.kind === "call"
          ? atom.args.every((a) => exactly(a, digits))
          : atom.kind === "group"
            ? exactly(atom.of, digits)
            : true,
      ),
  );
}

const isShort = (n: bigint, digits: number): boolean => String(n).replace(/^-|0+$/g, "").length <= digits;

const text: Notation = {
  entry: (name) => name.text,
  call: (op, args) => (op === "pow" ? `(${args[0]})^(${args[1]})` : `${op}(${args.join(", ")})`),
  brackets: (inner) => `(${inner})`,
  power: (base, exponent) => `${base}^${exponent}`,
  product: (number, factors) => {
    const joined = factors.join("*");
    if (number === "") return joined === "" ? "1" : joined;
    if (joined === "") return number;
    return number.includes("e") ? `${number}*${joined}` : `${number}${joined}`;
  },
  bars: false,
  quotient: (above, below, several) => `${above}/${several ? `(${below})` : below}`,
  number: (digits) => digits,
};

const texFunctions: ReadonlySet<string> = new Set("log sin cos tan sinh cosh tanh min max exp".split(" "));

const tex: Notation = {
  entry: (name) => name.tex,
  call: (op, args) => {
    if (op === "pow") return `\\left(${args[0]}\\right)^{${args[1]}}`;
    if (op === "sqrt") return `\\sqrt{${args[0]}}`;
    if (op === "abs") return `\\left|${args[0]}\\right|`;
    if (op === "exp") return `\\mathrm{e}^{${args[0]}}`;
    const name = texFunctions.has(op) ? `\\${op}` : `\\operatorname{${op}}`;
    return `${name}\\left(${args.join(", ")}\\right)`;
  },
  brackets: (inner) => `\\left(${inner}\\right)`,
  power: (base, exponent) => `${base.includes("^") ? `{${base}}` : base}^{${exponent}}`,
  product: (number, factors) => {
    const joined = factors.join(" ");
    if (number === "") return joined === "" ? "1" : joined;
    return joined === "" ? number : `${number} ${joined}`;
  },
  bars: true,
  quotient: (above, below) => `\\frac{${above}}{${below}}`,
  number: (digits) => {
    const [mantissa, exponent] = digits.split("e");
    return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
  },
};

function write(p: Polynomial, names: EntryNames, notation: Notation, digits: number): string {
  if (p.terms.length === 0) return "0";
  return p.terms
    .map((t, k) => {
      const negative = t.coefficient.n < 0n;
      const body = term(t, names, notation, digits);
      return k === 0 ? (negative ? `-${body}` : body) : ` ${negative ? "-" : "+"} ${body}`;
    })
    .join("");
}

/** Without its sign. */
function term({ coefficient, powers }: Term, names: EntryNames, notation: Notation, digits: number): string {
  const above = powers.filter((q) => q.exponent > 0);
  const below = powers.filter((q) => q.exponent < 0);
  const [top, bottom] = parts(coefficient, above.length > 0, digits);
  const fraction = bottom !== "1" || below.length > 0;
  const side = (number: string, factors: readonly Power[]): string => {
    const digitsShown = number === "1" && factors.length > 0 ? "" : notation.number(number);
    const [first] = factors;
    const alone = fraction && notation.bars && digitsShown === "" && factors.length === 1;
    if (alone && first.atom.kind === "group" && Math.abs(first.exponent) === 1)
      return write(first.atom.of, names, notation, digits);
    return notation.product(
      digitsShown,
      factors.map((q) => factor(q, names, notation, digits)),
    );
  };
  if (!fraction) return side(top, above);
  return notation.quotient(side(top, above), side(bottom, below), below.length + (bottom === "1" ? 0 : 1) > 1);
}

function factor({ atom, exponent }: Power, names: EntryNames, notation: Notation, digits: number): string {
  const size = Math.abs(exponent);
  const base = atomText(atom, names, notation, digits);
  return size === 1 ? base : notation.power(base, size);
}

function atomText(atom: Atom, names: EntryNames, notation: Notation, digits: number): string {
  switch (atom.kind) {
    case "entry":
      return notation.entry(names(atom.block, atom.index));
    case "call":
      return notation.call(
        atom.op,
        atom.args.map((a) => write(a, names, notation, digits)),
      );
    case "group":
      return notation.brackets(write(atom.of, names, notation, digits));
  }
}

/** Numerator and denominator of |c|: x/2 and 2x/3, but 0.75x and 0.1; the denominator is 1 for decimals. */
function parts(c: Rational, hasFactors: boolean, digits: number): [string, string] {
  const n = c.n < 0n ? -c.n : c.n;
  if (c.d === 1n) return [isShort(n, digits) && n < 10n ** 15n ? String(n) : rounded(ratio(n, 1n), digits), "1"];
  if (hasFactors && n === 1n && c.d < 10n && c.d !== 5n) return ["1", String(c.d)];
  if (terminates(c.d) || !isShort(n, 5) || !isShort(c.d, 5)) return [rounded(ratio(n, c.d), digits), "1"];
  return [String(n), String(c.d)];
}

function terminates(d: bigint): boolean {
  let rest = d;
  while (rest % 2n === 0n) rest /= 2n;
  while (rest % 5n === 0n) rest /= 5n;
  return rest === 1n;
}

function rounded(c: Rational, digits: number): string {
  return String(Number(toNumber(c).toPrecision(digits))).replace("e+", "e");
}
