/**
 * The augmented Lagrangian of a program's rows as a program with bounds only (Hestenes 1969, Powell 1969; inequalities:
 * Rockafellar 1973):
 *
 *   L(u) = f + Σ_eq (μ c + ½ ρ c²) + Σ_le ½ ρ (max(0, c + μ/ρ)² - (μ/ρ)²),   μ <- μ + ρ c  or  max(0, μ + ρ c)
 *
 * with c the rows less their limit. The Hessian is dense: L'' = (f + sᵀc)'' + ρ J_aᵀ J_a with s the next multipliers and a the
 * rows that count.
 */
import type { NonlinearProgram } from "../../nlp/program.js";

type Vector = Float64Array;

export class AugmentedProgram implements NonlinearProgram {
  readonly n: number;
  readonly lower: Vector;
  readonly upper: Vector;
  readonly rows = 0;
  readonly rowLower = new Float64Array(0);
  readonly rowUpper = new Float64Array(0);
  readonly jacobian = { rows: new Int32Array(0), columns: new Int32Array(0) };
  readonly hessian: { readonly rows: Int32Array; readonly columns: Int32Array };
  readonly mu: Vector;
  rho = 1;
  private readonly inner: NonlinearProgram;
  private readonly c: Vector;
  private readonly s: Vector;
  private readonly J: Vector;
  private readonly H: Vector;

  constructor(inner: NonlinearProgram) {
    const { n } = inner;
    this.inner = inner;
    this.n = n;
    this.lower = inner.lower;
    this.upper = inner.upper;
    this.mu = new Float64Array(inner.rows);
    this.c = new Float64Array(inner.rows);
    this.s = new Float64Array(inner.rows);
    this.J = new Float64Array(inner.jacobian.rows.length);
    this.H = new Float64Array(inner.hessian.rows.length);
    const at = Array.from({ length: n }, (_, i) => Array.from({ length: i + 1 }, (_, j) => [i, j] as const)).flat();
    this.hessian = { rows: Int32Array.from(at, ([i]) => i), columns: Int32Array.from(at, ([, j]) => j) };
  }

  /** c and the next multipliers at u. */
  private rowsAt(u: Vector): void {
    const { inner, c, s, mu, rho } = this;
    inner.constraintsInto(u, c);
    for (let i = 0; i < c.length; i++) {
      c[i] -= inner.rowUpper[i];
      const next = mu[i] + rho * c[i];
      s[i] = this.equality(i) ? next : Math.max(0, next);
    }
  }

  private equality(i: number): boolean {
    return this.inner.rowLower[i] === this.inner.rowUpper[i];
  }

  value(u: Vector): number {
    this.rowsAt(u);
    const { mu, s, rho } = this;
    let value = this.inner.value(u);
    for (let i = 0; i < s.length; i++) value += (s[i] * s[i] - mu[i] * mu[i]) / (2 * rho);
    return value;
  }

  gradientInto(u: Vector, out: Vector): void {
    this.rowsAt(u);
    const { inner, s, J } = this;
    inner.gradientInto(u, out);
    inner.jacobianInto(u, J);
    inner.jacobian.rows.forEach((i, e) => {
      out[inner.jacobian.columns[e]] += J[e] * s[i];
    });
  }

  constraintsInto(): void {}
  jacobianInto(): void {}

  hessianInto(u: Vector, sigma: number, _z: Vector, values: Vector): void {
    this.rowsAt(u);
    const { inner, s, J, H, n, rho } = this;
    inner.hessianInto(u, 1, s, H);
    inner.jacobianInto(u, J);
    values.fill(0);
    const place = (i: number, j: number): number => (i * (i + 1)) / 2 + j;
    inner.hessian.rows.forEach((i, e) => {
      values[place(i, inner.hessian.columns[e])] += H[e];
    });
    const dense = new Float64Array(s.length * n);
    inner.jacobian.rows.forEach((i, e) => {
      dense[i * n + inner.jacobian.columns[e]] += J[e];
    });
    for (let r = 0; r < s.length; r++) {
      if (!this.equality(r) && s[r] === 0) continue;
      for (let i = 0; i < n; i++) {
        const a = rho * dense[r * n + i];
        if (a !== 0) for (let j = 0; j <= i; j++) values[place(i, j)] += a * dense[r * n + j];
      }
    }
    for (let e = 0; e < values.length; e++) values[e] *= sigma;
  }

  /** Multipliers for the next round; returns the largest violation (with complementarity: |max(c, -μ/ρ)| for inequalities). */
  update(u: Vector): number {
    this.rowsAt(u);
    const { mu, s, rho } = this;
    let worst = 0;
    for (let i = 0; i < s.length; i++) {
      worst = Math.max(worst, Math.abs(s[i] - mu[i]) / rho);
      mu[i] = s[i];
    }
    return worst;
  }
}
