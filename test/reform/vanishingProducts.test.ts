/**
 * Prices that followers pay, and prices that markets make: upper objectives with products of both levels' variables, proved
 * global by branch and bound. Compared with closed forms; and the changed objective with the written one at lower solutions.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, solve } from "../../src/api.js";
import { interpreted } from "../../src/codegen/backend.js";
import type { QuadraticProgram } from "../../src/lp/quadratic.js";
import { affineComplementarity } from "../../src/reform/affineComplementarity.js";

async function best(source: string): Promise<number> {
  const { problem } = await compile(source);
  const result = await solve(problem!, {});
  expect(result.method).toBe("branch-and-bound");
  expect(result.status).toBe("converged");
  return result.upper.objective;
}

const list = (values: readonly number[]): string => `[${values.join(", ")}]`;

const whole = (min: number, max: number) => fc.integer({ min, max });

describe("one price, customers with a reservation price each", () => {
  /** Customer k buys d_k at a price of at most r_k. */
  const source = (r: readonly number[], d: readonly number[]) => `
    param r[${r.length}] = ${list(r)}
    param d[${d.length}] = ${list(d)}
    upper { var t in [0, 30] init 1
      maximize t * sum(y) }
    lower { var y[${r.length}] >= 0
      minimize sum(k in 1..${r.length}: (t - r[k]) * y[k])
      subject to
        y <= d }`;

  test("is the best of the reservation prices", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(whole(1, 25), whole(1, 9)), { minLength: 1, maxLength: 6 }), async (pairs) => {
        const r = pairs.map(([p]) => p);
        const d = pairs.map(([, q]) => q);
        const revenue = r.map((t) => t * d.reduce((sum, q, k) => sum + (r[k] >= t ? q : 0), 0));
        expect(await best(source(r, d))).toBeCloseTo(Math.max(...revenue), 5);
      }),
      { numRuns: 12, seed: 1 },
    );
  });
});

describe("one price, customers with linear demand and a limit", () => {
  /** Customer k buys min(limit, (a - t) / q), or nothing. */
  const source = (a: readonly number[], q: readonly number[], limit: number) => `
    param a[${a.length}] = ${list(a)}
    param q[${q.length}] = ${list(q)}
    upper { var t in [0, 30] init 1
      maximize (t - 1) * sum(y) }
    lower { var y[${a.length}] in [0, ${limit}]
      minimize sum(k in 1..${a.length}: 0.5 * q[k] * y[k]^2 + (t - a[k]) * y[k]) }`;

  test("is the best on a fine grid and at every kink", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(whole(2, 25), whole(1, 4)), { minLength: 1, maxLength: 4 }),
        whole(1, 8),
        async (pairs, limit) => {
          const a = pairs.map(([p]) => p);
          const q = pairs.map(([, c]) => c);
          const income = (t: number) =>
            (t - 1) * a.reduce((sum, v, k) => sum + Math.min(limit, Math.max(0, (v - t) / q[k])), 0);
          const kinks = a.flatMap((v, k) => [v, v - limit * q[k]]);
          const prices = [...Array.from({ length: 30001 }, (_, i) => i / 1000), ...kinks];
          const top = Math.max(...prices.filter((t) => t >= 0).map(income));
          const found = await best(source(a, q, limit));
          expect(found).toBeGreaterThan(top - 1e-6 * (1 + top));
          expect(found).toBeLessThan(top + 1e-4 * (1 + top));
        },
      ),
      { numRuns: 8, seed: 2 },
    );
  });
});

describe("a producer who makes the price of a market", () => {
  const source = (cost: readonly number[], cap: readonly number[], demand: number) => `
    param n = ${cost.length}
    param cost[n] = ${list(cost)}
    param cap[n] = ${list(cap)}
    upper { var bid in [0, 60] init 10
      maximize (dual(balance) - cost[1]) * y[1] }
    lower { var y[n] >= 0
      minimize bid * y[1] + sum(k in 2..n: cost[k] * y[k])
      subject to
        balance: ${demand} == sum(y)
        limits: y <= cap }`;

  test("is the best over the rivals' costs and the largest bid", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(whole(1, 40), whole(5, 30)), { minLength: 2, maxLength: 4 }),
        whole(6, 40),
        async (pairs, demand) => {
          const rivals = pairs.slice(1);
          const [own, capacity] = pairs[0];
          const total = pairs.reduce((sum, [, c]) => sum + c, 0);
          fc.pre(total > demand);
          // at a price p the cheaper rivals sell all they can
          const gains = [60, ...rivals.map(([c]) => c)].map((p) => {
            const left = demand - rivals.reduce((sum, [c, q]) => sum + (c < p ? q : 0), 0);
            const sold = Math.min(capacity, left);
            const reached = rivals.reduce((sum, [c, q]) => sum + (c <= p ? q : 0), 0) + capacity >= demand;
            return sold > 0 && reached ? (p - own) * sold : 0;
          });
          const { problem } = await compile(
            source(
              pairs.map(([c]) => c),
              pairs.map(([, q]) => q),
              demand,
            ),
          );
          const result = await solve(problem!, { method: "branch-and-bound" });
          expect(result.status).toBe("converged");
          expect(result.upper.objective).toBeCloseTo(Math.max(...gains, 0), 4);
        },
      ),
      { numRuns: 8, seed: 3 },
    );
  });
});

