/**
 * Non-negative least squares  min |sum_k z_k a_k - b|²  over z_k >= 0 for the entries marked, others free (Lawson and Hanson,
 * Solving Least Squares Problems, 1974, chapter 23; free entries are in the passive set from the start, and one that depends
 * on those before it stays 0). Columns may have many zeros.
 */
import { GrowingCholesky } from "./growingCholesky.js";

type Vector = Float64Array;

/** Columns that fit the residual less than this share of |b| do not enter. */
const FIT = 1e-12;

interface Column {
  readonly at: Int32Array;
  /** Of length one: what counts as zero does not depend on units. */
  readonly values: Vector;
  readonly length: number;
}

function sparse(a: Vector): Column {
  const length = Math.sqrt(a.reduce((sum, v) => sum + v * v, 0));
  const at = Int32Array.from([...a.keys()].filter((i) => a[i] !== 0));
  return { at, values: Float64Array.from(at, (i) => a[i] / length), length };
}

function product({ at, values }: Column, r: Vector): number {
  let sum = 0;
  for (let e = 0; e < at.length; e++) sum += values[e] * r[at[e]];
  return sum;
}

/** Columns and b of one length. The residual b - A z is the projection of b onto the polar cone of the columns. */
export function nonNegativeLeastSquares(columns: readonly Vector[], b: Vector, sign: readonly boolean[]): Vector {
  const unit = columns.map(sparse);
  const z = new Float64Array(columns.length);
  const factor = new GrowingCholesky();
  /** Columns of the factor, in its order. */
  const passive: number[] = [];
  const isPassive = new Uint8Array(columns.length);
  const spread = new Float64Array(b.length);
  const r = b.slice();
  const leaveInto = (weights: Vector, out: Vector): void => {
    out.set(b);
    for (const j of passive) {
      const { at, values } = unit[j];
      for (let e = 0; e < at.length; e++) out[at[e]] -= weights[j] * values[e];
    }
  };
  const enter = (j: number): boolean => {
    const { at, values } = unit[j];
    for (let e = 0; e < at.length; e++) spread[at[e]] = values[e];
    const entered = factor.append(
      passive.map((l) => product(unit[l], spread)),
      1,
    );
    for (const i of at) spread[i] = 0;
    if (!entered) return false;
    passive.push(j);
    isPassive[j] = 1;
    return true;
  };
  const left = new Float64Array(b.length);
  /** The least squares solution of the passive columns alone, by the normal equations and one correction by its residual. */
  const solvePassive = (): Vector => {
    const s = new Float64Array(columns.length);
    for (let pass = 0; pass < 2; pass++) {
      leaveInto(s, left);
      const step = Float64Array.from(passive, (j) => product(unit[j], left));
      factor.solveInto(step);
      passive.forEach((j, p) => {
        s[j] += step[p];
      });
    }
    return s;
  };

  for (let j = 0; j < columns.length; j++) if (!sign[j] && unit[j].length > 0) enter(j);
  if (passive.length > 0) z.set(solvePassive());
  leaveInto(z, r);
  const size = Math.sqrt(b.reduce((sum, v) => sum + v * v, 0));
  for (let round = 0; round < 3 * columns.length + 10; round++) {
    /** Of columns that depend on the passive ones only rounding errors fit the residual. */
    const candidates = unit
      .flatMap((a, j) => {
        const w = isPassive[j] === 1 || !sign[j] || a.length === 0 ? 0 : product(a, r);
        return w > FIT * size ? [{ j, w }] : [];
      })
      .sort((p, q) => q.w - p.w);
    if (!candidates.some(({ j }) => enter(j))) break;
    for (let inner = 0; inner <= columns.length; inner++) {
      const s = solvePassive();
      const against = passive.filter((j) => sign[j] && s[j] <= 0);
      const alpha = against.reduce((least, j) => (z[j] > s[j] ? Math.min(least, z[j] / (z[j] - s[j])) : least), 1);
      const whole = against.length === 0;
      for (const j of passive) z[j] = whole ? s[j] : z[j] + alpha * (s[j] - z[j]);
      if (whole) break;
      for (let p = passive.length - 1; p >= 0; p--) {
        const j = passive[p];
        if (!sign[j] || z[j] > 1e-14) continue;
        z[j] = 0;
        isPassive[j] = 0;
        passive.splice(p, 1);
        factor.remove(p);
      }
    }
    leaveInto(z, r);
  }
  return z.map((v, j) => (unit[j].length > 0 ? v / unit[j].length : 0));
}
