import { describe, expect, it } from "vitest";
import { findings, levelItems, read, treeOf } from "./support.js";

describe("newlines", () => {
  it("end a statement, as `;` does", () => {
    expect(treeOf("param a = 1\nparam b = 2; param c = 3;;\n\n;param d\n").items).toHaveLength(4);
    expect(levelItems("var x; var y\nminimize x; subject to x >= 1; y >= 2").map((i) => i.kind)).toEqual(
      "var var objective constraint constraint".split(" "),
    );
    expect(treeOf("upper { var x; minimize x^2 } lower { var y; minimize y }").items).toHaveLength(2);
  });

  it("do not, while a bracket is open", () => {
    expect(read("f(a,\n\n  b\n)")).toBe("f(a, b)");
    expect(read("[1,\n 2\n] + sum(i in\n 1..3\n : i)")).toBe("([1, 2] + sum(i in 1..3: i))");
  });

  it("do not, while an operator is pending at the line's end", () => {
    expect(read("a +\nb *\n\n# comment\nc")).toBe("(a + (b * c))");
    expect(read("if a\n  then b\n  else\n c")).toBe("(a ? b : c)");
    expect(treeOf("let\n a =\n 1").items).toHaveLength(1);
  });

  it("do not, when the next line cannot begin a statement", () => {
    expect(read("a\n  + b\n  - c\n  * d\n  / e")).toBe("((a + b) - ((c * d) / e))");
    expect(read("a\n  and b\n or c")).toBe("((a and b) or c)");
    expect(levelItems("var x[3]\n  in [0, 1]\n  >= 0\n  init 0.5\nminimize x")).toMatchObject([
      { kind: "var", domains: [{ kind: "interval" }, { kind: "bound" }], init: { value: 0.5 } },
      { kind: "objective" },
    ]);
    expect(levelItems("minimize x\nsubject to\n  cap\n : x\n  <= 3")).toHaveLength(2);
    expect(treeOf("param p\n  = 3").items).toMatchObject([{ value: { value: 3 } }]);
  });

  it("begin a new constraint or expectation before a sign", () => {
    const [, one, two] = levelItems("minimize x\nsubject to\n  -x <= 0\n  - y <= 0");
    expect([one, two]).toMatchObject([{ terms: [{ operator: "-" }, {}] }, { terms: [{ operator: "-" }, {}] }]);
    expect(treeOf("expect {\n x = 1\n -x = -1\n}").items).toMatchObject([{ items: [{}, {}] }]);
  });

  it("let a setting be called like a keyword", () => {
    expect(treeOf("solve {\n  seed 1\n  batch 32\n  init 3\n}").items).toMatchObject([
      { settings: [{ name: { name: "seed" } }, { name: { name: "batch" } }, { name: { name: "init" } }] },
    ]);
  });

  it("leave `{` free to stand on its own line", () => {
    expect(treeOf("upper\n{\n  var x\n  minimize x }\nsolve\n{ }").items).toHaveLength(2);
  });

  it("end what came before at a word that only begins statements, even in an open bracket", () => {
    expect(findings("let a = (1 +\nlet b = 2\nlet c = 3").map((f) => [f.code, f.at])).toEqual([["BLO0105", "("]]);
    expect(findings("let a =\nlet b = 2").map((f) => [f.code, f.at])).toEqual([["BLO0109", "="]]);
  });
});
