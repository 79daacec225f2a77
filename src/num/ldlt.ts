/**
 * Symmetric indefinite factorisation P A Pᵀ = L D Lᵀ with 1x1 and 2x2 pivots by Bunch and Kaufman's partial pivoting
 * (Golub and Van Loan, 4th ed., 4.4.4; growth constant (1 + sqrt 17) / 8). Tells the inertia of A on the way. Works on the
 * lower triangle in place; k³/6 multiplications and as many subtractions. Up to four 1x1 pivots that need no exchange are
 * collected before the trailing block is updated, which saves passes over it.
 */
type Vector = Float64Array;

const ALPHA = (1 + Math.sqrt(17)) / 8;
const EPSILON = 2.220446049250313e-16;

export interface SymmetricFactor {
  readonly k: number;
  /** Unit lower triangle L below the diagonal blocks of D (row-major k x k; the strict upper triangle is not used). */
  readonly LD: Vector;
  /** Row exchanged with row i at step i; -1 marks the second row of a 2x2 block. */
  readonly swap: Int32Array;
  /** Number of eigenvalues above, below and (numerically) at zero. */
  positive: number;
  negative: number;
  zero: number;
  /** Scratch: columns of pivots before they are scaled. */
  readonly columns: readonly [Vector, Vector, Vector, Vector];
}

/** Room for factors of k x k matrices. */
export function symmetricFactor(k: number): SymmetricFactor {
  return {
    k,
    LD: new Float64Array(k * k),
    swap: new Int32Array(k),
    positive: 0,
    negative: 0,
    zero: 0,
    columns: [new Float64Array(k), new Float64Array(k), new Float64Array(k), new Float64Array(k)],
  };
}

/** Exchanges rows and columns p < q of a matrix kept in its lower triangle, the finished columns of L included. */
function swapSymmetric(A: Vector, k: number, p: number, q: number): void {
  if (p === q) return;
  const exchange = (a: number, b: number): void => {
    const t = A[a];
    A[a] = A[b];
    A[b] = t;
  };
  const rp = p * k;
  const rq = q * k;
  for (let c = 0; c < p; c++) exchange(rp + c, rq + c);
  exchange(rp + p, rq + q);
  for (let i = p + 1; i < q; i++) exchange(i * k + p, rq + i);
  for (let i = q + 1; i < k; i++) exchange(i * k + p, i * k + q);
}

/** Largest entry of row r of the trailing block from j on, its diagonal aside. */
function rowTop(A: Vector, k: number, j: number, r: number): number {
  let top = 0;
  for (let c = j; c < r; c++) {
    const v = Math.abs(A[r * k + c]);
    if (v > top) top = v;
  }
  for (let i = r + 1; i < k; i++) {
    const v = Math.abs(A[i * k + r]);
    if (v > top) top = v;
  }
  return top;
}

/** Factors a copy of the symmetric A (k x k; only the lower triangle is read). Never fails on finite input. */
export function factorSymmetric(A: Vector, k: number): SymmetricFactor {
  const factor = symmetricFactor(k);
  factor.LD.set(A);
  factorSymmetricInto(factor);
  return factor;
}

/**
 * Factors the matrix whose lower triangle stands in `factor.LD`, in place. A pivot of at most k eps max|A| is counted as
 * zero (scale the matrix so that its rows are of one size if that matters); its column of L is set to zero.
 */
export function factorSymmetricInto(factor: SymmetricFactor): void {
  const { k, LD, swap, columns } = factor;
  const [u, w] = columns;
  let top = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) top = Math.max(top, Math.abs(LD[i * k + j]));
  const tiny = k * EPSILON * top;
  factor.positive = factor.negative = factor.zero = 0;
  const count = (d: number): void => {
    if (Math.abs(d) <= tiny) factor.zero++;
    else if (d > 0) factor.positive++;
    else factor.negative++;
  };
  // Pivots first, …, first + pending - 1 are done but not yet subtracted from the trailing block.
  let first = 0;
  let pending = 0;
  for (let j = 0; j < k; ) {
    if (pending > 0) {
      if (pending < 4 && freshColumn(factor, first, pending, j, tiny)) {
        swap[j] = j;
        count(LD[j * k + j]);
        pending++;
        j++;
        continue;
      }
      subtract(factor, first, pending, j);
      pending = 0;
    }
    let r = j;
    let lambda = 0;
    for (let i = j + 1; i < k; i++) {
      const v = Math.abs(LD[i * k + j]);
      if (v > lambda) {
        lambda = v;
        r = i;
      }
    }
    const diagonal = Math.abs(LD[j * k + j]);
    let two = false;
    let pivot = j;
    if (lambda > tiny && diagonal < ALPHA * lambda) {
      const sigma = rowTop(LD, k, j, r);
      if (diagonal * sigma >= ALPHA * lambda * lambda) pivot = j;
      else if (Math.abs(LD[r * k + r]) >= ALPHA * sigma) pivot = r;
      else {
        two = true;
        pivot = r;
      }
    }
    swap[j] = pivot;
    if (!two) {
      swapSymmetric(LD, k, j, pivot);
      const d = LD[j * k + j];
      count(d);
      if (Math.abs(d) <= tiny) for (let i = j; i < k; i++) LD[i * k + j] = 0;
      else {
        for (let i = j + 1; i < k; i++) {
          u[i] = LD[i * k + j];
          LD[i * k + j] = u[i] / d;
        }
        first = j;
        pending = 1;
      }
      j += 1;
      continue;
    }
    swap[j + 1] = -1;
    swapSymmetric(LD, k, j + 1, pivot);
    const a = LD[j * k + j];
    const b = LD[(j + 1) * k + j];
    const c = LD[(j + 1) * k + j + 1];
    const det = a * c - b * b;
    // A 2x2 pivot of this strategy has det < 0: one eigenvalue of each sign.
    factor.positive++;
    factor.negative++;
    for (let i = j + 2; i < k; i++) {
      u[i] = LD[i * k + j];
      w[i] = LD[i * k + j + 1];
    }
    for (let i = j + 2; i < k; i++) {
      if (u[i] === 0 && w[i] === 0) continue;
      const l0 = (u[i] * c - w[i] * b) / det;
      const l1 = (w[i] * a - u[i] * b) / det;
      const row = i * k;
      for (let q = j + 2; q <= i; q++) LD[row + q] -= l0 * u[q] + l1 * w[q];
      LD[row + j] = l0;
      LD[row + j + 1] = l1;
    }
    j += 2;
  }
}

