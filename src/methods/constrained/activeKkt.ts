/**
 * The first-order conditions of the lower level on an active set: rows W and bounds B hold as equalities,
 *
 *   [ H_FF  A_Wᵀ ] [dy_F]   [r]        dy_B = 0,  dz = 0 off W,
 *   [ A_W    0   ] [dz_W] = [s],
 *
 * H the Hessian of the Lagrangian in y, F the variables not in B. The matrix keeps one size whatever the sets (unit rows for
 * what they leave out), is equilibrated (Ruiz 2001) and factored with its inertia, and solutions are refined. Inertia
 * (m, rows, 0) says that the rows of W are independent and H is positive definite where they vanish: then y*(x) is
 * differentiable on this active set (Fiacco 1976, theorem 2.1), and the same factors solve adjoint systems, as H is symmetric.
 */
import { denseSolver, type LinearSolver, sparseSolver } from "../../nlp/linear.js";
import type { CompiledProgram } from "../../reform/compile.js";

type Vector = Float64Array;

export type Inertia = "right" | "wrong" | "singular";

/** Dense up to this size whatever the fill. */
const SMALL = 150;
const REFINEMENTS = 4;

/** Which rows and bounds hold as equalities. */
export interface ActiveSet {
  /** 1 for rows in W; others are inactive (0) or violated (2). */
  readonly rows: Uint8Array;
  /** 0 free, -1 at the lower bound, 1 at the upper one. */
  readonly bounds: Int8Array;
}

export class ActiveKkt {
  /** To be filled before `factor`: values in the program's patterns. */
  readonly hessian: Vector;
  readonly jacobian: Vector;
  factorisations = 0;
  private readonly m: number;
  private readonly size: number;
  private readonly rows: Int32Array;
  private readonly columns: Int32Array;
  private readonly values: Vector;
  private readonly scaled: Vector;
  private readonly scale: Vector;
  private readonly top: Vector;
  private readonly rest: Vector;
  private readonly step: Vector;
  private readonly solver: LinearSolver;
  private readonly hessianAt: Int32Array;
  private readonly jacobianAt: Int32Array;

  constructor(private readonly program: CompiledProgram) {
    const { n: m, rows, hessian, jacobian } = program;
    const size = m + rows;
    this.m = m;
    this.size = size;
    this.hessian = new Float64Array(hessian.rows.length);
    this.jacobian = new Float64Array(jacobian.rows.length);
    const places = new Map<number, number>();
    const place = (i: number, j: number): number => {
      const key = i * size + j;
      const known = places.get(key) ?? places.size;
      places.set(key, known);
      return known;
    };
    for (let i = 0; i < size; i++) place(i, i);
    this.hessianAt = hessian.rows.map((i, e) => place(i, hessian.columns[e]));
    this.jacobianAt = jacobian.rows.map((i, e) => place(m + i, jacobian.columns[e]));
    const keys = [...places.keys()];
    this.rows = Int32Array.from(keys, (key) => Math.floor(key / size));
    this.columns = Int32Array.from(keys, (key) => key % size);
    this.values = new Float64Array(keys.length);
    this.scaled = new Float64Array(keys.length);
    this.scale = new Float64Array(size);
    this.top = new Float64Array(size);
    this.rest = new Float64Array(size);
    this.step = new Float64Array(size);
    const dense = size <= SMALL || keys.length > 0.1 * size * size;
    const candidate = dense ? undefined : sparseSolver(size, m, this.rows, this.columns);
    this.solver =
      candidate && candidate.work * 3 < size ** 3 / 6 ? candidate : denseSolver(size, this.rows, this.columns);
  }

  /** `shift` is added to the Hessian on the free variables. */
  factor(active: ActiveSet, shift = 0): Inertia {
    const { m, values, scaled, scale, rows, columns, size, hessianAt, jacobianAt } = this;
    const { hessian: H, jacobian: J } = this.program;
    values.fill(0);
    for (let e = 0; e < hessianAt.length; e++) {
      if (active.bounds[H.rows[e]] === 0 && active.bounds[H.columns[e]] === 0) values[hessianAt[e]] += this.hessian[e];
    }
    for (let e = 0; e < jacobianAt.length; e++) {
      if (active.rows[J.rows[e]] === 1 && active.bounds[J.columns[e]] === 0) values[jacobianAt[e]] += this.jacobian[e];
    }
    for (let j = 0; j < m; j++) values[j] = active.bounds[j] === 0 ? values[j] + shift : 1;
    for (let i = m; i < size; i++) if (active.rows[i - m] !== 1) values[i] = -1;
    this.equilibrate();
    for (let e = 0; e < values.length; e++) scaled[e] = values[e] * scale[rows[e]] * scale[columns[e]];
    this.factorisations++;
    const { positive, negative, zero } = this.solver.factor(scaled);
    if (zero > 0) return "singular";
    return positive === m && negative === size - m ? "right" : "wrong";
  }

  /** Three rounds of division by square roots of the rows' maxima; empty rows stay. */
  private equilibrate(): void {
    const { values, rows, columns, top } = this;
    const d = this.scale.fill(1);
    for (let round = 0; round < 3; round++) {
      top.fill(0);
      for (let e = 0; e < values.length; e++) {
        const v = Math.abs(values[e]) * d[rows[e]] * d[columns[e]];
        if (v > top[rows[e]]) top[rows[e]] = v;
        if (v > top[columns[e]]) top[columns[e]] = v;
      }
      for (let i = 0; i < d.length; i++) if (top[i] > 0) d[i] /= Math.sqrt(top[i]);
    }
  }

  /** out = solution for the right-hand side (r, s), of length m + rows, whose entries off the active set must be 0. Returns the relative residual. */
  solveInto(right: Vector, out: Vector): number {
    const { rest, step, scale, size } = this;
    let whole = 0;
    for (let i = 0; i < size; i++) whole = Math.max(whole, Math.abs(right[i]));
    out.fill(0);
    if (whole === 0) return 0;
    rest.set(right);
    let residual = Number.POSITIVE_INFINITY;
    for (let round = 0; round <= REFINEMENTS; round++) {
      for (let i = 0; i < size; i++) step[i] = rest[i] * scale[i];
      this.solver.solveInto(step);
      for (let i = 0; i < size; i++) step[i] = out[i] + step[i] * scale[i];
      const before = residual;
      residual = this.restInto(right, step) / whole;
      if (!(residual < before)) {
        residual = before;
        break;
      }
      out.set(step);
      if (residual <= 1e-16 || residual > 0.5 * before) break;
    }
    return residual;
  }

  /** rest = right - K at; returns its largest entry. */
  private restInto(right: Vector, at: Vector): number {
    const { rest, values, rows, columns } = this;
    rest.set(right);
    for (let e = 0; e < values.length; e++) {
      const i = rows[e];
      const j = columns[e];
      rest[i] -= values[e] * at[j];
      if (i !== j) rest[j] -= values[e] * at[i];
    }
    let worst = 0;
    for (const r of rest) {
      const v = Math.abs(r);
      if (!(v <= worst)) worst = v;
    }
    return worst;
  }
}
