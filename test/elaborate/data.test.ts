/** Data in problems: columns, members, arrays, conditions on data, and what is wrong with files. */
import { describe, expect, test } from "vitest";
import type { DataResolver } from "../../src/elaborate/elaborate.js";
import { compileText, problemOf, valueAt } from "./compile.js";

const files = new Map([
  ["people.csv", "age,bmi,sex,note\n59,32.1,F,\n48,21.6,M,2\n72,30.5,F,3\n24,25.3,M,4\n"],
  ["points.json", "[[1, 2], [3, 4], [5, 6]]"],
  ["parts.json", '{"A": [[1, 2], [3, 4]], "b": [5, 6, 7]}'],
  ["bad.csv", "a,b\n1,2\n3\n"],
]);
const asked: unknown[] = [];
const data: DataResolver = async (path, declared) => {
  asked.push([path, declared]);
  const text = files.get(path);
  return text === undefined ? undefined : new TextEncoder().encode(text);
};

const problemText = (declarations: string, objective: string): string => `${declarations}
upper { var x ; minimize ${objective} }
lower { var y[10] ; minimize sumsq(y - x) }`;

async function valueFor(declarations: string, objective: string, x = 2): Promise<number> {
  const problem = await problemOf(problemText(declarations, objective), { data });
  return valueAt(problem, problem.upper.objective, [x], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

describe("values of data", () => {
  const people = 'data d = "people.csv"';
  test.each([
    [people, "x * sum(d.age)", 2 * 203],
    [people, 'x * sum(d["age"])', 2 * 203],
    [people, 'x * sum(i in 1..rows(d): d[["bmi", "age"]][i, 2] * i)', 2 * (59 + 96 + 216 + 96)],
    [people, "x + sum(i in 1..4 where d.age[i] > 50: d.bmi[i])", 2 + 62.6],
    [people, 'x + sum(i in 1..4 where d.sex[i] == "F": d.age[i])', 2 + 131],
    [people, 'x + sum(i in 1..4 where d.sex[i] != "F" and i > 2: d.age[i])', 2 + 24],
    [people, "x + rows(d) + cols(d) + length(d.age)", 2 + 4 + 4 + 4],
    [`${people}\nlet A = d[["age", "bmi"]]`, "x * rows(A) * cols(A)", 16],
    [`${people}\nfn spread(c) = max(c) - min(c)`, "x * spread(d.age)", 96],
    ['data P = "points.json"', "x * sum(P[2, :]) + P[3, 1]", 19],
    ['data P = "points.json"', "x * sum(i in 1..rows(P): P[i, :] * y[1:2])", 2 * (5 + 11 + 17)],
    ['data Q = "parts.json"', "x * sum(Q.A) + Q.b[3]", 27],
  ])("%s: %s", async (declarations, objective, expected) => {
    expect(await valueFor(declarations, objective)).toBeCloseTo(expected, 12);
  });

  test("the resolver is told what is asked for", async () => {
    asked.length = 0;
    await compileText(problemText('data d = "people.csv" as csv', "x + sum(d.age)"), { data });
    expect(asked).toEqual([["people.csv", { name: "d", format: "csv" }]]);
  });
});

describe("what is wrong with data", () => {
  test.each([
    ['data d = "missing.csv"', "x + sum(d.age)", ["BLO0701"]],
    ['data d = "bad.csv"', "x + sum(d.a)", ["BLO0710"]],
    ['data d = "people.csv"', "x + sum(d.agee)", ["BLO0720"]],
    ['data d = "people.csv"', "x + sum(d.sex)", ["BLO0711"]],
    ['data d = "people.csv"', "x + sum(d.note)", ["BLO0712"]],
    ['data d = "people.csv"', "x + sum(d)", ["BLO0711", "BLO0712"]],
    ['data d = "points.json"', "x + sum(d.age)", ["BLO0721"]],
    ['data d = "parts.json"', "x + sum(d)", ["BLO0722"]],
    ['data d = "people.csv"', "x + d.age[5]", ["BLO0404"]],
  ])("%s: %s", async (declarations, objective, codes) => {
    const compiled = await compileText(problemText(declarations, objective), { data });
    expect(compiled.codes, compiled.text).toEqual(codes);
  });

  test("without a resolver nothing is read; a failing one says why", async () => {
    const text = problemText('data d = "people.csv"', "x + sum(d.age)");
    expect((await compileText(text)).text).toContain("no access to files was granted");
    const failing: DataResolver = () => Promise.reject(new Error("the disk is on fire"));
    expect((await compileText(text, { data: failing })).text).toContain("the disk is on fire");
  });
});
