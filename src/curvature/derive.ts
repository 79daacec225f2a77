/** Verdicts as derivations for people: which part is convex by which rule, down to affine parts, or which part breaks the proof. */
import type { Derivation } from "../base/derivation.js";
import type { Span } from "../base/span.js";
import type { Node } from "../expr/node.js";
import type { Analysis } from "./analysis.js";
import type { Kind } from "./kinds.js";

const DEPTH = 12;
/** Premises shown of one statement. */
const WIDTH = 8;
const silent = new Set(["broadcast", "reshape", "transpose", "take", "put", "concat"]);

export const words: Readonly<Record<Kind, string>> = {
  constant: "constant",
  affine: "affine",
  convex: "convex",
  concave: "concave",
  unknown: "of unknown curvature",
};

export function derivationOf(a: Analysis, text: string, root: Node, span?: Span): Derivation {
  return new Writer(a, text).of(root, span, 0);
}

class Writer {
  private readonly a: Analysis;
  private readonly text: string;

  constructor(a: Analysis, text: string) {
    this.a = a;
    this.text = text;
  }

  of(node: Node, span: Span | undefined, depth: number): Derivation {
    const at = node.origin ?? span;
    const place = at ? { span: at } : {};
    const kind = this.a.kind(node);
    const statement = `${this.name(node, span)} is ${words[kind]}`;
    if (kind === "constant" || node.op === "input" || depth > DEPTH) return { statement, premises: [], ...place };
    const reason = this.a.reason(node);
    if (kind === "affine" && !reason) return { statement, premises: [], ...place };
    if (reason) {
      const premises = this.premises(reason.premises, at, depth);
      return { statement, rule: reason.rule, premises, ...place };
    }
    if (silent.has(node.op)) return this.of(this.only(node), at, depth);
    if (kind === "unknown") return this.broken(node, statement, at, depth);
    const addends = this.addends(node);
    if (addends.length > 1) return { statement, rule: "sum", premises: this.premises(addends, at, depth), ...place };
    return { statement, rule: this.rule(node), premises: this.premises(this.varying(node), at, depth), ...place };
  }

  private premises(nodes: readonly Node[], span: Span | undefined, depth: number): readonly Derivation[] {
    const varying = nodes.filter((n) => this.a.varies(n));
    const shown = varying.slice(0, WIDTH).map((n) => this.of(n, span, depth + 1));
    const more = varying.length - shown.length;
    return more > 0 ? [...shown, { statement: `and ${more} more of the same kind`, premises: [] }] : shown;
  }

  /** The operands of a chain of sums; one element where the node is none. */
  private addends(node: Node): readonly Node[] {
    const found: Node[] = [];
    const stack = [node];
    for (let n = stack.pop(); n; n = stack.pop()) {
      if (n.op === "add" && !this.a.reason(n) && found.length + stack.length < 200) stack.push(n.args[1], n.args[0]);
      else if (this.a.varies(n)) found.push(n);
    }
    return found;
  }

  private broken(node: Node, statement: string, span: Span | undefined, depth: number): Derivation {
    const place = span ? { span } : {};
    const open = this.addends(node).length > 1 ? this.addends(node) : this.varying(node);
    const unknown = open.filter((n) => this.a.kind(n) === "unknown");
    if (unknown.length > 0)
      return {
        statement,
        rule: "depends on a part that is open",
        premises: this.premises(unknown.slice(0, 2), span, depth),
        ...place,
      };
    return { statement, rule: this.why(node), premises: this.premises(open, span, depth), breaks: true, ...place };
  }

  /** Why the composition rule does not decide a node all arguments of which have a kind. */
  private why(node: Node): string {
    const varying = this.varying(node);
    const kinds = varying.map((n) => words[this.a.kind(n)]);
    const { bend } = this.a.bending(node);
    if (node.op === "mul" || node.op === "contract") {
      if (varying.length > 1 || node.args[0] === node.args[1])
        return "a product of two parts that both vary is neither convex nor concave by rule";
      return `a ${kinds[0]} part times a factor whose sign is not known`;
    }
    if (node.op === "div" && varying.length > 1)
      return "a quotient of two parts that both vary is decided in special forms only";
    if (node.op === "select") return "a choice by a condition that varies";
    if (bend === "none") return `${node.op} is neither convex nor concave ${this.where(node)}`.trimEnd();
    if (node.op === "add" || node.op === "sub") return `adds ${kinds.join(" and ")} with signs that do not go together`;
    return `${node.op} is ${this.rule(node).replace(/^\S+ is /, "")}, its argument ${kinds.join(" and ")}`;
  }

  private rule(node: Node): string {
    if (["add", "sub", "sum", "neg"].includes(node.op)) return node.op === "neg" ? "negation" : "sum";
    const fixed = node.args.find((n) => !this.a.varies(n));
    if (
      fixed &&
      ["mul", "contract", "div"].includes(node.op) &&
      this.a.varies(node.args[0]) !== this.a.varies(node.args[1])
    ) {
      const { lo, hi } = this.a.bounds(fixed);
      const value = lo === hi ? digits(lo) : `a number in [${digits(lo)}, ${digits(hi)}]`;
      if (node.op !== "div" || fixed === node.args[1]) return `${node.op === "div" ? "divided by" : "times"} ${value}`;
    }
    const { bend, trends } = this.a.bending(node);
    const varying = node.args.flatMap((n, i) => (this.a.varies(n) ? [trends[i]] : []));
    const trend = varying.every((t) => t === varying[0]) ? varying[0] : "none";
    const known = trend === "none" || trend === undefined ? "" : ` and ${trend}`;
    const where = this.where(node);
    return `${node.op} is ${bend === "none" ? "neither convex nor concave" : bend}${known}${where === "" ? "" : ` ${where}`}`;
  }

  /** The bounds of the first varying argument, where there are any. */
  private where(node: Node): string {
    const [first] = this.varying(node);
    const { lo, hi } = this.a.bounds(first);
    return Number.isFinite(lo) || Number.isFinite(hi) ? `on [${digits(lo)}, ${digits(hi)}]` : "";
  }

  private varying(node: Node): readonly Node[] {
    return node.args.filter((n) => this.a.varies(n));
  }

  private only(node: Node): Node {
    return this.varying(node)[0];
  }

  /** The text that a node came from; where its user has the same text, what it does. */
  private name(node: Node, above: Span | undefined): string {
    const { origin } = node;
    const same = above && origin && above.start === origin.start && above.end === origin.end;
    if (!origin || same) return origin ? `${node.op} inside` : node.op;
    const excerpt = this.text.slice(origin.start, origin.end).replace(/\s+/g, " ").trim();
    return excerpt.length === 0 ? node.op : `\`${excerpt.length > 60 ? `${excerpt.slice(0, 57)}...` : excerpt}\``;
  }
}

export function digits(v: number): string {
  if (v === Number.POSITIVE_INFINITY) return "inf";
  return v === Number.NEGATIVE_INFINITY ? "-inf" : String(Number(v.toPrecision(4)));
}
