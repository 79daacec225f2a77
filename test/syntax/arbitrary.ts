/** Arbitrary syntax trees, as fast-check makes them: every kind of node, with spans left at nought. */
import fc from "fast-check";
import type {
  BinaryOperator,
  Binder,
  Comment,
  DomainClause,
  Expectation,
  Expression,
  Identifier,
  IndexItem,
  Item,
  LevelItem,
  NumberLiteral,
  Setting,
  StringLiteral,
  SyntaxTree,
} from "../../src/syntax/tree.js";
import { reservedWords } from "../../src/syntax/vocabulary.js";

const span = { start: 0, end: 0 };

const nameText = fc
  .oneof(
    fc.constantFrom(
      "x",
      "y",
      "w",
      "alpha",
      "α",
      "e",
      "e3",
      "E10",
      "f",
      "sum",
      "max",
      "solve",
      "to",
      "status",
      "as",
      "method",
    ),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "toString",
      "x₁",
      "λ",
      "ряд",
      "e_1",
      "Train",
      "within",
      "header",
      "needs",
    ),
    fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/),
  )
  .filter((name) => !reservedWords.includes(name));
export const identifier: fc.Arbitrary<Identifier> = nameText.map((name) => ({ name, span }));
const wordIdentifier = fc.oneof(
  identifier,
  fc.constantFrom("batch", "init", "in", "data", "set").map((name) => ({ name, span })),
);
const hyphenated = fc
  .array(identifier, { minLength: 1, maxLength: 3 })
  .map((words) => ({ name: words.map((w) => w.name).join("-"), span }));

const numberLiteral: fc.Arbitrary<NumberLiteral> = fc
  .oneof(
    fc.nat(1000),
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1e-6, 1e21, 0.1, 5e-324, 1.7976931348623157e308),
  )
  .map((value) => ({ kind: "number", value: Math.abs(value), span }));
const stringLiteral: fc.Arbitrary<StringLiteral> = fc
  .oneof(fc.string(), fc.string({ unit: "grapheme" }))
  .filter((value) => !/[\0\uFFFD]/.test(value))
  .map((value) => ({ kind: "string", value, span }));

const operators: readonly BinaryOperator[] = "+ - * / ^ .* ./ .^ < <= > >= == != and or".split(" ") as BinaryOperator[];

const list = <T>(item: fc.Arbitrary<T>, minLength = 0, maxLength = 3) => fc.array(item, { minLength, maxLength });
const optional = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> =>
  fc.option(value, { nil: undefined }).map((v) => (v === undefined ? {} : { [key]: v }) as { [P in K]?: T });
/** Joins records whose parts are drawn one by one; parts that are absent stay absent. */
const record = <T>(fixed: object, ...parts: fc.Arbitrary<object>[]): fc.Arbitrary<T> =>
  fc.tuple(...parts).map((drawn) => Object.assign({}, fixed, ...drawn, { span }) as T);
const field = <K extends string>(key: K, value: fc.Arbitrary<unknown>) => value.map((v) => ({ [key]: v }));

export const { expression } = fc.letrec<{ expression: Expression; small: Expression }>((tie) => {
  const e = tie("expression");
  const small = tie("small");
  const set = fc.oneof(
    { weight: 3, arbitrary: record<Expression>({ kind: "range" }, field("from", small), field("to", small)) },
    { weight: 2, arbitrary: identifier.map((i): Expression => ({ kind: "name", ...i })) },
    e,
  );
  const binder = record<Binder>({}, field("index", identifier), field("set", set));
  const slice = record<IndexItem>({ kind: "slice" }, optional("from", small), optional("to", small));
  const leaf = fc.oneof(
    identifier.map((i): Expression => ({ kind: "name", ...i })),
    numberLiteral,
    stringLiteral,
  );
  return {
    small: fc.oneof({ maxDepth: 2, depthIdentifier: "small" }, leaf, leaf, e),
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: "expression", depthSize: "small" },
      leaf,
      record<Expression>({ kind: "unary" }, field("operator", fc.constantFrom("-", "+", "not")), field("operand", e)),
      record<Expression>(
        { kind: "binary" },
        field("operator", fc.constantFrom(...operators)),
        field("left", e),
        field("right", e),
      ),
      record<Expression>(
        { kind: "binary" },
        field("operator", fc.constantFrom(...operators)),
        field("left", e),
        field("right", e),
      ),
      record<Expression>({ kind: "coefficient" }, field("coefficient", numberLiteral), field("factor", e)),
      record<Expression>({ kind: "transpose" }, field("operand", e)),
      record<Expression>({ kind: "call" }, field("callee", identifier), field("arguments", list(e))),
      record<Expression>({ kind: "index" }, field("object", e), field("items", list(fc.oneof(e, slice), 1))),
      record<Expression>({ kind: "member" }, field("object", e), field("member", wordIdentifier)),
      record<Expression>(
        { kind: "comprehension" },
        field("operator", fc.constantFrom("sum", "mean", "prod", "max", "min")),
        field("binders", list(binder, 1, 2)),
        optional("where", e),
        optional("batch", small),
        field("body", e),
      ),
      record<Expression>({ kind: "array" }, field("items", list(e, 1, 4))),
      record<Expression>({ kind: "array" }, field("items", list(numberLiteral, 14, 20))),
      record<Expression>({ kind: "conditional" }, field("condition", e), field("consequent", e), field("alternate", e)),
    ),
  };
});

