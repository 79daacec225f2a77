/** A quadratic program for the interior point method: where HiGHS gives up on one, and to sharpen what it found. */
import type { NonlinearProgram } from "../nlp/program.js";
import type { QuadraticProgram, Triplets } from "./quadratic.js";

type Vector = Float64Array;

const none: Triplets = { rows: new Int32Array(0), columns: new Int32Array(0), values: new Float64Array(0) };

/** `limits` replaces the program's own limits where given; the arrays are read at every solve. */
export function asNonlinear(p: QuadraticProgram, limits: Partial<QuadraticProgram> = {}): NonlinearProgram {
  const hessian = p.hessian ?? none;
  const gradientInto = (u: Vector, out: Vector): void => {
    out.set(p.cost);
    hessian.rows.forEach((i, e) => {
      const j = hessian.columns[e];
      out[i] += hessian.values[e] * u[j];
      if (i !== j) out[j] += hessian.values[e] * u[i];
    });
  };
  const slope = new Float64Array(p.n);
  return {
    n: p.n,
    rows: p.rows,
    lower: limits.lower ?? p.lower,
    upper: limits.upper ?? p.upper,
    rowLower: limits.rowLower ?? p.rowLower,
    rowUpper: limits.rowUpper ?? p.rowUpper,
    value(u) {
      gradientInto(u, slope);
      let sum = 0;
      for (let j = 0; j < p.n; j++) sum += 0.5 * (slope[j] + p.cost[j]) * u[j];
      return sum + p.offset;
    },
    gradientInto,
    constraintsInto(u, out) {
      out.fill(0);
      p.matrix.rows.forEach((i, e) => {
        out[i] += p.matrix.values[e] * u[p.matrix.columns[e]];
      });
    },
    jacobian: p.matrix,
    jacobianInto: (_u, values) => values.set(p.matrix.values),
    hessian,
    hessianInto(_u, sigma, _z, values) {
      for (let e = 0; e < values.length; e++) values[e] = sigma * hessian.values[e];
    },
  };
}
