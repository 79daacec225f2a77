/**
 * Euclidean projections onto boxes, balls and simplices, and their derivatives. All act in place on entries
 * [offset, offset + size) of a flat vector, one block per variable. Derivatives are symmetric; at kinks coordinates
 * exactly at a bound count as held.
 */
type Vector = Float64Array;

/** v_i clipped into [lower_i, upper_i]; bounds are indexed like v. */
export function projectBoxInto(v: Vector, lower: Vector, upper: Vector, offset: number, size: number): void {
  for (let i = offset; i < offset + size; i++) {
    if (v[i] < lower[i]) v[i] = lower[i];
    else if (v[i] > upper[i]) v[i] = upper[i];
  }
}

/** Derivative of the clip at `point`: zero where point_i is at or beyond a bound. */
export function boxTangentInto(
  point: Vector,
  lower: Vector,
  upper: Vector,
  offset: number,
  size: number,
  v: Vector,
): void {
  for (let i = offset; i < offset + size; i++) if (point[i] <= lower[i] || point[i] >= upper[i]) v[i] = 0;
}

function centredNorm(v: Vector, center: Vector, offset: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (v[offset + i] - center[i]) ** 2;
  return Math.sqrt(sum);
}

/** c + (v - c) min(1, r / |v - c|); `center` has length size. */
export function projectBallInto(v: Vector, center: Vector, radius: number, offset: number, size: number): void {
  const length = centredNorm(v, center, offset, size);
  if (!(length > radius)) return;
  const t = radius / length;
  for (let i = 0; i < size; i++) v[offset + i] = center[i] + t * (v[offset + i] - center[i]);
}

/** Derivative at `point`: inside the identity, else (r / |d|)(v - d dᵀv / |d|²), d = point - c. */
export function ballTangentInto(
  point: Vector,
  center: Vector,
  radius: number,
  offset: number,
  size: number,
  v: Vector,
): void {
  const length = centredNorm(point, center, offset, size);
  if (length < radius) return;
  if (length === 0) {
    for (let i = offset; i < offset + size; i++) v[i] = 0;
    return;
  }
  let along = 0;
  for (let i = 0; i < size; i++) along += ((point[offset + i] - center[i]) / length) * v[offset + i];
  const t = radius / length;
  for (let i = 0; i < size; i++) {
    v[offset + i] = t * (v[offset + i] - (along * (point[offset + i] - center[i])) / length);
  }
}

/**
 * The shift theta of max(v - theta, 0) with sum `total`: sort descending, rho the last j with
 * u_j > (u_1 + … + u_j - total) / j (Held, Wolfe and Crowder, 1974; Duchi and others, 2008, Figure 1).
 * `scratch` has length size at least. NaN if an entry is NaN.
 */
export function simplexShift(v: Vector, total: number, offset: number, size: number, scratch: Vector): number {
  const sorted = scratch.length === size ? scratch : scratch.subarray(0, size);
  for (let i = 0; i < size; i++) sorted[i] = v[offset + i];
  sorted.sort();
  // Sums are taken of differences to the largest entry: exact cancellation for far away points.
  const top = sorted[size - 1];
  let sum = 0;
  let theta = 0;
  for (let j = 1; j <= size; j++) {
    const u = sorted[size - j] - top;
    sum += u;
    const candidate = (sum - total) / j;
    if (u > candidate) theta = candidate;
    else break;
  }
  return theta + top;
}

/** Nearest point with entries >= 0 and sum `total` (> 0). */
export function projectSimplexInto(v: Vector, total: number, offset: number, size: number, scratch: Vector): void {
  const theta = simplexShift(v, total, offset, size, scratch);
  for (let i = offset; i < offset + size; i++) v[i] = Math.max(0, v[i] - theta);
}

/** Derivative at `point`: on the support S of the projection v_S - mean(v_S), elsewhere 0. */
export function simplexTangentInto(
  point: Vector,
  total: number,
  offset: number,
  size: number,
  scratch: Vector,
  v: Vector,
): void {
  const theta = simplexShift(point, total, offset, size, scratch);
  let sum = 0;
  let count = 0;
  for (let i = offset; i < offset + size; i++) {
    if (point[i] > theta) {
      sum += v[i];
      count++;
    }
  }
  const mean = count > 0 ? sum / count : 0;
  for (let i = offset; i < offset + size; i++) v[i] = point[i] > theta ? v[i] - mean : 0;
}
