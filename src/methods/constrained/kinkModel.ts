/**
 * How the solution y*(x) of the lower level and its multipliers move from x along d, where active sets change: with multipliers λ,
 * S what is active with a multiplier and W what is active without one, (y', λ') solve the quadratic program
 *
 *   min_v ½ vᵀ L_yy v + vᵀ L_yx d    subject to   c_y v + c_x d = 0 on S,   <= 0 on W
 *
 * (Jittorntrum, Math. Program. Study 21, 1984; Ralph and Dempe, Math. Program. 70, 1995, theorem 2, for λ maximising dᵀ ∇x L among the
 * multipliers: the program is feasible for just those). With the conditions on S eliminated it is the complementarity problem
 *
 *   0 <= w = offset + Q d + M z   ⟂   z >= 0,     f(x, y*(x))' = pᵀ d + tᵀ z,     M positive semidefinite
 *
 * w the slacks and z the multipliers of W; `offset` vanishes exactly at the kink and is small beside it.
 */
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import type { ActiveKkt, ActiveSet } from "./activeKkt.js";
import { lemke } from "./lemke.js";

type Vector = Float64Array;

/** A row (side 0), or a bound of y at its lower (-1) or upper (1) side. */
export interface Held {
  readonly at: number;
  readonly side: -1 | 0 | 1;
}

/** A solution of the lower level with one of its multipliers. */
export interface KinkPoint {
  readonly x: Vector;
  readonly y: Vector;
  /** Multipliers of rows and of bounds: signs as in nlp/program.ts. */
  readonly z: Vector;
  readonly w: Vector;
  readonly weight: number;
  /** Rows less their limits. */
  readonly c: Vector;
  readonly fx: Vector;
  readonly fy: Vector;
}

export interface Motion {
  readonly y: Vector;
  readonly z: Vector;
  /** The derivative of f(x, y*(x)). */
  readonly slope: number;
}

export class KinkModel {
  readonly k: number;
  readonly M: Vector;
  /** By entry of W, a row of length n. */
  readonly Q: readonly Vector[];
  readonly t: Vector;
  readonly p: Vector;
  readonly offset: Vector;
  private readonly responses: readonly Vector[];
  private readonly gradients: readonly Vector[];
  private readonly scale: Vector;

  /** `kkt` holds the Hessian and Jacobian at the point. Undefined where L_yy is not positive definite where S vanishes. */
  static at(
    model: LowerSensitivity,
    kkt: ActiveKkt,
    point: KinkPoint,
    strict: ActiveSet,
    weak: readonly Held[],
  ): KinkModel | undefined {
    return kkt.factor(strict) === "right" ? new KinkModel(model, kkt, point, strict, weak) : undefined;
  }

  private constructor(
    private readonly model: LowerSensitivity,
    private readonly kkt: ActiveKkt,
    readonly point: KinkPoint,
    readonly strict: ActiveSet,
    readonly weak: readonly Held[],
  ) {
    const { y, z, w, fx, fy, c } = point;
    const { program } = model;
    const m = y.length;
    const size = m + program.rows;
    const k = weak.length;
    this.k = k;
    const right = new Float64Array(size);
    const gradients = weak.map((held) => this.gradientOf(held));
    const responses = gradients.map((a) => {
      right.fill(0);
      for (let j = 0; j < m; j++) if (strict.bounds[j] === 0) right[j] = a[j];
      const out = new Float64Array(size);
      kkt.solveInto(right, out);
      return out;
    });
    const curvature = kkt.hessian.reduce((top, v) => Math.max(top, Math.abs(v)), 1e-300);
    const diagonal = gradients.map((a, i) => inner(a, responses[i]));
    const Q = weak.map((held, i) => this.cross(responses[i], held.side === 0 ? held.at : -1));
    // Gradients in the span of those of S restrict d and move nothing.
    const dead = diagonal.map((v, i) => !(v * curvature > 1e-13 * inner(gradients[i], gradients[i])));
    this.scale = Float64Array.from(diagonal, (v, i) => (dead[i] ? Math.hypot(...Q[i]) || 1 : Math.sqrt(v)));
    const { scale } = this;
    this.M = new Float64Array(k * k);
    this.offset = new Float64Array(k);
    const rest = new Float64Array(k);
    weak.forEach(({ at, side }, i) => {
      const slack = side === 0 ? -c[at] : side > 0 ? program.upper[at] - y[at] : y[at] - program.lower[at];
      rest[i] = slack / scale[i];
      for (let j = 0; j < k; j++)
        if (!dead[i] && !dead[j]) this.M[i * k + j] = inner(gradients[i], responses[j]) / (scale[i] * scale[j]);
    });
    for (let i = 0; i < k; i++) {
      this.offset[i] = rest[i];
      for (let j = 0; j < k; j++) {
        const { at, side } = weak[j];
        this.offset[i] -= this.M[i * k + j] * (side === 0 ? z[at] : side * w[at]) * scale[j];
      }
    }
    this.Q = Q.map((q, i) => q.map((v) => v / scale[i]));
    this.responses = responses;
    this.gradients = gradients.map((a, i) => (dead[i] ? a.fill(0) : a));
    const { p, t } = this.reduce(fx, fy);
    this.p = p;
    this.t = t;
  }

