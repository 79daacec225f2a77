/** What declarations become: names, parameters, domains, constraints, levels, settings, expectations. */
import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/model/problem.js";
import { around, compileText, problemOf, valueAt, valuesAt } from "./compile.js";

const y6 = [0.3, -1.2, 2.5, 0.9, -0.4, 1.6];
const Z12 = [0.1, 0.2, -0.3, 0.4, 1.5, -0.6, 0.7, 0.8, 0.9, 1.1, -1.2, 1.3];

/** The value of an expression over x = 0.7, y and Z. */
async function valueFor(expression: string, declarations = ""): Promise<number> {
  const problem = await problemOf(around(expression, declarations));
  return valueAt(problem, problem.upper.objective, [0.7], [...y6, ...Z12]);
}

const two = (lower: string, upper = "minimize (x - 1)^2"): string => `upper { var x ; ${upper} }\nlower { ${lower} }`;

describe("names", () => {
  test("names of JavaScript's own are just names", async () => {
    const text = `param __proto__ = 2
param toString[2] = [3, 4]
fn constructor(hasOwnProperty) = hasOwnProperty * __proto__
upper { var valueOf ; minimize constructor(valueOf) + sum(toString) + prototype }
lower { var prototype ; minimize (prototype - valueOf)^2 }`;
    const problem = await problemOf(text, { params: new Map([["__proto__", 5]]) });
    expect(valueAt(problem, problem.upper.objective, [3], [1])).toBe(3 * 5 + 7 + 1);
  });

  test("declarations may stand in any order, sizes may depend on other variables' sizes", async () => {
    const problem = await problemOf(`
lower { var y[length(x) + n] ; minimize sumsq(y) + s }
upper { var x[n] ; minimize sumsq(x) + s }
let s = sum(x) + sum(i in S: y[i])
set S = n..length(y)
param n = rows(A)
param A = [[1], [2], [3]]`);
    expect(problem.y.size).toBe(6);
    expect(valueAt(problem, problem.upper.objective, [1, 2, 3], [1, 1, 2, 3, 4, 5])).toBe(14 + 6 + 14);
  });

  test("a level's own names are seen there only, and function parameters hide other names", async () => {
    const { codes } = await compileText(`
upper { var x ; let a = 2x ; minimize a^2 + y }
lower { var y ; minimize (y - a)^2 }`);
    expect(codes).toEqual(["BLO0201"]);
    expect(await valueFor("f(y[3])", "fn f(x) = x^2\n")).toBeCloseTo(6.25, 12);
  });

  test("arguments keep their own indices inside functions with indices of the same name", async () => {
    const value = await valueFor("sum(i in 1..3: f(y[i], i))", "fn f(r, k) = sum(i in 1..k: r * i)\n");
    expect(value).toBeCloseTo(0.3 - 1.2 * 3 + 2.5 * 6, 12);
  });
});

describe("suggestions", () => {
  const wrong = (objective: string) =>
    compileText(
      `param v = [1, 2]\nupper { var x ; minimize ${objective} }\nlower { var y[2] ; minimize sumsq(y - x) }`,
    );
  test.each([
    ["y1 + x + v[1]", "BLO0201", "did you mean `y[1]`?"],
    ["y[1] + x * v_2", "BLO0201", "did you mean `v[2]`?"],
    ["y[1] + x1 + v[1]", "BLO0201", "nothing is called `x1`\n"],
    ["y[0] + x + v[1]", "BLO0404", "indices count from 1"],
    ["ln(x) + y[1] + v[1]", "BLO0205", "the natural logarithm is `log`"],
    ["pow(x, 2) + y[1] + v[1]", "BLO0205", "the power is written `^`: `x^2`"],
    ["x + y[1] + v[1] <= 3", "BLO0406", "a constraint stands after `subject to`"],
  ])("%s", async (objective, code, words) => {
    const { codes, text } = await wrong(objective);
    expect(codes).toEqual([code]);
    expect(text).toContain(words);
  });
});

describe("parameters", () => {
  const text = around("k * x + dot(cost, [1, 1, 1])", "param k\nparam cost[n] = 1\nparam n = 3\n");
  test("given values replace defaults, and sizes follow", async () => {
    const problem = await problemOf(text, { params: { k: 4, cost: [1, 2, 3] } });
    expect(valueAt(problem, problem.upper.objective, [0.5], new Array(18).fill(0))).toBe(8);
  });
  test("numbers that are none are refused", async () => {
    for (const k of [Number.NaN, Number.POSITIVE_INFINITY, [], [[1], [2, 3]]]) {
      expect((await compileText(text, { params: { k } })).codes).toContain("BLO0217");
    }
  });
});

