import { describe, expect, test } from "vitest";
import { generated, interpreted } from "../../src/codegen/backend.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Engine } from "../../src/oracle/engine.js";
import { graphEngine } from "../../src/oracle/graphEngine.js";
import { calls, type Oracle } from "../../src/oracle/oracle.js";
import { entry, handProblem, smallProblem } from "./problems.js";

const vec = (...v: number[]): Float64Array => Float64Array.from(v);
const zeros = (k: number): Float64Array => new Float64Array(k);

function close(actual: ArrayLike<number>, exact: readonly number[]): void {
  expect(actual.length).toBe(exact.length);
  for (const [i, e] of exact.entries()) expect(Math.abs(actual[i] - e)).toBeLessThan(1e-13 * Math.max(1, Math.abs(e)));
}

const x = vec(0.3, -0.7);
const y = vec(0.2, 1.1);
const { sin, cos, exp } = Math;

describe.each(["generated", "interpreted"] as const)("closed forms, %s", (backend) => {
  const oracle = compileOracle(smallProblem(), { backend });
  const out = { x: zeros(2), y: zeros(2) };
  const fx = [exp(0.2), exp(1.1)];
  const fy = [0.3 * exp(0.2) + 0.4, -0.7 * exp(1.1)];
  const gx = [-2 * (0.2 - sin(0.3)) * cos(0.3), 2 * -0.7 * 1.21];
  const gy = [2 * (0.2 - sin(0.3)) + 1.1, 2 * 0.49 * 1.1 + 0.2];
  const f = 0.3 * exp(0.2) - 0.7 * exp(1.1) + 0.04;
  const g = (0.2 - sin(0.3)) ** 2 + 0.49 * 1.21 + 0.22;

  test("values and gradients, alone and fused", () => {
    const { upper, lower } = oracle;
    close([upper.value(x, y), lower.value(x, y)], [f, g]);
    upper.gradX(x, y, out.x);
    close(out.x, fx);
    upper.gradY(x, y, out.y);
    close(out.y, fy);
    close([lower.valueGradY(x, y, out.y)], [g]);
    close(out.y, gy);
    close([lower.valueGrad(x, y, out.x, out.y)], [g]);
    close(out.x, gx);
    close(out.y, gy);
  });

  test("second-order products, at a point and linearized", () => {
    const { lower } = oracle;
    const v = vec(2, -1);
    const hv = [2 * 2 - 1, 2 + 2 * 0.49 * -1];
    const jv = [-2 * cos(0.3) * 2, 4 * -0.7 * 1.1 * -1];
    lower.hvpYY(x, y, v, out.y);
    close(out.y, hv);
    lower.jvpXY(x, y, v, out.x);
    close(out.x, jv);
    lower.jvpYX(x, y, v, out.y);
    close(out.y, [-2 * cos(0.3) * 2, 4 * -0.7 * 1.1 * -1]);
    const at = lower.linearize(x, y);
    at.hvp(v, out.y);
    close(out.y, hv);
    at.jvp(v, out.x);
    close(out.x, jv);
    at.both(v, out.y, out.x);
    close(out.y, hv);
    close(out.x, jv);
    const dense = zeros(4);
    lower.hessianYY(x, y, dense);
    close(dense, [2, 1, 1, 0.98]);
  });

  test("constraints", () => {
    const c = oracle.lower.constraints;
    expect([c.rows, [...c.equality], c.names]).toEqual([3, [0, 1, 1], ["lower1", "lower2", "lower2"]]);
    const rows = zeros(3);
    c.value(x, y, rows);
    close(rows, [0.04 - 0.77 - 1, 0.2 - 0.3, 1.1 + 0.7]);
    const jx = zeros(6);
    const jy = zeros(6);
    c.jacobian(x, y, jx, jy);
    close(jx, [0, 1.1, -1, 0, 0, -1]);
    close(jy, [0.4, -0.7, 1, 0, 0, 1]);
    const z = vec(3, 5, 7);
    c.vjp(x, y, z, out.x, out.y);
    close(out.x, [-5, 3.3 - 7]);
    close(out.y, [1.2 + 5, -2.1 + 7]);
    c.hvpYY(x, y, z, vec(1, 2), out.y);
    close(out.y, [6, 0]);
    c.jvpXY(x, y, z, vec(1, 2), out.x);
    close(out.x, [0, 6]);
    expect(oracle.upper.constraints.rows).toBe(1);
  });
});

test("a level without constraints answers with nothing", () => {
  const oracle = compileOracle(
    handProblem({
      n: 1,
      m: 1,
      upper: (b, nx) => entry(b, b.square(nx), 0),
      lower: (b, _, ny) => entry(b, b.square(ny), 0),
    }),
  );
  const c = oracle.upper.constraints;
  const out = vec(5);
  c.vjp(vec(1), vec(1), zeros(0), out, out);
  expect([c.rows, out[0]]).toEqual([0, 0]);
  expect(calls(oracle.counts)).toBe(0);
});

