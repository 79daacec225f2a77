/**
 * A quadratic program made convex by its equalities, where its objective curves upwards along them: for rows a_i u = b_i
 *
 *     ½ uᵀ Q u + cᵀ u   and   ½ uᵀ (Q + r AᵀA) u + (c - r Aᵀ b)ᵀ u + ½ r bᵀ b
 *
 * agree where the rows hold, and Q + r AᵀA is positive definite for large r exactly where Q is on the kernel of A (Finsler 1937).
 */
import type { QuadraticProgram } from "../lp/quadratic.js";
import { positiveSemidefinite } from "../lp/semidefinite.js";

type Vector = Float64Array;

/** Weights r that are tried, times the largest entry of Q. */
const WEIGHTS = [1, 10, 100, 1000];

/** Programs with more variables are left as they are: the matrices here are dense. */
const LARGEST = 600;

/** Undefined where no weight suffices. */
export function convexified(p: QuadraticProgram): QuadraticProgram | undefined {
  const { n, hessian, matrix } = p;
  if (hessian === undefined) return p;
  if (n > LARGEST) return undefined;
  const rows = new Map<number, Vector>();
  matrix.rows.forEach((i, e) => {
    if (p.rowLower[i] !== p.rowUpper[i]) return;
    const row = rows.get(i) ?? new Float64Array(n);
    row[matrix.columns[e]] += matrix.values[e];
    rows.set(i, row);
  });
  const size = hessian.values.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  for (const weight of WEIGHTS) {
    const Q = new Float64Array(n * n);
    hessian.rows.forEach((i, e) => {
      const j = hessian.columns[e];
      Q[i * n + j] += hessian.values[e];
      if (i !== j) Q[j * n + i] += hessian.values[e];
    });
    const cost = p.cost.slice();
    let { offset } = p;
    for (const [i, a] of rows) {
      // rows count the same whatever their units
      const r = (weight * size) / a.reduce((sum, v) => sum + v * v, 0);
      const b = p.rowUpper[i];
      for (let j = 0; j < n; j++) {
        if (a[j] === 0) continue;
        cost[j] -= r * b * a[j];
        for (let k = 0; k < n; k++) Q[j * n + k] += r * a[j] * a[k];
      }
      offset += 0.5 * r * b * b;
    }
    const made = lowerTriangle(Q, n);
    if (positiveSemidefinite(made)) return { ...p, cost, offset, hessian: made };
  }
  return undefined;
}

function lowerTriangle(Q: Vector, n: number): NonNullable<QuadraticProgram["hessian"]> {
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (Q[i * n + j] === 0) continue;
      rows.push(i);
      columns.push(j);
      values.push(Q[i * n + j]);
    }
  }
  return { rows: Int32Array.from(rows), columns: Int32Array.from(columns), values: Float64Array.from(values) };
}
