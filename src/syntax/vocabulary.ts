/**
 * The words and operators of the language as data: the lexer, the printer, the messages and the language reference
 * all read these tables. The grammar (grammar/blo.ne) is the law on precedence; a test compares it with this table.
 */

export interface OperatorEntry {
  /** As written; for prefix operators with a space or the operand left out. */
  readonly symbol: string;
  readonly fixity: "prefix" | "infix" | "postfix" | "adjacent";
  /** Larger binds tighter. */
  readonly precedence: number;
  readonly associativity: "left" | "right" | "none";
  readonly meaning: string;
}

/** From loosest to tightest. */
export const operatorTable: readonly OperatorEntry[] = [
  row("if then else", "prefix", 0, "right", "choice: `if c then a else b`"),
  row("..", "infix", 1, "none", "whole numbers from … to …, both included; only where a set is expected"),
  row("or", "infix", 2, "left", "logical or"),
  row("and", "infix", 3, "left", "logical and"),
  row("not", "prefix", 4, "right", "logical not"),
  ...["<", "<=", ">", ">=", "==", "!="].map((s) =>
    row(s, "infix", 5, "none", "comparison; only constraints may chain two"),
  ),
  row("+", "infix", 6, "left", "sum, elementwise"),
  row("-", "infix", 6, "left", "difference, elementwise"),
  row("*", "infix", 7, "left", "product of linear algebra; with a scalar, scaling"),
  row("/", "infix", 7, "left", "quotient by a scalar"),
  row(".*", "infix", 7, "left", "elementwise product"),
  row("./", "infix", 7, "left", "elementwise quotient"),
  row("-", "prefix", 8, "right", "negative"),
  row("+", "prefix", 8, "right", "no change"),
  row("7x", "adjacent", 9, "none", "coefficient: a number directly followed by a name or a bracket"),
  row("^", "infix", 10, "right", "power"),
  row(".^", "infix", 10, "right", "elementwise power"),
  row("'", "postfix", 11, "left", "transpose"),
  row("[ ]", "postfix", 11, "left", "element, slice or columns: `y[2]`, `A[:, j]`, `y[2:5]`"),
  row(".", "postfix", 11, "left", "column of a data file: `d.age`"),
  row("( )", "postfix", 11, "none", "call of a function: `f(x, y)`"),
];

function row(
  symbol: string,
  fixity: OperatorEntry["fixity"],
  precedence: number,
  associativity: OperatorEntry["associativity"],
  meaning: string,
): OperatorEntry {
  return { symbol, fixity, precedence, associativity, meaning };
}

/** Words that never are names. `minimise` and `maximise` are read as the z forms. */
export const reservedWords: readonly string[] = [
  "problem",
  "param",
  "data",
  "set",
  "fn",
  "let",
  "upper",
  "lower",
  "minimax",
  "expect",
  "var",
  "in",
  "init",
  "minimize",
  "maximize",
  "minimise",
  "maximise",
  "objective",
  "subject",
  "forall",
  "where",
  "batch",
  "if",
  "then",
  "else",
  "and",
  "or",
  "not",
];

/** Other spellings that the lexer reads as the word or sign on the right. */
export const synonyms: ReadonlyMap<string, string> = new Map([
  ["minimise", "minimize"],
  ["maximise", "maximize"],
  ["≤", "<="],
  ["⩽", "<="],
  ["≥", ">="],
  ["⩾", ">="],
  ["≠", "!="],
  ["∈", "in"],
  ["∀", "forall"],
  ["∧", "and"],
  ["∨", "or"],
  ["¬", "not"],
  ["·", "*"],
  ["⋅", "*"],
  ["×", "*"],
  ["∗", "*"],
  ["−", "-"],
  ["÷", "/"],
  ["′", "'"],
  ["∑", "sum"],
  ["∏", "prod"],
  ["√", "sqrt"],
  ["∞", "inf"],
]);

/** Sections of a file; the first word of each top-level statement. */
export const sectionWords: readonly string[] = [
  "problem",
  "param",
  "data",
  "set",
  "fn",
  "let",
  "upper",
  "lower",
  "minimax",
  "solve",
  "expect",
];

/** First words of the statements of a level, constraints apart. */
export const levelWords: readonly string[] = ["var", "let", "minimize", "maximize", "objective", "subject"];

/** Reserved words that only ever begin a statement: where one opens a line, what came before has ended. */
export const openingWords: ReadonlySet<string> = new Set([
  ...sectionWords.filter((word) => reservedWords.includes(word)),
  ...levelWords,
]);
