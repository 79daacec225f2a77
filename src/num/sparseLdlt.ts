/**
 * Sparse factorisation P A Pᵀ = L D Lᵀ with diagonal D and a fixed order: the up-looking algorithm of Davis (ACM Trans.
 * Math. Software 31, 2005, Algorithm 849). It needs no pivoting for quasi-definite matrices [H Jᵀ; J -G], H and G positive
 * definite (Vanderbei, SIAM J. Optim. 5, 1995); others are made so by a small shift, and refinement repairs the error.
 */
import { minimumDegreeOrder } from "./minimumDegree.js";

type Vector = Float64Array;

export interface SparseFactor {
  readonly k: number;
  /** Entries of L below its unit diagonal. */
  readonly fill: number;
  /** Multiplications of one factorisation. */
  readonly work: number;
  /** Signs of D: the inertia of the shifted matrix. */
  positive: number;
  negative: number;
  zero: number;
  /**
   * Factors the matrix with these values, in the order of the pattern, plus diag(shift); a pivot below `tiny` in size is
   * counted as zero and replaced by `tiny` with the sign of its shift.
   */
  factor(values: Vector, shift: Vector, tiny: number): void;
  /** Solves in place. */
  solveInto(x: Vector): void;
}

/** Analyses a pattern of the lower triangle (row >= column, each position once, every diagonal position present). */
export function sparseFactor(k: number, rows: Int32Array, columns: Int32Array): SparseFactor {
  const order = minimumDegreeOrder(k, rows, columns);
  const position = new Int32Array(k);
  for (let i = 0; i < k; i++) position[order[i]] = i;

  // The permuted upper triangle by columns; `source` says where each entry comes from.
  const start = new Int32Array(k + 1);
  const count = rows.length;
  const upperColumn = (e: number): number => Math.max(position[rows[e]], position[columns[e]]);
  for (let e = 0; e < count; e++) start[upperColumn(e) + 1]++;
  for (let i = 0; i < k; i++) start[i + 1] += start[i];
  const fillAt = start.slice();
  const source = new Int32Array(count);
  const rowOf = new Int32Array(count);
  for (let e = 0; e < count; e++) {
    const at = fillAt[upperColumn(e)]++;
    source[at] = e;
    rowOf[at] = Math.min(position[rows[e]], position[columns[e]]);
  }

  // Elimination tree and column counts.
  const parent = new Int32Array(k).fill(-1);
  const flag = new Int32Array(k);
  const counts = new Int32Array(k);
  for (let j = 0; j < k; j++) {
    flag[j] = j;
    for (let at = start[j]; at < start[j + 1]; at++) {
      for (let i = rowOf[at]; flag[i] !== j; i = parent[i]) {
        if (parent[i] < 0) parent[i] = j;
        counts[i]++;
        flag[i] = j;
      }
    }
  }
  const begin = new Int32Array(k + 1);
  let work = 0;
  for (let i = 0; i < k; i++) {
    begin[i + 1] = begin[i] + counts[i];
    work += counts[i] * counts[i];
  }
  const fill = begin[k];
  const L = new Float64Array(fill);
  const rowsOfL = new Int32Array(fill);
  const D = new Float64Array(k);
  const used = new Int32Array(k);
  const y = new Float64Array(k);
  const pattern = new Int32Array(k);
  const path = new Int32Array(k);
  const permuted = new Float64Array(k);

  const result: SparseFactor = {
    k,
    fill,
    work,
    positive: 0,
    negative: 0,
    zero: 0,
    factor(values, shift, tiny) {
      result.positive = result.negative = result.zero = 0;
      used.fill(0);
      flag.fill(-1);
      for (let j = 0; j < k; j++) {
        let top = k;
        flag[j] = j;
        y[j] = shift[order[j]];
        for (let at = start[j]; at < start[j + 1]; at++) {
          const row = rowOf[at];
          y[row] += values[source[at]];
          let length = 0;
          for (let i = row; flag[i] !== j; i = parent[i]) {
            path[length++] = i;
            flag[i] = j;
          }
          while (length > 0) pattern[--top] = path[--length];
        }
        let d = y[j];
        y[j] = 0;
        for (; top < k; top++) {
          const i = pattern[top];
          const yi = y[i];
          y[i] = 0;
          const end = begin[i] + used[i];
          for (let at = begin[i]; at < end; at++) y[rowsOfL[at]] -= L[at] * yi;
          const l = yi / D[i];
          d -= l * yi;
          rowsOfL[end] = j;
          L[end] = l;
          used[i]++;
        }
        if (Math.abs(d) <= tiny) {
          result.zero++;
          d = shift[order[j]] < 0 ? -tiny : tiny;
        } else if (d > 0) result.positive++;
        else result.negative++;
        D[j] = d;
      }
    },
    solveInto(x) {
      for (let i = 0; i < k; i++) permuted[i] = x[order[i]];
      for (let i = 0; i < k; i++) {
        const v = permuted[i];
        for (let at = begin[i]; at < begin[i + 1]; at++) permuted[rowsOfL[at]] -= L[at] * v;
      }
      for (let i = 0; i < k; i++) permuted[i] /= D[i];
      for (let i = k - 1; i >= 0; i--) {
        let v = permuted[i];
        for (let at = begin[i]; at < begin[i + 1]; at++) v -= L[at] * permuted[rowsOfL[at]];
        permuted[i] = v;
      }
      for (let i = 0; i < k; i++) x[order[i]] = permuted[i];
    },
  };
  return result;
}
