/**
 * The actions of grammar/blo.ne for expressions: from the parts of a rule to a node of the tree (statements: declare.ts). Pure and cheap, since nearley also
 * runs them on readings that come to nothing. Lists arrive as pairs (`Cons`) and are flattened where their node is made.
 */
import type { Span } from "../base/span.js";
import { spanOf, type Token } from "./token.js";
import type {
  ArrayExpression,
  BinaryExpression,
  Binder,
  CallExpression,
  CoefficientExpression,
  ComprehensionExpression,
  ComprehensionOperator,
  ConditionalExpression,
  Expression,
  Identifier,
  IndexExpression,
  IndexItem,
  MemberExpression,
  NameExpression,
  NumberLiteral,
  RangeExpression,
  SliceItem,
  StringLiteral,
  TransposeExpression,
  UnaryExpression,
} from "./tree.js";

/** What a rule's symbols produced, in order; each action knows what stands where from its rule. */
export type Parts = readonly unknown[];

export interface Cons<T> {
  readonly rest: Cons<T> | null;
  readonly item: T;
}

/** The items of a list, first one first. */
export function flatten<T>(list: Cons<T> | null): T[] {
  const items: T[] = [];
  for (let at = list; at !== null; at = at.rest) items.push(at.item);
  return items.reverse();
}

type Placed = Token | { readonly span: Span };

/** Place of a token or node. */
export function place(part: unknown): Span {
  const placed = part as Placed;
  return "span" in placed ? placed.span : spanOf(placed);
}

/** From the first to the last part, both of which are tokens or nodes. */
export function across(d: Parts): Span {
  return { start: place(d[0]).start, end: place(d[d.length - 1]).end };
}

export function identifier(part: unknown): Identifier {
  const token = part as Token;
  return { name: token.text, span: spanOf(token) };
}

// ------------------------------------------------------------------------------------------------------------ lists

export const id = (d: Parts): unknown => d[0];
export const first = id;
export const none = (): null => null;
export const one = (d: Parts): Cons<unknown> => ({ rest: null, item: d[0] });
/** list item */
export const more = (d: Parts): Cons<unknown> => ({ rest: d[0] as Cons<unknown> | null, item: d[1] });
/** list "," item */
export const moreAfter = (d: Parts): Cons<unknown> => ({ rest: d[0] as Cons<unknown>, item: d[2] });

// ------------------------------------------------------------------------------------------------------ expressions

export const number = (d: Parts): NumberLiteral => numberOf(d[0] as Token);
function numberOf(token: Token): NumberLiteral {
  return { kind: "number", value: token.number ?? Number(token.text), span: spanOf(token) };
}

export const string = (d: Parts): StringLiteral => stringOf(d[0] as Token);
export function stringOf(token: Token): StringLiteral {
  return { kind: "string", value: token.string ?? "", span: spanOf(token) };
}

export const name = (d: Parts): NameExpression => ({ kind: "name", ...identifier(d[0]) });

export const folded = (d: Parts): ArrayExpression | undefined => (d[0] as Token).array;

/** The operator's token stands between its operands. */
export const binary = (d: Parts): BinaryExpression => ({
  kind: "binary",
  operator: (d[1] as Token).text as BinaryExpression["operator"],
  left: d[0] as Expression,
  right: d[2] as Expression,
  span: across(d),
});

export const prefix = (d: Parts): UnaryExpression => ({
  kind: "unary",
  operator: (d[0] as Token).text as UnaryExpression["operator"],
  operand: d[1] as Expression,
  span: across(d),
});

export const coefficient = (d: Parts): CoefficientExpression => ({
  kind: "coefficient",
  coefficient: numberOf(d[0] as Token),
  factor: d[1] as Expression,
  span: across(d),
});

/** Brackets are no node; the span widens, so that they belong to the place shown. */
export const bracket = (d: Parts): Expression => ({ ...(d[1] as Expression), span: across(d) });

export const transpose = (d: Parts): TransposeExpression => ({
  kind: "transpose",
  operand: d[0] as Expression,
  span: across(d),
});

export const member = (d: Parts): MemberExpression => ({
  kind: "member",
  object: d[0] as Expression,
  member: identifier(d[2]),
  span: across(d),
});

/** %name "(" [expressions] ")" */
export const call = (d: Parts): CallExpression => ({
  kind: "call",
  callee: identifier(d[0]),
  arguments: d.length === 4 ? flatten(d[2] as Cons<Expression>) : [],
  span: across(d),
});

export const array = (d: Parts): ArrayExpression => ({
  kind: "array",
  items: flatten(d[1] as Cons<Expression>),
  span: across(d),
});

export const index = (d: Parts): IndexExpression => ({
  kind: "index",
  object: d[0] as Expression,
  items: flatten(d[2] as Cons<IndexItem>),
  span: across(d),
});

export const slice = (d: Parts): SliceItem => ({ kind: "slice", span: across(d) });
export const sliceFrom = (d: Parts): SliceItem => ({ kind: "slice", from: d[0] as Expression, span: across(d) });
export const sliceTo = (d: Parts): SliceItem => ({ kind: "slice", to: d[1] as Expression, span: across(d) });
export const sliceBoth = (d: Parts): SliceItem => ({
  kind: "slice",
  from: d[0] as Expression,
  to: d[2] as Expression,
  span: across(d),
});

export const range = (d: Parts): RangeExpression => ({
  kind: "range",
  from: d[0] as Expression,
  to: d[2] as Expression,
  span: across(d),
});

/** "if" c "then" a "else" b */
export const conditional = (d: Parts): ConditionalExpression => ({
  kind: "conditional",
  condition: d[1] as Expression,
  consequent: d[3] as Expression,
  alternate: d[5] as Expression,
  span: across(d),
});

// --------------------------------------------------------------------------------------------------- comprehensions

export interface Scope {
  readonly binders: readonly Binder[];
  readonly where?: Expression;
  readonly batch?: Expression;
}

/** %name "in" range */
export const binder = (d: Parts): Binder => ({ index: identifier(d[0]), set: d[2] as Expression, span: across(d) });

/** binders ["where" expression] */
export const over = (d: Parts): Scope => ({
  binders: flatten(d[0] as Cons<Binder>),
  ...(d.length === 3 ? { where: d[2] as Expression } : {}),
});

export const batch = (d: Parts): Scope => ({ ...(d[0] as Scope), batch: d[2] as Expression });

/** scope ":" expression */
export const comprehension = (d: Parts): Scope & { readonly body: Expression } => ({
  ...(d[0] as Scope),
  body: d[2] as Expression,
});

/** reducer "(" comprehension ")" */
export const reduce = (d: Parts): ComprehensionExpression => ({
  kind: "comprehension",
  operator: (d[0] as Token).text as ComprehensionOperator,
  ...(d[2] as Scope & { readonly body: Expression }),
  span: across(d),
});
