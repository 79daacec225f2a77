/**
 * Expressions of the language as TeX (math mode). Brackets stand where the conventions of mathematics need them: a fraction
 * brackets its parts, a sum over an index takes all that is multiplied after it.
 */
import { assertNever } from "../../base/never.js";
import { binaryLevel, LEVEL } from "../../syntax/levels.js";

import type {
  BinaryExpression,
  BinaryOperator,
  Binder,
  ComprehensionExpression,
  Expression,
  IndexItem,
} from "../../syntax/tree.js";
import { type Argument, bracketed, callRules } from "./calls.js";
import { nameTex, texWords } from "./names.js";
import { number } from "./numbers.js";

export interface Names {
  /** True for a name of the problem: used to keep `q1` and `q[1]` apart. */
  readonly taken: (name: string) => boolean;
  /** TeX of a name that has one of its own. */
  readonly special?: ReadonlyMap<string, string>;
}

interface Piece {
  readonly tex: string;
  /** As LEVEL: how tightly the outermost operation binds. */
  readonly level: number;
  /** Ends with a sum over an index, which would take what follows. */
  readonly open?: boolean;
}

const relations: Readonly<Partial<Record<BinaryOperator, string>>> = {
  "<": "<",
  "<=": "\\le",
  ">": ">",
  ">=": "\\ge",
  "==": "=",
  "!=": "\\ne",
  and: "\\wedge",
  or: "\\vee",
};

/** Superscripts bind like powers, so that a second one needs brackets; everything that stands alone is an operand. */
const atomic = LEVEL.postfix;

export function relationTex(operator: BinaryOperator): string {
  return relations[operator] ?? operator;
}

export function expressionTex(e: Expression, names: Names): string {
  return new TexPrinter(names).piece(e).tex;
}

/** With brackets where the expression is a sum or weaker: to multiply it. */
export function factorTex(e: Expression, names: Names): string {
  return new TexPrinter(names).at(e, LEVEL.product);
}

export function bindersTex(binders: readonly Binder[], where: Expression | undefined, names: Names): string {
  return new TexPrinter(names).binders(binders, where);
}

class TexPrinter {
  constructor(private readonly names: Names) {}

  at(e: Expression, level: number): string {
    const { tex, level: own } = this.piece(e);
    return own < level ? bracketed(tex) : tex;
  }

  piece(e: Expression): Piece {
    switch (e.kind) {
      case "number":
        return numberPiece(e.value);
      case "string":
        return { tex: `\\text{${texWords(e.value)}}`, level: atomic };
      case "name":
        return this.name(e.name, false);
      case "member":
        return { tex: `\\mathrm{${texWords(`${this.plain(e.object)}.${e.member.name}`)}}`, level: atomic };
      case "unary": {
        if (e.operator === "not") return { tex: `\\neg ${this.at(e.operand, LEVEL.signed)}`, level: LEVEL.not };
        const inner = this.piece(e.operand);
        const tex = inner.level < LEVEL.product ? bracketed(inner.tex) : inner.tex;
        return { tex: `${e.operator}${tex}`, level: LEVEL.signed, ...(inner.open ? { open: true } : {}) };
      }
      case "binary":
        return this.binary(e);
      case "coefficient":
        return this.product([e.coefficient, e.factor]);
      case "transpose":
        return { tex: `${this.base(e.operand)}^{\\top}`, level: LEVEL.power };
      case "call":
        return this.call(e.callee.name, e.arguments);
      case "index":
        return this.index(e.object, e.items);
      case "range":
        return { tex: `\\{${this.at(e.from, 0)}, \\dots, ${this.at(e.to, 0)}\\}`, level: atomic };
      case "comprehension":
        return this.comprehension(e);
      case "array":
        return { tex: this.array(e.items), level: atomic };
      case "conditional": {
        const [yes, condition, no] = [e.consequent, e.condition, e.alternate].map((p) => this.at(p, 0));
        const rows = `${yes} & \\text{if } ${condition} \\\\ ${no} & \\text{otherwise}`;
        return { tex: `\\begin{cases} ${rows} \\end{cases}`, level: LEVEL.additive };
      }
      default:
        return assertNever(e);
    }
  }

