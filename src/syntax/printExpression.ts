/**
 * Expressions back to text with no bracket more than the grammar needs. Levels are those of the operator table
 * (vocabulary.ts): an operand whose level is below what its place asks for is bracketed.
 */
import { assertNever } from "../base/never.js";
import { binaryLevel, isMonomial, LEVEL, levelOf, touches } from "./levels.js";
import { Pieces } from "./lines.js";
import type {
  ArrayExpression,
  BinaryExpression,
  Binder,
  CoefficientExpression,
  ConditionalExpression,
  Expression,
  IndexItem,
  NumberLiteral,
} from "./tree.js";

/** How a number is spelled; the formatter keeps the spelling of the source. */
export type Spelling = (number: NumberLiteral) => string;

/** Whether the source lays an array out as a table: one row, or a few entries, a line. */
export type IsTable = (array: ArrayExpression) => boolean;

/** An expression on one line, as reports show it. */
export function printExpression(expression: Expression): string {
  const out = new Pieces();
  new ExpressionPrinter(out, spellNumber).write(expression, LEVEL.any);
  return out.flat();
}

/** The shortest text that reads back as the same double. */
export function spellNumber({ value }: NumberLiteral): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const plain = String(value);
  const scientific = value.toExponential().replace("e+", "e");
  return scientific.length < plain.length ? scientific : plain.replace("e+", "e");
}

const never: IsTable = () => false;

const isMatrix = ({ items }: ArrayExpression): boolean => items.some((item) => item.kind === "array");

/** Columns of a matrix on one line at most. */
const widestMatrix = 100;

function isWide(e: ArrayExpression): boolean {
  // An entry takes three columns at least.
  const entries = e.items.reduce((n, item) => n + (item.kind === "array" ? item.items.length : 1), 0);
  return 3 * entries > widestMatrix || printExpression(e).length > widestMatrix;
}

export class ExpressionPrinter {
  /** Tables that are open. */
  private blocks = 0;

  constructor(
    private readonly out: Pieces,
    private readonly spell: Spelling,
    private readonly isTable: IsTable = never,
  ) {}

  /** Writes an expression where at least `level` is asked for; `tight`: without spaces around operators. */
  write(e: Expression, level: number, tight = false): void {
    if (levelOf(e) >= level) this.bare(e, tight);
    else this.bracketed(e);
  }

  private bracketed(e: Expression): void {
    this.out.text("(").inner(() => this.bare(e, false));
    this.out.text(")");
  }

  private bare(e: Expression, tight: boolean): void {
    const { out } = this;
    switch (e.kind) {
      case "number":
        out.text(this.spell(e));
        return;
      case "string":
        out.text(quote(e.value));
        return;
      case "name":
        out.text(e.name);
        return;
      case "member":
        this.write(e.object, LEVEL.postfix);
        out.text(`.${e.member.name}`);
        return;
      case "unary":
        out.text(e.operator === "not" ? "not " : e.operator);
        this.write(e.operand, e.operator === "not" ? LEVEL.not : LEVEL.signed, tight);
        return;
      case "binary":
        this.binary(e, tight);
        return;
      case "coefficient":
        this.coefficient(e);
        return;
      case "transpose":
        this.write(e.operand, LEVEL.postfix);
        out.text("'");
        return;
      case "call":
        out.text(`${e.callee.name}(`);
        this.list(e.arguments);
        out.text(")");
        return;
      case "index":
        this.write(e.object, LEVEL.postfix);
        out.text("[");
        this.list(e.items);
        out.text("]");
        return;
      case "range":
        this.write(e.from, LEVEL.additive, true);
        out.text("..");
        this.write(e.to, LEVEL.additive, true);
        return;
      case "comprehension":
        out.text(`${e.operator}(`).inner(() => {
          this.scope(e.binders, e.where);
          if (e.batch !== undefined) this.clause("batch", e.batch);
          out.text(":").soft();
          this.write(e.body, LEVEL.any);
        });
        out.text(")");
        return;
      case "array":
        out.text("[");
        if (this.asTable(e)) this.tableOf(e);
        else if (isMatrix(e)) this.rowsOf(e);
        else this.list(e.items);
        out.text("]");
        return;
      case "conditional":
        this.conditional(e);
        return;
      default:
        assertNever(e);
    }
  }

  /** `i in S, j in T where cond` */
  scope(binders: readonly Binder[], where: Expression | undefined): void {
    binders.forEach((binder, i) => {
      if (i > 0) this.out.text(",").soft();
      this.out.text(`${binder.index.name} in `);
      this.write(binder.set, binder.set.kind === "range" ? LEVEL.range : LEVEL.additive);
    });
    if (where !== undefined) this.clause("where", where);
  }

