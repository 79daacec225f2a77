/**
 * Local solutions inside a box for the branch and bound: an augmented Lagrangian (Nocedal and Wright, 2nd ed., algorithm
 * 17.4) whose subproblems are solved by projected gradients with Barzilai and Borwein steps and a nonmonotone line search
 * (Birgin, Martínez and Raydan, SIAM J. Optim. 10, 2000). It may fail: the branch and bound believes no point untested.
 */
import type { IntervalLevel } from "./level.js";

type Vector = Float64Array;

export interface LocalPoint {
  readonly y: Vector;
  /** Multipliers of the rows; those of inequalities are >= 0. */
  readonly z: Vector;
}

const ROUNDS = 30;
const STEPS = 200;

/** From `start` within lo <= y <= hi. `accuracy` is what violations are brought to. */
export function localSolve(level: IntervalLevel, lo: Vector, hi: Vector, start: Vector, accuracy: number): LocalPoint {
  const { m, rows, equality } = level;
  const y = new Float64Array(m);
  for (let j = 0; j < m; j++) y[j] = Math.min(hi[j], Math.max(lo[j], start[j]));
  const z = new Float64Array(rows);
  let rho = 10;
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < (rows === 0 ? 1 : ROUNDS); round++) {
    descend(level, lo, hi, y, z, rho);
    const c = level.at(y)[2];
    let violation = 0;
    for (let i = 0; i < rows; i++) {
      const at = z[i] + rho * c[i];
      const next = equality[i] === 1 ? at : Math.max(0, at);
      violation = Math.max(violation, Math.abs(next - z[i]) / rho);
      z[i] = next;
    }
    if (!(violation > 0.01 * accuracy)) break;
    if (violation > 0.25 * before && rho < 1e8) rho *= 10;
    before = violation;
  }
  return { y, z };
}

/** Augmented objective at y; its gradient goes to `slope`. */
function augmented(level: IntervalLevel, y: Vector, z: Vector, rho: number, slope: Vector): number {
  const { m, rows, equality } = level;
  const [g, dg, c, J] = level.at(y);
  slope.set(dg);
  let value = g[0];
  for (let i = 0; i < rows; i++) {
    const t = z[i] + rho * c[i];
    if (equality[i] === 0 && t <= 0) continue;
    value += (t * t) / (2 * rho);
    for (let j = 0; j < m; j++) slope[j] += t * J[i * m + j];
  }
  return value;
}

/** Projected gradients; `y` is moved. */
function descend(level: IntervalLevel, lo: Vector, hi: Vector, y: Vector, z: Vector, rho: number): void {
  const { m } = level;
  const g = new Float64Array(m);
  const next = new Float64Array(m);
  const gNext = new Float64Array(m);
  let value = augmented(level, y, z, rho, g);
  const recent = [value];
  let t = 1 / Math.max(1, Math.hypot(...g));
  for (let k = 0; k < STEPS && Number.isFinite(value); k++) {
    let slope = 0;
    let move = 0;
    for (let j = 0; j < m; j++) {
      const d = Math.min(hi[j], Math.max(lo[j], y[j] - t * g[j])) - y[j];
      slope += g[j] * d;
      move = Math.max(move, Math.abs(d) / (1 + Math.abs(y[j])));
      next[j] = d;
    }
    if (!(move > 1e-15) || !(slope < 0)) return;
    const limit = Math.max(...recent);
    let share = 1;
    const direction = next.slice();
    let trial = Number.NaN;
    for (let cut = 0; cut < 40; cut++, share /= 2) {
      for (let j = 0; j < m; j++) next[j] = y[j] + share * direction[j];
      trial = augmented(level, next, z, rho, gNext);
      if (trial <= limit + 1e-4 * share * slope) break;
    }
    if (!(trial <= limit + 1e-12 * Math.abs(limit))) return;
    let ss = 0;
    let sy = 0;
    for (let j = 0; j < m; j++) {
      const s = next[j] - y[j];
      ss += s * s;
      sy += s * (gNext[j] - g[j]);
    }
    t = sy > 0 ? Math.min(1e10, Math.max(1e-12, ss / sy)) : Math.min(1e10, 2 * t);
    y.set(next);
    g.set(gNext);
    value = trial;
    recent.push(value);
    if (recent.length > 6) recent.shift();
  }
}