  private name(name: string, indexed: boolean): Piece {
    const special = this.names.special?.get(name);
    if (special !== undefined) return { tex: special, level: /\^/.test(special) ? LEVEL.power : atomic };
    return { tex: nameTex(name, indexed, this.names.taken), level: atomic };
  }

  private plain(e: Expression): string {
    return e.kind === "name" ? e.name : e.kind === "member" ? `${this.plain(e.object)}.${e.member.name}` : "…";
  }

  /** What a superscript may be set on. */
  private base(e: Expression): string {
    const { tex, level } = this.piece(e);
    return level < LEVEL.operand || tex.includes("\\sum") ? bracketed(tex) : tex;
  }

  private binary(e: BinaryExpression): Piece {
    const level = binaryLevel[e.operator];
    if (level === LEVEL.power) {
      const dot = e.operator === ".^" ? "\\circ " : "";
      return { tex: `${this.base(e.left)}^{${dot}${this.at(e.right, 0)}}`, level: LEVEL.power };
    }
    switch (e.operator) {
      case "+":
      case "-": {
        const right = this.piece(e.right);
        const needed = right.level <= LEVEL.additive || (right.level === LEVEL.signed && right.tex.startsWith("-"));
        const tex = needed ? bracketed(right.tex) : right.tex;
        const left = this.piece(e.left);
        const first = left.level < LEVEL.additive ? bracketed(left.tex) : left.tex;
        return { tex: `${first} ${e.operator} ${tex}`, level: LEVEL.additive, ...(right.open ? { open: true } : {}) };
      }
      case "*":
        return this.product(factorsOf(e));
      case ".*":
      case "./": {
        const sign = e.operator === ".*" ? "\\odot" : "\\oslash";
        const left = this.piece(e.left);
        const first = left.level < LEVEL.product || left.open ? bracketed(left.tex) : left.tex;
        return { tex: `${first} ${sign} ${this.at(e.right, LEVEL.power)}`, level: LEVEL.product };
      }
      case "/":
        return this.fraction(e.left, e.right);
      default: {
        const [left, right] = [this.at(e.left, level), this.at(e.right, level + 1)];
        return { tex: `${left} ${relationTex(e.operator)} ${right}`, level };
      }
    }
  }

  /** A sign in front of the numerator stands in front of the bar. */
  private fraction(over: Expression, under: Expression): Piece {
    const above = this.piece(over);
    const isNegative = above.level >= LEVEL.product && above.tex.startsWith("-");
    const tex = `\\frac{${isNegative ? above.tex.slice(1) : above.tex}}{${this.at(under, 0)}}`;
    return isNegative ? { tex: `-${tex}`, level: LEVEL.signed } : { tex, level: LEVEL.scaled };
  }

  /** Factors side by side; a number after something is set off by a dot. */
  private product(factors: readonly Expression[]): Piece {
    let open = false;
    const parts = factors.map((factor, k) => {
      const last = k === factors.length - 1;
      const { tex, level, open: opens } = this.piece(factor);
      const needs =
        level < LEVEL.product || isEntrywise(factor) || (level === LEVEL.signed && k > 0) || (opens === true && !last);
      if (last && opens && !needs) open = true;
      return needs ? bracketed(tex) : tex;
    });
    const tex = parts.reduce((done, part) => `${done} ${/^[\d.]/.test(part) ? "\\cdot" : "\\,"} ${part}`);
    return { tex, level: LEVEL.product, ...(open ? { open } : {}) };
  }

