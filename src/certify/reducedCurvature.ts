/**
 * Curvature of the hyper-objective where y(x) is differentiable, along directions that leave all active upper constraints active: the
 * eigenvalues of Nᵀ (d²L/dx²) N for L = phi + λᵀ c along lower solutions, by central differences of its gradient with the
 * lower level solved again. In variables x_i / unit_i.
 */
import { symmetricEigen } from "../num/eigen.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { ActivePiece, lagrangianHessian, lowerDerivatives } from "./activePiece.js";
import type { ActiveLower } from "./lowerActive.js";

type Vector = Float64Array;

/** Directions at most, and the step of the differences. */
const MOST = 120;
const STEP = 1e-4;

export interface ReducedCurvature {
  readonly least: number;
  /** Largest size of an eigenvalue. */
  readonly most: number;
  /** Direction of the least one. */
  readonly along: Vector;
}

/** `normals` of all active upper constraints. Undefined where there are too many directions, or a neighbour has another active set. */
export function* reducedCurvature(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  piece: ActivePiece,
  multipliers: Vector,
  normals: readonly Vector[],
  unit: Vector,
  solver: ActiveLower,
  exhausted: () => boolean,
): Generator<void, ReducedCurvature | undefined, void> {
  const basis = nullSpace(normals, x.length);
  const k = basis.length;
  if (k === 0 || k > MOST) return undefined;
  const gradientAt = (point: Vector): Vector | undefined => {
    const found = solver.solve(point, y, 0, exhausted);
    if (found === undefined || !found.feasible) return undefined;
    const at = lowerDerivatives(oracle, point, found.y);
    const there = new ActivePiece(at, lagrangianHessian(at, found.multipliers), piece.held, found.multipliers);
    if (!there.strict || found.multipliers.some((z, r) => z !== 0 && piece.held.rows[r] === 0)) return undefined;
    const fx = new Float64Array(x.length);
    const fy = new Float64Array(y.length);
    oracle.upper.valueGrad(point, found.y, fx, fy);
    if (multipliers.length > 0) {
      const cx = new Float64Array(x.length);
      const cy = new Float64Array(y.length);
      oracle.upper.constraints.vjp(point, found.y, multipliers, cx, cy);
      for (let i = 0; i < fx.length; i++) fx[i] += cx[i];
      for (let j = 0; j < fy.length; j++) fy[j] += cy[j];
    }
    return there.along(fx, fy).map((g, i) => g * unit[i]);
  };
  const C = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    if (exhausted()) return undefined;
    const h = STEP / Math.max(...basis[a].map(Math.abs));
    const up = gradientAt(x.map((v, i) => v + h * unit[i] * basis[a][i]));
    const down = gradientAt(x.map((v, i) => v - h * unit[i] * basis[a][i]));
    yield;
    if (up === undefined || down === undefined) return undefined;
    const product = up.map((v, i) => (v - down[i]) / (2 * h));
    for (let b = 0; b < k; b++) C[b * k + a] = dot(basis[b], product);
  }
  for (let a = 0; a < k; a++)
    for (let b = 0; b < a; b++) C[a * k + b] = C[b * k + a] = (C[a * k + b] + C[b * k + a]) / 2;
  if (!C.every(Number.isFinite)) return undefined;
  const { values, vectors } = symmetricEigen(C, k);
  const along = new Float64Array(x.length);
  for (let a = 0; a < k; a++) for (let i = 0; i < along.length; i++) along[i] += vectors[a * k] * basis[a][i];
  return { least: values[0], most: Math.max(Math.abs(values[0]), Math.abs(values[k - 1])), along };
}

/** An orthonormal basis of what is orthogonal to all normals, by Gram and Schmidt, each vector orthogonalised twice. */
export function nullSpace(normals: readonly Vector[], n: number): Vector[] {
  const span: Vector[] = [];
  const basis: Vector[] = [];
  const add = (v: Vector, to: Vector[]): void => {
    const size = norm(v);
    if (!(size > 0)) return;
    const rest = v.map((d) => d / size);
    for (let pass = 0; pass < 2; pass++) {
      for (const q of span) {
        const share = dot(q, rest);
        for (let i = 0; i < n; i++) rest[i] -= share * q[i];
      }
    }
    const length = norm(rest);
    if (!(length > 1e-8)) return;
    const q = rest.map((d) => d / length);
    span.push(q);
    if (to !== span) to.push(q);
  };
  for (const v of normals) add(v, span);
  for (let i = 0; i < n && span.length < n; i++) {
    const e = new Float64Array(n);
    e[i] = 1;
    add(e, basis);
  }
  return basis;
}
