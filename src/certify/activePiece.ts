/**
 * How a lower solution y(x) moves with x while one active set S (rows W, bounds of y) stays: functions of (x, y) along it by adjoints,
 *
 *   [ L_FF A_Wᵀ; A_W 0 ] (v, u) = (∇y φ_F, 0),     dφ(x, y(x))/dx = ∇x φ - L_xy v - c_xᵀ u
 *
 * with F the entries of y off their bounds (Fiacco, Math. Program. 10, 1976). Multipliers move likewise, with unit right hand sides
 * in the second part. Both are what the conditions on the next active set are made of (activePieces.ts).
 */
import { equilibrateInto } from "../num/equilibrate.js";
import { factorSymmetricInto, type SymmetricFactor, symmetricFactor, symmetricSolveInto } from "../num/ldlt.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** First derivatives of the lower level at (x, y) that all active sets share: row-major Jacobians of its rows. */
export interface LowerDerivatives {
  readonly oracle: Oracle;
  readonly x: Vector;
  readonly y: Vector;
  readonly A: Vector;
  readonly B: Vector;
}

/** An active set: rows (0, 1) and bounds of y (-1, 0, 1). */
export interface Held {
  readonly rows: Uint8Array;
  readonly bounds: Int8Array;
}

export interface Adjoint {
  /** Of y (length m) and of the rows. */
  readonly v: Vector;
  readonly u: Vector;
  /** L_xy v + c_xᵀ u */
  readonly cross: Vector;
}

export function lowerDerivatives(oracle: Oracle, x: Vector, y: Vector): LowerDerivatives {
  const { n, m, lower } = oracle;
  const { rows } = lower.constraints;
  const A = new Float64Array(rows * m);
  const B = new Float64Array(rows * n);
  if (rows > 0) lower.constraints.jacobian(x, y, B, A);
  return { oracle, x, y, A, B };
}

/** d²/dy² of the lower Lagrangian with multipliers z, row-major m x m. */
export function lagrangianHessian({ oracle, x, y }: LowerDerivatives, z: Vector): Vector {
  const { m, lower } = oracle;
  const H = new Float64Array(m * m);
  lower.hessianYY(x, y, H);
  const probe = Float64Array.from({ length: m }, (_, j) => Math.cos(1 + 2.3 * j));
  const column = new Float64Array(m);
  if (z.length > 0) lower.constraints.hvpYY(x, y, z, probe, column);
  if (!column.some((v) => v !== 0)) return H;
  for (let j = 0; j < m; j++) {
    probe.fill(0);
    probe[j] = 1;
    lower.constraints.hvpYY(x, y, z, probe, column);
    for (let i = 0; i < m; i++) H[i * m + j] += column[i];
  }
  return H;
}

export class ActivePiece {
  private readonly free: Int32Array;
  private readonly active: Int32Array;
  private readonly factor: SymmetricFactor;
  private readonly scale: Vector;
  /** True where the matrix has the inertia of a strict minimum: y is unique along the active set. */
  readonly strict: boolean;

  constructor(
    private readonly at: LowerDerivatives,
    /** Of the Lagrangian with z. */
    private readonly H: Vector,
    readonly held: Held,
    readonly z: Vector,
  ) {
    const { m } = at.oracle;
    const { rows, bounds } = held;
    this.free = Int32Array.from([...bounds.keys()].filter((j) => bounds[j] === 0));
    this.active = Int32Array.from([...rows.keys()].filter((r) => rows[r] === 1));
    const { free, active } = this;
    const f = free.length;
    const k = f + active.length;
    this.factor = symmetricFactor(k);
    const { LD } = this.factor;
    for (let a = 0; a < f; a++) for (let b = 0; b <= a; b++) LD[a * k + b] = H[free[a] * m + free[b]];
    active.forEach((r, i) => {
      for (let b = 0; b < f; b++) LD[(f + i) * k + b] = at.A[r * m + free[b]];
    });
    this.scale = equilibrateInto(LD, k);
    factorSymmetricInto(this.factor);
    const { zero, positive, negative } = this.factor;
    this.strict = active.length <= f && zero === 0 && positive === f && negative === active.length;
  }

  /** For right hand sides of length m (entries off F are ignored) and by row. */
  adjoint(right: Vector, byRow?: (r: number) => number): Adjoint {
    const { at, free, active, scale } = this;
    const { n, m } = at.oracle;
    const f = free.length;
    const d = new Float64Array(f + active.length);
    for (let a = 0; a < f; a++) d[a] = right[free[a]] * scale[a];
    if (byRow !== undefined) for (let i = 0; i < active.length; i++) d[f + i] = byRow(active[i]) * scale[f + i];
    symmetricSolveInto(this.factor, d);
    const v = new Float64Array(m);
    const u = new Float64Array(this.z.length);
    for (let a = 0; a < f; a++) v[free[a]] = d[a] * scale[a];
    for (let i = 0; i < active.length; i++) u[active[i]] = d[f + i] * scale[f + i];
    const cross = this.crossOf(v);
    for (const r of active) for (let i = 0; i < n; i++) cross[i] += at.B[r * n + i] * u[r];
    return { v, u, cross };
  }

  /** dφ/dx along the piece for φ with the gradients given. */
  along(gradX: ArrayLike<number>, gradY: Vector): Vector {
    const { cross } = this.adjoint(gradY);
    return cross.map((c, i) => gradX[i] - c);
  }

  /** d/dx of the multiplier of an active row. */
  rowMultiplier(r: number): Vector {
    return this.adjoint(new Float64Array(this.at.oracle.m), (other) => (other === r ? 1 : 0)).cross.map((c) => -c);
  }

  /** d/dx of the multiplier -side ∂L/∂y_j of an active bound. */
  boundMultiplier(j: number): Vector {
    const { at, H, held } = this;
    const { m } = at.oracle;
    const e = new Float64Array(m);
    e[j] = 1;
    const direct = this.crossOf(e);
    const { cross } = this.adjoint(H.slice(j * m, (j + 1) * m), (r) => at.A[r * m + j]);
    return direct.map((v, i) => -held.bounds[j] * (v - cross[i]));
  }

  /** L_xy v */
  private crossOf(v: Vector): Vector {
    const { oracle, x, y } = this.at;
    const out = new Float64Array(oracle.n);
    oracle.lower.jvpXY(x, y, v, out);
    if (this.z.length === 0) return out;
    const extra = new Float64Array(oracle.n);
    oracle.lower.constraints.jvpXY(x, y, this.z, v, extra);
    for (let i = 0; i < out.length; i++) out[i] += extra[i];
    return out;
  }
}
