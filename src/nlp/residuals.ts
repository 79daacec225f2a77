/**
 * The first-order residuals of a point and its multipliers, computed from the program itself and in its own units: nothing
 * of the solver's scaling, slacks or relaxation takes part. Signs as in `program.ts`.
 */
import type { KktResiduals, NonlinearProgram } from "./program.js";

type Vector = Float64Array;

/** `z` by rows, `w` by variables. */
export function kktResiduals(program: NonlinearProgram, u: Vector, z: Vector, w: Vector): KktResiduals {
  const { n, rows } = program;
  const gradient = new Float64Array(n);
  const entries = new Float64Array(program.jacobian.rows.length);
  const c = new Float64Array(rows);
  program.gradientInto(u, gradient);
  program.jacobianInto(u, entries);
  program.constraintsInto(u, c);

  let stationarityScale = 1;
  const rest = gradient.slice();
  for (let j = 0; j < n; j++) {
    rest[j] += w[j];
    stationarityScale = Math.max(stationarityScale, Math.abs(gradient[j]), Math.abs(w[j]));
  }
  for (let e = 0; e < entries.length; e++) {
    const term = entries[e] * z[program.jacobian.rows[e]];
    rest[program.jacobian.columns[e]] += term;
    stationarityScale = Math.max(stationarityScale, Math.abs(term));
  }
  let stationarity = 0;
  for (let j = 0; j < n; j++) stationarity = larger(stationarity, Math.abs(rest[j]));

  let violation = 0;
  let complementarity = 0;
  let sign = 0;
  const limit = (value: number, low: number, high: number, multiplier: number): void => {
    violation = larger(violation, Math.max(low - value, value - high));
    if (multiplier === 0 || low === high) return;
    const distance = multiplier > 0 ? high - value : value - low;
    if (distance === Number.POSITIVE_INFINITY) sign = Math.max(sign, Math.abs(multiplier));
    else complementarity = larger(complementarity, Math.abs(multiplier * distance));
  };
  for (let i = 0; i < rows; i++) limit(c[i], program.rowLower[i], program.rowUpper[i], z[i]);
  for (let j = 0; j < n; j++) limit(u[j], program.lower[j], program.upper[j], w[j]);
  return { stationarity, stationarityScale, violation, complementarity, sign };
}

/** The maximum, which NaN wins. */
const larger = (a: number, b: number): number => (b > a || Number.isNaN(b) ? b : a);