describe("indices and slices", () => {
  test.each([
    ["sum(y[2:4])", -1.2 + 2.5 + 0.9],
    ["sum(y[:2]) + sum(y[5:])", 0.3 - 1.2 - 0.4 + 1.6],
    ["sum(y[[6, 1, 1]])", 1.6 + 0.6],
    ["sum(y[S])", -1.2 + 0.9],
    ["length(S)", 2],
    ["sum(Z[2, :])", 1.5 - 0.6 + 0.7 + 0.8],
    ["sum(Z[:, 4])", 0.4 + 0.8 + 1.3],
    ["Z[2, :] * Z[2, :]'", 2.25 + 0.36 + 0.49 + 0.64],
    [
      "sum(i in 1..3: Z[i, :] * y[1:4])",
      0.1 * 0.3 - 0.24 - 0.75 + 0.36 + 0.45 + 0.72 + 1.75 + 0.72 + 0.27 - 1.32 - 3 + 1.17,
    ],
    ["sum(i in 1..3: sumsq(Z[i, :] - y[1:4]))", undefined],
    ["sum(i in 1..4: sum(y[i:i + 2]))", 1.6 + 2.2 + 3.0 + 2.1],
    ["sum(i in 1..3: sum(Z[i, 1:3] .* y[i:i + 2]))", undefined],
    ["sum(Z[1:2, 2:3])", 0.2 - 0.3 - 0.6 + 0.7],
    ["sum(exp(Z[1, :]) * y[1:4])", undefined],
    ["sum(Z * Z[1, :])", undefined],
    ["sum([Z[1, :], Z[2, :]] * Z[3, :])", undefined],
  ])("%s", async (text, expected) => {
    const value = await valueFor(text, text.includes("S") && !text.includes("sumsq") ? "set S = [2, 4]\n" : "");
    expect(value).toBeCloseTo(expected ?? byHand.get(text)!, 12);
  });
  const Z = [Z12.slice(0, 4), Z12.slice(4, 8), Z12.slice(8)];
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, k) => s + v * b[k], 0);
  const byHand = new Map<string, number>([
    [
      "sum(i in 1..3: sumsq(Z[i, :] - y[1:4]))",
      Z.reduce((s, row) => s + row.reduce((t, v, k) => t + (v - y6[k]) ** 2, 0), 0),
    ],
    ["sum(i in 1..3: sum(Z[i, 1:3] .* y[i:i + 2]))", Z.reduce((s, row, i) => s + dot(row.slice(0, 3), y6.slice(i)), 0)],
    ["sum(exp(Z[1, :]) * y[1:4])", dot(Z[0].map(Math.exp), y6)],
    ["sum(Z * Z[1, :])", Z.reduce((s, row) => s + dot(row, Z[0]), 0)],
    ["sum([Z[1, :], Z[2, :]] * Z[3, :])", dot(Z[0], Z[2]) + dot(Z[1], Z[2])],
  ]);
});

describe("domains and starts", () => {
  const domainOf = async (written: string): Promise<Problem["lowers"][0]["variables"][0]> =>
    (await problemOf(two(`var y${written} ; minimize sumsq(y - x)`))).lowers[0].variables[0];
  test.each([
    ["[2]", { kind: "free" }, [0, 0]],
    ["[2] in [-inf, inf]", { kind: "free" }, [0, 0]],
    ["[2] in [1, [2, 3]]", { kind: "box", lower: [1, 1], upper: [2, 3] }, [1, 1]],
    ["[2] >= 0 <= [1, 2]", { kind: "box", lower: [0, 0], upper: [1, 2] }, [0, 0]],
    ["[2] in box([-1, 2], inf) <= 5", { kind: "box", lower: [-1, 2], upper: [5, 5] }, [0, 2]],
    ["[2] in ball([3, 4], 4)", { kind: "ball", center: [3, 4], radius: 4 }, [0.6, 0.8]],
    ["[4] in simplex", { kind: "simplex", total: 1 }, [0.25, 0.25, 0.25, 0.25]],
    ["[2] in simplex(3) init [2, 1]", { kind: "simplex", total: 3 }, [2, 1]],
    ["[2, 2] init [[1, 2], [3, 4]]", { kind: "free" }, [1, 2, 3, 4]],
    ["[2] in [0, 1] init 7", { kind: "box", lower: [0, 0], upper: [1, 1] }, [1, 1]],
  ])("var y%s", async (written, domain, start) => {
    const v = await domainOf(written);
    const plain = Object.fromEntries(
      Object.entries(v.domain).map(([k, d]) => [k, d instanceof Float64Array ? [...d] : d]),
    );
    expect(plain).toEqual(domain);
    v.init.forEach((entry, k) => {
      expect(entry).toBeCloseTo(start[k], 12);
    });
  });
});

