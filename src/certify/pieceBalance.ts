/**
 * First-order conditions of the upper level on one smooth piece of the lower solution: -grad phi projected off the cone of the active upper
 * constraints along it, of the active bounds of x and of the piece's own cone, by non-negative least squares.
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import type { Piece, Pieces } from "./activePieces.js";
import { type LinearKink, linearKink } from "./linearKink.js";
import { ACTIVE, isActive } from "./upperRowsAt.js";

type Vector = Float64Array;

/** First-order conditions on one piece; all in scaled variables. */
export interface Balance {
  readonly residual: Vector;
  /** Gradient of phi along the piece. */
  readonly gradient: Vector;
  /** Normals of the active upper rows and bounds, and with the piece's own ones. */
  readonly upper: readonly Vector[];
  readonly normals: readonly Vector[];
  readonly signed: readonly boolean[];
  /** By upper row. */
  readonly multipliers: Vector;
  readonly slopes: readonly number[];
  /** Active upper rows, and normals of active bounds. */
  readonly index: readonly number[];
  readonly bounds: readonly Vector[];
}

export function balanceOf(
  oracle: Oracle,
  x: Vector,
  c: Vector,
  fx: Vector,
  fy: Vector,
  jacobian: { readonly x: Vector; readonly y: Vector },
  unit: Vector,
  { piece, cone }: Piece,
): Balance {
  const { n, m, domainX, upper } = oracle;
  const scaled = (v: Vector): Vector => v.map((d, i) => d * unit[i]);
  const gradient = scaled(piece.along(fx, fy));
  const normals: Vector[] = [];
  const signed: boolean[] = [];
  const index: number[] = [];
  const slopes: number[] = [];
  for (let r = 0; r < c.length; r++) {
    if (!isActive(oracle, c, r)) continue;
    const row = scaled(piece.along(jacobian.x.subarray(r * n, (r + 1) * n), jacobian.y.slice(r * m, (r + 1) * m)));
    normals.push(row);
    signed.push(upper.constraints.equality[r] === 0);
    index.push(r);
    slopes.push(norm(row));
  }
  for (let i = 0; i < n; i++) {
    const near = ACTIVE * unit[i];
    for (const side of [-1, 1]) {
      const bound = side < 0 ? domainX.lower[i] : domainX.upper[i];
      if (!(Math.abs(x[i] - bound) <= near)) continue;
      const column = new Float64Array(n);
      column[i] = side;
      normals.push(column);
      signed.push(true);
    }
  }
  const outer = normals.length;
  for (const row of cone) {
    normals.push(scaled(row));
    signed.push(true);
  }
  const b = gradient.map((g) => -g);
  const z = nonNegativeLeastSquares(normals, b, signed);
  const residual = b.slice();
  normals.forEach((a, k) => {
    for (let i = 0; i < n; i++) residual[i] -= z[k] * a[i];
  });
  const multipliers = new Float64Array(c.length);
  index.forEach((r, k) => {
    multipliers[r] = z[k];
  });
  return {
    residual,
    gradient,
    upper: normals.slice(0, outer),
    index,
    bounds: normals.slice(index.length, outer),
    normals,
    signed,
    multipliers,
    slopes,
  };
}

/** linearKink.ts in the variables (x_i / unit_i, y). */
export function linearSearch(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  fx: Vector,
  fy: Vector,
  jacobian: { readonly x: Vector; readonly y: Vector },
  unit: Vector,
  { index, bounds }: Balance,
  pieces: Pieces,
  exhausted: () => boolean,
): LinearKink {
  const { n, m, upper } = oracle;
  const scaled = (v: Vector): Vector => v.map((d, i) => d * unit[i]);
  const joined = (dx: Vector, dy: Vector): Vector => Float64Array.from([...scaled(dx), ...dy]);
  const rows = index.map((r) => joined(jacobian.x.slice(r * n, (r + 1) * n), jacobian.y.slice(r * m, (r + 1) * m)));
  const normals = [...rows, ...bounds.map((b) => Float64Array.from([...b, ...new Float64Array(m)]))];
  const signed = normals.map((_, k) => k >= index.length || upper.constraints.equality[index[k]] === 0);
  const down = new Float64Array(m);
  oracle.lower.gradY(x, y, down);
  const target = joined(fx, fy).map((v) => -v);
  const members = pieces.members.map((member) => ({ ...member, x: scaled(member.x) }));
  const minus = down.map((v) => -v);
  return linearKink(target, normals, signed, members, minus, 1e-6 * norm(target), exhausted);
}
