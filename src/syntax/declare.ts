/** The actions of grammar/blo.ne for statements, blocks and the file (expressions: nodes.ts). */
import type { Span } from "../base/span.js";
import { across, type Cons, flatten, identifier, type Parts, place, type Scope, stringOf } from "./nodes.js";
import { spanOf, type Token } from "./token.js";
import type {
  Binder,
  BoundDomain,
  ConstraintDeclaration,
  DataDeclaration,
  DomainClause,
  Expectation,
  ExpectBlock,
  Expression,
  FunctionDeclaration,
  Identifier,
  IntervalDomain,
  Item,
  LetDeclaration,
  LevelDeclaration,
  LevelItem,
  NamedDomain,
  ObjectiveDeclaration,
  ObjectiveTarget,
  ParameterDeclaration,
  ProblemDeclaration,
  SetDeclaration,
  Setting,
  SolveBlock,
  VariableDeclaration,
} from "./tree.js";

// --------------------------------------------------------------------------------------------------------- sections

/** "problem" %string */
export const problem = (d: Parts): ProblemDeclaration => ({
  kind: "problem",
  title: stringOf(d[1] as Token),
  span: across(d),
});

interface Shaped {
  readonly name: Identifier;
  readonly dimensions: readonly Expression[];
  readonly span: Span;
}

/** %name ["[" expressions "]"] */
export const shaped = (d: Parts): Shaped => ({
  name: identifier(d[0]),
  dimensions: d.length === 4 ? flatten(d[2] as Cons<Expression>) : [],
  span: across(d),
});

/** "param" shaped ["=" expression] */
export const param = (d: Parts): ParameterDeclaration => {
  const { name, dimensions } = d[1] as Shaped;
  const value = d.length === 4 ? { value: d[3] as Expression } : {};
  return { kind: "param", name, dimensions, ...value, span: across(d) };
};

interface Header {
  readonly header: boolean;
  readonly span: Span;
}
export const withHeader = (d: Parts): Header => ({ header: true, span: across(d) });
export const withoutHeader = (d: Parts): Header => ({ header: false, span: across(d) });

/** "data" %name "=" %string ["as" %name] [header] */
export const data = (d: Parts): DataDeclaration => ({
  kind: "data",
  name: identifier(d[1]),
  path: stringOf(d[3] as Token),
  ...(d.length >= 6 ? { format: identifier(d[5]) } : {}),
  header: d.length % 2 === 1 ? (d[d.length - 1] as Header).header : true,
  span: across(d),
});

/** "set" %name "=" range */
export const set = (d: Parts): SetDeclaration => ({
  kind: "set",
  name: identifier(d[1]),
  value: d[3] as Expression,
  span: across(d),
});

/** "fn" %name "(" [names] ")" "=" expression */
export const fn = (d: Parts): FunctionDeclaration => ({
  kind: "fn",
  name: identifier(d[1]),
  parameters: d.length === 7 ? flatten(d[3] as Cons<Token>).map(identifier) : [],
  body: d[d.length - 1] as Expression,
  span: across(d),
});

/** "let" %name "=" expression */
export const let_ = (d: Parts): LetDeclaration => ({
  kind: "let",
  name: identifier(d[1]),
  value: d[3] as Expression,
  span: across(d),
});

// --------------------------------------------------------------------------------------------------- items of levels

interface Variable extends Shaped {
  readonly domains: readonly DomainClause[];
  readonly init?: Expression;
}
interface Bounded extends Shaped {
  readonly domains: Cons<DomainClause> | null;
}

/** shaped | bounded domain */
export const bounded = (d: Parts): Bounded => {
  if (d.length === 1) {
    const { name, dimensions, span } = d[0] as Shaped;
    return { name, dimensions, domains: null, span };
  }
  const before = d[0] as Bounded;
  const { name, dimensions } = before;
  return { name, dimensions, domains: { rest: before.domains, item: d[1] as DomainClause }, span: across(d) };
};

/** bounded ["init" expression] */
export const variable = (d: Parts): Variable => {
  const { name, dimensions, domains } = d[0] as Bounded;
  const plain = { name, dimensions, domains: flatten(domains), span: across(d) };
  return d.length === 3 ? { ...plain, init: d[2] as Expression } : plain;
};

/** ["minimize" | "maximize"] "var" variable */
export const var_ = (d: Parts): VariableDeclaration => {
  const { name, dimensions, domains, init } = d[d.length - 1] as Variable;
  const player = d.length === 3 ? { player: (d[0] as Token).text as "minimize" | "maximize" } : {};
  const start = init === undefined ? player : { init, ...player };
  return { kind: "var", name, dimensions, domains, ...start, span: across(d) };
};

/** "in" "[" expression "," expression "]" */
export const interval = (d: Parts): IntervalDomain => ({
  kind: "interval",
  lower: d[2] as Expression,
  upper: d[4] as Expression,
  span: across(d),
});

export const bound = (d: Parts): BoundDomain => ({
  kind: "bound",
  operator: (d[0] as Token).text as BoundDomain["operator"],
  bound: d[1] as Expression,
  span: across(d),
});

