/**
 * The elastic form of a program whose rows may contradict each other (Fletcher's l1 penalty; Nocedal and Wright, 2nd ed., 17.2):
 *
 *   min g + Σ price_i (s_i + t_i)   subject to   c_i - s_i + t_i <= 0 or == 0,   s, t >= 0,   t = 0 for inequalities
 *
 * It has the solutions of the program itself wherever that has some with multipliers below the prices.
 */
import type { NonlinearProgram, Pattern } from "../../nlp/program.js";

type Vector = Float64Array;

/** Variables: those of the program, then s, then t. */
export function elasticLower(program: NonlinearProgram, price: Vector): NonlinearProgram {
  const { n, rows, jacobian } = program;
  const infinite = Number.POSITIVE_INFINITY;
  const inner = new Float64Array(n);
  const lower = new Float64Array(n + 2 * rows);
  const upper = new Float64Array(n + 2 * rows).fill(infinite);
  lower.set(program.lower);
  upper.set(program.upper);
  for (let i = 0; i < rows; i++) if (program.rowLower[i] !== program.rowUpper[i]) upper[n + rows + i] = 0;
  const entries = jacobian.rows.length;
  const pattern: Pattern = {
    rows: Int32Array.from({ length: entries + 2 * rows }, (_, e) =>
      e < entries ? jacobian.rows[e] : (e - entries) % rows,
    ),
    columns: Int32Array.from({ length: entries + 2 * rows }, (_, e) =>
      e < entries ? jacobian.columns[e] : n + e - entries,
    ),
  };
  const own = (u: Vector): Vector => {
    for (let j = 0; j < n; j++) inner[j] = u[j];
    return inner;
  };
  return {
    n: n + 2 * rows,
    rows,
    lower,
    upper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    jacobian: pattern,
    hessian: program.hessian,
    value(u) {
      let value = program.value(own(u));
      for (let i = 0; i < rows; i++) value += price[i] * (u[n + i] + u[n + rows + i]);
      return value;
    },
    gradientInto(u, out) {
      program.gradientInto(own(u), inner);
      for (let j = 0; j < n; j++) out[j] = inner[j];
      for (let i = 0; i < rows; i++) {
        out[n + i] = price[i];
        out[n + rows + i] = price[i];
      }
    },
    constraintsInto(u, out) {
      program.constraintsInto(own(u), out);
      for (let i = 0; i < rows; i++) out[i] += u[n + rows + i] - u[n + i];
    },
    jacobianInto(u, values) {
      program.jacobianInto(own(u), values.subarray(0, entries));
      values.fill(-1, entries, entries + rows);
      values.fill(1, entries + rows);
    },
    hessianInto(u, sigma, z, values) {
      program.hessianInto(own(u), sigma, z, values);
    },
  };
}
