/**
 * The hypergradient by the implicit function theorem, as certificates compute it. At a lower solution y with p = y - a grad g
 * the projection's derivative D = V diag(d) Vᵀ spans the tangent space T by its eigenvectors with d > 0, and
 *
 *   R = Tᵀ H T + diag((1/d - 1) / a)     reduced Hessian (the second part is the curvature of an active boundary)
 *   c = R⁺ Tᵀ b,  b = grad_y f,  v = T c,   G = grad_x f - J v          (pseudo-inverse with rcond 1e-8)
 *   R_ker = |Tᵀ b - R c| / |b|,  in variables scaled to a unit diagonal of R
 *
 * Coordinates at a bound whose multiplier is zero count as free where -b points inside: there the upper level may still
 * choose. Beyond DENSE variables the same by conjugate gradients on D H D with D a
 * projector, and on its normal equations where it is not positive definite.
 */
import { cgWorkspace, conjugateGradient } from "../num/cg.js";
import { symmetricEigen } from "../num/eigen.js";
import { lanczosExtremes } from "../num/lanczos.js";
import { minimumNormSolve } from "../num/minimumNorm.js";
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { inverseRootDiagonal } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";

type Vector = Float64Array;

/** Eigenvalues below this share of the largest count as zero. */
export const RCOND = 1e-8;

export interface ImplicitGradient {
  /** Upper objective at (x, y). */
  readonly value: number;
  readonly G: Vector;
  readonly gradX: Vector;
  readonly v: Vector;
  /** |grad_x f| + |J v|: what cancels in G. */
  readonly size: number;
  readonly rker: number;
  /** Residual of the adjoint system relative to |b|, beyond R_ker: 0 where solved by eigenvalues. */
  readonly inexact: number;
  /** Smallest and largest curvature of the lower level on its tangent space; NaN for an empty one. */
  readonly curvature: readonly [number, number];
  readonly singular: boolean;
}

/** At (x, y) with y an accurate lower solution and L about the largest lower curvature. */
export function implicitGradient(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  L: number,
  random: Random,
  exhausted: () => boolean,
): ImplicitGradient {
  const { n, m, upper, lower } = oracle;
  const gradX = new Float64Array(n);
  const b = new Float64Array(m);
  const g = new Float64Array(m);
  const value = upper.valueGrad(x, y, gradX, b);
  lower.gradY(x, y, g);
  const a = 1 / Math.max(L, 1e-12);
  const point = y.slice();
  for (let j = 0; j < m; j++) point[j] -= a * g[j];
  settleInto(oracle, y, g, b, L, point);
  const small = m <= DENSE;
  const solved = small
    ? denseAdjoint(oracle, x, y, point, a, b)
    : krylovAdjoint(oracle, x, y, point, b, random, exhausted);
  const Jv = new Float64Array(n);
  lower.jvpXY(x, y, solved.v, Jv);
  const G = gradX.slice();
  for (let i = 0; i < n; i++) G[i] -= Jv[i];
  return { ...solved, value, G, gradX, size: norm(gradX) + norm(Jv) };
}

/** Moves weakly active coordinates of `point` off their bound where the upper level wants them inside, onto it where outside. */
function settleInto(oracle: Oracle, y: Vector, g: Vector, b: Vector, L: number, point: Vector): void {
  const { domainY } = oracle;
  if (domainY.free || !domainY.boxes) return;
  const tiny = 1e-8 * (1 + norm(y));
  for (let j = 0; j < y.length; j++) {
    const width = domainY.upper[j] - domainY.lower[j];
    if (width === 0 || Math.abs(g[j]) > 1e-8 * L * (1 + norm(y))) continue;
    const inside = Math.min(tiny, width / 2);
    if (y[j] <= domainY.lower[j] + tiny) point[j] = domainY.lower[j] + (b[j] < 0 ? inside : 0);
    else if (y[j] >= domainY.upper[j] - tiny) point[j] = domainY.upper[j] - (b[j] > 0 ? inside : 0);
  }
}

interface Adjoint {
  readonly v: Vector;
  readonly rker: number;
  readonly inexact: number;
  readonly curvature: readonly [number, number];
  readonly singular: boolean;
}

