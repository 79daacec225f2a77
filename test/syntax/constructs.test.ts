import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { parse } from "../../src/syntax/parse.js";
import { format } from "../../src/syntax/print.js";
import { bare } from "./arbitrary.js";
import { expressionOf, itemOf, levelItems, treeOf } from "./support.js";

const name = (n: string) => ({ kind: "name", name: n });
const number = (value: number) => ({ kind: "number", value });

describe("sections", () => {
  it("problem, param, data, set, fn, let", () => {
    expect(itemOf('problem "Toll"')).toMatchObject({ kind: "problem", title: { value: "Toll" } });
    expect(itemOf("param k = 3")).toMatchObject({
      kind: "param",
      name: { name: "k" },
      dimensions: [],
      value: number(3),
    });
    expect(itemOf("param A[2, n]")).toMatchObject({ dimensions: [number(2), name("n")] });
    expect(itemOf("param A[2, n]")).not.toHaveProperty("value");
    expect(itemOf('data d = "a.csv"')).toMatchObject({ path: { value: "a.csv" }, header: true });
    expect(itemOf('data d = "a" as csv')).toMatchObject({ format: { name: "csv" }, header: true });
    expect(itemOf('data d = "a" as tsv without header')).toMatchObject({ format: { name: "tsv" }, header: false });
    expect(itemOf('data d = "a" without header')).toMatchObject({ header: false });
    expect(itemOf('data d = "a" with header')).toMatchObject({ header: true });
    expect(itemOf("set Train = 1..k")).toMatchObject({ value: { kind: "range", from: number(1), to: name("k") } });
    expect(itemOf("set S = [1, 3]")).toMatchObject({ value: { kind: "array" } });
    expect(itemOf("fn loss(r, s) = r * s")).toMatchObject({ parameters: [{ name: "r" }, { name: "s" }] });
    expect(itemOf("fn one() = 1")).toMatchObject({ parameters: [], body: number(1) });
    expect(itemOf("let a = 1")).toMatchObject({ kind: "let", name: { name: "a" } });
  });

  it("levels, with and without names", () => {
    expect(itemOf("lower { }")).toMatchObject({ kind: "level", level: "lower", items: [] });
    expect(itemOf("lower drivers { var y }")).toMatchObject({ name: { name: "drivers" }, items: [{ kind: "var" }] });
    const tree = treeOf("upper { var x }\nlower a { var y }\nlower b { var z }");
    expect(tree.items.map((i) => i.kind === "level" && [i.level, i.name?.name])).toEqual([
      ["upper", undefined],
      ["lower", "a"],
      ["lower", "b"],
    ]);
  });

  it("minimax", () => {
    const text = "minimize var x in [-5, 5]\nmaximize var y\nobjective x*y - y^2\nsubject to\n x <= 1";
    expect(levelItems(text, "minimax")).toMatchObject([
      { kind: "var", player: "minimize" },
      { kind: "var", player: "maximize" },
      { kind: "objective", sense: "neutral" },
      { kind: "constraint" },
    ]);
  });

  it("solve and expect", () => {
    expect(itemOf("solve { method soba ; seed 1 ; time 30s; tolerance 1e-6; warm true; shift -1 }")).toMatchObject({
      settings: [
        { name: { name: "method" }, value: name("soba") },
        { name: { name: "seed" }, value: number(1) },
        { name: { name: "time" }, value: { kind: "coefficient", coefficient: number(30), factor: name("s") } },
        { name: { name: "tolerance" }, value: number(1e-6) },
        { name: { name: "warm" }, value: name("true") },
        { name: { name: "shift" }, value: { kind: "unary", operator: "-" } },
      ],
    });
    const text = "expect { x = 7 within 1e-6 ; y[2] = [1, 2]; upper = -100 ; lower = 17 ; lower N = 3 ; x + y = 1\n";
    expect(itemOf(`${text} status converged ; needs method igfm ; status = 3 }`)).toMatchObject({
      items: [
        { kind: "value", target: name("x"), value: number(7), within: number(1e-6) },
        { kind: "value", target: { kind: "index" }, value: { kind: "array" } },
        { kind: "value", target: { kind: "objective-of", level: "upper" }, value: { operator: "-" } },
        { kind: "value", target: { kind: "objective-of", level: "lower" } },
        { kind: "value", target: { kind: "objective-of", level: "lower", name: { name: "N" } } },
        { kind: "value", target: { kind: "binary" } },
        { kind: "status", status: { name: "converged" } },
        { kind: "needs", method: { name: "igfm" } },
        { kind: "value", target: name("status") },
      ],
    });
  });
});

