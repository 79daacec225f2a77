/** Comprehensions against an independent interpreter that loops over numbers: chosen cases, then random programs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Source } from "../../src/base/source.js";
import { nodeCount } from "../../src/expr/walk.js";
import { parse } from "../../src/syntax/parse.js";
import { around, compileText, problemOf, valueAt } from "./compile.js";
import { interpret, type Plain } from "./interpreter.js";

const x = 0.7;
const y = [0.3, -1.2, 2.5, 0.9, -0.4, 1.6];
const Z = [
  [0.1, 0.2, -0.3, 0.4],
  [1.5, -0.6, 0.7, 0.8],
  [0.9, 1.1, -1.2, 1.3],
];
const names = new Map<string, Plain>([
  ["x", x],
  ["y", y],
  ["Z", Z],
  ["k", 3],
  ["a", [2, -1, 4, 3, 1, 5]],
  ["S", [2, 5, 3]],
]);
const declarations = "param k = 3\nparam a = [2, -1, 4, 3, 1, 5]\nset S = [2, 5, 3]\n";

function expected(text: string): number {
  const { tree } = parse(new Source("t.blo", around(text, declarations)));
  const level = tree!.items.find((i) => i.kind === "level")!;
  const objective = level.items.find((i) => i.kind === "objective")!;
  return interpret(objective.value, names) as number;
}

async function found(text: string): Promise<number> {
  const problem = await problemOf(around(text, declarations));
  return valueAt(problem, problem.upper.objective, [x], [...y, ...Z.flat()]);
}

const cases = [
  "sum(i in 1..6: i * y[i])",
  "sum(i in 1..5: (y[i + 1] - y[i])^2)",
  "sum(i in S: y[i] * a[i])",
  "sum(i in [1, 1, 4]: y[i])",
  "sum(i in 1..3, j in 1..4: Z[i, j] * i * j)",
  "sum(i in 1..3, j in 1..3: Z[i, j] * Z[j, i])",
  "sum(i in 1..3: Z[i, i] * exp(y[i]))",
  "sum(i in 1..6, j in 1..i: y[i] * y[j])",
  "sum(i in 1..6, j in 1..6 where i < j: y[i] * y[j])",
  "sum(i in 1..6, j in i..6, l in 1..j where i + l > j: y[i] * y[j] - y[l])",
  "sum(i in 1..6: y[i] * sum(j in 1..i: y[j]))",
  "sum(i in 1..6: y[i] * mean(j in 1..i: y[j]))",
  "sum(i in 1..6: max(j in 1..i: y[j]))",
  "sum(i in 1..6: min(j in i..6: y[j] * i))",
  "sum(i in 1..6: prod(j in 1..i: y[j]))",
  "sum(i in 1..6: prod(j in 1..i - 1: y[j]))",
  "sum(i in 1..6: sum(j in 1..6 where j != i: y[j]) * y[i])",
  "sum(i in 1..6: sum(j in 1..6 where i > 3: y[j]))",
  "sum(i in 1..3: sum(j in 1..i: sum(l in j..i + 2: y[l] * Z[i, j])))",
  "sum(i in 1..3: sum(j in 1..4 where a[i] > j: Z[i, j]))",
  "mean(i in 1..3, j in 1..i: Z[i, j])",
  "max(i in 1..3, j in i..4: Z[i, j])",
  "sum(i in 1..6: if i > 1 then y[i - 1] * y[i] else x)",
  "sum(i in 1..6: if i > 1 then x / (i - 1) else y[1])",
  "sum(i in 1..6: if i > 1 then sum(j in 1..i - 1: y[j] / (i - 1)) else 0)",
  "sum(i in 1..6: if y[i] > 0 then y[i] else -x)",
  "sum(i in 1..6 where i != 2 and (i < 5 or i == 6): y[i])",
  "sum(i in 1..6: 2) + sum(i in 1..6, j in 1..i: x)",
  "prod(i in 1..6: x) + max(i in 1..3: x) + mean(i in 1..6: x)",
  "sum(i in 3..1: y[i]) + prod(i in 3..1: y[i])",
  "sum(i in 1..k: y[2 * i - 1])",
  "sum(i in 1..3: y[S[i]])".replace("S[i]", "a[3 + i] "),
];

describe("against the interpreter", () => {
  test.each(cases)("%s", async (text) => {
    expect(await found(text)).toBeCloseTo(expected(text), 11);
  });
});

/** Random scalar expressions in which the given indices, all within 1..4, are in scope. */
function expressions(indices: readonly string[], depth: number): fc.Arbitrary<string> {
  const entry = indices.flatMap((i) => [`y[${i}]`, `a[${i}]`, `${i}`]);
  const pairs = indices.flatMap((i) => indices.map((j) => `Z[min(${i}, 3), ${j}]`));
  const leaf = fc.constantFrom("x", "y[2]", "1.5", ...entry, ...pairs);
  if (depth === 0) return leaf;
  const part = expressions(indices, depth - 1);
  return fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.tuple(part, fc.constantFrom("+", "-", "*"), part).map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc.tuple(fc.constantFrom("sin", "cos", "abs"), part).map(([f, e]) => `${f}(${e})`),
    fc.tuple(conditions(indices), part, part).map(([condition, yes, no]) => `(if ${condition} then ${yes} else ${no})`),
    comprehensions(indices, depth),
  );
}

