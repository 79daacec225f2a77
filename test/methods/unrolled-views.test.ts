/** The views of an oracle that automatic unrolled methods run on: scaled variables, and the initial point as a variable. */
import { describe, expect, it } from "vitest";
import { scaledOracle } from "../../src/methods/unrolled/scaledOracle.js";
import { withStartAsVariable } from "../../src/methods/unrolled/startLift.js";
import type { LevelOracle } from "../../src/oracle/oracle.js";
import { base } from "../pieces/lowerMaps.js";
import { boxDomain, handOracle } from "../support/handOracle.js";

type V = Float64Array;
const at = (...v: number[]): V => Float64Array.from(v);

/** Every derivative of a level against central differences of its own values and gradients. */
function checkLevel(level: LevelOracle, x: V, y: V): void {
  const n = x.length;
  const m = y.length;
  const h = 1e-5;
  const moved = (v: V, d: V, t: number): V => v.map((a, i) => a + t * d[i]);
  const close = (a: V, b: (t: number) => V): void => {
    const plus = b(h);
    const minus = b(-h);
    for (const [i, v] of a.entries()) expect(Math.abs(v - (plus[i] - minus[i]) / (2 * h))).toBeLessThan(1e-6);
  };
  const of = (size: number, fill: (out: V) => void): V => {
    const out = new Float64Array(size).fill(7);
    fill(out);
    return out;
  };
  const u = x.map((_, i) => 0.4 - 0.3 * i);
  const v = y.map((_, j) => 0.7 * j - 0.5);
  const gradX = of(n, (out) => level.gradX(x, y, out));
  const gradY = of(m, (out) => level.gradY(x, y, out));
  close(at(gradX.reduce((s, g, i) => s + g * u[i], 0)), (t) => at(level.value(moved(x, u, t), y)));
  close(at(gradY.reduce((s, g, j) => s + g * v[j], 0)), (t) => at(level.value(x, moved(y, v, t))));
  expect(of(m, (out) => level.valueGradY(x, y, out))).toEqual(gradY);
  const both = [new Float64Array(n), new Float64Array(m)];
  expect(level.valueGrad(x, y, both[0], both[1])).toBe(level.value(x, y));
  expect(both).toEqual([gradX, gradY]);
  const H = of(m, (out) => level.hvpYY(x, y, v, out));
  const J = of(n, (out) => level.jvpXY(x, y, v, out));
  close(H, (t) => of(m, (out) => level.gradY(x, moved(y, v, t), out)));
  close(J, (t) => of(n, (out) => level.gradX(x, moved(y, v, t), out)));
  close(
    of(m, (out) => level.jvpYX(x, y, u, out)),
    (t) => of(m, (out) => level.gradY(moved(x, u, t), y, out)),
  );
  const map = level.linearize(x, y);
  expect(of(m, (out) => map.hvp(v, out))).toEqual(H);
  expect(of(n, (out) => map.jvp(v, out))).toEqual(J);
  const pair = [new Float64Array(m), new Float64Array(n)];
  map.both(v, pair[0], pair[1]);
  expect(pair).toEqual([H, J]);
  const dense = of(m * m, (out) => level.hessianYY(x, y, out));
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += dense[i * m + j] * v[j];
    expect(sum).toBeCloseTo(H[i], 12);
  }
}

const problem = { ...base, domainX: boxDomain([-1, -2], [1, 2]), domainY: boxDomain([-1, -1, 0], [1, 2, 3]) };

describe("scaled variables", () => {
  const oracle = handOracle(problem);
  const scaling = { dx: at(2, 0.5), dy: at(0.25, 1, 4) };
  const scaled = scaledOracle(oracle, scaling);
  it("the same values at the same points, and derivatives of them", () => {
    expect(scaled.upper.value(scaled.startX, scaled.startY)).toBe(oracle.upper.value(oracle.startX, oracle.startY));
    for (const level of [scaled.upper, scaled.lower]) checkLevel(level, scaled.startX, scaled.startY);
  });
  it("boxes are scaled; unit scales change nothing", () => {
    const y = at(9, -9, 0.1);
    scaled.domainY.project(y);
    expect(Array.from(y)).toEqual([4, -1, 0.1]);
    const w = at(1, 1, 1);
    scaled.domainY.projectTangent(at(9, 0, -1), w);
    expect(Array.from(w)).toEqual([0, 1, 0]);
    expect(scaledOracle(oracle, { dx: at(1, 1), dy: at(1, 1, 1) })).toBe(oracle);
    expect(scaled.fork().counts).not.toBe(oracle.counts);
  });
});

describe("the initial point as a variable", () => {
  const oracle = handOracle(problem);
  const lifted = withStartAsVariable(oracle);
  it("objectives do not depend on it", () => {
    expect(lifted.n).toBe(5);
    for (const level of [lifted.upper, lifted.lower]) checkLevel(level, lifted.startX, lifted.startY);
    const G = new Float64Array(5).fill(3);
    lifted.upper.gradX(lifted.startX, lifted.startY, G);
    expect(Array.from(G.subarray(2))).toEqual([0, 0, 0]);
  });
  it("it lies in the lower domain", () => {
    const both = at(9, 9, 9, -9, -9);
    lifted.domainX.project(both);
    expect(Array.from(both)).toEqual([1, 2, 1, -1, 0]);
    const w = at(1, 1, 1, 1, 1);
    lifted.domainX.projectTangent(at(9, 0, 9, 0, 0.5), w);
    expect(Array.from(w)).toEqual([0, 1, 0, 1, 1]);
    expect(lifted.domainX.boxes).toBe(true);
  });
});
