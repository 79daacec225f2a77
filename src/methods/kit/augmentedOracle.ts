/**
 * The oracle of the same problem with its upper constraints moved into the upper objective by the augmented Lagrangian of
 * Powell, Hestenes and Rockafellar:
 *
 *   F(x, y) = f + Σ ½ ([μ + ρ c]² - μ²)/ρ,   [·] = max(0, ·) for inequalities,     ∇F = ∇f + c'ᵀ [μ + ρ c]
 *   F'' = f'' + Σ [μ + ρ c] c'' + ρ Σ_{[·] ≠ 0} ∇c ∇cᵀ
 *
 * Any method for problems without upper constraints runs on it unchanged: its hypergradients are those of the sum.
 */
import type { ConstraintOracle, LevelOracle, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Multipliers (read and updated in place) and penalty of the upper constraints. */
export interface Terms {
  readonly mu: Vector;
  rho: number;
}

/** μ <- [μ + ρ c] in place, c the rows of `constraints` at the point; returns violation and complementarity together, max |Δμ| / ρ. */
export function updateMultipliers({ mu, rho }: Terms, { equality }: ConstraintOracle, c: Vector): number {
  let worst = 0;
  for (let r = 0; r < c.length; r++) {
    const next = mu[r] + rho * c[r];
    const kept = equality[r] === 1 ? next : Math.max(0, next);
    worst = Math.max(worst, Math.abs(kept - mu[r]) / rho);
    mu[r] = kept;
  }
  return worst;
}

const none: ConstraintOracle = {
  rows: 0,
  equality: new Uint8Array(0),
  names: [],
  value: () => {},
  jacobian: () => {},
  vjp: (_x, _y, _z, outX, outY) => {
    outX.fill(0);
    outY.fill(0);
  },
  hvpYY: (_x, _y, _z, _v, out) => {
    out.fill(0);
  },
  jvpXY: (_x, _y, _z, _v, out) => {
    out.fill(0);
  },
};

class AugmentedLevel {
  private readonly c: Vector;
  /** [μ + ρ c] of the last point asked for. */
  private readonly s: Vector;
  private readonly a: Vector;
  private readonly addX: Vector;
  private readonly addY: Vector;
  private readonly jacobianX: Vector;
  private readonly jacobianY: Vector;

  constructor(
    private readonly base: LevelOracle,
    private readonly terms: Terms,
    private readonly n: number,
    private readonly m: number,
  ) {
    const { rows } = base.constraints;
    this.c = new Float64Array(rows);
    this.s = new Float64Array(rows);
    this.a = new Float64Array(rows);
    this.addX = new Float64Array(n);
    this.addY = new Float64Array(m);
    this.jacobianX = new Float64Array(rows * n);
    this.jacobianY = new Float64Array(rows * m);
  }

  /** The added terms at (x, y); leaves [μ + ρ c] in `s`. */
  private added(x: Vector, y: Vector): number {
    const { base, c, s } = this;
    const { mu, rho } = this.terms;
    base.constraints.value(x, y, c);
    let value = 0;
    for (let r = 0; r < c.length; r++) {
      const next = mu[r] + rho * c[r];
      s[r] = base.constraints.equality[r] === 1 ? next : Math.max(0, next);
      value += (s[r] * s[r] - mu[r] * mu[r]) / (2 * rho);
    }
    return value;
  }

  private addGradients(x: Vector, y: Vector, outX: Vector | undefined, outY: Vector | undefined): void {
    const { addX, addY } = this;
    this.base.constraints.vjp(x, y, this.s, addX, addY);
    if (outX !== undefined) for (let i = 0; i < outX.length; i++) outX[i] += addX[i];
    if (outY !== undefined) for (let j = 0; j < outY.length; j++) outY[j] += addY[j];
  }

  value(x: Vector, y: Vector): number {
    return this.base.value(x, y) + this.added(x, y);
  }

  gradX(x: Vector, y: Vector, out: Vector): void {
    this.base.gradX(x, y, out);
    this.added(x, y);
    this.addGradients(x, y, out, undefined);
  }

  gradY(x: Vector, y: Vector, out: Vector): void {
    this.base.gradY(x, y, out);
    this.added(x, y);
    this.addGradients(x, y, undefined, out);
  }

  valueGradY(x: Vector, y: Vector, outY: Vector): number {
    const value = this.base.valueGradY(x, y, outY) + this.added(x, y);
    this.addGradients(x, y, undefined, outY);
    return value;
  }

  valueGrad(x: Vector, y: Vector, outX: Vector, outY: Vector): number {
    const value = this.base.valueGrad(x, y, outX, outY) + this.added(x, y);
    this.addGradients(x, y, outX, outY);
    return value;
  }

  /** Rows that count, and their gradients. */
  private linearised(x: Vector, y: Vector): void {
    this.added(x, y);
    this.base.constraints.jacobian(x, y, this.jacobianX, this.jacobianY);
  }

  /** out += ρ B_cᵀ A_c v over the rows that count, A and B row-major of widths `from` and `to`. */
  private addOuter(A: Vector, from: number, v: Vector, B: Vector, to: number, out: Vector): void {
    const { s, a, base, terms } = this;
    for (let r = 0; r < s.length; r++) {
      a[r] = 0;
      if (s[r] === 0 && base.constraints.equality[r] === 0) continue;
      for (let k = 0; k < from; k++) a[r] += A[r * from + k] * v[k];
      for (let k = 0; k < to; k++) out[k] += terms.rho * a[r] * B[r * to + k];
    }
  }

  hvpYY(x: Vector, y: Vector, v: Vector, out: Vector): void {
    const { base, s, addY, jacobianY, m } = this;
    base.hvpYY(x, y, v, out);
    this.linearised(x, y);
    base.constraints.hvpYY(x, y, s, v, addY);
    for (let j = 0; j < m; j++) out[j] += addY[j];
    this.addOuter(jacobianY, m, v, jacobianY, m, out);
  }

  jvpXY(x: Vector, y: Vector, v: Vector, out: Vector): void {
    const { base, s, addX, jacobianX, jacobianY, n, m } = this;
    base.jvpXY(x, y, v, out);
    this.linearised(x, y);
    base.constraints.jvpXY(x, y, s, v, addX);
    for (let i = 0; i < n; i++) out[i] += addX[i];
    this.addOuter(jacobianY, m, v, jacobianX, n, out);
  }

  jvpYX(x: Vector, y: Vector, u: Vector, out: Vector): void {
    const { base, s, addX, jacobianX, jacobianY, n, m } = this;
    base.jvpYX(x, y, u, out);
    this.linearised(x, y);
    // Row j of the transpose by a product with a unit vector.
    const unit = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      unit.fill(0);
      unit[j] = 1;
      base.constraints.jvpXY(x, y, s, unit, addX);
      for (let i = 0; i < n; i++) out[j] += addX[i] * u[i];
    }
    this.addOuter(jacobianX, n, u, jacobianY, m, out);
  }

  linearize(x: Vector, y: Vector) {
    const atX = x.slice();
    const atY = y.slice();
    const hvp = (v: Vector, out: Vector): void => this.hvpYY(atX, atY, v, out);
    const jvp = (v: Vector, out: Vector): void => this.jvpXY(atX, atY, v, out);
    return {
      hvp,
      jvp,
      both: (v: Vector, outH: Vector, outJ: Vector): void => {
        hvp(v, outH);
        jvp(v, outJ);
      },
    };
  }

  hessianYY(x: Vector, y: Vector, out: Vector): void {
    const { m } = this;
    const unit = new Float64Array(m);
    const column = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      unit.fill(0);
      unit[j] = 1;
      this.hvpYY(x, y, unit, column);
      for (let i = 0; i < m; i++) out[i * m + j] = column[i];
    }
  }
}

