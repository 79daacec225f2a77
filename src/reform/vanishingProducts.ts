/**
 * A quadratic program with complementarity made convex by products that are zero on its feasible set: of a variable u_a and
 * the residual r_i(u) = A_i u - b_i of a row that it is paired with (y_i and its stationarity, z_j and s_j, v_k and e_k),
 *
 *     ½ uᵀ Q u + cᵀ u   and   ½ uᵀ Q u + cᵀ u + Σ w_m u_a r_i(u)
 *
 * agree where all r and the complementarity hold. With all weights of a follower equal the sum is its duality gap; a leader's
 * income tᵀ y from prices t that the follower pays thereby becomes what the follower spends less its dual value, which is
 * linear (Labbé, Marcotte and Savard, Management Science 44, 1998); with weights of their own, income at a market's
 * price (Ruiz and Conejo, IEEE Trans. Power Syst. 24, 2009). Weights are those of least squares for the products of variables of
 * different blocks (leader's, followers', multipliers), or of all; whether Q is then positive semidefinite is checked.
 */
import type { QuadraticProgram } from "../lp/quadratic.js";
import { positiveSemidefinite } from "../lp/semidefinite.js";
import { cgWorkspace, conjugateGradient } from "../num/cg.js";
import { dot } from "../num/vector.js";

type Vector = Float64Array;

/** Variable `column[m]` and row `row[m]`: their product, with the row's upper limit taken off, is zero at every solution. */
export interface VanishingProducts {
  readonly column: Int32Array;
  readonly row: Int32Array;
}

/** Entries of Q below this share of the largest are rounding errors. */
const NOTHING = 1e-12;
/** Weights this near a whole number are it: products of such data then cancel exactly. */
const WHOLE = 1e-7;

/** Each of `kinds` says of each variable which block it is of; tried in turn. Undefined where no weights were found. */
export function withVanishingProducts(
  p: QuadraticProgram,
  products: VanishingProducts,
  kinds: readonly Int32Array[],
): QuadraticProgram | undefined {
  if (p.hessian === undefined) return p;
  const rows: (readonly [number, number])[][] = Array.from({ length: p.rows }, () => []);
  p.matrix.rows.forEach((i, e) => {
    if (p.matrix.values[e] !== 0) rows[i].push([p.matrix.columns[e], p.matrix.values[e]]);
  });
  const scopes = [...kinds.map((kind) => (i: number, j: number) => kind[i] !== kind[j]), () => true];
  for (const counts of scopes) {
    const weights = leastSquares(p, products, rows, counts);
    const changed = weighted(p, products, rows, weights);
    if (changed.hessian === undefined || positiveSemidefinite(changed.hessian)) return changed;
  }
  return undefined;
}

type Rows = readonly (readonly (readonly [number, number])[])[];

/** Position of (i, j) in the lower triangle. */
const at = (i: number, j: number, n: number): number => (i >= j ? i * n + j : j * n + i);

/** Weights that leave the least of the entries of Q that count, the shortest such. */
function leastSquares(
  p: QuadraticProgram,
  { column, row }: VanishingProducts,
  rows: Rows,
  counts: (i: number, j: number) => boolean,
): Vector {
  const index = new Map<number, number>();
  const entry = (i: number, j: number): number => {
    const key = at(i, j, p.n);
    const known = index.get(key) ?? index.size;
    index.set(key, known);
    return known;
  };
  const wanted: [number, number][] = [];
  p.hessian?.values.forEach((v, e) => {
    const i = p.hessian?.rows[e] ?? 0;
    const j = p.hessian?.columns[e] ?? 0;
    if (v !== 0 && counts(i, j)) wanted.push([entry(i, j), -v]);
  });
  const columns = Array.from(column, (a, m) =>
    rows[row[m]].flatMap(([j, v]) => (counts(a, j) ? [[entry(a, j), a === j ? 2 * v : v] as const] : [])),
  );
  const target = new Float64Array(index.size);
  for (const [k, v] of wanted) target[k] += v;
  const m = columns.length;
  const left = new Float64Array(index.size);
  const applyInto = (w: Vector, out: Vector): void => {
    left.fill(0);
    for (let c = 0; c < m; c++) for (const [k, v] of columns[c]) left[k] += w[c] * v;
    for (let c = 0; c < m; c++) out[c] = columns[c].reduce((sum, [k, v]) => sum + v * left[k], 0);
  };
  const right = Float64Array.from(columns, (entries) => entries.reduce((sum, [k, v]) => sum + v * target[k], 0));
  const weights = new Float64Array(m);
  const tolerance = NOTHING * Math.sqrt(dot(right, right));
  conjugateGradient(applyInto, right, weights, { tolerance, maxIterations: 4 * m }, cgWorkspace(m));
  return weights.map((w) => (Math.abs(w - Math.round(w)) < WHOLE ? Math.round(w) : w));
}

/** The program with Σ w_m u_a (A_i u - b_i) added to its objective. */
function weighted(
  p: QuadraticProgram,
  { column, row }: VanishingProducts,
  rows: Rows,
  weights: Vector,
): QuadraticProgram {
  const { n } = p;
  const sums = new Map<number, number>();
  const add = (i: number, j: number, v: number): void => {
    const key = at(i, j, n);
    sums.set(key, (sums.get(key) ?? 0) + v);
  };
  p.hessian?.values.forEach((v, e) => {
    add(p.hessian?.rows[e] ?? 0, p.hessian?.columns[e] ?? 0, v);
  });
  const cost = p.cost.slice();
  weights.forEach((w, m) => {
    if (w === 0) return;
    const a = column[m];
    for (const [j, v] of rows[row[m]]) add(a, j, a === j ? 2 * w * v : w * v);
    cost[a] -= w * p.rowUpper[row[m]];
  });
  const size = p.hessian?.values.reduce((top, v) => Math.max(top, Math.abs(v)), 0) ?? 0;
  const kept = [...sums].filter(([, v]) => Math.abs(v) > NOTHING * size).sort(([a], [b]) => a - b);
  const hessian = {
    rows: Int32Array.from(kept, ([key]) => Math.floor(key / n)),
    columns: Int32Array.from(kept, ([key]) => key % n),
    values: Float64Array.from(kept, ([, v]) => v),
  };
  return { ...p, cost, hessian: kept.length > 0 ? hessian : undefined };
}
