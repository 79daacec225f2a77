/**
 * Plain runs on seeded random problems with lower levels that are not convex, against brute force over grids: what a result claims
 * must be so. An answer's y is a lower solution that keeps all constraints, a claim of global optimality is no worse than the best grid
 * point, and no problem with a feasible grid point is said to have none.
 */
import { describe, expect, test } from "vitest";
import { certify, compile, type Problem, solve } from "../../src/api.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";

const X = { lo: -1, hi: 1.5, steps: 120 };
const Y = { lo: -1.2, hi: 1, steps: 160 };

function text(random: Random): string {
  const c = (): string => String(Math.round((4 * random.uniform() - 2) * 10) / 10).replace("-", "0 - ");
  const pick = (names: readonly string[]): string => names[Math.floor(random.uniform() * names.length)];
  const power = (names: readonly string[], degree: number): string =>
    Array.from({ length: 1 + Math.floor(random.uniform() * degree) }, () => pick(names)).join("*");
  const sum = (names: readonly string[], degree: number, terms: number): string =>
    Array.from({ length: terms }, () => `(${c()})*${power(names, degree)}`).join(" + ");
  const both = ["x", "y"];
  const lowers = [
    `${sum(both, 4, 4)} + x*y`,
    `(y^2 - (${c()})*x)^2 + ${sum(both, 2, 2)} + 0.5*y^2`,
    `${sum(both, 1, 2)} + (${c()})*x*y + 0.01*y`,
    `y^4 - 0.8*y^2 + (${c()})*x*y`,
  ];
  const row = (): string => `${sum(both, 2, 2)} + 0.3*y <= ${Math.round(random.uniform() * 15) / 10}`;
  const maybe = (share: number): string => (random.uniform() < share ? `\n  subject to\n    ${row()}` : "");
  return `upper {
  var x in [${X.lo}, ${X.hi}]
  minimize ${sum(both, 3, 3)} + (${c()})*y + (x - (${c()}))^2${maybe(0.35)}
}
lower {
  var y in [${Y.lo}, ${Y.hi}]
  minimize ${lowers[Math.floor(random.uniform() * lowers.length)]}${maybe(0.5)}
}
`;
}

class Grid {
  private readonly oracle: Oracle;
  private readonly rows: { readonly upper: Float64Array; readonly lower: Float64Array };

  constructor(problem: Problem) {
    this.oracle = compileOracle(problem, {});
    const { upper, lower } = this.oracle;
    this.rows = {
      upper: new Float64Array(upper.constraints.rows),
      lower: new Float64Array(lower.constraints.rows),
    };
  }

  violation(level: "upper" | "lower", x: number, y: number): number {
    const c = this.rows[level];
    if (c.length > 0) this.oracle[level].constraints.value(Float64Array.of(x), Float64Array.of(y), c);
    return Math.max(0, ...c);
  }

  value(level: "upper" | "lower", x: number, y: number): number {
    return this.oracle[level].value(Float64Array.of(x), Float64Array.of(y));
  }

  /** The lowest feasible y, on the grid and then by ever smaller steps. */
  lowest(x: number, steps = Y.steps): { readonly y: number; readonly g: number } | undefined {
    let [best, at] = [Number.POSITIVE_INFINITY, Number.NaN];
    const look = (y: number): boolean => {
      if (y < Y.lo || y > Y.hi || this.violation("lower", x, y) > 1e-9) return false;
      const g = this.value("lower", x, y);
      if (!(g < best)) return false;
      [best, at] = [g, y];
      return true;
    };
    for (let k = 0; k <= steps; k++) look(Y.lo + ((Y.hi - Y.lo) * k) / steps);
    if (Number.isNaN(at)) return undefined;
    for (let h = (Y.hi - Y.lo) / steps; h > 1e-12; ) if (!look(at + h) && !look(at - h)) h /= 2;
    return { y: at, g: best };
  }

  /** The best upper objective over x of the grid, at one lower solution each: never below the optimistic value. */
  best(): number {
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k <= X.steps; k++) {
      const x = X.lo + ((X.hi - X.lo) * k) / X.steps;
      const found = this.lowest(x);
      if (found === undefined || this.violation("upper", x, found.y) > 1e-9) continue;
      best = Math.min(best, this.value("upper", x, found.y));
    }
    return best;
  }
}

describe("what plain runs claim of random problems", () => {
  test.each(Array.from({ length: 14 }, (_, k) => k + 1))("%i", async (seed) => {
    const source = text(createRandom(seed).split("problem"));
    const { problem, diagnostics } = await compile(source, { name: "problem.blo" });
    if (problem === undefined) throw new Error(`${diagnostics.map((d) => d.message).join("\n")}\n${source}`);
    const { status, x, y, upper, certificate, reason } = await solve(problem, { seconds: 3 });
    const grid = new Grid(problem);
    const best = grid.best();
    if (status === "infeasible") expect(best, source).toBe(Number.POSITIVE_INFINITY);
    expect(["unbounded", "not-attained"], source).not.toContain(status);
    if (status !== "converged") return;
    const lowest = grid.lowest(x[0], 4000);
    expect(lowest, source).toBeDefined();
    const g = grid.value("lower", x[0], y[0]);
    expect(g - lowest!.g, `${source}${certificate?.lowerEvidence}`).toBeLessThan(2e-5 * (1 + Math.abs(g)));
    for (const level of ["upper", "lower"] as const) {
      expect(grid.violation(level, x[0], y[0]), source).toBeLessThan(1e-5);
    }
    const global = certificate?.checks.some((c) => c.name === "global bound") === true;
    if (global) expect(upper.objective, `${source}${reason}`).toBeLessThan(best + 3e-4 * (1 + Math.abs(best)));
  });
});

describe("answers at jumps of the lower solution", () => {
  test("the other branch keeps no upper constraint", async () => {
    // y has the sign against x; the upper constraint allows the negative one only, at x = 0 too
    const { problem } = await compile(`upper {
  var x in [-1, 1.5]
  minimize 0.6*x - 1.6*y + (x + 1.5)^2
  subject to
    2*y <= 0.3
}
lower {
  var y in [-1.2, 1]
  minimize y^4 - 0.7*y^2 + 1.8*x*y
}`);
    const at = await certify(problem!, { x: 5e-10, y: -Math.sqrt(0.35) });
    expect(at.certified, at.sentence).toBe(true);
    // where f falls further on the branch that is kept
    const beside = await certify(problem!, { x: 0.01, y: -0.6176 });
    expect(beside.certified).toBe(false);
  });

  test("a follower who is indifferent: x within tolerance of the place is as good as the place", async () => {
    const { problem } = await compile(`upper {
  var x in [-1, 1.5]
  minimize (x + 1)^2 + y
}
lower {
  var y in [-1.2, 1]
  minimize x*y
  subject to
    x + y <= 2
}`);
    // y = -1.2 for x > 0, 1 for x < 0: the leader goes to 0
    for (const x of [0, -5e-8, 5e-8]) {
      const found = await certify(problem!, { x, y: -1.2 });
      expect(found.certified, found.sentence).toBe(true);
    }
    expect((await certify(problem!, { x: -1e-3, y: -1.2 })).certified).toBe(false);
    expect((await certify(problem!, { x: 1e-3, y: -1.2 })).certified).toBe(false);
  });
});
