/** Certificates of problems with constraints at either level: exact answers hold, neighbours of them do not. */
import { describe, expect, it } from "vitest";
import { certify } from "../../src/certify/certificate.js";
import { solveConstrained } from "../../src/certify/lowerConstrained.js";
import { nonNegativeLeastSquares } from "../../src/num/nonNegative.js";
import { createRandom } from "../../src/num/random.js";
import { boxDomain, type HandProblem, handOracle, jetConstraints, jetLevel } from "../support/handOracle.js";
import { P1 } from "../support/handProblems.js";

const verdict = (p: HandProblem, x: readonly number[], y: readonly number[]) =>
  certify(handOracle(p), Float64Array.from(x), Float64Array.from(y), { tolerance: 1e-6, random: createRandom(7) });
const failed = (p: HandProblem, x: readonly number[], y: readonly number[]) =>
  verdict(p, x, y)
    .checks.filter((k) => !k.holds)
    .map((k) => k.name);

/** F = ½(x - 1)² + ½(y - 2)², lower: min ½y² with x - y <= 0, so y* = max(x, 0): (1.5, 1.5). */
const c1: HandProblem = {
  x: [0.3],
  y: [0.5],
  f: jetLevel(1, 1, ([x], [y]) => x.sub(1).sq().add(y.sub(2).sq()).mul(0.5)),
  g: jetLevel(1, 1, (_x, [y]) => y.sq().mul(0.5)),
  lowerConstraints: jetConstraints(1, 1, [{ name: "above", body: ([x], [y]) => x.sub(y) }]),
};
/** P1 with x + y <= 6 at the upper level: (4, 2) with multiplier 8. */
const p6: HandProblem = {
  ...P1,
  upperConstraints: jetConstraints(1, 1, [{ name: "cap", body: ([x], [y]) => x.add(y).sub(6) }]),
};
/** Linear lower level: min -y with y <= x, y <= 4 - x, 0 <= y, so y* = min(x, 4 - x); F = -y - 0.1 x: kink at (2, 2). */
const roof: HandProblem = {
  x: [1],
  y: [0],
  domainX: boxDomain([0], [4]),
  domainY: boxDomain([0], [Number.POSITIVE_INFINITY]),
  f: jetLevel(1, 1, ([x], [y]) => y.mul(-1).sub(x.mul(0.1))),
  g: jetLevel(1, 1, (_x, [y]) => y.mul(-1)),
  lowerConstraints: jetConstraints(1, 1, [
    { name: "left", body: ([x], [y]) => y.sub(x) },
    { name: "right", body: ([x], [y]) => y.add(x).sub(4) },
  ]),
};
/** The lower level leaves y2 open (y1 + y2 = x, min (y1 + y2)²): the upper level chooses y = (x/2 + 1/2, x/2 - 1/2). */
const open: HandProblem = {
  x: [3],
  y: [0, 0],
  f: jetLevel(1, 2, ([x], [a, b]) => x.sub(1).sq().add(a.sub(b).sub(1).sq())),
  g: jetLevel(1, 2, (_x, [a, b]) => a.add(b).sq()),
  lowerConstraints: jetConstraints(1, 2, [{ name: "sum", equality: true, body: ([x], [a, b]) => a.add(b).sub(x) }]),
};
/** Two upper variables tied by an equality: min (x1 - 3)² + (x2 - 1)² + y², y = x1 + x2, x1 + x2 = 2: (2, 0), y = 2. */
const tied: HandProblem = {
  x: [0, 0],
  y: [0],
  f: jetLevel(2, 1, ([a, b], [y]) => a.sub(3).sq().add(b.sub(1).sq()).add(y.sq())),
  g: jetLevel(2, 1, ([a, b], [y]) => y.sub(a).sub(b).sq()),
  upperConstraints: jetConstraints(2, 1, [{ name: "tie", equality: true, body: ([a, b]) => a.add(b).sub(2) }]),
};

describe("exact answers", () => {
  it.each<[string, HandProblem, number[], number[]]>([
    ["C1: an active lower constraint", c1, [1.5], [1.5]],
    ["P1 with a coupling constraint", p6, [4], [2]],
    ["a linear lower level with its kink", roof, [2], [2]],
    ["an indifferent lower level under an equality", open, [1], [1, 0]],
    ["an equality at the upper level", tied, [2, 0], [2]],
  ])("%s", (_name, p, x, y) => {
    expect(failed(p, x, y)).toEqual([]);
    expect(verdict(p, x, y).certified).toBe(true);
  });
});

describe("wrong points", () => {
  it("x moved, y solved again", () => {
    expect(failed(c1, [1.4], [1.4])).toContain("neighbours");
    expect(failed(p6, [3.9], [1.95])).toContain("neighbours");
    expect(failed(roof, [1.9], [1.9])).toContain("neighbours");
    expect(failed(tied, [1.9, 0.1], [2])).toContain("neighbours");
  });
  it("constraints violated", () => {
    expect(failed(p6, [7], [3.5])).toContain("upper constraints");
    expect(failed(c1, [1.5], [1.4])).toContain("lower constraints");
  });
  it("y feasible but not optimal", () => {
    expect(failed(c1, [1.5], [1.6])).toContain("value gap");
    expect(failed(roof, [2], [1])).toContain("value gap");
  });
  it("y optimal but not the upper level's choice", () => {
    expect(failed(open, [1], [0.2, 0.8])).toContain("optimistic");
  });
  it("a lower level without feasible points", () => {
    expect(failed(roof, [4.5], [0])).toContain("lower solve");
  });
});

it("the augmented Lagrangian finds solutions and multipliers", () => {
  const s = solveConstrained(handOracle(c1), Float64Array.of(1.5), Float64Array.of(0), () => false);
  expect(s.y[0]).toBeCloseTo(1.5, 10);
  expect(s.multipliers[0]).toBeCloseTo(1.5, 8);
  expect(s.feasible).toBe(true);
  const r = solveConstrained(handOracle(roof), Float64Array.of(3), Float64Array.of(0), () => false);
  expect(r.y[0]).toBeCloseTo(1, 10);
  expect(Array.from(r.multipliers, (z) => Math.round(z * 1e6) / 1e6)).toEqual([0, 1]);
});

it("non-negative least squares satisfies its optimality conditions", () => {
  const random = createRandom(3);
  for (let trial = 0; trial < 50; trial++) {
    const n = 4;
    const columns = Array.from({ length: 6 }, () => Float64Array.from({ length: n }, () => random.normal()));
    const b = Float64Array.from({ length: n }, () => random.normal());
    const sign = columns.map((_, k) => k > 0);
    const z = nonNegativeLeastSquares(columns, b, sign);
    const r = b.map((v, i) => v - columns.reduce((s, a, k) => s + z[k] * a[i], 0));
    columns.forEach((a, k) => {
      const w = a.reduce((s, v, i) => s + v * r[i], 0);
      if (!sign[k]) expect(Math.abs(w)).toBeLessThan(1e-9);
      else {
        expect(z[k]).toBeGreaterThanOrEqual(0);
        expect(w).toBeLessThan(1e-9);
        expect(Math.abs(w * z[k])).toBeLessThan(1e-9);
      }
    });
  }
});