const setExpression = fc.oneof(
  record<Expression>({ kind: "range" }, field("from", expression), field("to", expression)),
  expression,
);
const binder = record<Binder>({}, field("index", identifier), field("set", setExpression));

const domain: fc.Arbitrary<DomainClause> = fc.oneof(
  record<DomainClause>({ kind: "interval" }, field("lower", expression), field("upper", expression)),
  record<DomainClause>({ kind: "bound" }, field("operator", fc.constantFrom("<=", ">=")), field("bound", expression)),
  record<DomainClause>({ kind: "named" }, field("name", identifier), field("arguments", list(expression))),
);
const dimensions = field("dimensions", list(expression, 0, 2));
const letItem = record<LevelItem & Item>({ kind: "let" }, field("name", identifier), field("value", expression));
const constraint = fc.integer({ min: 1, max: 2 }).chain((count) =>
  record<LevelItem>(
    { kind: "constraint" },
    optional("name", identifier),
    list(binder, 0, 2).chain((binders) =>
      binders.length === 0
        ? fc.constant({ binders })
        : optional("where", expression).map((where) => ({ binders, ...where })),
    ),
    field("terms", list(expression, count + 1, count + 1)),
    field("relations", list(fc.constantFrom("<=", ">=", "=="), count, count)),
  ),
);

function levelItems(minimax: boolean): fc.Arbitrary<LevelItem[]> {
  const player = minimax ? optional("player", fc.constantFrom("minimize", "maximize")) : fc.constant({});
  const senses = minimax ? ["minimize", "maximize", "neutral"] : ["minimize", "maximize"];
  const item = fc.oneof(
    record<LevelItem>(
      { kind: "var" },
      field("name", identifier),
      dimensions,
      field("domains", list(domain, 0, 2)),
      optional("init", expression),
      player,
    ),
    letItem,
    record<LevelItem>({ kind: "objective" }, field("sense", fc.constantFrom(...senses)), field("value", expression)),
  );
  return fc
    .tuple(list(item), list(constraint), list(fc.oneof(item, constraint), 0, 2))
    .map(([items, constraints, more]) => {
      return constraints.length === 0 ? items : [...items, ...constraints, ...more];
    });
}

const settingName = fc.oneof(
  identifier,
  fc.constantFrom("batch", "init", "in").map((name) => ({ name, span })),
);
const setting = record<Setting>({}, field("name", settingName), field("value", expression));
const expectation: fc.Arbitrary<Expectation> = fc.oneof(
  record<Expectation>(
    { kind: "value" },
    field(
      "target",
      fc.oneof(
        expression,
        fc.constant({ kind: "objective-of", level: "upper", span }),
        record<object>({ kind: "objective-of", level: "lower" }, optional("name", identifier)),
      ),
    ),
    field("value", expression),
    optional("within", expression),
  ),
  record<Expectation>({ kind: "status" }, field("status", hyphenated)),
  record<Expectation>({ kind: "needs" }, field("method", hyphenated)),
);

function level(word: "upper" | "lower" | "minimax"): fc.Arbitrary<Item> {
  return record<Item>(
    { kind: "level", level: word, keyword: span },
    word === "upper" ? fc.constant({}) : optional("name", identifier),
    field("items", levelItems(word === "minimax")),
  );
}

const repeatable: fc.Arbitrary<Item> = fc.oneof(
  record<Item>({ kind: "param" }, field("name", identifier), dimensions, optional("value", expression)),
  record<Item>(
    { kind: "data" },
    field("name", identifier),
    field("path", stringLiteral),
    optional("format", identifier),
    field("header", fc.boolean()),
  ),
  record<Item>({ kind: "set" }, field("name", identifier), field("value", setExpression)),
  record<Item>(
    { kind: "fn" },
    field("name", identifier),
    field("parameters", list(identifier)),
    field("body", expression),
  ),
  letItem,
  level("lower"),
);
const once: fc.Arbitrary<Item[]> = fc
  .subarray([0, 1, 2, 3, 4])
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(
        (i) =>
          [
            record<Item>({ kind: "problem" }, field("title", stringLiteral)),
            level("upper"),
            level("minimax"),
            record<Item>({ kind: "solve" }, field("settings", list(setting, 0, 5))),
            record<Item>({ kind: "expect" }, field("items", list(expectation, 0, 5))),
          ][i],
      ),
    ),
  );

export const tree: fc.Arbitrary<SyntaxTree> = fc
  .tuple(list(repeatable, 0, 3), once)
  .filter(([some, others]) => some.length + others.length > 0)
  .map(([some, others]) => ({ items: [...others, ...some], comments: [], span }));

export const commentText: fc.Arbitrary<string> = fc
  .string({ maxLength: 12 })
  .map((text) => ` ${text.replace(/[\0\r\n\u2028\u2029\uFFFD]/g, "")}`.trimEnd());

/** A tree without its places and comments, to be compared. */
export function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== "span" && key !== "keyword" && key !== "comments");
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}

export const commentsOf = (comments: readonly Comment[]): string[] => comments.map((c) => c.text).sort();