function conditions(indices: readonly string[]): fc.Arbitrary<string> {
  const sides = fc.constantFrom("2", "3", "k", ...indices, ...indices.map((i) => `a[${i}]`));
  return fc.tuple(sides, fc.constantFrom("<", "<=", ">", "!=", "=="), sides).map((p) => p.join(" "));
}

function comprehensions(outer: readonly string[], depth: number): fc.Arbitrary<string> {
  const fresh = ["i", "j", "l", "m", "n"].filter((name) => !outer.includes(name));
  if (fresh.length < 2) return fc.constant("x");
  const [first, second] = fresh;
  const set = (scope: readonly string[]): fc.Arbitrary<string> =>
    fc.constantFrom("1..4", "2..3", "[1, 4, 2]", ...scope.flatMap((i) => [`1..${i}`, `${i}..4`, `[${i}, 2]`]));
  return fc.boolean().chain((two) => {
    const own = two ? [first, second] : [first];
    const all = [...outer, ...own];
    return fc
      .tuple(
        fc.constantFrom("sum", "sum", "prod", "mean", "max", "min"),
        set(outer),
        set([...outer, first]),
        fc.option(conditions(all), { nil: undefined }),
        expressions(all, depth - 1),
      )
      .map(([op, s, t, where, body]) => {
        const binders = two ? `${first} in ${s}, ${second} in ${t}` : `${first} in ${s}`;
        // Means and extrema over nothing are errors: no condition there.
        const filter = where && (op === "sum" || op === "prod") ? ` where ${where}` : "";
        return `${op}(${binders}${filter}: ${body})`;
      });
  });
}

test("random programs mean what loops make of them", async () => {
  await fc.assert(
    fc.asyncProperty(comprehensions([], 3), async (text) => {
      const value = expected(text);
      const result = await found(text);
      expect(Math.abs(result - value)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(value)));
    }),
    { seed: 11, numRuns: 300 },
  );
});

describe("size of the graph", () => {
  const texts = [
    (n: number) => `sum(i in 1..${n}: (b[i] - x)^2)`,
    (n: number) => `sum(i in 1..${n}, j in 1..i: b[i] * b[j] * sin(x * i))`,
    (n: number) => `sum(i in 1..${n}: max(j in 1..i where j != 3 or i == 3: b[j] * x + j))`,
  ];
  test.each(texts.map((t) => [t(0), t] as const))("%s", async (_, text) => {
    const sizes = await Promise.all(
      [20, 200].map(async (n) => {
        const problem = await problemOf(around(text(n), `let b = linspace(0, 1, ${n})\n`));
        return nodeCount([problem.upper.objective]);
      }),
    );
    expect(sizes[0]).toBe(sizes[1]);
    expect(sizes[0]).toBeLessThan(40);
  });

  test("long sums of written terms do not exhaust the stack", async () => {
    const text = Array.from({ length: 900 }, (_, k) => `${k + 1} * x`).join(" + ");
    const { problem } = await compileText(around(text));
    expect(problem).toBeDefined();
    expect(valueAt(problem!, problem!.upper.objective, [1], new Array(18).fill(0))).toBe((900 * 901) / 2);
  });
});