describe("constraints", () => {
  test("relations become rows of body <= 0 and body == 0", async () => {
    const problem = await problemOf(
      two(`var y[3] ; minimize sumsq(y - x)
  subject to
    sum(y) == 10
    y >= [0, 1, 2]
    band: -1 <= y[1] + x <= 4
    cap: forall i in 1..3, j in 1..i where j != 2: y[i] - j <= x`),
    );
    const { constraints } = problem.lowers[0];
    expect(constraints.map((c) => [c.name, c.kind, c.rows])).toEqual([
      ["lower1", "eq", 1],
      ["lower2", "le", 3],
      ["band", "le", 1],
      ["band", "le", 1],
      ["cap", "le", 4],
    ]);
    const rows = valuesAt(
      problem,
      constraints.map((c) => c.body),
      [2],
      [5, 6, 7],
    );
    expect(rows.map((r) => [...r])).toEqual([[8], [-5, -5, -5], [-8], [3], [2, 3, 4, 2]]);
  });

  test("a lower constraint on upper variables only is raised", async () => {
    const problem = await problemOf(two("var y ; minimize (y - x)^2 \n subject to\n cap: x <= 2\n y >= 0"));
    expect(problem.upper.constraints.map((c) => c.name)).toEqual(["cap"]);
    expect(problem.lowers[0].constraints.map((c) => c.name)).toEqual(["lower2"]);
    expect(problem.warnings.map((d) => d.code)).toContain("BLO0312");
  });
});

describe("levels", () => {
  test("maximize is negated, minimax is f = -g", async () => {
    const problem = await problemOf(`minimax {
  minimize var x in [-1, 1]
  maximize var y
  objective x*y - y^2
  subject to
    y <= 3 + x
    x >= -1
}`);
    expect(problem.minimax).toBe(true);
    expect(problem.lowers[0].sense).toBe("maximize");
    expect(valueAt(problem, problem.upper.objective, [2], [3])).toBe(-3);
    expect(valueAt(problem, problem.lowerObjective, [2], [3])).toBe(3);
    expect(problem.upper.constraints.length).toBe(1);
    expect(problem.lowers[0].constraints.length).toBe(1);
    expect(problem.warnings).toEqual([]);
  });

  test("followers: layout, sum of objectives, independence", async () => {
    const text = (b: string): string => `upper { var x ; minimize x^2 + a[1] + b }
lower north { var a[2] ; minimize sumsq(a - x) }
lower south { var b ; maximize -(${b} - x)^2 }`;
    const problem = await problemOf(text("b"));
    expect(problem.lowers.map((l) => [l.name, l.variables[0].offset, l.variables[0].follower])).toEqual([
      ["north", 0, 0],
      ["south", 2, 1],
    ]);
    expect(problem.independentFollowers).toBe(true);
    expect(valueAt(problem, problem.lowerObjective, [1], [2, 3, 4])).toBe(1 + 4 + 9);
    expect((await problemOf(text("b + a[1]"))).independentFollowers).toBe(false);
  });
});

describe("solve and expect", () => {
  test("settings, options, targets", async () => {
    const problem = await problemOf(`${around("x^2 + sum(y)")}
param p = 7
solve { method aid-cg ; seed 3 ; tolerance 1e-8 ; time 5min ; iterations 100 ; calls 1e4 ; warm true ; rule armijo ; step p / 2 }
expect { x = p within 1e-3 ; sum(y[1:2]) = 1 ; upper = -100 ; lower = 17 ; y = 0 ; status converged ; needs method igfm }`);
    const { spans, ...settings } = problem.solve;
    expect([...(spans ?? [])].slice(0, 2).map(([name, span]) => [name, problem.source.slice(span)])).toEqual([
      ["method", "method aid-cg"],
      ["seed", "seed 3"],
    ]);
    expect(settings).toEqual({
      method: "aid-cg",
      seed: 3,
      tolerance: 1e-8,
      seconds: 300,
      iterations: 100,
      calls: 1e4,
      options: { warm: true, rule: "armijo", step: 3.5 },
    });
    const kinds = problem.expect.map((e) => (e.kind === "value" ? [e.text, [...e.value], e.within] : e.kind));
    expect(kinds).toEqual([
      ["x", [7], 1e-3],
      ["sum(y[1:2])", [1], undefined],
      ["upper", [-100], undefined],
      ["lower", [17], undefined],
      ["y", [0], undefined],
      "status",
      "needs",
    ]);
  });

  test("user functions of scalars are kept as text, with constants put in", async () => {
    const declarations =
      "param k = -2\nparam v[2] = 1\nfn loss(r) = 0.5 * r^2 + k\nfn twice(r) = 2loss(r)\nfn no(r) = r * v[1]\n";
    const problem = await problemOf(around("loss(x) + twice(x) + no(x)", declarations));
    expect(problem.functions).toEqual([
      { name: "loss", parameters: ["r"], body: "0.5 * r^2 + -2" },
      { name: "twice", parameters: ["r"], body: "2loss(r)" },
    ]);
  });
});
