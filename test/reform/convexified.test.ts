/** Convexity by equalities: the same values where the rows hold, positive definite where the kernel curves upwards, undefined else. */
import { describe, expect, test } from "vitest";
import type { QuadraticProgram } from "../../src/lp/quadratic.js";
import { symmetricEigen } from "../../src/num/eigen.js";
import { convexified } from "../../src/reform/convexified.js";

const inf = Number.POSITIVE_INFINITY;

/** min ½ uᵀ Q u + cᵀ u with one row a u = b. */
function program(Q: readonly number[][], c: readonly number[], a: readonly number[], b: number): QuadraticProgram {
  const n = c.length;
  const entries = Q.flatMap((row, i) => row.slice(0, i + 1).map((v, j) => [i, j, v]));
  return {
    n,
    rows: 1,
    cost: Float64Array.from(c),
    offset: 3,
    hessian: {
      rows: Int32Array.from(entries, (e) => e[0]),
      columns: Int32Array.from(entries, (e) => e[1]),
      values: Float64Array.from(entries, (e) => e[2]),
    },
    matrix: { rows: new Int32Array(n), columns: Int32Array.from(a.keys()), values: Float64Array.from(a) },
    lower: new Float64Array(n).fill(-inf),
    upper: new Float64Array(n).fill(inf),
    rowLower: Float64Array.of(b),
    rowUpper: Float64Array.of(b),
  };
}

function dense({ n, hessian }: QuadraticProgram): Float64Array {
  const Q = new Float64Array(n * n);
  hessian?.rows.forEach((i, e) => {
    const j = hessian.columns[e];
    Q[i * n + j] += hessian.values[e];
    if (i !== j) Q[j * n + i] += hessian.values[e];
  });
  return Q;
}

function value(p: QuadraticProgram, u: readonly number[]): number {
  const Q = dense(p);
  let sum = p.offset;
  for (let i = 0; i < p.n; i++) {
    sum += p.cost[i] * u[i];
    for (let j = 0; j < p.n; j++) sum += 0.5 * Q[i * p.n + j] * u[i] * u[j];
  }
  return sum;
}

const positive = (Q: Float64Array, n: number): boolean => symmetricEigen(Q, n).values[0] >= 0;

describe("convexified", () => {
  // along a: u = (2 - v) / 3 and v, the leader against one follower: x y is -1/3 v² + … there
  const saddle = [
    [0, -1],
    [-1, 0],
  ];

  test("agrees where the row holds, and is convex", () => {
    const p = program(saddle, [1, -2], [1, 3], 2);
    const found = convexified(p);
    expect(found).toBeDefined();
    expect(positive(dense(p), 2)).toBe(false);
    expect(positive(dense(found!), 2)).toBe(true);
    for (const v of [-1, 0, 0.4, 7]) expect(value(found!, [2 - 3 * v, v])).toBeCloseTo(value(p, [2 - 3 * v, v]), 9);
    expect(value(found!, [1, 1])).toBeGreaterThan(value(p, [1, 1]));
  });

  test("there is none where the objective falls along the kernel", () => {
    expect(convexified(program(saddle, [0, 0], [1, -3], 2))).toBeUndefined();
  });
});