  private call(name: string, args: readonly Expression[]): Piece {
    if (name === "dual" && args.length === 1) return { tex: `\\mu_{${upright(this.plain(args[0]))}}`, level: atomic };
    const pieces = args.map((a): Argument => {
      const { tex, level, open } = this.piece(a);
      const needs = level < LEVEL.product || level === LEVEL.signed || open || isEntrywise(a);
      const factor = needs ? bracketed(tex) : tex;
      return { tex, factor, base: this.base(a) };
    });
    const rule = callRules.get(name);
    if (rule) {
      const level = { product: LEVEL.product, power: LEVEL.power, atom: atomic }[rule.strength];
      return { tex: rule.tex(...pieces), level };
    }
    const head = /^[A-Za-z]$/.test(name) ? name : `\\operatorname{${texWords(name)}}`;
    return { tex: `${head}${bracketed(pieces.map((p) => p.tex).join(", "))}`, level: atomic };
  }

  private index(object: Expression, items: readonly IndexItem[]): Piece {
    const base = object.kind === "name" ? this.name(object.name, true).tex : this.base(object);
    const parts = items.map((item) => {
      if (item.kind !== "slice") return this.at(item, 0);
      return `${item.from ? this.at(item.from, 0) : ""}{:}${item.to ? this.at(item.to, 0) : ""}`;
    });
    // a second index needs a group of its own
    const set = base.includes("_") ? `{${base}}` : base;
    return { tex: `${set}_{${parts.join(", ")}}`, level: atomic };
  }

  binders(binders: readonly Binder[], where: Expression | undefined): string {
    const parts = binders.map(({ index, set }) => {
      const name = nameTex(index.name, true, this.names.taken);
      return `${name} \\in ${this.at(set, 0)}`;
    });
    if (where) parts.push(this.at(where, 0));
    return parts.join(",\\, ");
  }

  private comprehension({ operator, binders, where, body }: ComprehensionExpression): Piece {
    const sign = { sum: "\\sum", prod: "\\prod", max: "\\max", min: "\\min", mean: "\\operatorname*{mean}" }[operator];
    const [only] = binders;
    const { tex, level } = this.piece(body);
    const inner = level < LEVEL.product || (level === LEVEL.signed && tex.startsWith("-")) ? bracketed(tex) : tex;
    const isCount = binders.length === 1 && only.set.kind === "range" && !where && /sum|prod/.test(operator);
    const limits =
      isCount && only.set.kind === "range"
        ? `_{${nameTex(only.index.name, true, this.names.taken)} = ${this.at(only.set.from, 0)}}^{${this.at(only.set.to, 0)}}`
        : `_{${this.binders(binders, where)}}`;
    return { tex: `${sign}${limits} ${inner}`, level: LEVEL.product, open: true };
  }

  private array(items: readonly Expression[]): string {
    const isMatrix = items.some((item) => item.kind === "array");
    const row = (e: Expression): string =>
      e.kind === "array" ? e.items.map((i) => this.at(i, 0)).join(" & ") : this.at(e, 0);
    if (!isMatrix) return `\\left(${items.map((i) => this.at(i, 0)).join(", ")}\\right)`;
    return `\\begin{pmatrix} ${items.map(row).join(" \\\\ ")} \\end{pmatrix}`;
  }
}

const isEntrywise = (e: Expression): boolean => e.kind === "binary" && (e.operator === ".*" || e.operator === "./");

/** The factors of a chain of `*`. */
function factorsOf(e: Expression): Expression[] {
  if (e.kind !== "binary" || e.operator !== "*") return [e];
  return [...factorsOf(e.left), e.right];
}

function upright(name: string): string {
  return `\\mathrm{${texWords(name)}}`;
}

function numberPiece(value: number): Piece {
  const text = number(value);
  if (!Number.isFinite(value)) return { tex: value > 0 ? "\\infty" : "-\\infty", level: atomic };
  const [, mantissa, exponent] = /^(-?[\d.]+)e(-?\d+)$/.exec(text) ?? [];
  const level = value < 0 ? LEVEL.signed : LEVEL.operand;
  if (exponent === undefined) return { tex: text, level };
  const power = `10^{${exponent}}`;
  if (mantissa === "1") return { tex: power, level: LEVEL.power };
  return { tex: `${mantissa} \\cdot ${power}`, level: LEVEL.product };
}
