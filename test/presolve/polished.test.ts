import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ops/build.js";
import { polished } from "../../src/presolve/polished.js";

const vector = (...v: number[]): Float64Array => Float64Array.from(v);
const unbounded = [vector(-Infinity, -Infinity), vector(Infinity, Infinity)] as const;

describe("minima to the last digits", () => {
  const b = new Builder();
  const input = { name: "v", size: 2 };
  const v = b.input(input);
  const [s, t] = [vector(1, 0), vector(0, 1)].map((values) => b.dot(b.tensor({ shape: [2], values }), v));

  test("the minimum of a sum of squares is exact", () => {
    const g = b.sum(b.mul(v, v));
    expect(Math.hypot(...polished(b, g, input, vector(4.5e-14, -3e-12), ...unbounded))).toBeLessThan(1e-60);
  });

  test("bounds that hold a variable are met exactly", () => {
    const g = b.add(b.mul(s, s), t);
    expect(polished(b, g, input, vector(1e-9, 1 + 1e-11), vector(-1, 1), vector(1, 2))).toEqual(vector(0, 1));
  });

  test("a quartic's gradient vanishes to rounding", () => {
    // (s + 1/10)^2 + (s - t)^2 + t^4
    const g = b.add(b.add(b.square(b.add(s, b.constant(0.1))), b.square(b.sub(s, t))), b.square(b.square(t)));
    const [x, y] = polished(b, g, input, vector(-0.0982, -0.0964), ...unbounded);
    expect(Math.abs(2 * (x + 0.1) + 2 * (x - y))).toBeLessThan(1e-15);
    expect(Math.abs(-2 * (x - y) + 4 * y ** 3)).toBeLessThan(1e-15);
  });
});
