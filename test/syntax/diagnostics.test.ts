import { describe, expect, it } from "vitest";
import { syntax } from "../../src/base/catalogue/syntax.js";
import { text as textFamily } from "../../src/base/catalogue/text.js";
import { Source } from "../../src/base/source.js";
import { parse } from "../../src/syntax/parse.js";
import { MAX_SOURCE_LENGTH } from "../../src/syntax/readable.js";
import { reservedWords } from "../../src/syntax/vocabulary.js";
import { findings } from "./support.js";

/** Source, then for each finding: code, the text it points at, its message, and where it matters its hint. */
type Case = readonly [
  source: string,
  ...found: (readonly [code: string, at: string, message: string, hint?: string])[],
];

const level = (body: string) => `upper {\n${body}\n}`;
const list = (body: string) => level(`subject to\n${body}`);

const cases: readonly Case[] = [
  ["", ["BLO0001", "", "the file declares nothing"]],
  ["# comments only\n", ["BLO0001", "", "the file declares nothing"]],
  ["param a = 1\0", ["BLO0003", "\0", "this is not a text: it holds a NUL character"]],
  ["# caf\uFFFD \uFFFD\nparam a", ["BLO0004", "\uFFFD", "2 characters could not be read as UTF-8 and became U+FFFD"]],
  [
    `param a = [${"x, ".repeat(11_000)}x]`,
    ["BLO0005", `param a = [${"x, ".repeat(64)}`.slice(0, 200), "this statement has more than 20000 words and signs"],
  ],
  ["param a = x ² y", ["BLO0101", "²", "the character `²` (U+00B2) has no meaning here", "write `^2`"]],
  ["param a = 1 $ 2", ["BLO0101", "$", "the character `$` has no meaning here"]],
  ["param a = 1 \u0007", ["BLO0101", "\u0007", "the character U+0007 has no meaning here"]],
  ["param a = x && y", ["BLO0101", "&", "the character `&` has no meaning here", "write `and`"]],
  ['problem "Toll\nparam k', ["BLO0102", '"Toll', "this string has no closing quote on its line"]],
  ['data d = "C:\\q.csv"', ["BLO0103", "\\q", "`\\q` is no escape of a string"]],
  [
    "param a = 1e999",
    [
      "BLO0104",
      "1e999",
      "`1e999` is larger than any number that can be computed with (about 1.8e308)",
      "for no bound at all write `inf`",
    ],
  ],
  ["param a = (1 + 2\nparam b = 3", ["BLO0105", "(", "this `(` is never closed: its `)` is missing"]],
  [level("minimize f(x[1)]"), ["BLO0106", ")", "found `)` where `]` must close the bracket"]],
  ["param a = 1)", ["BLO0106", ")", "this `)` closes nothing"]],
  ["upper { var x }}", ["BLO0106", "}", "this `}` closes nothing"]],
  [`let a = ${"(".repeat(201)}`, ["BLO0107", "(", "this statement is nested more than 200 deep"]],
  [`let a = ${"if a then b else ".repeat(201)}c`, ["BLO0107", "else", "this statement is nested more than 200 deep"]],
  ["let a = x + * y", ["BLO0108", "*", "`*` does not fit here; expected an expression"]],
  ["let a = x ** y", ["BLO0108", "*", "`*` does not fit here; expected an expression", "the power is written `^`"]],
  [
    "let a = x // y",
    [
      "BLO0108",
      "/",
      "`/` does not fit here; expected an expression",
      "comments begin with `#` and go to the end of the line",
    ],
  ],
  [
    "let a = x + 0,5",
    [
      "BLO0108",
      ",",
      "`,` does not fit here; expected an operator or the end of the statement",
      "decimals have a point: `0.5`",
    ],
  ],
  [
    "let a = sum(i in 1:2: i)",
    [
      "BLO0108",
      ":",
      "`:` does not fit here; expected an operator or `)`",
      "whole numbers from 1 to 3 are written `1..3`",
    ],
  ],
  [
    "let a = √x",
    [
      "BLO0110",
      "√x",
      "an operator is missing between the name `sqrt` and the name `x`",
      "an argument stands in brackets: `√(x)`, or `sqrt(x)`",
    ],
  ],
  [
    "fn f(x) { x^2 }",
    ["BLO0108", "{", "`{` does not fit here; expected `=`", "a function is one formula: `fn f(x) = x^2`"],
  ],
  [
    level("var x in (0, 5)"),
    [
      "BLO0108",
      "(",
      "`(` does not fit here; expected a name or `[`",
      "an interval stands in square brackets: `in [0, 5]`",
    ],
  ],
  [
    level("var 0 <= x"),
    [
      "BLO0108",
      "0",
      "the number `0` does not fit here; expected a name",
      "the name stands first, then its domain: `var x in [0, 5]`",
    ],
  ],
  [level("max x"), ["BLO0116", "max", "no statement begins with the name `max`; did you mean `maximize`?"]],
  ["def f", ["BLO0114", "def", "no section begins with the name `def`; did you mean `fn`?"]],
  ["/* no */", ["BLO0114", "/", "no section begins with `/`", "comments begin with `#` and go to the end of the line"]],
  ["let a = f(x, )", ["BLO0108", ")", "`)` does not fit here; expected an expression"]],
  [
    "let a = x[1..3]",
    [
      "BLO0108",
      "..",
      "`..` does not fit here; expected an operator, `:`, `,` or `]`",
      "a range stands where a set is expected (`set S = 1..3`, `i in 1..3`); slices use `:`",
    ],
  ],
  [
    "data d = 'a'",
    ["BLO0108", "'", "`'` does not fit here; expected a string", 'strings stand in double quotes: `"…"`'],
  ],
  [
    "let a = total(i in S: x)",
    [
      "BLO0108",
      "in",
      "the word `in` does not fit here; expected an operator, `,` or `)`",
      "comprehensions are `sum`, `mean`, `prod`, `max` and `min`: `sum(i in 1..3: x[i])`",
    ],
  ],
  [
    "solve { method = soba }",
    [
      "BLO0108",
      "=",
      "`=` does not fit here; expected an expression",
      "a setting is a name and a value without `=`: `seed 1`",
    ],
  ],
  [
    "expect { x == 3 }",
    [
      "BLO0108",
      "==",
      "`==` does not fit here; expected an operator or `=`",
      "an expectation gives a value with `=`: `x = 7`",
    ],
  ],
  [
    level("var x, y"),
    [
      "BLO0108",
      ",",
      "`,` does not fit here; expected `[`, `init`, `in`, `<=`, `>=` or the end of the statement",
      "declare each variable in its own statement",
    ],
  ],
  [
    level("var x inn [0, 1]"),
    [
      "BLO0108",
      "inn",
      "the name `inn` does not fit here; expected `[`, `init`, `in`, `<=`, `>=` or the end of the statement",
      "did you mean `in`?",
    ],
  ],
  ["param a = 3 {\n}", ["BLO0108", "{", "`{` does not fit here; expected the end of the statement"]],
  ["upper a b { }", ["BLO0108", "b", "the name `b` does not fit here; expected `{`"]],
  ["param 3 = 4", ["BLO0108", "3", "the number `3` does not fit here; expected a name"]],
  ["let a =", ["BLO0109", "=", "the statement ends after `=`; expected an expression"]],
  ["let a = 1 +\nlet b = 2", ["BLO0109", "+", "the statement ends after `+`; expected an expression"]],
  ["let a = if b then c", ["BLO0109", "c", "the statement ends after the name `c`; expected an operator or `else`"]],
  ["problem", ["BLO0109", "problem", "the statement ends after the word `problem`; expected a string"]],
  [level("subject"), ["BLO0109", "subject", "the statement ends after the word `subject`; expected `to`"]],
  [
    "let a = 7 x",
    [
      "BLO0110",
      "7 x",
      "an operator is missing between the number `7` and the name `x`",
      "a coefficient touches what it multiplies: write `7x`, or `7 * x`",
    ],
  ],
  [
    "let a = 7 (x)",
    [
      "BLO0110",
      "7 (",
      "an operator is missing between the number `7` and `(`",
      "a coefficient touches what it multiplies: write `7(…)`, or `7 * (…)`",
    ],
  ],
  ["let a = (a)(b)", ["BLO0110", ")(", "an operator is missing between `)` and `(`"]],
  ["let a = b c", ["BLO0110", "b c", "an operator is missing between the name `b` and the name `c`"]],
  ["let a = 1/2x", ["BLO0111", "1/2x", "`1/2x` can be read in two ways", "write `1/2 * x` or `1/(2x)`"]],
  [
    "let a = b ./ 2(x + 1)",
    ["BLO0111", "b ./ 2(", "`b./2(…)` can be read in two ways", "write `b./2 * (…)` or `b./(2(…))`"],
  ],
  ["let a = (b)/-2x", ["BLO0111", ")/-2x", "`(…)/-2x` can be read in two ways"]],
  ["let a = 2^3x", ["BLO0112", "2^3x", "`2^3x` can be read in two ways", "write `2^3 * x` or `2^(3x)`"]],
  ["let a = x^-2y", ["BLO0112", "x^-2y", "`x^-2y` can be read in two ways", "write `x^-2 * y` or `x^(-2y)`"]],
  [level("var set[3]"), ["BLO0113", "set", "`set` is a word of the language and cannot be a name"]],
  ["let a = 1 + data", ["BLO0113", "data", "`data` is a word of the language and cannot be a name"]],
  ["uper { var x }", ["BLO0114", "uper", "no section begins with the name `uper`; did you mean `upper`?"]],
  ["parm a = 1", ["BLO0114", "parm", "no section begins with the name `parm`; did you mean `param`?"]],
  ["hello { (( }\nparam a", ["BLO0114", "hello", "no section begins with the name `hello`"]],
  [
    "minimize x",
    ["BLO0114", "minimize", "no section begins with the word `minimize`", "it belongs into a level: `upper { … }`"],
  ],
  ["{ }", ["BLO0114", "{", "no section begins with `{`"]],
  ["upper { }\nupper { }", ["BLO0115", "upper", "`upper` is given a second time"]],
  ["solve { }\nsolve { }", ["BLO0115", "solve", "`solve` is given a second time"]],
  [level("subject to\nx >= 1\nsubject to\nx <= 2"), ["BLO0115", "subject", "`subject to` is given a second time"]],
  [
    level("minimse x^2"),
    ["BLO0116", "minimse", "no statement begins with the name `minimse`; did you mean `minimise`?"],
  ],
  [list("maximze x"), ["BLO0116", "maximze", "no statement begins with the name `maximze`; did you mean `maximize`?"]],
  [level("vra x"), ["BLO0116", "vra", "no statement begins with the name `vra`; did you mean `var`?"]],
  [level("x^2"), ["BLO0116", "x", "no statement begins with the name `x`"]],
  [
    "upper { var x minimize x }",
    ["BLO0117", "minimize", "a new statement begins with `minimize` on the line of the one before"],
  ],
  [list("x = 3"), ["BLO0118", "=", "`=` gives a name its value; it does not compare", "write `==` for an equation"]],
  [list("x => 3"), ["BLO0118", "=", "`=` gives a name its value; it does not compare", "write `>=`"]],
  [list("x < 3"), ["BLO0119", "<", "neither a constraint nor a bound can be stated with `<`"]],
  [list("x ≠ 3"), ["BLO0119", "≠", "neither a constraint nor a bound can be stated with `!=`"]],
  [level("var x > 0"), ["BLO0119", ">", "neither a constraint nor a bound can be stated with `>`"]],
  [
    "let a = if 0 < x < 1 then x else 0",
    ["BLO0120", "<", "comparisons can be chained only in constraints, and only two of them"],
  ],
  [list("0 <= x <= 3 <= 4"), ["BLO0120", "<=", "comparisons can be chained only in constraints, and only two of them"]],
  [
    level("minimize x\nsubject to { one: x >= 1 }"),
    [
      "BLO0108",
      "{",
      "`{` does not fit here; expected a constraint",
      "the constraints after `subject to` stand without braces, up to the end of the level",
    ],
  ],
  [level("minimize x\nx >= 1\nx <= 3"), ["BLO0121", "x >= 1", "a constraint stands after `subject to`"]],
  [
    level("forall i in S: x[i] <= 3"),
    ["BLO0121", "forall i in S: x[i] <= 3", "a constraint stands after `subject to`"],
  ],
  ["upper {\nvar x\nlower { var y }", ["BLO0122", "upper", "the section `upper` has no closing `}`"]],
  ["upper {\nvar x", ["BLO0122", "upper", "the section `upper` has no closing `}`"]],
  ["upper minimize x\n}", ["BLO0123", "upper", "`upper` needs `{` here, found the word `minimize`"]],
  ["lower a\nvar x\n}", ["BLO0123", "lower", "`lower` needs `{` here, found the word `var`"]],
  ["solve", ["BLO0123", "solve", "`solve` needs `{` here, found the end of the file"]],
  ["solve fast { }", ["BLO0123", "solve", "`solve` needs `{` here, found the name `fast`"]],
  [level("minimize var x"), ["BLO0124", "minimize", "`minimize var` can stand inside `minimax` only"]],
  [level("objective x"), ["BLO0124", "objective", "`objective` can stand inside `minimax` only"]],
  [list("x + y\n  - z <= 3"), ["BLO0125", "x + y", "this constraint has no relation: nothing is compared"]],
  [`let a = ${"x + ".repeat(2001)}x`, ["BLO0126", "+", "this formula joins more than 2000 terms"]],
  [`let a = x${"'".repeat(2001)}`, ["BLO0126", "'", "this formula joins more than 2000 terms"]],
];