  private clause(word: string, e: Expression): void {
    this.out.soft().text(`${word} `);
    this.write(e, LEVEL.any);
  }

  list(items: readonly IndexItem[]): void {
    this.out.inner(() =>
      items.forEach((item, i) => {
        if (i > 0) this.out.text(",").soft();
        if (item.kind !== "slice") this.write(item, LEVEL.any);
        else {
          if (item.from !== undefined) this.write(item.from, LEVEL.any, true);
          this.out.text(":");
          if (item.to !== undefined) this.write(item.to, LEVEL.any, true);
        }
      }),
    );
  }

  /** `[` of a table is the first sign. */
  beginsTable(e: Expression): boolean {
    let first = e;
    while (first.kind === "transpose" || (first.kind === "binary" && binaryLevel[first.operator] < LEVEL.power)) {
      first = first.kind === "transpose" ? first.operand : first.left;
    }
    return first.kind === "array" && this.asTable(first);
  }

  /** As in the source; a matrix that is too long for one line becomes a table too. */
  private asTable(e: ArrayExpression): boolean {
    return this.isTable(e) || (this.isTable !== never && isMatrix(e) && isWide(e));
  }

  /** A matrix that is no table: no line ends between two rows. */
  private rowsOf({ items }: ArrayExpression): void {
    this.out.inner(() =>
      items.forEach((item, i) => {
        if (i > 0) this.out.text(", ");
        this.write(item, LEVEL.any);
      }),
    );
  }

  /** Rows on a line each; entries that are no rows fill their lines. */
  private tableOf({ items }: ArrayExpression): void {
    this.blocks++;
    this.out.hard(this.blocks).inner(() =>
      items.forEach((item, i) => {
        if (i > 0) {
          this.out.text(",");
          if (item.kind === "array") this.out.hard(this.blocks, " ");
          else this.out.soft();
        }
        this.write(item, LEVEL.any);
      }),
    );
    this.blocks--;
    this.out.hard(this.blocks);
  }

  private conditional(e: ConditionalExpression): void {
    this.out.text("if ");
    this.out.inner(() => this.write(e.condition, LEVEL.or));
    this.out.soft().text("then ");
    this.out.inner(() => this.write(e.consequent, LEVEL.or));
    this.out.soft().text("else ");
    this.write(e.alternate, LEVEL.any);
  }

  private binary(e: BinaryExpression, tight: boolean): void {
    const level = binaryLevel[e.operator];
    if (level === LEVEL.power) {
      this.write(e.left, LEVEL.operand);
      this.out.text(e.operator);
      this.guarded(e.right, true);
      return;
    }
    const spine: BinaryExpression[] = [];
    let left: Expression = e;
    while (
      left.kind === "binary" &&
      binaryLevel[left.operator] === level &&
      (left === e || level !== LEVEL.comparison)
    ) {
      spine.push(left);
      left = left.left;
    }
    const close = (tight && level >= LEVEL.additive) || (level === LEVEL.product && isMonomial(left, spine));
    const own = level === LEVEL.comparison ? level + 1 : level;
    this.out.inner(() => this.write(left, own, tight));
    for (const { operator, right } of spine.reverse()) {
      if (close) this.out.text(operator);
      else this.out.text(` ${operator}`).soft();
      this.out.inner(() => {
        if (operator === "/" || operator === "./") this.guarded(right, tight);
        else this.write(right, level + 1, tight);
      });
    }
  }

  /** A divisor or an exponent: a bare coefficient there could be read in two ways. */
  private guarded(e: Expression, tight: boolean): void {
    let operand = e;
    while (operand.kind === "unary" && operand.operator !== "not") {
      this.out.text(operand.operator);
      operand = operand.operand;
    }
    if (operand.kind === "coefficient") this.bracketed(operand);
    else this.write(operand, LEVEL.signed, tight);
  }

  private coefficient({ coefficient, factor }: CoefficientExpression): void {
    const number = this.spell(coefficient);
    if (/^[\d.]/.test(number) && touches(factor)) {
      this.out.text(number);
      this.write(factor, LEVEL.power);
    } else if (/^[\d.]/.test(number)) {
      this.out.text(number);
      this.bracketed(factor);
    } else {
      this.out.text(`(${number})*`);
      this.write(factor, LEVEL.signed);
    }
  }
}

const spelledEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A string literal: one line, readable where it can be. */
export function quote(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  const inner = value.replace(/["\\\u0000-\u001f\u2028\u2029]/g, (c) => {
    return spelledEscapes.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${inner}"`;
}
