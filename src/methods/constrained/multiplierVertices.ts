/**
 * The vertices of the polyhedron of multipliers of a lower solution, from one of its points λ: with the gradients a_i of what is
 * active as columns and N their null space,
 *
 *   { λ + N c :  (λ + N c)_i >= 0 for inequalities },      a vertex has as many independent zeros as N has columns
 *
 * and whether the Mangasarian-Fromovitz condition holds, which is that the polyhedron is bounded (Gauvin, Math. Program. 12, 1977).
 */
import { symmetricEigen } from "../../num/eigen.js";
import { nonNegativeLeastSquares } from "../../num/nonNegative.js";
import { dot, norm } from "../../num/vector.js";

type Vector = Float64Array;

/** Eigenvalues of the Gram matrix of unit columns below this are zero. */
const DEPENDENT = 1e-13;
/** Multipliers of this share of the largest are zero. */
const ZERO = 1e-9;
const MOST = 3000;

export interface MultiplierSet {
  readonly vertices: readonly Vector[];
  readonly bounded: boolean;
}

/** `columns`: gradients; `free`: equalities, whose gradients must be independent. Undefined where there are too many to go through. */
export function multiplierVertices(
  columns: readonly Vector[],
  free: readonly boolean[],
  known: Vector,
): MultiplierSet | undefined {
  const a = columns.length;
  const length = columns.map((v) => norm(v) || 1);
  const gram = new Float64Array(a * a);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < a; j++) gram[i * a + j] = dot(columns[i], columns[j]) / (length[i] * length[j]);
  const { values, vectors } = symmetricEigen(gram, a);
  const N: Vector[] = [];
  for (let e = 0; e < a; e++)
    if (values[e] <= DEPENDENT * Math.max(1, values[a - 1]))
      N.push(Float64Array.from({ length: a }, (_, i) => vectors[i * a + e]));
  const r = N.length;
  if (r === 0) return { vertices: [known.slice()], bounded: true };
  // In multipliers of unit gradients.
  const start = known.map((v, i) => v * length[i]);
  const movable = [...start.keys()].filter((i) => !free[i] && N.some((v) => Math.abs(v[i]) > 1e-7));
  let count = 1;
  for (let k = 0; k < r; k++) count = (count * (movable.length - k)) / (k + 1);
  if (!(count <= MOST)) return undefined;
  const top = Math.max(1e-300, ...start.map(Math.abs));
  const vertices: Vector[] = [];
  for (const zeros of subsets(movable, r)) {
    const c = solveSmall(
      zeros.map((i) => N.map((v) => v[i])),
      zeros.map((i) => -start[i]),
    );
    if (c === undefined) continue;
    const at = start.map((v, i) => v + N.reduce((sum, column, k) => sum + column[i] * c[k], 0));
    for (const i of zeros) at[i] = 0;
    if (at.some((v, i) => !free[i] && v < -ZERO * top)) continue;
    const z = at.map((v, i) => (!free[i] && v <= ZERO * top ? 0 : v / length[i]));
    if (!vertices.some((other) => other.every((v, i) => Math.abs(v - z[i]) * length[i] <= ZERO * top)))
      vertices.push(z);
  }
  return { vertices, bounded: isBounded(columns, free, length) };
}

/** No z >= 0 other than 0 (free for equalities) has Σ z_i a_i = 0. */
function isBounded(columns: readonly Vector[], free: readonly boolean[], length: readonly number[]): boolean {
  const m = columns[0].length;
  const extended = columns.map((column, i) => {
    const out = new Float64Array(m + 1);
    for (let j = 0; j < m; j++) out[j] = column[j] / length[i];
    out[m] = free[i] ? 0 : 1;
    return out;
  });
  const b = new Float64Array(m + 1);
  b[m] = 1;
  const z = nonNegativeLeastSquares(
    extended,
    b,
    free.map((f) => !f),
  );
  const rest = b.slice();
  extended.forEach((column, i) => {
    for (let j = 0; j <= m; j++) rest[j] -= z[i] * column[j];
  });
  return norm(rest) > 1e-7;
}

function* subsets(of: readonly number[], size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (let k = from; k <= of.length - size; k++)
      for (const rest of subsets(of, size - 1, k + 1)) yield [of[k], ...rest];
}

/** Gaussian elimination with row pivots; undefined for (almost) singular matrices. */
export function solveSmall(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const k = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let c = 0; c < k; c++) {
    let at = c;
    for (let i = c + 1; i < k; i++) if (Math.abs(rows[i][c]) > Math.abs(rows[at][c])) at = i;
    if (!(Math.abs(rows[at][c]) > 1e-10)) return undefined;
    [rows[c], rows[at]] = [rows[at], rows[c]];
    for (let i = 0; i < k; i++) {
      if (i === c) continue;
      const factor = rows[i][c] / rows[c][c];
      for (let j = c; j <= k; j++) rows[i][j] -= factor * rows[c][j];
    }
  }
  return rows.map((row, i) => row[k] / row[i]);
}