describe("items of levels", () => {
  it("variables with shapes, domains and starts", () => {
    expect(levelItems("var x")).toMatchObject([{ dimensions: [], domains: [] }]);
    expect(levelItems("var x[3, n] in [0, 1] init 0.5")).toMatchObject([
      { dimensions: [number(3), name("n")], domains: [{ kind: "interval", lower: number(0) }], init: number(0.5) },
    ]);
    expect(levelItems("var x >= 0 <= u + 1")).toMatchObject([
      {
        domains: [
          { kind: "bound", operator: ">=" },
          { kind: "bound", operator: "<=", bound: { operator: "+" } },
        ],
      },
    ]);
    expect(levelItems("var x in [[0, 1], [2, 3]]")).toMatchObject([{ domains: [{ lower: { kind: "array" } }] }]);
    for (const [text, args] of [
      ["simplex", 0],
      ["ball(c, 2)", 2],
      ["box(lo, hi)", 2],
      ["simplex(3)", 1],
      ["integer", 0],
      ["f()", 0],
    ]) {
      const [item] = levelItems(`var x in ${text}`);
      expect(item).toMatchObject({ domains: [{ kind: "named" }] });
      expect((item as unknown as { domains: { arguments: unknown[] }[] }).domains[0].arguments).toHaveLength(
        args as number,
      );
    }
  });

  it("objectives, in both spellings", () => {
    for (const word of ["minimize", "minimise", "maximize", "maximise"]) {
      expect(levelItems(`${word} x`)).toMatchObject([{ sense: word.replace("s", "z") }]);
    }
  });

  it("constraints: named, two-sided, for all", () => {
    const text = `minimize x
    subject to
      x >= 1
      demand: sum(flow) == 10
      0 <= x[1] + x[2] <= 4
      forall i in 1..3: flow[i] <= 6
      cap: forall i in S, j in 1..2 where i != j and j > 1: flow[i, j] <= u
      let t = x + 1
      t >= 2`;
    expect(levelItems(text).slice(1)).toMatchObject([
      { binders: [], relations: [">="] },
      { name: { name: "demand" }, relations: ["=="] },
      { terms: [number(0), { operator: "+" }, number(4)], relations: ["<=", "<="] },
      { binders: [{ index: { name: "i" }, set: { kind: "range" } }] },
      { name: { name: "cap" }, binders: [{}, {}], where: { operator: "and" } },
      { kind: "let" },
      { kind: "constraint" },
    ]);
    expect(levelItems("minimize x; subject to x <= 3")).toHaveLength(2);
    expect(levelItems("minimize x; subject to -x <= 3\n-y <= 2")).toHaveLength(3);
  });
});

