/**
 * The certificate's lower solver under constraints h(x, y) <= 0, e(x, y) = 0: the augmented Lagrangian (Rockafellar 1973;
 * Nocedal and Wright, 2nd ed., 17.4) with the unconstrained minimisers of lowerSolve.ts inside,
 *
 *   L(y, z) = g + 1/(2 rho) sum ([z + rho h]_+² - z²)   (without [·]_+ for equalities),   z <- [z + rho h]_+
 *
 * rho is multiplied by 10 where the violation does not fall to a quarter. Exact after finitely many steps for linear
 * programmes. Also minimises g + weight f, as lowerModel does.
 */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type LowerModel, lowerModel, stationarityOf } from "./lowerModel.js";
import { solveLower } from "./lowerSolve.js";

type Vector = Float64Array;

export interface ConstrainedSolution {
  readonly y: Vector;
  /** g + weight f at y. */
  readonly value: number;
  readonly multipliers: Vector;
  readonly violation: number;
  /** Projected gradient of the Lagrangian. */
  readonly stationarity: number;
  readonly L: number;
  readonly unbounded: boolean;
  readonly feasible: boolean;
}

/** The augmented Lagrangian at fixed x, z, rho as a function of y. */
function augmented(oracle: Oracle, x: Vector, base: LowerModel, z: Vector, rho: { value: number }): LowerModel {
  const { n, m } = oracle;
  const { constraints } = oracle.lower;
  const rows = constraints.rows;
  const c = new Float64Array(rows);
  const shifted = new Float64Array(rows);
  const jx = new Float64Array(rows * n);
  const jy = new Float64Array(rows * m);
  const spareX = new Float64Array(n);
  const gradient = new Float64Array(m);
  const e = new Float64Array(m);
  /** shifted = [z + rho c]_+; the value of the penalty. */
  const penalty = (y: Vector): number => {
    constraints.value(x, y, c);
    let sum = 0;
    for (let r = 0; r < rows; r++) {
      const s = z[r] + rho.value * c[r];
      shifted[r] = constraints.equality[r] === 1 ? s : Math.max(0, s);
      sum += (shifted[r] * shifted[r] - z[r] * z[r]) / (2 * rho.value);
    }
    return sum;
  };
  const hessianInto = (y: Vector, out: Vector): void => {
    base.hessianInto(y, out);
    penalty(y);
    constraints.jacobian(x, y, jx, jy);
    for (let r = 0; r < rows; r++) {
      if (constraints.equality[r] === 0 && shifted[r] === 0) continue;
      for (let i = 0; i < m; i++) {
        const a = rho.value * jy[r * m + i];
        if (a !== 0) for (let j = 0; j < m; j++) out[i * m + j] += a * jy[r * m + j];
      }
    }
    for (let j = 0; j < m; j++) {
      e.fill(0);
      e[j] = 1;
      constraints.hvpYY(x, y, shifted, e, gradient);
      for (let i = 0; i < m; i++) out[i * m + j] += gradient[i];
    }
  };
  return {
    m,
    size: base.size,
    domain: base.domain,
    value: (y) => base.value(y) + penalty(y),
    valueGradient: (y, out) => {
      const g = base.valueGradient(y, out);
      const p = penalty(y);
      constraints.vjp(x, y, shifted, spareX, gradient);
      for (let j = 0; j < m; j++) out[j] += gradient[j];
      return g + p;
    },
    hessianInto,
    products: (y) => {
      const H = new Float64Array(m * m);
      hessianInto(y, H);
      return (v, out) => {
        for (let i = 0; i < m; i++) {
          let s = 0;
          for (let j = 0; j < m; j++) s += H[i * m + j] * v[j];
          out[i] = s;
        }
      };
    },
  };
}

export function solveConstrained(
  oracle: Oracle,
  x: Vector,
  start: Vector,
  exhausted: () => boolean,
  weight = 0,
  warm?: Vector,
): ConstrainedSolution {
  const { m } = oracle;
  const { constraints } = oracle.lower;
  const base = lowerModel(oracle, x, weight);
  const z = warm?.slice() ?? new Float64Array(constraints.rows);
  // Curvature of the constraints comes with their multipliers: the penalty must outweigh it.
  const rho = { value: warm === undefined ? 10 : Math.max(10, 10 * norm(warm)) };
  const model = augmented(oracle, x, base, z, rho);
  const c = new Float64Array(constraints.rows);
  const g = new Float64Array(m);
  let y: Vector = start.slice();
  oracle.domainY.project(y);
  base.valueGradient(y, g);
  const scale = 1 + norm(g);
  let violation = Number.POSITIVE_INFINITY;
  let L = 1;
  let unbounded = false;
  for (let k = 0; k < 60 && !exhausted(); k++) {
    const inner = solveLower(model, y, exhausted, 1e-2 * scale);
    unbounded = inner.unbounded;
    if (unbounded && rho.value >= 1e6) break;
    if (!unbounded) {
      y = inner.y;
      L = inner.L;
    }
    constraints.value(x, y, c);
    let worst = 0;
    let change = 0;
    for (let r = 0; r < c.length; r++) {
      const s = z[r] + rho.value * c[r];
      const next = constraints.equality[r] === 1 ? s : Math.max(0, s);
      change = Math.max(change, Math.abs(next - z[r]));
      // Complementarity: an inequality with a multiplier must be tight.
      worst = Math.max(
        worst,
        constraints.equality[r] === 1 ? Math.abs(c[r]) : Math.abs(Math.max(c[r], -z[r] / rho.value)),
      );
      if (!unbounded) z[r] = next;
    }
    const done = !unbounded && worst <= 1e-11 * (1 + norm(y));
    const slow = worst > 0.25 * violation || unbounded;
    violation = worst;
    if (done || (change === 0 && !unbounded)) break;
    if (slow && rho.value < 1e9) rho.value *= 10;
  }
  const value = base.valueGradient(y, g);
  const slope = new Float64Array(m);
  constraints.vjp(x, y, z, new Float64Array(oracle.n), slope);
  for (let j = 0; j < m; j++) g[j] += slope[j];
  constraints.value(x, y, c);
  let worst = 0;
  for (let r = 0; r < c.length; r++) worst = Math.max(worst, constraints.equality[r] === 1 ? Math.abs(c[r]) : c[r]);
  return {
    y,
    value,
    multipliers: z,
    violation: worst,
    stationarity: stationarityOf(oracle.domainY, y, g, 1 / Math.max(L, 1)),
    L,
    unbounded,
    feasible: worst <= 1e-7 * (1 + norm(y)),
  };
}
