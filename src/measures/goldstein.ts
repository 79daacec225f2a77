/**
 * Goldstein's delta-subdifferential by values of the hyper-objective phi~(x) = f(x, A(x)), for points at which phi has no gradient:
 *
 *   s_i = (n / 2 delta) (phi~(x + delta u_i) - phi~(x - delta u_i)) u_i,  u_i uniform on the sphere, i <= B
 *
 * The mean of s_i estimates the gradient of phi smoothed over a ball, an element of the delta-subdifferential. Reported without
 * the part that is sampling noise: max(0, |mean|² - tr Cov / B)^(1/2). One upper variable needs no sampling. The same
 * directions at every point of a run. A: the optimistic lower solution, from the same y for both signs; points outside the
 * upper domain are projected, and the difference is divided by the distance that is left.
 */
import { OptimisticValue } from "../methods/zerothOrder/hyperValue.js";
import { sphereInto } from "../methods/zerothOrder/sphere.js";
import type { Measure, MeasureContext } from "./measure.js";

type Vector = Float64Array;

function make({ oracle, random, exhausted, settings }: MeasureContext) {
  const { n, m, domainX } = oracle;
  const { delta, directions } = settings;
  const phi = new OptimisticValue({ oracle, random: random.split("inner"), exhausted }, "auto");
  const u = new Float64Array(n);
  const at = new Float64Array(n);
  const from = new Float64Array(m);
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  let moved = 0;
  const side = (x: Vector, y: Vector, t: number): number => {
    for (let i = 0; i < n; i++) at[i] = x[i] + t * u[i];
    if (!domainX.free) domainX.project(at);
    from.set(y);
    const value = phi.at(at, from);
    moved = 0;
    for (let i = 0; i < n; i++) moved += (at[i] - x[i]) * u[i];
    return value;
  };
  const quotient = (x: Vector, y: Vector): number => {
    const plus = side(x, y, delta);
    const right = moved;
    const minus = side(x, y, -delta);
    return right > moved ? (plus - minus) / (right - moved) : 0;
  };
  return (x: Vector, y: Vector, out: Record<string, number>): void => {
    if (n === 1) {
      u[0] = 1;
      out.goldstein = Math.abs(quotient(x, y));
      return;
    }
    const stream = random.split("directions");
    mean.fill(0);
    square.fill(0);
    for (let b = 0; b < directions; b++) {
      sphereInto(stream, u);
      const weight = n * quotient(x, y);
      for (let i = 0; i < n; i++) {
        mean[i] += (weight * u[i]) / directions;
        square[i] += (weight * u[i]) ** 2 / directions;
      }
    }
    let size = 0;
    let spread = 0;
    for (let i = 0; i < n; i++) {
      size += mean[i] ** 2;
      spread += ((square[i] - mean[i] ** 2) * directions) / Math.max(1, directions - 1);
    }
    out.goldstein = Math.sqrt(Math.max(0, size - spread / directions));
  };
}

export const goldstein: Measure = {
  id: "goldstein",
  title: "Goldstein's stationarity, estimated",
  formulas: [
    "s_i = (n/2δ) (φ~(x + δu_i) - φ~(x - δu_i)) u_i,  u_i uniform on the sphere,  i ≤ B",
    "max(0, |mean s|² - tr Cov(s)/B)^(1/2);  n = 1: |φ~(x + δ) - φ~(x - δ)| / 2δ",
  ],
  reference:
    "Goldstein, Optimization of Lipschitz continuous functions, 1977; estimate: Lin, Zheng and Jordan, Gradient-free methods for deterministic and stochastic nonsmooth nonconvex optimization, NeurIPS 2022",
  columns: [{ name: "goldstein", doc: "norm of an element of the δ-subdifferential of the hyper-objective" }],
  settings: [
    { name: "delta", default: 1e-3, min: 1e-12, doc: "radius δ" },
    { name: "directions", default: 20, min: 2, doc: "number B of directions" },
  ],
  constrained: false,
  make,
};