test("a store that moves the price of a market, by first-order conditions", async () => {
  // the price is 2 + p; charging u now and releasing v <= 0.9 u then gains (2 + b - v) v - (2 + a + u) u
  const [a, b] = [20, 80];
  const gain = (u: number): number => (2 + b - 0.9 * u) * 0.9 * u - (2 + a + u) * u;
  const u = (0.9 * (2 + b) - (2 + a)) / (2 * (0.81 + 1));
  const { problem } = await compile(`
    upper {
      var charge in [0, 40]
      var release in [0, 40]
      maximize dual(balance)[2] * release - dual(balance)[1] * charge
      subject to
        store: release <= 0.9 * charge }
    lower {
      var p[2] >= 0
      minimize sum(t in 1..2: 0.5 * p[t]^2 + 2 * p[t])
      subject to
        balance: forall t in 1..2: (if t == 1 then ${a} + charge else ${b} - release) == p[t] }`);
  const result = await solve(problem!, {});
  expect(result).toMatchObject({ method: "branch-and-bound", status: "converged" });
  expect(result.x[0]).toBeCloseTo(u, 5);
  expect(result.upper.objective).toBeCloseTo(gain(u), 6);
});

describe("the changed objective", () => {
  const source = `
    upper { var t[2] in [0, 4]
      maximize t[1] * y[1] + t[2] * y[2] - y[1]^2 }
    lower { var y[2] >= 0
      minimize sumsq(y) + dot(t, y) - 7 * y[1] - 5 * y[2]
      subject to
        y[1] + y[2] <= 3 }`;

  function value({ offset, cost, hessian }: QuadraticProgram, u: Float64Array): number {
    let sum = offset + cost.reduce((s, c, i) => s + c * u[i], 0);
    hessian?.values.forEach((v, e) => {
      const [i, j] = [hessian.rows[e], hessian.columns[e]];
      sum += (i === j ? 0.5 : 1) * v * u[i] * u[j];
    });
    return sum;
  }

  test("agrees with the written one at lower solutions, and only there", async () => {
    const { problem } = await compile(source);
    const found = affineComplementarity(problem!, interpreted);
    if (typeof found === "string") throw new Error(found);
    const { program, compiled } = found;
    // t = (1, 2): y = (2.25, .75) on the budget, its multiplier 6 - 2 * 2.25 = 1.5; bounds inactive
    const order = [1, 2, 2.25, 0.75];
    const z = new Float64Array(program.n - 4);
    const at = (multipliers: Float64Array) => Float64Array.from([...order, ...multipliers]);
    const solutions = Array.from(z, (_, j) => at(z.map((_, k) => (k === j ? 1.5 : 0))));
    const holds = solutions.filter((u) =>
      found.stationarity.every((row) => {
        const { rows, columns, values } = program.matrix;
        let body = 0;
        rows.forEach((i, e) => {
          if (i === row) body += values[e] * u[columns[e]];
        });
        return Math.abs(body - program.rowUpper[row]) < 1e-12;
      }),
    );
    expect(holds).toHaveLength(1);
    expect(value(program, holds[0])).toBeCloseTo(compiled.value(holds[0]), 12);
    expect(value(program, at(z))).not.toBeCloseTo(compiled.value(at(z)), 6);
  });

  test("is refused where no products make it convex", async () => {
    const { problem } = await compile(source.replace("- y[1]^2", "+ 3 * y[1]^2 + y[1] * y[2]"));
    expect(affineComplementarity(problem!, interpreted)).toMatch(/not convex/);
  });
});
