/**
 * Symmetric indefinite factorisation P A Pᵀ = L D Lᵀ with 1x1 and 2x2 pivots by Bunch and Kaufman's partial pivoting
 * (Golub and Van Loan, 4th ed., 4.4.4; growth constant (1 + sqrt 17) / 8). Tells the inertia of A on the way.
 */
type Vector = Float64Array;

const ALPHA = (1 + Math.sqrt(17)) / 8;

export interface SymmetricFactor {
  readonly k: number;
  /** Unit lower triangle L below the diagonal blocks of D (row-major k x k). */
  readonly LD: Vector;
  /** Row exchanged with row i at step i; -1 marks the second row of a 2x2 block. */
  readonly swap: Int32Array;
  /** Number of eigenvalues above, below and (numerically) at zero. */
  readonly positive: number;
  readonly negative: number;
  readonly zero: number;
}

function swapSymmetric(A: Vector, k: number, p: number, q: number): void {
  if (p === q) return;
  for (let j = 0; j < k; j++) {
    const t = A[p * k + j];
    A[p * k + j] = A[q * k + j];
    A[q * k + j] = t;
  }
  for (let i = 0; i < k; i++) {
    const t = A[i * k + p];
    A[i * k + p] = A[i * k + q];
    A[i * k + q] = t;
  }
}

/** Factors a copy of the symmetric A (k x k, both triangles filled). Never fails on finite input; a zero pivot is counted. */
export function factorSymmetric(A: Vector, k: number): SymmetricFactor {
  // The working matrix keeps both triangles of the trailing block; columns of L stay below the diagonal.
  const LD = Float64Array.from(A);
  const swap = new Int32Array(k);
  let top = 0;
  for (let i = 0; i < k * k; i++) top = Math.max(top, Math.abs(LD[i]));
  const tiny = k * 2.220446049250313e-16 * top;
  let positive = 0;
  let negative = 0;
  let zero = 0;
  for (let j = 0; j < k; ) {
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
    if (lambda > 0 && diagonal < ALPHA * lambda) {
      let sigma = 0;
      for (let i = j; i < k; i++) if (i !== r) sigma = Math.max(sigma, Math.abs(LD[i * k + r]));
      if (diagonal * sigma >= ALPHA * lambda * lambda) pivot = j;
      else if (Math.abs(LD[r * k + r]) >= ALPHA * sigma) pivot = r;
      else {
        two = true;
        pivot = r;
      }
    }
    if (!two) {
      swap[j] = pivot;
      swapSymmetric(LD, k, j, pivot);
      const d = LD[j * k + j];
      if (Math.abs(d) <= tiny) zero++;
      else if (d > 0) positive++;
      else negative++;
      if (Math.abs(d) > tiny) {
        for (let i = j + 1; i < k; i++) {
          const l = LD[i * k + j] / d;
          for (let c = j + 1; c < k; c++) LD[i * k + c] -= l * LD[j * k + c];
          LD[i * k + j] = l;
        }
      } else for (let i = j; i < k; i++) LD[i * k + j] = 0;
      j += 1;
      continue;
    }
    swap[j] = pivot;
    swap[j + 1] = -1;
    swapSymmetric(LD, k, j + 1, pivot);
    const a = LD[j * k + j];
    const b = LD[(j + 1) * k + j];
    const c = LD[(j + 1) * k + j + 1];
    const det = a * c - b * b;
    // A 2x2 pivot of this strategy has det < 0: one eigenvalue of each sign.
    positive++;
    negative++;
    for (let i = j + 2; i < k; i++) {
      const u = LD[i * k + j];
      const v = LD[i * k + j + 1];
      const l0 = (u * c - v * b) / det;
      const l1 = (v * a - u * b) / det;
      for (let q = j + 2; q < k; q++) LD[i * k + q] -= l0 * LD[j * k + q] + l1 * LD[(j + 1) * k + q];
      LD[i * k + j] = l0;
      LD[i * k + j + 1] = l1;
    }
    j += 2;
  }
  return { k, LD, swap, positive, negative, zero };
}

/** Solves A x = b in place (`x` holds b on entry). Components along zero pivots are set to 0: check `zero` first. */
export function symmetricSolveInto(factor: SymmetricFactor, x: Vector): void {
  const { k, LD, swap } = factor;
  const exchange = (p: number, q: number): void => {
    const t = x[p];
    x[p] = x[q];
    x[q] = t;
  };
  const isTwo = (j: number): boolean => j + 1 < k && swap[j + 1] < 0;
  for (let j = 0; j < k; j += isTwo(j) ? 2 : 1) {
    const w = isTwo(j) ? 2 : 1;
    exchange(j + w - 1, swap[j]);
  }
  for (let j = 0; j < k; ) {
    const w = isTwo(j) ? 2 : 1;
    for (let i = j + w; i < k; i++) for (let q = 0; q < w; q++) x[i] -= LD[i * k + j + q] * x[j + q];
    j += w;
  }
  for (let j = 0; j < k; ) {
    if (isTwo(j)) {
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
  const starts: number[] = [];
  for (let j = 0; j < k; j += isTwo(j) ? 2 : 1) starts.push(j);
  for (const j of starts.reverse()) {
    const w = isTwo(j) ? 2 : 1;
    for (let q = 0; q < w; q++) for (let i = j + w; i < k; i++) x[j + q] -= LD[i * k + j + q] * x[i];
  }
  for (const j of starts) {
    const w = isTwo(j) ? 2 : 1;
    exchange(j + w - 1, swap[j]);
  }
}