describe("diagnostics", () => {
  it.each(cases.map((c) => [c[0].slice(0, 60), c] as const))("%j", (_, [source, ...expected]) => {
    const found = findings(source);
    expect(found.map((f) => [f.code, f.at, f.message])).toEqual(expected.map((e) => e.slice(0, 3)));
    expected.forEach(([, , , hint], i) => {
      if (hint !== undefined) expect(found[i].hint).toBe(hint);
    });
  });

  it("point at the opener, at the first section, at what was given before", () => {
    const related = (text: string) => {
      const source = new Source("t", text);
      return findings(text)[0].diagnostic.related.map((r) => [source.slice(r.span), r.span.start, r.message]);
    };
    expect(related("let a = f(x[1)")).toEqual([["[", 11, "`[` was opened here"]]);
    expect(related("upper { }\nupper { }")).toEqual([["upper", 0, "the first one is here"]]);
  });

  it("refuse a text beyond the limit before reading it", () => {
    expect(findings(" ".repeat(MAX_SOURCE_LENGTH + 1)).map((f) => f.code)).toEqual(["BLO0002"]);
  });

  it("name each finding of several statements, in the order of the text", () => {
    const text = "param a = 7 x\nupper {\n  var x in [0,\n  minimse x\n  minimize 1/2x\n}\nlower {\n  var 3\n}";
    expect(findings(text).map((f) => f.code)).toEqual(["BLO0110", "BLO0105", "BLO0111", "BLO0108"]);
  });

  it("keep what could be read beside an error", () => {
    const { tree } = parse(new Source("t", "param a = 1\nparam b = *\nupper {\n var x\n var 3\n minimize x\n}"));
    expect(tree?.items).toMatchObject([{ kind: "param" }, { items: [{ kind: "var" }, { kind: "objective" }] }]);
  });

  it("stop after twenty, with a note", () => {
    const found = findings("param a = *\n".repeat(50));
    expect(found).toHaveLength(21);
    expect(found[20]).toMatchObject({ code: "BLO0006", message: "only the first 20 findings are shown" });
    expect(findings("param a = *\n".repeat(20))).toHaveLength(20);
  });

  it("say of every reserved word that it cannot be a name", () => {
    for (const word of reservedWords) {
      expect(findings(`param ${word} = 3`)[0], word).toMatchObject({ code: "BLO0113", at: word });
    }
  });

  it("are all provoked above, and have a page with a wrong example and a mended one that parses", () => {
    const provoked = new Set([...cases.flatMap(([, ...found]) => found.map(([code]) => code)), "BLO0002", "BLO0006"]);
    const entries = Object.entries({ ...textFamily, ...syntax });
    expect([...provoked].sort()).toEqual(entries.map(([code]) => code).sort());
    const clean = (text: string) => findings(text).length === 0;
    for (const [code, entry] of entries) {
      expect(entry.page, code).toMatch(/^Wrong:/m);
      expect(entry.page, code).toMatch(/^Mended/m);
      for (const [, block] of entry.page.matchAll(/```blo\n([\s\S]*?)```/g)) {
        const readings = [block, level(block), list(block), list(`x >= 1\n${block}`)];
        expect(readings.some(clean), `${code}:\n${block}`).toBe(true);
      }
    }
  });
});