describe("expressions", () => {
  it("calls, indices, slices, columns", () => {
    expect(expressionOf("f()")).toMatchObject({ kind: "call", arguments: [] });
    expect(expressionOf("solve(A, b)")).toMatchObject({ kind: "call", callee: { name: "solve" } });
    expect(expressionOf("A[i, :]")).toMatchObject({ items: [name("i"), { kind: "slice" }] });
    expect(expressionOf("y[2:5]")).toMatchObject({ items: [{ from: number(2), to: number(5) }] });
    expect(expressionOf("y[2:]")).toMatchObject({ items: [{ kind: "slice", from: number(2) }] });
    expect(expressionOf("y[:5]")).toMatchObject({ items: [{ kind: "slice", to: number(5) }] });
    expect(expressionOf("d.set.in")).toMatchObject({ object: { member: { name: "set" } }, member: { name: "in" } });
    expect(expressionOf('d[["age", "bmi"]]')).toMatchObject({
      items: [{ items: [{ value: "age" }, { value: "bmi" }] }],
    });
  });

  it("comprehensions", () => {
    for (const operator of ["sum", "mean", "prod", "max", "min"]) {
      expect(expressionOf(`${operator}(i in 1..n: x[i])`)).toMatchObject({ kind: "comprehension", operator });
      expect(expressionOf(`${operator}(x, y)`)).toMatchObject({ kind: "call", arguments: [{}, {}] });
    }
    expect(expressionOf("mean(i in S, j in T where i != j batch 32: a[i] - b[j])")).toMatchObject({
      binders: [{ set: name("S") }, { set: name("T") }],
      where: { operator: "!=" },
      batch: number(32),
      body: { operator: "-" },
    });
  });

  it("lets a comma stand after the last entry of an array", () => {
    const trees = ["[1, x]", "[1, x,]", "[1, x,\n]"].map((text) => JSON.stringify(bare(expressionOf(text))));
    expect(new Set(trees).size).toBe(1);
    const folded = ["[[1, 2], [3, 4]]", "[[1, 2,], [3, 4],]"].map((text) => JSON.stringify(bare(expressionOf(text))));
    expect(new Set(folded).size).toBe(1);
  });

  it("folds a long array of numbers into the node that the grammar would have built", () => {
    const long = `[${Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? `-${i}` : `${i}`)).join(", ")}]`;
    const folded = expressionOf(long);
    const plain = expressionOf(long.replace("19", "n"));
    const asNumber = JSON.stringify(bare(plain)).replace('{"kind":"name","name":"n"}', '{"kind":"number","value":19}');
    expect(JSON.stringify(bare(folded))).toBe(asNumber);
    expect(expressionOf(`[[1, 2], [3, x]]`)).toMatchObject({ items: [{ kind: "array" }, { items: [{}, name("x")] }] });
    expect(expressionOf(`x${long}`)).toMatchObject({ kind: "index" });
  });

  it("spans cover what was written, brackets included", () => {
    const text = "let v = (a + b) * f(c)[1]'";
    const source = new Source("t", text);
    const value = expressionOf("(a + b) * f(c)[1]'");
    expect(source.slice(value.span)).toBe("(a + b) * f(c)[1]'");
    if (value.kind !== "binary") throw new Error(value.kind);
    expect(source.slice(value.left.span)).toBe("(a + b)");
    expect(source.slice(value.right.span)).toBe("f(c)[1]'");
  });
});

const shared = fileURLToPath(new URL("../../../shared/problems", import.meta.url));
const examples = fileURLToPath(new URL("../../examples", import.meta.url));

function checkFile(path: string): void {
  const source = new Source(path, readFileSync(path, "utf8"));
  const { tree, diagnostics } = parse(source);
  expect(diagnostics, path).toEqual([]);
  const once = format(source).text ?? "";
  expect(bare(parse(new Source(path, once)).tree), path).toEqual(bare(tree));
  expect(format(new Source(path, once)).text, path).toBe(once);
}

describe("files", () => {
  it.skipIf(!existsSync(`${shared}/to-blo.mjs`))(
    "of the problem library parse and survive (skipped where it is absent)",
    () => {
      const out = mkdtempSync(`${tmpdir()}/blo-`);
      try {
        execFileSync(process.execPath, [`${shared}/to-blo.mjs`, `${shared}/bolib.json`, out]);
        const files = readdirSync(out).filter((f) => f.endsWith(".blo"));
        expect(files).toHaveLength(86);
        for (const file of files) checkFile(`${out}/${file}`);
      } finally {
        rmSync(out, { recursive: true });
      }
    },
  );

  it("of the examples parse and survive", () => {
    const files = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".blo"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) checkFile(`${examples}/${file}`);
  });
});
