/**
 * Vector kernels over Float64Arrays: plain loops, no allocation. Operands have equal lengths unless said otherwise;
 * the output may be the same array as an input, but must not partly overlap one.
 */
type Vector = Float64Array;

/** A linear map given by its product: `out = A v`. */
export type LinearMap = (v: Vector, out: Vector) => void;

/** aᵀb, summed in order. */
export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Euclidean norm. The plain sum of squares where that neither overflows nor underflows, else scaled by the largest
 * entry, so the result is accurate for all finite input. NaN gives NaN.
 */
export function norm(a: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * a[i];
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum);
  if (Number.isNaN(sum)) return sum;
  const top = normInf(a);
  if (top === 0 || top === Number.POSITIVE_INFINITY) return top;
  sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] / top) * (a[i] / top);
  return top * Math.sqrt(sum);
}

/** Largest absolute entry; NaN if any entry is NaN; 0 for an empty vector. */
export function normInf(a: Vector): number {
  let top = 0;
  for (let i = 0; i < a.length; i++) {
    const v = Math.abs(a[i]);
    if (v > top) top = v;
    else if (Number.isNaN(v)) return v;
  }
  return top;
}

/** |a - b| */
export function distance(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return Math.sqrt(sum);
}

/** True if every entry is a finite number. */
export function allFinite(a: Vector): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] - a[i] !== 0) return false;
  return true;
}

/** out = a. A loop, not `set`: for short vectors the call of the built-in costs more than the copy. */
export function copyInto(a: Vector, out: Vector): void {
  if (a.length > 64) out.set(a);
  else for (let i = 0; i < a.length; i++) out[i] = a[i];
}

/** out = value everywhere */
export function fillInto(value: number, out: Vector): void {
  for (let i = 0; i < out.length; i++) out[i] = value;
}

/** out += s a */
export function axpyInto(s: number, a: Vector, out: Vector): void {
  for (let i = 0; i < a.length; i++) out[i] += s * a[i];
}

/** out = a + s b */
export function addScaledInto(a: Vector, s: number, b: Vector, out: Vector): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] + s * b[i];
}

/** out = a - b */
export function subtractInto(a: Vector, b: Vector, out: Vector): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] - b[i];
}

/** out = s a */
export function scaleInto(s: number, a: Vector, out: Vector): void {
  for (let i = 0; i < a.length; i++) out[i] = s * a[i];
}

/** out = a ∘ b, entry by entry */
export function multiplyInto(a: Vector, b: Vector, out: Vector): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] * b[i];
}

/** out = A v for a dense row-major A of rows x v.length; `out` (length rows) must not be v. */
export function matvecInto(A: Vector, v: Vector, out: Vector): void {
  const columns = v.length;
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += A[at++] * v[j];
    out[i] = sum;
  }
}

/** out = Aᵀ u for a dense row-major A of u.length x out.length; `out` must not be u. */
export function matvecTransposedInto(A: Vector, u: Vector, out: Vector): void {
  const columns = out.length;
  fillInto(0, out);
  for (let i = 0, at = 0; i < u.length; i++) {
    const s = u[i];
    for (let j = 0; j < columns; j++) out[j] += s * A[at++];
  }
}

/** sqrt(a² + b²) without overflow; NaN where one is NaN. */
export function hypotenuse(a: number, b: number): number {
  if (Math.abs(a) > Math.abs(b)) {
    const r = b / a;
    return Math.abs(a) * Math.sqrt(1 + r * r);
  }
  if (b === 0) return Math.abs(a);
  const r = a / b;
  return Math.abs(b) * Math.sqrt(1 + r * r);
}
