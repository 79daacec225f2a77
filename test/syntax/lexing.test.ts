import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { Lexer } from "../../src/syntax/lexer.js";
import { Reports } from "../../src/syntax/reports.js";
import { synonyms } from "../../src/syntax/vocabulary.js";
import { expressionOf, findings, itemOf, read, treeOf } from "./support.js";

function tokens(text: string): string[] {
  const lexer = new Lexer(text, new Reports());
  const list: string[] = [];
  for (let token = lexer.next(); token.type !== "end"; token = lexer.next()) list.push(`${token.type}:${token.text}`);
  return list;
}

describe("tokens", () => {
  it("keeps ranges and numbers apart", () => {
    expect(tokens("1..5")).toEqual(["number:1", "mark:..", "number:5"]);
    expect(tokens("1...5")).toEqual(["number:1", "mark:..", "number:.5"]);
    expect(tokens("1.5..2.")).toEqual(["number:1.5", "mark:..", "number:2."]);
    expect(tokens("k+1..rows")).toEqual(["name:k", "additive:+", "number:1", "mark:..", "name:rows"]);
  });

  it("reads numbers", () => {
    const value = (text: string) => (expressionOf(text) as { value: number }).value;
    expect(["0", "007", ".5", "2.", "1e3", "1E-3", "1.5e+2", "6.02e23"].map(value)).toEqual([
      0, 7, 0.5, 2, 1000, 0.001, 150, 6.02e23,
    ]);
    expect(tokens("2.*x 2./x 2.^x")).toEqual(
      ["*", "/", "^"].flatMap((s) => ["number:2", `${s === "^" ? "power" : "multiplicative"}:.${s}`, "name:x"]),
    );
  });

  it("never finds a keyword inside a name", () => {
    expect(tokens("inner in_ i in minimizer setting lowered")).toEqual([
      "name:inner",
      "name:in_",
      "name:i",
      "keyword:in",
      "name:minimizer",
      "name:setting",
      "name:lowered",
    ]);
  });

  it("takes a number for a coefficient only where it touches", () => {
    expect(tokens("7x 7 x 7(x) 7 (x) 7[1] 7in")).toEqual([
      ..."coefficient:7 name:x number:7 name:x coefficient:7 mark:( name:x mark:)".split(" "),
      ..."number:7 mark:( name:x mark:) coefficient:7 mark:[ number:1 mark:] number:7 keyword:in".split(" "),
    ]);
    expect(tokens("2e 2e3 2e3x 30s")).toEqual(
      "coefficient:2 name:e number:2e3 coefficient:2e3 name:x coefficient:30 name:s".split(" "),
    );
  });

  it("reads every synonym as its word or sign", () => {
    for (const [sign, text] of synonyms) expect(tokens(sign).map((t) => t.slice(t.indexOf(":") + 1))).toEqual([text]);
    expect(read("a ≤ b ∧ ¬(c ≠ d)")).toBe(read("a <= b and not (c != d)"));
    expect(read("∑(i ∈ 1..3: x[i] · y) − 2 × √(z)′")).toBe(read("sum(i in 1..3: x[i] * y) - 2 * sqrt(z)'"));
    expect(treeOf("upper {\n var x\n minimise x\n}").items).toMatchObject([
      { items: [{ kind: "var" }, { kind: "objective", sense: "minimize" }] },
    ]);
  });

  it("takes letters of any alphabet for names", () => {
    for (const name of ["α", "λ_1", "x₁", "Ж", "数", "été", "__proto__", "constructor", "toString", "π"]) {
      expect(expressionOf(name)).toMatchObject({ kind: "name", name });
    }
    expect(expressionOf("e\u0301te")).toMatchObject({ name: "\u00e9te" });
    expect(expressionOf("\u00b5")).toMatchObject({ name: "\u03bc" });
  });

  it("decodes strings", () => {
    expect(itemOf(String.raw`problem "a\"b\\c\/d\n\t\u00e9"`)).toMatchObject({ title: { value: 'a"b\\c/d\n\té' } });
    expect(itemOf('problem "# no comment"')).toMatchObject({ title: { value: "# no comment" } });
  });

  it("skips a byte order mark, and reads every kind of line end", () => {
    const text = "\uFEFFparam a = 1\r\nparam b = 2\rparam c = 3\u2028param d = 4\n";
    expect(treeOf(text).items.map((i) => i.kind)).toEqual(["param", "param", "param", "param"]);
    const source = new Source("t", text);
    expect(treeOf(text).items.map((i) => source.slice(i.span))).toEqual(
      [1, 2, 3, 4].map((n) => `param ${"abcd"[n - 1]} = ${n}`),
    );
  });

  it("collects comments and says which trail", () => {
    expect(treeOf("# one\nparam a = 1 # two  \n\n   #three").comments).toMatchObject([
      { text: " one", trailing: false },
      { text: " two", trailing: true },
      { text: "three", trailing: false },
    ]);
  });

  it("takes a run of unknown characters for one finding and goes on", () => {
    expect(findings("param a = 1 @@@ 2\nparam b = $\nparam c = 3").map((f) => [f.code, f.at])).toEqual([
      ["BLO0101", "@"],
      ["BLO0101", "$"],
    ]);
  });
});
