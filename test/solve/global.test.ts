/** Proofs that an answer is global: against grids that solve the lower level by enumeration, and refused where the answer is not. */
import { describe, expect, it } from "vitest";
import { compile, solve } from "../../src/api.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { activeSets } from "../../src/solve/global/activeSets.js";
import { GAP, provedGlobal } from "../../src/solve/global/prove.js";

async function problemOf(source: string) {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

async function proved(source: string, x: readonly number[], y: readonly number[]): Promise<boolean> {
  const oracle = compileOracle(await problemOf(source));
  const before = { ...oracle.counts };
  const steps = provedGlobal(oracle, Float64Array.from(x), Float64Array.from(y), () => false);
  for (;;) {
    const next = steps.next();
    expect({ ...oracle.counts }).toEqual(before);
    if (next.done === true) return next.value;
  }
}

interface Case {
  readonly source: string;
  readonly f: (x: number, y: number) => number;
  readonly g: (x: number, y: number) => number;
  /** Bounds of x and of y at x. */
  readonly x: readonly [number, number];
  readonly y: (x: number) => readonly [number, number];
}

const cases: Readonly<Record<string, Case>> = {
  "a lower level with two basins": {
    source: `upper { var x in [-1, 1]; minimize x^2 - y }
lower { var y in [-1, 1]; minimize x * y - y^4 / 4 + y^2 / 8 }`,
    f: (x, y) => x * x - y,
    g: (x, y) => x * y - y ** 4 / 4 + y ** 2 / 8,
    x: [-1, 1],
    y: () => [-1, 1],
  },
  "a convex lower level behind moving constraints": {
    source: `upper { var x in [0, 4]; minimize (x - 3)^2 * (x - 0.5)^2 + x * y }
lower { var y in [0, 5]
  minimize (y - x)^4 + y
  subject to
    x + y <= 5
    y >= 1 - x }`,
    f: (x, y) => (x - 3) ** 2 * (x - 0.5) ** 2 + x * y,
    g: (x, y) => (y - x) ** 4 + y,
    x: [0, 4],
    y: (x) => [Math.max(0, 1 - x), Math.min(5, 5 - x)],
  },
  "a lower level that bends along x + y only": {
    source: `upper { var x in [-3, 3]; minimize (x - 0.997)^2 + 0.819 * y }
lower { var y in [-3, 3]; minimize sin(1.009 * y + x) + 0.167 * (y - x)^2 }`,
    f: (x, y) => (x - 0.997) ** 2 + 0.819 * y,
    g: (x, y) => Math.sin(1.009 * y + x) + 0.167 * (y - x) ** 2,
    x: [-3, 3],
    y: () => [-3, 3],
  },
  "trigonometric levels": {
    source: `upper { var x in [-3, 3]; minimize sin(2 * x) + 0.2 * (y - 1)^2 }
lower { var y in [-2, 2]; minimize cos(3 * y) + x * y }`,
    f: (x, y) => Math.sin(2 * x) + 0.2 * (y - 1) ** 2,
    g: (x, y) => Math.cos(3 * y) + x * y,
    x: [-3, 3],
    y: () => [-2, 2],
  },
};

/** The best of a grid over x, y the best of a grid at x (a little above the true value, by the grids' width). */
function byGrid({ f, g, x: [a, b], y: bounds }: Case) {
  const N = 600;
  const points = Array.from({ length: N + 1 }, (_, i) => {
    const x = a + ((b - a) * i) / N;
    const [l, u] = bounds(x);
    let best = l;
    for (let k = 0; k <= N; k++) {
      const y = l + ((u - l) * k) / N;
      if (g(x, y) < g(x, best)) best = y;
    }
    return { x, y: best, f: f(x, best) };
  });
  const local = points.filter((p, i) => i > 0 && i < N && p.f < points[i - 1].f && p.f < points[i + 1].f);
  const sorted = [...points].sort((p, q) => p.f - q.f);
  return { f: sorted[0].f, local, middling: sorted[N >> 1] };
}

describe("answers of small problems", () => {
  it.each(Object.entries(cases))("%s: a plain run finds the best of a grid and proves it", async (_, given) => {
    const result = await solve(await problemOf(given.source), { seconds: 20 });
    expect(result.status).toBe("converged");
    const grid = byGrid(given);
    expect(result.upper.objective).toBeLessThanOrEqual(grid.f + GAP);
    expect(result.upper.objective).toBeGreaterThan(grid.f - 0.03);
    expect(result.certificate?.checks.find((c) => c.name === "global bound")?.holds).toBe(true);
    expect(result.reason).toContain("proved by interval branch and bound");
    expect(await proved(given.source, [...result.x], [...result.y])).toBe(true);
  });

  it.each(Object.entries(cases))("%s: worse answers are not proved", async (_, given) => {
    const grid = byGrid(given);
    const worse = [...grid.local, grid.middling].filter((p) => p.f > grid.f + 0.03);
    expect(worse.length).toBeGreaterThan(0);
    for (const { x, y } of worse) expect(await proved(given.source, [x], [y])).toBe(false);
  });

  it("a named method is not followed by a proof", async () => {
    const result = await solve(await problemOf(cases["trigonometric levels"].source), {
      method: "kkt-auto",
      seconds: 20,
    });
    expect(result.reason).not.toContain("interval branch and bound");
  });

  it("constraints that are curved in y are left alone", async () => {
    const source = `upper { var x in [0, 1]; minimize (x - 1)^2 + y }
lower { var y in [-2, 2]
  minimize -y
  subject to
    y^2 <= 1 + x }`;
    expect(await proved(source, [0], [1])).toBe(false);
  });
});

describe("active sets", () => {
  const rows = (list: readonly (readonly number[])[]) => list.map((r) => Float64Array.from(r));

  it("directions span the null space, multipliers are those of the normal equations", () => {
    const [E, A] = [
      rows([[1, 1, 1]]),
      rows([
        [1, 0, -1],
        [0, 2, 1],
        [1, 1, 1],
      ]),
    ];
    const sets = activeSets(E, A, 3, 40)!;
    // the last row is the equation's own: it never joins
    expect(sets.map((s) => s.rows)).toEqual([[], [0], [0, 1], [1]]);
    for (const { rows: S, directions, multipliers } of sets) {
      const P = [...E, ...S.map((r) => A[r])];
      expect(directions.length).toBe(3 - P.length);
      for (const n of directions)
        for (const row of P) expect(row.reduce((s, a, j) => s + a * n[j], 0)).toBeCloseTo(0, 12);
      // a slope made of the rows gives their weights back, with the other sign
      const z = P.map((_, i) => 0.5 + i);
      const slope = Float64Array.from({ length: 3 }, (_, j) => -P.reduce((s, row, i) => s + z[i] * row[j], 0));
      multipliers.forEach((w, i) => {
        expect(-w.reduce((s, v, j) => s + v * slope[j], 0)).toBeCloseTo(z[E.length + i], 12);
      });
    }
  });

  it("too many, or dependent equations: none", () => {
    expect(activeSets([], rows([[1], [2], [3]]), 1, 3)).toBeUndefined();
    expect(
      activeSets(
        rows([
          [1, 1],
          [2, 2],
        ]),
        [],
        2,
        9,
      ),
    ).toBeUndefined();
  });
});
