/** The certificate's active-set solver against its augmented Lagrangian, and where it must see that no y is feasible. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { ActiveLower } from "../../src/certify/lowerActive.js";
import { solveConstrained } from "../../src/certify/lowerConstrained.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";

async function oracleOf(source: string): Promise<Oracle> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return compileOracle(problem);
}

const never = (): boolean => false;
const at = (...v: number[]): Float64Array => Float64Array.from(v);

describe("active sets next to a solution", () => {
  it("agrees with the augmented Lagrangian at neighbours, across changes of the active set", async () => {
    const oracle = await oracleOf(`
upper { var x[2]; minimize sumsq(x) + sumsq(y) }
lower {
  var y[3] in [-1, 1]
  minimize exp(y[1] - x[1]) + sumsq(y - [x[2], 0.5, 2]) + y[1] * y[2]
  subject to
    ball: sumsq(y) <= 1.5 + x[1]^2
    sum: y[1] + y[2] + y[3] == 1 + 0.5 * x[2]
    cut: y[1] - y[2] <= x[1]
}`);
    const solver = new ActiveLower(oracle);
    const x0 = at(0.1, 0.3);
    const start = solveConstrained(oracle, x0, at(0, 0, 0), never).y;
    let compared = 0;
    for (let k = -12; k <= 12; k++) {
      const x = at(0.1 + 0.08 * k, 0.3 - 0.03 * k * k * 0.2);
      const found = solver.solve(x, start, 0, never);
      const other = solveConstrained(oracle, x, start, never);
      if (found === undefined || !other.feasible) continue;
      compared++;
      expect(found.violation).toBeLessThan(1e-10);
      for (let j = 0; j < 3; j++) expect(found.y[j]).toBeCloseTo(other.y[j], 6);
      for (let r = 0; r < 3; r++) expect(found.multipliers[r]).toBeCloseTo(other.multipliers[r], 4);
    }
    expect(compared).toBeGreaterThan(15);
  });
  it("says by how much rows that contradict each other are missed", async () => {
    const oracle = await oracleOf(`
upper { var x; minimize x^2 + y[1] }
lower { var y[2] in [-3, 3]; minimize sumsq(y); subject to
  above: y[1] + y[2] >= 1
  below: y[1] + y[2] <= x }`);
    const solver = new ActiveLower(oracle);
    expect(solver.solve(at(1.5), at(0.5, 0.5), 0, never)?.feasible).toBe(true);
    for (const gap of [1e-5, 1e-2, 1]) {
      const found = solver.solve(at(1 - gap), at(0.5, 0.5), 0, never);
      expect(found?.violation).toBeGreaterThan(0.4 * gap);
      expect(found?.violation).toBeLessThan(1.1 * gap);
    }
  });
  it("does not take a saddle for a minimum", async () => {
    const oracle = await oracleOf(`
upper { var x; minimize x^2 + y[1] }
lower { var y[2] in [-3, 3]; minimize y[1]^2 - y[2]^2; subject to row: y[1] + 0.1 * y[2] <= x + 2 }`);
    expect(new ActiveLower(oracle).solve(at(0), at(0, 0), 0, never)).toBeUndefined();
  });
});
