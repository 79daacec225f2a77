import { expect, test } from "vitest";
import { directionalDerivative } from "../../src/oracle/differences.js";

const at = (...v: number[]): Float64Array => Float64Array.from(v);

test("smooth functions: nine digits, and the error estimate covers the error", () => {
  const d = directionalDerivative(
    (p, out) => {
      out[0] = Math.exp(Math.sin(p[0]) * p[1]);
      out[1] = p[0] ** 3 - 1e3 * p[1];
    },
    at(0.7, -1.3),
    at(1, 2),
    2,
    0.1,
  );
  const exact = [Math.exp(Math.sin(0.7) * -1.3) * (Math.cos(0.7) * -1.3 + 2 * Math.sin(0.7)), 3 * 0.49 - 2e3];
  for (const [i, e] of exact.entries()) {
    expect(Math.abs(d.value[i] - e)).toBeLessThan(1e-9 * Math.max(1, Math.abs(e)));
    expect(Math.abs(d.value[i] - e)).toBeLessThanOrEqual(2 * d.error[i] + 1e-13 * Math.abs(e));
  }
});

test("a kink within the steps shows in the error estimate", () => {
  const d = directionalDerivative(
    (p, out) => {
      out[0] = Math.abs(p[0]);
    },
    at(1e-3),
    at(1),
    1,
    0.1,
  );
  expect(Math.abs(d.value[0] - 1)).toBeLessThanOrEqual(2 * d.error[0]);
});

test("values that are not finite are passed over", () => {
  const log = (p: Float64Array, out: Float64Array): void => {
    out[0] = Math.log(p[0]);
  };
  expect(directionalDerivative(log, at(0.05), at(1), 1, 0.1).value[0]).toBeCloseTo(20, 6);
  expect(directionalDerivative(log, at(-1), at(1), 1, 0.1).error[0]).toBe(Number.POSITIVE_INFINITY);
});
