/**
 * The active sets that lower solutions can have where lower constraints are affine in y with fixed coefficients. At a solution y of
 *   min g(x, y)   subject to   E y + q(x) = 0,   A y + r(x) <= 0
 * there are multipliers without further conditions, and with P the equations and a largest independent set S of active inequalities
 *   N' g_y = 0,   z_S = -(B')^-1 (g_y)_B >= 0,   n' g_yy n >= 0   for the columns n of N
 * N a basis of the null space of P, B the columns that elimination takes as pivots (Nocedal and Wright, 2nd ed., sections 12.3, 12.5).
 */
type Vector = Float64Array;

export interface ActiveSet {
  /** Inequalities that hold as equations. */
  readonly rows: readonly number[];
  /** Columns of N, each of length m. */
  readonly directions: readonly Vector[];
  /** P times N is zero to the last digit. */
  readonly exact: boolean;
  /** For each row of `rows`: the weights of g_y that give minus its multiplier. */
  readonly multipliers: readonly Vector[];
}

/** Smallest pivot, relative to the largest entry of its row. */
const INDEPENDENT = 1e-9;

/** All of them, or undefined where there are more than `most` or the equations are dependent. */
export function activeSets(
  E: readonly Vector[],
  A: readonly Vector[],
  m: number,
  most: number,
): ActiveSet[] | undefined {
  const found: ActiveSet[] = [];
  const grow = (rows: readonly number[]): boolean => {
    const set = activeSet(E, A, rows, m);
    if (set === undefined) return rows.length > 0;
    if (found.length >= most) return false;
    found.push(set);
    if (E.length + rows.length === m) return true;
    for (let next = (rows.at(-1) ?? -1) + 1; next < A.length; next++) if (!grow([...rows, next])) return false;
    return true;
  };
  return grow([]) ? found : undefined;
}

function activeSet(
  E: readonly Vector[],
  A: readonly Vector[],
  rows: readonly number[],
  m: number,
): ActiveSet | undefined {
  const P = [...E, ...rows.map((r) => A[r])];
  const k = P.length;
  // reduced row echelon form of [P | I]: what was done to the rows stands on the right
  const R = P.map((row, i) => {
    const wide = new Float64Array(m + k);
    wide.set(row);
    wide[m + i] = 1;
    return wide;
  });
  const pivots: number[] = [];
  for (let i = 0; i < k; i++) {
    const size = Math.max(...P[i].map(Math.abs));
    let column = -1;
    for (let j = 0; j < m; j++) if (column < 0 || Math.abs(R[i][j]) > Math.abs(R[i][column])) column = j;
    if (column < 0 || !(Math.abs(R[i][column]) > INDEPENDENT * size)) return undefined;
    pivots.push(column);
    const pivot = R[i][column];
    for (let j = 0; j < m + k; j++) R[i][j] /= pivot;
    for (let other = 0; other < k; other++) {
      const factor = R[other][column];
      if (other !== i && factor !== 0) for (let j = 0; j < m + k; j++) R[other][j] -= factor * R[i][j];
    }
  }
  const directions: Vector[] = [];
  for (let free = 0; free < m; free++) {
    if (pivots.includes(free)) continue;
    const n = new Float64Array(m);
    n[free] = 1;
    for (let i = 0; i < k; i++) n[pivots[i]] = -R[i][free];
    directions.push(n);
  }
  // P' z = -g_y at the pivots: z_i = -sum over pivots of (B^-1)_pi g_p
  const multipliers = rows.map((_, i) => {
    const weights = new Float64Array(m);
    for (let p = 0; p < k; p++) weights[pivots[p]] = R[p][m + E.length + i];
    return weights;
  });
  const exact = directions.every((n) => P.every((row) => row.reduce((sum, a, j) => sum + a * n[j], 0) === 0));
  return { rows, directions, exact, multipliers };
}
