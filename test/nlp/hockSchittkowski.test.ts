/** The interior method on the published collection, from the published starts; `BLO_TABLE=1` prints the table. */
import { afterAll, describe, expect, it } from "vitest";
import { kktResiduals } from "../../src/nlp/residuals.js";
import { solveNonlinear } from "../../src/nlp/solve.js";
import { hockSchittkowski } from "./hockSchittkowski.js";
import { textProgram } from "./textProgram.js";

const table: string[] = [];
afterAll(() => {
  if (process.env.BLO_TABLE) console.log(table.join("\n"));
});

const solve = (id: number, start: readonly number[]) => {
  const program = textProgram(hockSchittkowski[id]);
  const result = solveNonlinear(program, Float64Array.from(start));
  const r = kktResiduals(program, result.u, result.rowMultipliers, result.boundMultipliers);
  const { iterations, counts, f, status } = result;
  table.push(`${id}\t${status}\t${iterations} iterations\t${counts.value} values\t${f}`);
  return { result, r };
};
const relative = (f: number, best: number): number => Math.abs(f - best) / Math.max(1, Math.abs(best));
const ids = Object.keys(hockSchittkowski).map(Number);

describe("Hock and Schittkowski's problems", () => {
  it("are at least forty", () => expect(ids.length).toBeGreaterThanOrEqual(40));

  it.each(ids)("%i", (id) => {
    const problem = hockSchittkowski[id];
    const { result, r } = solve(id, problem.start);
    const target = problem.other?.f ?? problem.correction?.f ?? problem.best;
    expect(relative(result.f, target)).toBeLessThan(problem.degenerate?.tolerance ?? 1e-6);
    expect(result.status).toBe(problem.degenerate ? "acceptable" : "solved");
    expect(r.violation).toBeLessThan(1e-6);
    expect(r.stationarity / r.stationarityScale).toBeLessThan(1e-6);
    expect(r.sign / r.stationarityScale).toBeLessThan(1e-6);
    expect(r.complementarity / Math.max(1, Math.abs(result.f))).toBeLessThan(problem.degenerate?.tolerance ?? 1e-6);
    expect(result.residuals).toEqual(r);
    if (problem.other) expect(relative(solve(id, problem.other.near).result.f, problem.best)).toBeLessThan(1e-6);
  });
});