/** "in" %name ["(" [expressions] ")"] */
export const named = (d: Parts): NamedDomain => ({
  kind: "named",
  name: identifier(d[1]),
  arguments: d.length === 5 ? flatten(d[3] as Cons<Expression>) : [],
  span: across(d),
});

export const objective = (d: Parts): ObjectiveDeclaration => {
  const word = (d[0] as Token).text;
  const sense = word === "minimize" || word === "maximize" ? word : "neutral";
  return { kind: "objective", sense, value: d[1] as Expression, span: across(d) };
};

/** "forall" binders ["where" expression] */
export const forall = (d: Parts): Scope & { readonly span: Span } => ({
  binders: flatten(d[1] as Cons<Binder>),
  ...(d.length === 4 ? { where: d[3] as Expression } : {}),
  span: { start: place(d[0]).start, end: place(d[0]).end },
});

type Relation = Pick<ConstraintDeclaration, "terms" | "relations" | "span">;

/** additive relator additive [relator additive] */
export const relation = (d: Parts): Relation => ({
  terms: d.filter((_, i) => i % 2 === 0) as Expression[],
  relations: d.filter((_, i) => i % 2 === 1).map((part) => (part as Token).text as "<=" | ">=" | "=="),
  span: across(d),
});

/** [%name ":"] [forall ":"] relation */
export const constraint = (d: Parts): ConstraintDeclaration => {
  const heads = d.slice(0, -1).filter((_, i) => i % 2 === 0);
  const label = heads.find((part) => "type" in (part as object));
  const scope = heads.find((part) => "binders" in (part as object)) as Scope | undefined;
  return {
    kind: "constraint",
    ...(label ? { name: identifier(label) } : {}),
    binders: scope?.binders ?? [],
    ...(scope?.where ? { where: scope.where } : {}),
    ...(d[d.length - 1] as Relation),
    span: across(d),
  };
};

// ---------------------------------------------------------------------------------------- settings and expectations

export const setting = (d: Parts): Setting => ({
  name: identifier(d[0]),
  value: d[1] as Expression,
  span: across(d),
});

/** target "=" value ["within" tolerance] */
export const expectation = (d: Parts): Expectation => ({
  kind: "value",
  target: d[0] as Expression | ObjectiveTarget,
  value: d[2] as Expression,
  ...(d.length === 5 ? { within: d[4] as Expression } : {}),
  span: across(d),
});

/** "status" NAME, "needs" "method" NAME: names of methods and outcomes have hyphens. */
export const status = (d: Parts): Expectation => ({ kind: "status", status: d[1] as Identifier, span: across(d) });
export const needs = (d: Parts): Expectation => ({ kind: "needs", method: d[2] as Identifier, span: across(d) });
export const word = (d: Parts): Identifier => identifier(d[0]);
export const hyphenate = (d: Parts): Identifier => ({
  name: `${(d[0] as Identifier).name}-${identifier(d[2]).name}`,
  span: across(d),
});

/** "upper" | "lower" [%name] */
export const objectiveOf = (d: Parts): ObjectiveTarget => ({
  kind: "objective-of",
  level: (d[0] as Token).text as "upper" | "lower",
  ...(d.length === 2 ? { name: identifier(d[1]) } : {}),
  span: across(d),
});

// ----------------------------------------------------------------------------------------------- blocks and the file

export interface LevelHead {
  readonly keyword: Token;
  readonly name?: Identifier;
}

export const levelHead = (d: Parts): LevelHead => ({
  keyword: d[0] as Token,
  ...(d.length === 2 ? { name: identifier(d[1]) } : {}),
});

export function levelOf(head: LevelHead, items: readonly LevelItem[], end: number): LevelDeclaration {
  const { keyword, name } = head;
  return {
    kind: "level",
    level: keyword.text as LevelDeclaration["level"],
    keyword: spanOf(keyword),
    ...(name ? { name } : {}),
    items,
    span: { start: keyword.start, end },
  };
}

/** levelHead "{" levelBody "}" */
export const level = (d: Parts): LevelDeclaration =>
  levelOf(d[0] as LevelHead, flatten(d[2] as Cons<LevelItem> | null), place(d[3]).end);

/** items "subject" "to" clauses [clause] */
export const joined = (d: Parts): Cons<LevelItem> | null => {
  const last = d.length === 5 ? [d[4] as LevelItem] : [];
  const clauses = [...flatten(d[3] as Cons<LevelItem> | null), ...last];
  return clauses.reduce<Cons<LevelItem> | null>((rest, item) => ({ rest, item }), d[0] as Cons<LevelItem> | null);
};

/** "solve" "{" settings "}" */
export const solve = (d: Parts): SolveBlock => ({
  kind: "solve",
  settings: flatten(d[2] as Cons<Setting> | null),
  span: across(d),
});

/** "expect" "{" expectations "}" */
export const expect = (d: Parts): ExpectBlock => ({
  kind: "expect",
  items: flatten(d[2] as Cons<Expectation> | null),
  span: across(d),
});

/** sections [section] */
export const file = (d: Parts): readonly Item[] => {
  const items = flatten(d[0] as Cons<Item> | null);
  return d.length === 2 ? [...items, d[1] as Item] : items;
};
