/** The table of a comparison on terminals of any width, and the readers of its flags. */
import { describe, expect, it } from "vitest";
import { plain } from "../../src/base/paint.js";
import { budget, methodList, methodOption, notNegative, seeds } from "../../src/cli/compareFlags.js";
import { tableText } from "../../src/cli/compareText.js";
import { UsageError } from "../../src/cli/exit.js";
import type { Table } from "../../src/compare/table.js";

const cell = (text: string) => ({ text, best: false });
const table: Table = {
  columns: [
    { head: "method", doc: "", rank: 0, align: "left" },
    { head: "certified", doc: "", rank: 1, align: "right" },
    { head: "iterations", doc: "", rank: 3, align: "right" },
    { head: "calls", doc: "", rank: 2, align: "right" },
  ],
  rows: [["aid-auto", "5/5", "12", "345"].map(cell), ["f2ba", "3/5", "-", "1e7"].map(cell)],
};

describe("the table", () => {
  it("is aligned, and holds all columns where there is room", () => {
    expect(tableText(table, 80, plain)).toEqual({
      lines: [
        "method    certified  iterations  calls",
        "aid-auto        5/5          12    345",
        "f2ba            3/5           -    1e7",
      ],
      hidden: [],
    });
  });
  it.each([38, 37, 26, 25, 19, 18, 5])("drops columns of high rank first at width %i, and names them", (width) => {
    const { lines, hidden } = tableText(table, width, plain);
    const expected = { 38: [], 37: ["iterations"], 26: ["iterations"], 25: ["iterations", "calls"] }[width];
    if (expected) expect(hidden).toEqual(expected);
    expect(lines[0].split(/ +/)[0]).toBe("method");
    if (width >= 8) for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[0].split(/ +/).length + hidden.length).toBe(4);
  });
});

describe("flags", () => {
  it("reads seeds, methods, budgets and options", () => {
    expect([seeds("1..5"), seeds("1,3,7"), seeds("5"), seeds("1..3,7,2")]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 3, 7],
      [5],
      [1, 2, 3, 7],
    ]);
    expect(methodList("b, c,b", ["a"])).toEqual(["a", "b", "c"]);
    expect(budget("time=2min,iterations=7", budget("calls=1e4", undefined))).toEqual({
      calls: 1e4,
      seconds: 120,
      iterations: 7,
    });
    const first = methodOption("a.K=10", undefined);
    const second = methodOption("v-pbgd:mode=x=y", methodOption("a:J=true", first));
    expect([...second].map(([id, options]) => [id, Object.fromEntries(options)])).toEqual([
      ["a", { K: 10, J: true }],
      ["v-pbgd", { mode: "x=y" }],
    ]);
    expect([...first].map(([id, options]) => [id, options.size])).toEqual([["a", 1]]);
    expect([notNegative("0"), notNegative("1.5")]).toEqual([0, 1.5]);
  });
  it.each([
    () => seeds("1..2..3"),
    () => seeds(""),
    () => seeds("a"),
    () => seeds("1..1e9"),
    () => methodList(",", undefined),
    () => budget("1000", undefined),
    () => budget("time=forever", undefined),
    () => notNegative("-1"),
    () => budget("calls", undefined),
    () => methodOption("K=3", undefined),
    () => notNegative(""),
  ])("refuses what it cannot read (%#)", (f) => {
    expect(f).toThrow(UsageError);
  });
});
