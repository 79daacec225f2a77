/**
 * The linear complementarity problem  w = q + M z,  w, z >= 0,  wᵀ z = 0  by Lemke's method (Management Science 11, 1965; Cottle,
 * Pang and Stone, The Linear Complementarity Problem, 1992, algorithm 4.4.5) with lexicographic ratio tests. For positive
 * semidefinite M it ends with a solution, or on a ray that proves that w, z >= 0 have none (theorem 4.4.1 there).
 */
type Vector = Float64Array;

/** Entries below this share of the largest are zero. */
const ZERO = 1e-11;

/** z, or undefined where there is none. M row by row, k × k. */
export function lemke(M: Vector, q: Vector): Vector | undefined {
  const k = q.length;
  const z = new Float64Array(k);
  const size = q.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  if (q.every((v) => v >= -ZERO * size)) return z;
  // Columns: w (0 .. k-1), z (k .. 2k-1), the artificial variable (2k), the right-hand side (2k+1).
  const width = 2 * k + 2;
  const table = Array.from({ length: k }, (_, i) => {
    const row = new Float64Array(width);
    row[i] = 1;
    for (let j = 0; j < k; j++) row[k + j] = -M[i * k + j];
    row[2 * k] = -1;
    row[2 * k + 1] = q[i] / size;
    return row;
  });
  const basic = Array.from({ length: k }, (_, i) => i);
  const pivot = (at: number, column: number): void => {
    const row = table[at];
    const p = row[column];
    for (let j = 0; j < width; j++) row[j] /= p;
    for (const other of table) {
      const factor = other[column];
      if (other === row || factor === 0) continue;
      for (let j = 0; j < width; j++) other[j] -= factor * row[j];
      other[column] = 0;
    }
    basic[at] = column;
  };
  let leaving = 0;
  for (let i = 1; i < k; i++) if (q[i] < q[leaving]) leaving = i;
  let entering = leaving + k;
  pivot(leaving, 2 * k);
  for (let round = 0; round < 50 * (k + 1); round++) {
    const at = leavingRow(table, entering, k, basic);
    if (at < 0) return undefined;
    const left = basic[at];
    pivot(at, entering);
    if (left === 2 * k) {
      basic.forEach((variable, i) => {
        if (variable >= k && variable < 2 * k) z[variable - k] = Math.max(0, table[i][width - 1] * size);
      });
      return z;
    }
    entering = left < k ? left + k : left - k;
  }
  return undefined;
}

/** The row of the lexicographically least ratio; the artificial variable leaves where it may. -1: a ray. */
function leavingRow(table: readonly Vector[], column: number, k: number, basic: readonly number[]): number {
  const right = 2 * k + 1;
  let best = -1;
  for (let i = 0; i < k; i++) {
    const p = table[i][column];
    if (!(p > ZERO)) continue;
    if (best < 0 || less(table[i], p, table[best], table[best][column], k, right)) best = i;
  }
  const artificial = basic.indexOf(2 * k);
  if (best >= 0 && artificial >= 0 && table[artificial][column] > ZERO) {
    const own = table[artificial][right] / table[artificial][column];
    if (own <= table[best][right] / table[best][column] + ZERO) return artificial;
  }
  return best;
}

function less(a: Vector, p: number, b: Vector, r: number, k: number, right: number): boolean {
  const first = a[right] / p - b[right] / r;
  if (Math.abs(first) > ZERO) return first < 0;
  for (let j = 0; j < k; j++) {
    const next = a[j] / p - b[j] / r;
    if (Math.abs(next) > ZERO) return next < 0;
  }
  return false;
}