function denseAdjoint(oracle: Oracle, x: Vector, y: Vector, point: Vector, a: number, b: Vector): Adjoint {
  const { m, lower, domainY } = oracle;
  const H = new Float64Array(m * m);
  lower.hessianYY(x, y, H);
  const basis: Vector[] = [];
  const extra: number[] = [];
  const column = new Float64Array(m);
  if (domainY.boxes) {
    for (let j = 0; j < m; j++) {
      column.fill(0);
      column[j] = 1;
      domainY.projectTangent(point, column);
      if (column[j] === 0) continue;
      basis.push(column.slice());
      extra.push(0);
    }
  } else {
    const D = new Float64Array(m * m);
    for (let j = 0; j < m; j++) {
      column.fill(0);
      column[j] = 1;
      domainY.projectTangent(point, column);
      for (let i = 0; i < m; i++) D[i * m + j] = column[i];
    }
    const { values, vectors } = symmetricEigen(D, m);
    for (let j = 0; j < m; j++) {
      if (!(values[j] > 1e-8)) continue;
      basis.push(Float64Array.from({ length: m }, (_, i) => vectors[i * m + j]));
      extra.push(values[j] < 1 - 1e-12 ? (1 / values[j] - 1) / a : 0);
    }
  }
  const k = basis.length;
  const v = new Float64Array(m);
  const sizeB = norm(b);
  if (k === 0) return { v, rker: 0, inexact: 0, curvature: [Number.NaN, Number.NaN], singular: false };
  const R = new Float64Array(k * k);
  const c = new Float64Array(k);
  for (let q = 0; q < k; q++) {
    for (let i = 0; i < m; i++) {
      let s = 0;
      for (let j = 0; j < m; j++) s += H[i * m + j] * basis[q][j];
      column[i] = s;
    }
    for (let p = 0; p < k; p++) R[p * k + q] = inner(basis[p], column) + (p === q ? extra[q] : 0);
    c[q] = inner(basis[q], b);
  }
  const tangentNorm = norm(c);
  // Judged in variables that make the diagonal one, so that units do not decide what counts as zero.
  const unit = inverseRootDiagonal(R, k);
  const scaled = R.map((r, at) => r * unit[Math.floor(at / k)] * unit[at % k]);
  let size = 0;
  for (let i = 0; i < k; i++) {
    c[i] *= unit[i];
    size += c[i] * c[i];
  }
  const { values, vectors } = symmetricEigen(scaled, k);
  const top = Math.max(Math.abs(values[0]), Math.abs(values[k - 1]));
  let lost = 0;
  let singular = false;
  for (let e = 0; e < k; e++) {
    let s = 0;
    for (let i = 0; i < k; i++) s += vectors[i * k + e] * c[i];
    if (Math.abs(values[e]) <= RCOND * top || top === 0) {
      lost += s * s;
      singular = true;
      continue;
    }
    for (let i = 0; i < k; i++) {
      const weight = (s / values[e]) * vectors[i * k + e] * unit[i];
      for (let j = 0; j < m; j++) v[j] += weight * basis[i][j];
    }
  }
  const outside = sizeB > 0 && size > 0 ? Math.sqrt(lost / size) : 0;
  // |Tᵀb| against |b|: what a bound holds back is not lost.
  const share = sizeB > 0 ? Math.min(1, tangentNorm / sizeB) : 0;
  const spectrum = symmetricEigen(R, k).values;
  return { v, rker: outside * share, inexact: 0, curvature: [spectrum[0], spectrum[k - 1]], singular };
}

function krylovAdjoint(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  point: Vector,
  b: Vector,
  random: Random,
  exhausted: () => boolean,
): Adjoint {
  const { m, domainY } = oracle;
  const map = oracle.lower.linearize(x, y);
  const inside = new Float64Array(m);
  const apply = (u: Vector, out: Vector): void => {
    inside.set(u);
    if (!domainY.free) domainY.projectTangent(point, inside);
    map.hvp(inside, out);
    if (!domainY.free) domainY.projectTangent(point, out);
  };
  const right = b.slice();
  if (!domainY.free) domainY.projectTangent(point, right);
  const v = new Float64Array(m);
  const size = norm(b);
  const spectrum = lanczosExtremes(apply, m, 12, random);
  // A definite H is the common case, and plain conjugate gradients go with its condition number, not with the square.
  const plain = { tolerance: 1e-11 * norm(right), maxIterations: Math.min(2 * m, 1000), exhausted };
  if (conjugateGradient(apply, right, v, plain, cgWorkspace(m)).converged) {
    apply(v, inside);
    let missing = 0;
    for (let j = 0; j < m; j++) missing += (right[j] - inside[j]) ** 2;
    if (Math.sqrt(missing) <= 1e-9 * norm(right)) {
      const curvature = [spectrum.smallest, spectrum.largest] as const;
      return { v, rker: 0, inexact: 0, curvature, singular: !(spectrum.smallest > RCOND * spectrum.largest) };
    }
  }
  const result = minimumNormSolve(apply, right, v, 1e-10, Math.min(3 * m, 400), exhausted);
  // What is left is outside the range (R_ker) if H all but annihilates it, else it is not yet solved for.
  const rest = size > 0 ? result.residual / size : 0;
  const outside = result.normalResidual <= 1e-6 * spectrum.largest * result.residual;
  return {
    v,
    rker: rest > 1e-8 && outside ? rest : 0,
    inexact: rest > 1e-8 && !outside ? rest : 0,
    curvature: [spectrum.smallest, spectrum.largest],
    singular: !(spectrum.smallest > RCOND * spectrum.largest),
  };
}

function inner(a: Vector, b: Vector): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
