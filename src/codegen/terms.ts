/**
 * Scalar expressions inside a kernel: a hash-consed graph of numbers, reads of memory or locals, and elementwise
 * operators. Making a term folds constants and drops neutral elements, so what is printed is already simplified.
 * A zero factor counts as "absent": 0 * x is 0 here even where x is not finite (a sparse derivative has such factors).
 */
import { literal } from "./literal.js";
import { type Rule, ruleOf } from "./rules.js";

export interface Term {
  readonly id: number;
  readonly kind: "number" | "read" | "apply";
  /** number: its value. */
  readonly value: number;
  /** read: its text. */
  readonly text: string;
  /** read: a name (free to repeat) rather than an array element. */
  readonly atom: boolean;
  readonly rule: Rule | undefined;
  readonly args: readonly Term[];
  /** Innermost loop it depends on; 0 outside of all loops. */
  readonly depth: number;
  /** Locals (loop-invariant integers, spilled scalars) that its text mentions. */
  readonly mentions: readonly string[];
}

const none: readonly never[] = [];

/** A universe of terms; `applications` counts the operators that survived folding. */
export class Terms {
  private readonly known = new Map<string, Term>();
  private count = 0;
  applications = 0;

  number(value: number): Term {
    const text = literal(value);
    return this.make(`n${text}`, "number", value, text, true, undefined, none, 0, none);
  }

  /** The element or local that `text` reads. The text must not change its value while the term is in use. */
  read(text: string, depth: number, atom = false, mentions: readonly string[] = none): Term {
    return this.make(`r${text}`, "read", 0, text, atom, undefined, none, depth, mentions);
  }

  apply(op: string, args: readonly Term[]): Term {
    const rule = ruleOf(op);
    if (!rule) throw new Error(`no scalar rule for operator ${op}`);
    if (args.every((a) => a.kind === "number")) return this.number(rule.apply(...args.map((a) => a.value)));
    const folded = this.fold(op, args);
    if (folded) return folded;
    let depth = 0;
    for (const a of args) depth = Math.max(depth, a.depth);
    const key = `${op}(${args.map((a) => a.id).join(",")})`;
    return this.make(key, "apply", 0, "", false, rule, args, depth, none);
  }

  add(a: Term, b: Term): Term {
    return this.apply("add", [a, b]);
  }

  mul(a: Term, b: Term): Term {
    return this.apply("mul", [a, b]);
  }

  /** Neutral and absorbing elements; undefined where nothing applies. */
  private fold(op: string, args: readonly Term[]): Term | undefined {
    const [a, b] = args;
    switch (op) {
      case "neg":
        return a.rule?.name === "neg" ? a.args[0] : undefined;
      case "square":
        return this.mul(a, a);
      case "add":
        if (is(a, 0)) return b;
        if (is(b, 0)) return a;
        if (b.rule?.name === "neg") return this.apply("sub", [a, b.args[0]]);
        if (a.rule?.name === "neg") return this.apply("sub", [b, a.args[0]]);
        return undefined;
      case "sub":
        if (is(b, 0)) return a;
        if (is(a, 0)) return this.apply("neg", [b]);
        if (b.rule?.name === "neg") return this.apply("add", [a, b.args[0]]);
        return undefined;
      case "mul":
        if (is(a, 0) || is(b, 1)) return a;
        if (is(b, 0) || is(a, 1)) return b;
        if (is(a, -1)) return this.apply("neg", [b]);
        if (is(b, -1)) return this.apply("neg", [a]);
        return undefined;
      case "div":
        return is(b, 1) || is(a, 0) ? a : undefined;
      case "pow":
        return this.power(a, b);
      case "select":
        return a.kind === "number" ? (a.value !== 0 ? args[1] : args[2]) : undefined;
      default:
        return undefined;
    }
  }

  private power(base: Term, exponent: Term): Term | undefined {
    if (is(exponent, 1)) return base;
    if (is(exponent, 2)) return this.mul(base, base);
    if (is(exponent, 3)) return this.mul(this.mul(base, base), base);
    if (is(exponent, 4)) return this.mul(this.mul(base, base), this.mul(base, base));
    if (is(exponent, -1)) return this.apply("div", [this.number(1), base]);
    return undefined;
  }

  /** All terms have the same fields in the same order: kernels of small problems are made of many thousands. */
  private make(
    key: string,
    kind: Term["kind"],
    value: number,
    text: string,
    atom: boolean,
    rule: Rule | undefined,
    args: readonly Term[],
    depth: number,
    mentions: readonly string[],
  ): Term {
    const known = this.known.get(key);
    if (known) return known;
    const term: Term = { id: this.count++, kind, value, text, atom, rule, args, depth, mentions };
    if (kind === "apply") this.applications++;
    this.known.set(key, term);
    return term;
  }
}

/** The number `value` (either zero counts as 0). */
export function is(term: Term, value: number): boolean {
  return term.kind === "number" && term.value === value;
}
