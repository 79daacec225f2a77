/** One statement of a file or level as text with soft breaks (lines.ts breaks it, print.ts places it). */
import { assertNever } from "../base/never.js";
import { LEVEL } from "./levels.js";
import { Pieces } from "./lines.js";
import { ExpressionPrinter, type IsTable, quote, type Spelling } from "./printExpression.js";
import type {
  ConstraintDeclaration,
  DomainClause,
  Expectation,
  Expression,
  Identifier,
  Item,
  LevelDeclaration,
  LevelItem,
  Setting,
} from "./tree.js";

/** What is one statement: everything but the blocks. */
export type Statement =
  | Exclude<Item, { readonly kind: "level" | "solve" | "expect" }>
  | LevelItem
  | Setting
  | Expectation;

export function printStatement(statement: Statement, spell: Spelling, isTable?: IsTable): Pieces {
  const out = new Pieces();
  new StatementPrinter(out, new ExpressionPrinter(out, spell, isTable)).write(statement);
  return out;
}

/** `lower followers {` */
export function printHead(level: LevelDeclaration): string {
  return level.name === undefined ? `${level.level} {` : `${level.level} ${level.name.name} {`;
}

class StatementPrinter {
  constructor(
    private readonly out: Pieces,
    private readonly expressions: ExpressionPrinter,
  ) {}

  write(s: Statement): void {
    const { out } = this;
    if (!("kind" in s)) {
      out.text(`${s.name.name} `);
      this.expressions.write(s.value, LEVEL.any);
      return;
    }
    switch (s.kind) {
      case "problem":
        out.text(`problem ${quote(s.title.value)}`);
        return;
      case "param":
        out.text("param ");
        this.shaped(s.name, s.dimensions);
        if (s.value !== undefined) this.equals(s.value);
        return;
      case "data":
        out.text(`data ${s.name.name} = ${quote(s.path.value)}`);
        if (s.format !== undefined) out.text(` as ${s.format.name}`);
        if (!s.header) out.text(" without header");
        return;
      case "set":
        out.text(`set ${s.name.name} =`).soft();
        this.expressions.write(s.value, s.value.kind === "range" ? LEVEL.range : LEVEL.additive);
        return;
      case "fn":
        out.text(`fn ${s.name.name}(${s.parameters.map((p) => p.name).join(", ")})`);
        this.equals(s.body);
        return;
      case "let":
        out.text(`let ${s.name.name}`);
        this.equals(s.value);
        return;
      case "var":
        out.text(s.player === undefined ? "var " : `${s.player} var `);
        this.shaped(s.name, s.dimensions);
        for (const domain of s.domains) this.domain(domain);
        if (s.init !== undefined) {
          out.soft().text("init ");
          this.deep(s.init);
        }
        return;
      case "objective":
        out.text(s.sense === "neutral" ? "objective " : `${s.sense} `);
        this.expressions.write(s.value, LEVEL.any);
        return;
      case "constraint":
        this.constraint(s);
        return;
      case "status":
        out.text(`status ${s.status.name}`);
        return;
      case "needs":
        out.text(`needs method ${s.method.name}`);
        return;
      case "value":
        this.expectation(s);
        return;
      default:
        assertNever(s);
    }
  }

  private deep(e: Expression, level: number = LEVEL.any): void {
    this.out.inner(() => this.expressions.write(e, level));
  }

  /** A table begins on the line of its name. */
  private equals(value: Expression): void {
    this.out.text(" =");
    if (this.expressions.beginsTable(value)) this.out.text(" ");
    else this.out.soft();
    this.deep(value);
  }

  private shaped(name: Identifier, dimensions: readonly Expression[]): void {
    this.out.text(name.name);
    if (dimensions.length === 0) return;
    this.out.text("[");
    this.expressions.list(dimensions);
    this.out.text("]");
  }

  private domain(domain: DomainClause): void {
    const { out } = this;
    out.soft();
    switch (domain.kind) {
      case "interval":
        out.text("in [");
        this.expressions.list([domain.lower, domain.upper]);
        out.text("]");
        return;
      case "bound":
        out.text(`${domain.operator} `);
        this.deep(domain.bound, LEVEL.additive);
        return;
      case "named":
        out.text(`in ${domain.name.name}`);
        if (domain.arguments.length === 0) return;
        out.text("(");
        this.expressions.list(domain.arguments);
        out.text(")");
        return;
      default:
        assertNever(domain);
    }
  }

  private constraint({ name, binders, where, terms, relations }: ConstraintDeclaration): void {
    const { out } = this;
    if (name !== undefined) out.text(`${name.name}:`).soft();
    if (binders.length > 0) {
      out.text("forall ");
      out.inner(() => this.expressions.scope(binders, where));
      out.text(":").soft();
    }
    terms.forEach((term, i) => {
      if (i > 0) out.text(` ${relations[i - 1]}`).soft();
      this.deep(term, LEVEL.additive);
    });
  }

  private expectation(s: Extract<Expectation, { readonly kind: "value" }>): void {
    const { out } = this;
    if (s.target.kind !== "objective-of") this.expressions.write(s.target, LEVEL.additive);
    else out.text(s.target.name === undefined ? s.target.level : `${s.target.level} ${s.target.name.name}`);
    out.text(" =").soft();
    this.deep(s.value, LEVEL.additive);
    if (s.within !== undefined) {
      out.text(" within ");
      this.deep(s.within, LEVEL.additive);
    }
  }
}
