/** Dense linear algebra of the reference answers, written for itself: nothing of src is used. Matrices are lists of rows. */

export type Vector = number[];
export type Rows = number[][];

export const dot = (a: readonly number[], b: readonly number[]): number => {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
};

export const norm = (a: readonly number[]): number => Math.sqrt(dot(a, a));

export const zeros = (rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

/** L with L Lᵀ = H, lower triangle; undefined where H is not positive definite. */
export function cholesky(H: readonly (readonly number[])[]): Rows | undefined {
  const L = zeros(H.length, H.length);
  for (let i = 0; i < H.length; i++) {
    for (let j = 0; j <= i; j++) {
      let s = H[i][j];
      for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
      if (i !== j) L[i][j] = s / L[j][j];
      else if (s > 0) L[i][i] = Math.sqrt(s);
      else return undefined;
    }
  }
  return L;
}

/** Solution of L Lᵀ v = b. */
export function solveWith(L: Rows, b: readonly number[]): Vector {
  const v = [...b];
  for (let i = 0; i < v.length; i++) {
    for (let k = 0; k < i; k++) v[i] -= L[i][k] * v[k];
    v[i] /= L[i][i];
  }
  for (let i = v.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < v.length; k++) v[i] -= L[k][i] * v[k];
    v[i] /= L[i][i];
  }
  return v;
}
