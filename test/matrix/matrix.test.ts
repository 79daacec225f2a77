/**
 * Every method on every problem of examples/ and of the acceptance matrix that its requirements accept, without options. A
 * cell ends `converged` at the known answer, or as its exception says. Nothing may be certified and wrong.
 *
 * Long cells run with BLO_FULL=1 only, with a larger budget: all those of the problems with data in `long`. What is left was
 * chosen by cost alone. BLO_MATRIX names problems or methods to run, and prints what they come to.
 */
import { describe, expect, it } from "vitest";
import { entries, fittingMethods, runCell } from "./cell.js";
import { exceptions } from "./longExceptions.js";

const full = process.env.BLO_FULL === "1";
const asked = process.env.BLO_MATRIX?.split(",");
const CALLS = 100_000;
/** Problems whose cells take seconds, with their budgets. */
const long: Readonly<Record<string, number>> = {
  "adversarial/cars": 300_000,
  "hyperparameter/logistic": 300_000,
  "stackelberg/prices": 100_000,
  "stochastic/cleaning": 10_000,
  "stochastic/validated-ridge": 10_000,
};

const all = await entries();
const cells = all.map((entry) => ({
  entry,
  methods: fittingMethods(entry).map((m) => m.id),
}));

const named = new Map<string, string>();
for (const { methods, problems, outcome } of exceptions) {
  for (const method of methods) for (const problem of problems) named.set(`${method} on ${problem}`, outcome);
}

describe("methods without options", () => {
  for (const { entry, methods } of cells) {
    const { name } = entry;
    const chosen = methods.filter((id) => asked === undefined || asked.includes(id) || asked.includes(name));
    if (chosen.length === 0 || (long[name] !== undefined && !full)) continue;
    it(`on ${name}`, { timeout: full ? 300_000 : 60_000 }, async () => {
      const found: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const id of chosen) {
        const { outcome, result, misses } = await runCell(entry, id, long[name] ?? CALLS);
        wanted[id] = named.get(`${id} on ${name}`) ?? "converged";
        found[id] = outcome;
        if (asked) console.log(`${id} on ${name}: ${outcome}. ${result.reason} ${misses.join("; ")}`);
        expect(outcome, `${id} on ${name}: ${misses.join("; ")}`).not.toBe("wrong");
      }
      expect(found).toEqual(wanted);
    });
  }
});

describe("the table of exceptions", () => {
  it("names each cell once, and only cells that exist", () => {
    const existing = new Set(cells.flatMap(({ entry, methods }) => methods.map((id) => `${id} on ${entry.name}`)));
    const listed = exceptions.flatMap(({ methods, problems }) =>
      methods.flatMap((method) => problems.map((problem) => `${method} on ${problem}`)),
    );
    expect(listed.filter((cell, i) => listed.indexOf(cell) !== i)).toEqual([]);
    expect(listed.filter((cell) => !existing.has(cell))).toEqual([]);
  });
  it("holds nothing that is certified and wrong", () => {
    expect(exceptions.filter((e) => e.outcome === "wrong" || e.outcome === "converged")).toEqual([]);
  });
});