test("what is asked is counted", () => {
  const oracle = compileOracle(smallProblem());
  const [ox, oy] = [zeros(2), zeros(2)];
  const { upper, lower, counts } = oracle;
  upper.value(x, y);
  upper.valueGrad(x, y, ox, oy);
  upper.hvpYY(x, y, y, oy);
  lower.gradX(x, y, ox);
  lower.gradY(x, y, oy);
  lower.linearize(x, y).both(y, oy, ox);
  lower.hessianYY(x, y, zeros(4));
  lower.jvpYX(x, y, x, oy);
  lower.constraints.value(x, y, zeros(3));
  lower.constraints.vjp(x, y, zeros(3), ox, oy);
  upper.constraints.value(x, y, zeros(1));
  const expected = {
    upperValue: 2,
    upperGradient: 1,
    upperProduct: 1,
    lowerValue: 0,
    lowerGradient: 2,
    lowerHvp: 3,
    lowerJvp: 2,
    constraintValue: 2,
    constraintJacobian: 1,
  };
  expect({ ...counts }).toEqual(expected);
  expect(calls(counts)).toBe(3 + 2 * 6 + 1);
  Object.assign(counts, { lowerHvp: 10, upperProduct: 4 });
  upper.hvpYY(x, y, y, oy);
  expect([counts.lowerHvp, counts.upperProduct]).toEqual([10, 5]);
});

function counting(): { engine: Engine; asked: string[] } {
  const asked: string[] = [];
  const inner = graphEngine(interpreted);
  const engine: Engine = {
    id: "counting",
    compile(problem) {
      const kernels = inner.compile(problem);
      return {
        kernel: (level, query) => {
          asked.push(`${level} ${query}`);
          return kernels.kernel(level, query);
        },
        staged: (level, query) => {
          asked.push(`${level} staged ${query}`);
          return kernels.staged(level, query);
        },
      };
    },
  };
  return { engine, asked };
}

test("queries are compiled at first use, once", () => {
  const { engine, asked } = counting();
  const oracle = compileOracle(smallProblem(), { engine });
  expect(asked).toEqual([]);
  oracle.lower.gradY(x, y, zeros(2));
  oracle.lower.gradY(x, y, zeros(2));
  expect(asked).toEqual(["lower gradY"]);
  const at = oracle.lower.linearize(x, y);
  expect(asked).toHaveLength(1);
  at.hvp(y, zeros(2));
  oracle.lower.linearize(y, x).hvp(y, zeros(2));
  expect(asked).toEqual(["lower gradY", "lower staged hvp"]);
});

describe("forks", () => {
  const hv = (oracle: Oracle, point: Float64Array): Float64Array => {
    const out = zeros(2);
    oracle.lower.linearize(point, y).hvp(vec(1, 1), out);
    return out;
  };

  test("count for themselves", () => {
    const oracle = compileOracle(smallProblem());
    const fork = oracle.fork();
    fork.lower.gradY(x, y, zeros(2));
    expect([oracle.counts.lowerGradient, fork.counts.lowerGradient, fork.fork().counts.lowerGradient]).toEqual([
      0, 1, 0,
    ]);
  });

  test.each(["generated", "interpreted"] as const)("leave linearizations of the parent alone (%s)", (backend) => {
    const oracle = compileOracle(smallProblem(), { backend });
    const expected = hv(oracle, x);
    const mine = oracle.lower.linearize(x, y);
    const out = zeros(2);
    mine.hvp(vec(1, 1), out);
    const other = hv(oracle.fork(), vec(0.9, 0.9));
    oracle.lower.hessianYY(vec(0.1, 5), y, zeros(4));
    mine.hvp(vec(1, 1), out);
    expect([...out]).toEqual([...expected]);
    expect([...other]).not.toEqual([...expected]);
  });

  test("a linearization keeps its point when the caller's arrays change", () => {
    const oracle = compileOracle(smallProblem(), { backend: "interpreted" });
    const point = x.slice();
    const at = oracle.lower.linearize(point, y);
    point.fill(9);
    const out = zeros(2);
    at.hvp(vec(1, 1), out);
    expect([...out]).toEqual([...hv(oracle, x)]);
  });
});

describe("domains", () => {
  test("the start is projected; bounds are per entry", () => {
    const oracle = compileOracle(smallProblem());
    expect([...oracle.startX]).toEqual([0.5, -1]);
    expect([...oracle.startY]).toEqual([2, 3]);
    expect([oracle.domainX.free, oracle.domainX.boxes, [...oracle.domainX.upper]]).toEqual([false, true, [1, 1]]);
    expect([oracle.domainY.free, oracle.domainY.boxes]).toEqual([true, true]);
  });

  test("balls and simplices project and are no boxes, but are enclosed by one", () => {
    const square = (b: Parameters<typeof entry>[0], v: Parameters<typeof entry>[1]) => b.sum(b.square(v));
    const oracle = compileOracle(
      handProblem({
        n: 2,
        m: 3,
        domainX: { kind: "ball", center: vec(1, 0), radius: 2 },
        domainY: { kind: "simplex", total: 3 },
        upper: (b, nx) => square(b, nx),
        lower: (b, _, ny) => square(b, ny),
      }),
    );
    expect([...oracle.startY]).toEqual([1, 1, 1]);
    const p = vec(5, 0);
    oracle.domainX.project(p);
    expect([...p]).toEqual([3, 0]);
    const v = vec(1, 1);
    oracle.domainX.projectTangent(vec(5, 0), v);
    expect([...v]).toEqual([0, 0.5]);
    expect([oracle.domainX.boxes, [...oracle.domainX.lower], [...oracle.domainY.upper]]).toEqual([
      false,
      [-1, -2],
      [3, 3, 3],
    ]);
  });
});

test("generated and interpreted kernels are two back ends of one contract", () => {
  expect([generated.id, interpreted.id]).toEqual(["generated", "interpreted"]);
});
