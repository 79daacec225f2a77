/**
 * Seeded random problems as text through the whole pipeline, against a brute-force reference that shares nothing with Blo (a
 * small part of bench/trials.mjs). `converged` must never be said of a wrong point, and most well-posed problems are solved.
 */
import { describe, expect, it } from "vitest";
import { judge, judgeGame } from "../../bench/reference/brute.mjs";
import { generate } from "../../bench/reference/generate.mjs";
import { certify, compile, type Problem, type Result, solve } from "../../src/api.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  if (!problem) throw new Error(`${text}\n${diagnostics.map((d) => d.message).join("\n")}`);
  return problem;
}

const run = async (text: string): Promise<Result> => solve(await problemOf(text), { seconds: 5 });

/** Verdicts of the reference on `count` instances; honest failures by their status. */
async function verdicts(name: string, count: number): Promise<string[]> {
  const list: string[] = [];
  for (let i = 0; i < count; i++) {
    const trial = generate(name, i);
    const result = await run(trial.text);
    const judged = result.status === "converged" ? judge(trial, result.x, result.y, result.upper.objective) : undefined;
    list.push(judged === undefined ? result.status : judged.verdict);
    if (judged?.verdict === "WRONG") list.push(`${name}:${i} ${judged.detail}`);
  }
  return list;
}

const right = (list: readonly string[]): number => list.filter((v) => v === "solved" || v === "local").length;

/** Class, instances, and how many at least are solved (to a local minimiser at least). */
const table = [
  ["a", "strongly convex lower levels", 6, 6],
  ["b", "boxes with degenerate bounds", 8, 8],
  ["c", "simplices and balls", 6, 6],
  ["d", "singular lower levels", 5, 5],
  ["e", "lower levels that are not convex", 8, 5],
  ["f", "minimax, bilinear ones too", 8, 8],
  ["g", "kinks in either level", 5, 3],
  ["i", "variables of very different sizes", 8, 7],
] as const;

describe("random problems against brute force", () => {
  for (const [name, what, count, least] of table) {
    it(`${what}`, async () => {
      const list = await verdicts(name, count);
      expect(list.filter((v) => v.includes("WRONG") || v.startsWith(`${name}:`) || v === "saddle")).toEqual([]);
      expect(right(list), list.join(", ")).toBeGreaterThanOrEqual(least);
    }, 30000);
  }

  it("ill-posed problems are never called converged", async () => {
    for (let i = 0; i < 46; i++) {
      const { text, never } = generate("h", i);
      const { status } = await run(text);
      expect(status, `${never}\n${text}`).not.toBe("converged");
      expect(status).not.toBe("invalid");
    }
  }, 30000);

  it("followers that depend on each other are in equilibrium, others solved", async () => {
    let games = 0;
    for (let i = 0; i < 12; i++) {
      const trial = generate("j", i);
      const result = await run(trial.text);
      const judged = trial.players === undefined ? judge : judgeGame;
      if (trial.players !== undefined && result.status === "converged") games++;
      const { verdict, detail } = judged(trial, result.x, result.y, result.upper.objective);
      expect(verdict, `${trial.text}\n${detail}`).not.toBe("WRONG");
    }
    expect(games).toBeGreaterThan(0);
  });
});

describe("what a certificate refuses", () => {
  const refused = async (text: string, values: Record<string, number | number[]>): Promise<string> => {
    const { certified, sentence } = await certify(await problemOf(text), values);
    expect(certified).toBe(false);
    return sentence;
  };

  it("an upper level that only levels off", async () => {
    const text = "upper { var x; minimize exp(-x) + 0*y }\nlower { var y; minimize (y - x)^2 }";
    expect(await refused(text, { x: 25, y: 25 })).toMatch(/levels off/);
  });

  it("a lower level that only levels off", async () => {
    const text = "upper { var x; minimize (x - 1)^2 + tanh(y) }\nlower { var y; minimize exp(y) * (1 + x^2) }";
    for (const y of [-10, -20, -40, -300]) await refused(text, { x: 1, y });
  });

  it("y far from the solution in units that hide it", async () => {
    // y is of size 1e-3 beside another of size 1e2: its error is small in absolute terms.
    const text = `upper { var x; minimize (x - 1)^2 + (1e3*y[1] - 1)^2 + (1e-2*y[2])^2 }
lower { var y[2]; minimize (1e3*y[1] - x)^2 + (1e-2*y[2] - x)^2 }`;
    const problem = await problemOf(text);
    const { x, y } = await solve(problem);
    const values = (a: number, b: number) => ({ x: x[0], y: [a * y[0], b * y[1]] });
    expect((await certify(problem, values(1, 1))).certified).toBe(true);
    expect((await certify(problem, values(1.01, 1))).certified).toBe(false);
    expect((await certify(problem, values(1, 1.01))).certified).toBe(false);
  });

  it("x beside the solution, whatever its unit", async () => {
    for (const unit of [1e-4, 1, 1e4]) {
      const text = `upper { var x[2]; minimize (y - 1)^2 + 0.1*(x[1]/${unit})^2 + 0.1*(x[2] - 1)^2 }
lower { var y; minimize (y - x[1]/${unit} - x[2])^2 }`;
      const problem = await problemOf(text);
      const { x, y, status } = await solve(problem);
      expect(status).toBe("converged");
      const moved = x[0] + 1e-3 * unit;
      const follower = y[0] + 1e-3;
      expect((await certify(problem, { x: [moved, x[1]], y: follower })).certified).toBe(false);
    }
  });
});
