import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { parseTokens } from "../../src/syntax/earley.js";
import { rules } from "../../src/syntax/grammar.gen.js";
import { Lexer } from "../../src/syntax/lexer.js";
import { parse } from "../../src/syntax/parse.js";
import { print } from "../../src/syntax/print.js";
import { Reports } from "../../src/syntax/reports.js";
import { type Place, StatementReader } from "../../src/syntax/statements.js";
import type { Token, TokenType } from "../../src/syntax/token.js";
import { operatorTable, reservedWords } from "../../src/syntax/vocabulary.js";
import { bare, tree } from "./arbitrary.js";
import { read } from "./support.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The tokens of a whole file as the rule `file` takes them: `stop` where a statement ends. */
function fileTokens(text: string): Token[] {
  const reports = new Reports();
  const reader = new StatementReader(new Lexer(text, reports), reports);
  const all: Token[] = [];
  const stop = (at: Token): Token => ({ ...at, type: "stop" as TokenType, text: "" });
  let place: Place = "plain";
  while (reader.peek().type !== "end") {
    const { tokens, ending, terminator } = reader.read(place);
    all.push(...tokens);
    const word = tokens[0]?.text;
    if (ending === "open") place = word === "expect" ? "list" : word === "solve" ? "settings" : "plain";
    if (ending === "close") place = "plain";
    if (word === "subject") place = "list";
    all.push(ending === "open" || ending === "close" ? terminator : stop(terminator));
    // `subject to` is followed by a list, not by the end of a statement
    if (word === "subject" && tokens.length === 2 && ending === "break") all.pop();
  }
  return all;
}

describe("the grammar", () => {
  it("is what the generated parser and the EBNF were made from", () => {
    const args = ["scripts/grammar.mjs", "--check"];
    expect(() => execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: "pipe" })).not.toThrow();
  });

  it("uses no list operators, which are quadratic, and names every rule it uses", () => {
    const names = new Set(rules.map((rule) => rule.name));
    for (const { name, symbols } of rules) {
      expect(name).not.toContain("$");
      for (const symbol of symbols) if (typeof symbol === "string") expect(names).toContain(symbol);
      // right recursion is quadratic: only where nesting is bounded
      const rightmost = symbols.at(-1);
      if (rightmost === name) expect(["not", "signed", "expression"]).toContain(name);
    }
  });

  it("reads a whole file, in exactly one way, as the parser reads it statement by statement", () => {
    fc.assert(
      fc.property(tree, (t) => {
        const text = print(t);
        const whole = parseTokens("file", fileTokens(text));
        expect(whole.kind, text).toBe("value");
        if (whole.kind !== "value") return;
        expect({ items: whole.value }).toEqual({ items: parse(new Source("t", text)).tree?.items });
        expect(bare(whole.value)).toEqual(bare(t.items));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("reserves the words that its rules spell out, apart from the contextual ones", () => {
    const contextual = "solve to as with without header within status needs method sum mean prod max min".split(" ");
    const spelled = new Set(
      rules.flatMap((rule) =>
        rule.symbols.flatMap((s) =>
          typeof s === "object" && "literal" in s && /^[a-z]/.test(s.literal) ? [s.literal] : [],
        ),
      ),
    );
    const expected = [...contextual, ...reservedWords.filter((w) => !w.endsWith("ise"))].filter(
      (w) => w !== "minimise",
    );
    expect([...spelled].sort()).toEqual(expected.sort());
  });
});

describe("precedence", () => {
  it("is that of the operator table, for every pair of infix operators", () => {
    const infix = operatorTable.filter((o) => o.fixity === "infix" && o.symbol !== "..");
    for (const a of infix) {
      for (const b of infix) {
        const left = `((x ${a.symbol} y) ${b.symbol} z)`;
        const right = `(x ${a.symbol} (y ${b.symbol} z))`;
        if (a.precedence === b.precedence && a.associativity === "none") continue;
        const bindsLeft = a.precedence > b.precedence || (a.precedence === b.precedence && a.associativity === "left");
        expect(read(`x ${a.symbol} y ${b.symbol} z`)).toBe(bindsLeft ? left : right);
      }
    }
  });

  it.each([
    ["-x^2", "(- (x ^ 2))"],
    ["2x^2", "{2 (x ^ 2)}"],
    ["x^-2", "(x ^ (- 2))"],
    ["2^-x^2", "(2 ^ (- (x ^ 2)))"],
    ["x^y^z", "(x ^ (y ^ z))"],
    ["-x * y", "((- x) * y)"],
    ["a * -b", "(a * (- b))"],
    ["- -x", "(- (- x))"],
    ["-2x", "(- {2 x})"],
    ["a * 2x", "(a * {2 x})"],
    ["2x / 3", "({2 x} / 3)"],
    ["2(x + 1)^2", "{2 ((x + 1) ^ 2)}"],
    ["2A'", "{2 A'}"],
    ["A'^2", "(A' ^ 2)"],
    ["x^A'", "(x ^ A')"],
    ["A[1, :]'", "A[1, :]'"],
    ["2f(x)", "{2 f(x)}"],
    ["2[1, 2]", "{2 [1, 2]}"],
    ["not a == b", "(not (a == b))"],
    ["not a and b", "((not a) and b)"],
    ["not not a", "(not (not a))"],
    ["a or b and c", "(a or (b and c))"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b * c", "((a / b) * c)"],
    ["x + y < z * 2", "((x + y) < (z * 2))"],
    ["if a then b else if c then d else e", "(a ? b : (c ? d : e))"],
    ["if a or b then x + 1 else y + 1", "((a or b) ? (x + 1) : (y + 1))"],
    ["1/(2x)", "(1 / {2 x})"],
    ["1/2 * x", "((1 / 2) * x)"],
  ])("%s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it("puts `..` below `+`", () => {
    const item = parse(new Source("t", "set S = k+1..n - 1")).tree?.items[0];
    expect(item).toMatchObject({ value: { kind: "range", from: { operator: "+" }, to: { operator: "-" } } });
  });
});