  /** p and t of a function of (x, y) with the gradients given, along lower solutions. The factors must be this model's. */
  reduce(gradX: Vector, gradY: Vector): { readonly p: Vector; readonly t: Vector } {
    const { kkt, strict, gradients, scale } = this;
    const m = gradY.length;
    const right = new Float64Array(m + this.point.z.length);
    for (let j = 0; j < m; j++) if (strict.bounds[j] === 0) right[j] = gradY[j];
    const adjoint = new Float64Array(right.length);
    kkt.solveInto(right, adjoint);
    const moved = this.cross(adjoint, -1);
    return {
      p: gradX.map((g, i) => g - moved[i]),
      t: Float64Array.from(gradients, (a, i) => -inner(a, adjoint) / scale[i]),
    };
  }

  /** L_xy v + c_xᵀ (u - e_row) for an adjoint (v, u). */
  private cross(adjoint: Vector, row: number): Vector {
    const { x, y, z, weight } = this.point;
    const m = y.length;
    const u = adjoint.slice(m);
    if (row >= 0) u[row] -= 1;
    const out = new Float64Array(x.length);
    this.model.crossInto(x, y, z, weight, adjoint.slice(0, m), u, out);
    return out;
  }

  private gradientOf({ at, side }: Held): Vector {
    const { rows, columns } = this.model.program.jacobian;
    const a = new Float64Array(this.point.y.length);
    if (side !== 0) a[at] = side;
    else for (let e = 0; e < rows.length; e++) if (rows[e] === at) a[columns[e]] += this.kkt.jacobian[e];
    return a;
  }

  /** Multipliers z of the complementarity problem for d; undefined where d leaves the model's directions. */
  multipliers(d: Vector): Vector | undefined {
    return lemke(
      this.M,
      Float64Array.from(this.Q, (q) => inner(q, d)),
    );
  }

  slope(d: Vector): number | undefined {
    const z = this.multipliers(d);
    return z === undefined ? undefined : inner(this.p, d) + inner(this.t, z);
  }

  /** y' and λ' along d. The factors of this model must be the last ones of `kkt`. */
  along(d: Vector): Motion | undefined {
    const weights = this.multipliers(d);
    if (weights === undefined) return undefined;
    const { x, y, z, weight } = this.point;
    const m = y.length;
    const right = new Float64Array(m + z.length);
    const move = new Float64Array(right.length);
    this.model.alongInto(x, y, z, weight, d, right);
    for (let j = 0; j < m; j++) right[j] = this.strict.bounds[j] === 0 ? -right[j] : 0;
    for (let i = 0; i < z.length; i++) right[m + i] = this.strict.rows[i] === 1 ? -right[m + i] : 0;
    this.kkt.solveInto(right, move);
    this.responses.forEach((response, i) => {
      const w = weights[i] / this.scale[i];
      for (let j = 0; j < move.length; j++) move[j] -= w * response[j];
    });
    const rows = move.slice(m);
    this.weak.forEach(({ at, side }, i) => {
      if (side === 0) rows[at] = weights[i] / this.scale[i];
    });
    return { y: move.slice(0, m), z: rows, slope: inner(this.p, d) + inner(this.t, weights) };
  }
}

export function inner(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
