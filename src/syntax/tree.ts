/**
 * The syntax tree of a problem file. Every node carries its span. The tree says what was written, not what it means:
 * names are unresolved, shapes unknown, sugar kept. Brackets are not nodes: the printer puts back the needed ones.
 */
import type { Span } from "../base/span.js";

export interface Located {
  readonly span: Span;
}

/** A name together with its place. */
export interface Identifier extends Located {
  readonly name: string;
}

// ---------------------------------------------------------------------------------------------------- expressions

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | ".*"
  | "./"
  | ".^"
  | "<"
  | "<="
  | ">"
  | ">="
  | "=="
  | "!="
  | "and"
  | "or";

export type ComprehensionOperator = "sum" | "mean" | "prod" | "max" | "min";

export interface NumberLiteral extends Located {
  readonly kind: "number";
  readonly value: number;
}
/** Only where a name of data columns or files is expected. */
export interface StringLiteral extends Located {
  readonly kind: "string";
  readonly value: string;
}
export interface NameExpression extends Located {
  readonly kind: "name";
  readonly name: string;
}
/** `d.age` */
export interface MemberExpression extends Located {
  readonly kind: "member";
  readonly object: Expression;
  readonly member: Identifier;
}
export interface UnaryExpression extends Located {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "not";
  readonly operand: Expression;
}
export interface BinaryExpression extends Located {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `7x`, `2(x + 1)`: a number directly followed by a name or a bracket; binds tighter than `*` and `/`. */
export interface CoefficientExpression extends Located {
  readonly kind: "coefficient";
  readonly coefficient: NumberLiteral;
  readonly factor: Expression;
}
/** `A'` */
export interface TransposeExpression extends Located {
  readonly kind: "transpose";
  readonly operand: Expression;
}
export interface CallExpression extends Located {
  readonly kind: "call";
  readonly callee: Identifier;
  readonly arguments: readonly Expression[];
}
/** `y[i]`, `A[i, :]`, `y[2:5]` (both ends included), `d[["age", "bmi"]]` */
export interface IndexExpression extends Located {
  readonly kind: "index";
  readonly object: Expression;
  readonly items: readonly IndexItem[];
}
export type IndexItem = Expression | SliceItem;
/** `:`, `2:5`, `2:`, `:5` inside an index bracket. */
export interface SliceItem extends Located {
  readonly kind: "slice";
  readonly from?: Expression;
  readonly to?: Expression;
}
/** `1..k`: only where a set is expected. */
export interface RangeExpression extends Located {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
}
/** `i in Train` */
export interface Binder extends Located {
  readonly index: Identifier;
  readonly set: Expression;
}
/** `sum(i in S, j in T where cond batch 32: body)` */
export interface ComprehensionExpression extends Located {
  readonly kind: "comprehension";
  readonly operator: ComprehensionOperator;
  readonly binders: readonly Binder[];
  readonly where?: Expression;
  readonly batch?: Expression;
  readonly body: Expression;
}
/** `[1, 2]`, rows `[[1, 2], [3, 4]]` */
export interface ArrayExpression extends Located {
  readonly kind: "array";
  readonly items: readonly Expression[];
}
/** `if c then a else b` */
export interface ConditionalExpression extends Located {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly consequent: Expression;
  readonly alternate: Expression;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | NameExpression
  | MemberExpression
  | UnaryExpression
  | BinaryExpression
  | CoefficientExpression
  | TransposeExpression
  | CallExpression
  | IndexExpression
  | RangeExpression
  | ComprehensionExpression
  | ArrayExpression
  | ConditionalExpression;

// ------------------------------------------------------------------------------------------------------- domains

/** What a variable may be: `in [lo, hi]`, `>= lo`, `<= hi`, `in box(lo, hi)`, `in ball(c, r)`, `in simplex(s)`. */
export type DomainClause = IntervalDomain | BoundDomain | NamedDomain;
export interface IntervalDomain extends Located {
  readonly kind: "interval";
  readonly lower: Expression;
  readonly upper: Expression;
}
export interface BoundDomain extends Located {
  readonly kind: "bound";
  readonly operator: "<=" | ">=";
  readonly bound: Expression;
}
/** `box`, `ball`, `simplex`, `integer`, `binary`, or a name that does not exist; without brackets: no arguments. */
export interface NamedDomain extends Located {
  readonly kind: "named";
  readonly name: Identifier;
  readonly arguments: readonly Expression[];
}

// ------------------------------------------------------------------------------------------------------ level items

/** `var w[cols(A), 2] in [0, 1] init 0.5` */
export interface VariableDeclaration extends Located {
  readonly kind: "var";
  readonly name: Identifier;
  readonly dimensions: readonly Expression[];
  readonly domains: readonly DomainClause[];
  readonly init?: Expression;
  /** Inside `minimax` only: the player the variable belongs to. */
  readonly player?: "minimize" | "maximize";
}
export interface LetDeclaration extends Located {
  readonly kind: "let";
  readonly name: Identifier;
  readonly value: Expression;
}
export interface ObjectiveDeclaration extends Located {
  readonly kind: "objective";
  /** `neutral`: the word `objective`, inside `minimax` only. */
  readonly sense: "minimize" | "maximize" | "neutral";
  readonly value: Expression;
}
/**
 * `demand: sum(flow) == 10`, `0 <= x[1] + x[2] <= 4`, `cap: forall i in S where cond: flow[i] <= u[i]`.
 * `terms` has one entry more than `relations` (1 or 2 of them).
 */
export interface ConstraintDeclaration extends Located {
  readonly kind: "constraint";
  readonly name?: Identifier;
  readonly binders: readonly Binder[];
  readonly where?: Expression;
  readonly terms: readonly Expression[];
  readonly relations: readonly ("<=" | ">=" | "==")[];
}
export type LevelItem = VariableDeclaration | LetDeclaration | ObjectiveDeclaration | ConstraintDeclaration;

// -------------------------------------------------------------------------------------------------- top level items

export interface ProblemDeclaration extends Located {
  readonly kind: "problem";
  readonly title: StringLiteral;
}
/** `param cost[3] = [6, 9, 4]`; without a value it must be given by the caller. */
export interface ParameterDeclaration extends Located {
  readonly kind: "param";
  readonly name: Identifier;
  readonly dimensions: readonly Expression[];
  readonly value?: Expression;
}
/** `data d = "diabetes.csv"`, `data d = "points.txt" as csv without header` */
export interface DataDeclaration extends Located {
  readonly kind: "data";
  readonly name: Identifier;
  readonly path: StringLiteral;
  readonly format?: Identifier;
  readonly header: boolean;
}
export interface SetDeclaration extends Located {
  readonly kind: "set";
  readonly name: Identifier;
  readonly value: Expression;
}
/** `fn loss(r) = 0.5 * r^2` */
export interface FunctionDeclaration extends Located {
  readonly kind: "fn";
  readonly name: Identifier;
  readonly parameters: readonly Identifier[];
  readonly body: Expression;
}
export interface LevelDeclaration extends Located {
  readonly kind: "level";
  readonly level: "upper" | "lower" | "minimax";
  /** The span of the word `upper`, `lower` or `minimax`. */
  readonly keyword: Span;
  readonly name?: Identifier;
  readonly items: readonly LevelItem[];
}
/** One setting of `solve`: `method soba`, `time 30s`, `warm true`. */
export interface Setting extends Located {
  readonly name: Identifier;
  readonly value: Expression;
}
export interface SolveBlock extends Located {
  readonly kind: "solve";
  readonly settings: readonly Setting[];
}
export type Expectation =
  /** `x = 7 within 1e-6`; `upper = -100` and `lower NAME = 17` speak of objectives. */
  | (Located & {
      readonly kind: "value";
      readonly target: Expression | ObjectiveTarget;
      readonly value: Expression;
      readonly within?: Expression;
    })
  /** `status converged` */
  | (Located & { readonly kind: "status"; readonly status: Identifier })
  /** `needs method igfm`: the file is skipped, with that reason, until the method exists. */
  | (Located & { readonly kind: "needs"; readonly method: Identifier });
export interface ObjectiveTarget extends Located {
  readonly kind: "objective-of";
  readonly level: "upper" | "lower";
  readonly name?: Identifier;
}
export interface ExpectBlock extends Located {
  readonly kind: "expect";
  readonly items: readonly Expectation[];
}

export type Item =
  | ProblemDeclaration
  | ParameterDeclaration
  | DataDeclaration
  | SetDeclaration
  | FunctionDeclaration
  | LetDeclaration
  | LevelDeclaration
  | SolveBlock
  | ExpectBlock;

/** A comment and where it stands: alone on its line(s), or after something on the same line. */
export interface Comment extends Located {
  readonly text: string;
  readonly trailing: boolean;
}

export interface SyntaxTree extends Located {
  readonly items: readonly Item[];
  readonly comments: readonly Comment[];
}