/** As a plain record, which wrappers may take over field by field. */
function queries(level: AugmentedLevel): LevelOracle {
  return {
    constraints: none,
    value: (x, y) => level.value(x, y),
    gradX: (x, y, out) => level.gradX(x, y, out),
    gradY: (x, y, out) => level.gradY(x, y, out),
    valueGradY: (x, y, out) => level.valueGradY(x, y, out),
    valueGrad: (x, y, outX, outY) => level.valueGrad(x, y, outX, outY),
    hvpYY: (x, y, v, out) => level.hvpYY(x, y, v, out),
    jvpXY: (x, y, v, out) => level.jvpXY(x, y, v, out),
    jvpYX: (x, y, u, out) => level.jvpYX(x, y, u, out),
    linearize: (x, y) => level.linearize(x, y),
    hessianYY: (x, y, out) => level.hessianYY(x, y, out),
  };
}

export function augmentedOracle(oracle: Oracle, terms: Terms, startX: Vector, startY: Vector): Oracle {
  const { problem, n, m, domainX, domainY, counts, lower } = oracle;
  return {
    problem,
    n,
    m,
    startX,
    startY,
    upper: queries(new AugmentedLevel(oracle.upper, terms, n, m)),
    lower,
    domainX,
    domainY,
    counts,
    fork: () => augmentedOracle(oracle.fork(), terms, startX, startY),
    ...(oracle.backend === undefined ? {} : { backend: oracle.backend }),
  };
}