/**
 * Brings column j up to date with the pending pivots. If its diagonal can be the next 1x1 pivot without an exchange, the
 * column becomes one of L and true is returned; else nothing changes.
 */
function freshColumn(factor: SymmetricFactor, first: number, pending: number, j: number, tiny: number): boolean {
  const { k, LD, columns } = factor;
  const v = columns[pending];
  let lambda = 0;
  for (let i = j; i < k; i++) {
    let value = LD[i * k + j];
    for (let q = 0; q < pending; q++) value -= LD[i * k + first + q] * columns[q][j];
    v[i] = value;
    if (i > j && Math.abs(value) > lambda) lambda = Math.abs(value);
  }
  const d = v[j];
  if (!(Math.abs(d) > tiny && Math.abs(d) >= ALPHA * lambda)) return false;
  LD[j * k + j] = d;
  for (let i = j + 1; i < k; i++) LD[i * k + j] = v[i] / d;
  return true;
}

/** Subtracts the pending pivots from the trailing block that begins at `from`. */
function subtract(factor: SymmetricFactor, first: number, pending: number, from: number): void {
  const { k, LD, columns } = factor;
  const [u0, u1, u2, u3] = columns;
  for (let i = from; i < k; i++) {
    const row = i * k;
    if (pending === 4) {
      const l0 = LD[row + first];
      const l1 = LD[row + first + 1];
      const l2 = LD[row + first + 2];
      const l3 = LD[row + first + 3];
      if (l0 === 0 && l1 === 0 && l2 === 0 && l3 === 0) continue;
      for (let c = from; c <= i; c++) LD[row + c] -= l0 * u0[c] + l1 * u1[c] + l2 * u2[c] + l3 * u3[c];
    } else {
      for (let q = 0; q < pending; q++) {
        const l = LD[row + first + q];
        const u = columns[q];
        if (l !== 0) for (let c = from; c <= i; c++) LD[row + c] -= l * u[c];
      }
    }
  }
}

/** Solves A x = b in place (`x` holds b on entry). Components along zero pivots are set to 0: check `zero` first. */
export function symmetricSolveInto(factor: SymmetricFactor, x: Vector): void {
  const { k, LD, swap } = factor;
  const exchange = (p: number, q: number): void => {
    const t = x[p];
    x[p] = x[q];
    x[q] = t;
  };
  const width = (j: number): number => (j + 1 < k && swap[j + 1] < 0 ? 2 : 1);
  for (let j = 0; j < k; j += width(j)) exchange(j + width(j) - 1, swap[j]);
  for (let i = 1; i < k; i++) {
    // Within a 2x2 block the entry beside the diagonal belongs to D.
    const end = swap[i] < 0 ? i - 1 : i;
    let sum = x[i];
    for (let c = 0; c < end; c++) sum -= LD[i * k + c] * x[c];
    x[i] = sum;
  }
  for (let j = 0; j < k; ) {
    if (width(j) === 2) {
      const a = LD[j * k + j];
      const b = LD[(j + 1) * k + j];
      const c = LD[(j + 1) * k + j + 1];
      const det = a * c - b * b;
      const u = x[j];
      x[j] = (u * c - x[j + 1] * b) / det;
      x[j + 1] = (x[j + 1] * a - u * b) / det;
      j += 2;
    } else {
      const d = LD[j * k + j];
      x[j] = d === 0 ? 0 : x[j] / d;
      j += 1;
    }
  }
  for (let i = k - 1; i > 0; i--) {
    const end = swap[i] < 0 ? i - 1 : i;
    const v = x[i];
    if (v !== 0) for (let c = 0; c < end; c++) x[c] -= LD[i * k + c] * v;
  }
  for (let j = k - 1; j >= 0; j--) {
    if (swap[j] < 0) exchange(j, swap[--j]);
    else exchange(j, swap[j]);
  }
}
