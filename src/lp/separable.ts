/**
 * Linear programs with complementarity pairs in which slacks and multipliers share no row: with primal variables p and dual
 * ones q = (z, v),
 *
 *     min cᵀ p   subject to   A p in limits,   D q = e,   z >= 0,   s(p) >= 0,   z_j s_j(p) = 0.
 *
 * Linear lower levels whose objective does not depend on the upper variables are of this kind. The pairs couple the two:
 * a direction r with eᵀ r > 0 and Dᵀ r = 0 for v proves that some pair j with d_jᵀ r > 0 has z_j > 0, hence s_j = 0.
 */
import type { DenseData } from "./denseSimplex.js";
import type { QuadraticProgram } from "./quadratic.js";

type Vector = Float64Array;

export interface Separable {
  /** min cᵀ p over the rows that hold primal variables; variables first, then rows. */
  readonly primal: DenseData;
  readonly lower: Vector;
  readonly upper: Vector;
  /** Columns of the program that are primal. */
  readonly columns: Int32Array;
  /** Pair j: s_j is the distance of this variable of the primal program to its upper (+1) or lower (-1) limit. */
  readonly slack: Int32Array;
  readonly side: Int8Array;
  /** min -eᵀ r over the rows d_jᵀ r, and v's; variables r first. */
  readonly directions: DenseData;
  /** Pair j: d_jᵀ r is this variable of the program of directions, times `sign`. */
  readonly along: Int32Array;
  readonly sign: Float64Array;
  /** Variables of the program of directions that are zero (v). */
  readonly still: Int32Array;
}

/** Undefined where the program is not of this kind. */
export function separable(
  p: QuadraticProgram,
  { slackRow, multiplier }: { readonly slackRow: Int32Array; readonly multiplier: Int32Array },
): Separable | undefined {
  if (p.hessian !== undefined || slackRow.length === 0) return undefined;
  const rowsOf: [number, number][][] = Array.from({ length: p.rows }, () => []);
  p.matrix.rows.forEach((i, e) => {
    if (p.matrix.values[e] !== 0) rowsOf[i].push([p.matrix.columns[e], p.matrix.values[e]]);
  });
  // everything that a multiplier shares a row with is dual
  const dual = new Uint8Array(p.n);
  for (const j of multiplier) dual[j] = 1;
  const isDualRow = new Uint8Array(p.rows);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < p.rows; i++) {
      if (isDualRow[i] === 1 || !rowsOf[i].some(([j]) => dual[j] === 1)) continue;
      isDualRow[i] = 1;
      changed = true;
      for (const [j] of rowsOf[i]) dual[j] = 1;
    }
  }
  const pairOf = new Map(Array.from(multiplier, (j, k) => [j, k]));
  for (let j = 0; j < p.n; j++) {
    if (dual[j] === 0) continue;
    const free = p.lower[j] === Number.NEGATIVE_INFINITY && p.upper[j] === Number.POSITIVE_INFINITY;
    const positive = pairOf.has(j) && p.lower[j] === 0 && p.upper[j] === Number.POSITIVE_INFINITY;
    if (p.cost[j] !== 0 || !(free || positive)) return undefined;
  }
  for (let i = 0; i < p.rows; i++) if (isDualRow[i] === 1 && p.rowLower[i] !== p.rowUpper[i]) return undefined;
  if (slackRow.some((i) => isDualRow[i] === 1)) return undefined;

  // the primal side: slack rows of one variable become its limits where they are the limits already
  const columns = Int32Array.from([...dual.keys()].filter((j) => dual[j] === 0));
  const n = columns.length;
  const at = new Map(Array.from(columns, (j, k) => [j, k]));
  const slack = new Int32Array(slackRow.length);
  const side = new Int8Array(slackRow.length).fill(1);
  const low = Float64Array.from(columns, (j) => p.lower[j]);
  const high = Float64Array.from(columns, (j) => p.upper[j]);
  const kept: number[] = [];
  const pairAt = new Map(Array.from(slackRow, (i, k) => [i, k]));
  for (let i = 0; i < p.rows; i++) {
    if (isDualRow[i] === 1) continue;
    const pair = pairAt.get(i);
    if (pair !== undefined && rowsOf[i].length === 1 && p.rowLower[i] === Number.NEGATIVE_INFINITY) {
      const [[column, a]] = rowsOf[i];
      const v = at.get(column) ?? 0;
      const limit = p.rowUpper[i] / a;
      const own = a > 0 ? high : low;
      if (!Number.isFinite(own[v])) own[v] = limit;
      if (own[v] === limit) {
        slack[pair] = v;
        side[pair] = a > 0 ? 1 : -1;
        continue;
      }
    }
    if (pair !== undefined) slack[pair] = n + kept.length;
    kept.push(i);
  }
  const matrix = new Float64Array(kept.length * n);
  kept.forEach((i, k) => {
    for (const [j, a] of rowsOf[i]) matrix[k * n + (at.get(j) ?? 0)] += a;
  });

  // the dual side: r are the multipliers of its rows; columns of one entry become limits of r
  const dualRows = [...isDualRow.keys()].filter((i) => isDualRow[i] === 1);
  const m = dualRows.length;
  const entries = new Map<number, [number, number][]>();
  dualRows.forEach((i, k) => {
    for (const [j, a] of rowsOf[i]) entries.set(j, [...(entries.get(j) ?? []), [k, a]]);
  });
  const along = new Int32Array(slackRow.length).fill(-1);
  const sign = new Float64Array(slackRow.length).fill(1);
  const still: number[] = [];
  const directionRows: [number, number][][] = [];
  const sides = new Set<string>();
  for (let j = 0; j < p.n; j++) {
    if (dual[j] === 0) continue;
    const column = entries.get(j) ?? [];
    const pair = pairOf.get(j);
    const only = column.length === 1 ? column[0] : undefined;
    const key = only && `${only[0]} ${Math.sign(only[1])}`;
    if (pair !== undefined && only !== undefined && key !== undefined && !sides.has(key)) {
      sides.add(key);
      along[pair] = only[0];
      sign[pair] = only[1];
      continue;
    }
    if (pair !== undefined) along[pair] = m + directionRows.length;
    else still.push(m + directionRows.length);
    directionRows.push(column);
  }
  const directionMatrix = new Float64Array(directionRows.length * m);
  directionRows.forEach((column, k) => {
    for (const [i, a] of column) directionMatrix[k * m + i] += a;
  });
  return {
    primal: { n, rows: kept.length, matrix, cost: Float64Array.from(columns, (j) => p.cost[j]) },
    lower: Float64Array.from([...low, ...kept.map((i) => p.rowLower[i])]),
    upper: Float64Array.from([...high, ...kept.map((i) => p.rowUpper[i])]),
    columns,
    slack,
    side,
    directions: {
      n: m,
      rows: directionRows.length,
      matrix: directionMatrix,
      cost: Float64Array.from(dualRows, (i) => -p.rowUpper[i]),
    },
    along,
    sign,
    still: Int32Array.from(still),
  };
}
