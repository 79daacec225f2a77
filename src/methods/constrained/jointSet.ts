/**
 * The set that lower-level value function methods keep (x, y) in:  C = {(x, y) in X x Y : h(x, y) <= 0, e(x, y) = 0}. Exact
 * where all rows are affine: by Polyhedron.project with the bounds of boxes as further rows, and by Dykstra's alternation
 * (Boyle and Dykstra, 1986) where X or Y has a ball or simplex. Where a row is not affine only X x Y is kept (`exact` is false).
 */
import type { Random } from "../../num/random.js";
import type { DomainOracle, Oracle } from "../../oracle/oracle.js";
import { Polyhedron } from "./polyhedron.js";

type Vector = Float64Array;

const ALTERNATIONS = 500;

export class JointSet {
  /** True where h and e are kept by projection. */
  readonly exact: boolean;
  private readonly oracle: Oracle;
  private readonly polyhedron: Polyhedron | undefined;
  private readonly boxes: boolean;
  private readonly u: Vector;
  /** u in its two parts. */
  private readonly left: Vector;
  private readonly right: Vector;
  private readonly before: Vector;
  private readonly p: Vector;
  private readonly q: Vector;

  constructor(oracle: Oracle, random: Random) {
    const { n, m, domainX, domainY, lower } = oracle;
    this.oracle = oracle;
    this.boxes = domainX.boxes && domainY.boxes;
    const affine = lower.constraints.rows > 0 ? affineRows(oracle, random) : undefined;
    this.exact = lower.constraints.rows === 0 || affine !== undefined;
    if (affine !== undefined) {
      const { rows, b, equality } = affine;
      if (this.boxes) {
        boundRows(domainX, 0, n, n + m, rows, b);
        boundRows(domainY, n, m, n + m, rows, b);
      }
      this.polyhedron = new Polyhedron(rows, b, Uint8Array.from({ length: rows.length }, (_, i) => equality[i] ?? 0));
    }
    this.u = new Float64Array(n + m);
    this.left = this.u.subarray(0, n);
    this.right = this.u.subarray(n);
    this.before = new Float64Array(n + m);
    this.p = new Float64Array(n + m);
    this.q = new Float64Array(n + m);
  }

  /** In place. */
  project(x: Vector, y: Vector): void {
    const { polyhedron, u } = this;
    const n = x.length;
    const { domainX, domainY } = this.oracle;
    if (polyhedron === undefined) {
      domainX.project(x);
      domainY.project(y);
      return;
    }
    u.set(x);
    u.set(y, n);
    if (this.boxes) polyhedron.project(u);
    else this.alternate(polyhedron);
    for (let i = 0; i < n; i++) x[i] = u[i];
    for (let j = 0; j < y.length; j++) y[j] = u[n + j];
    // Bounds exactly, after the rounding of the rows.
    domainX.project(x);
    domainY.project(y);
  }

  private alternate(polyhedron: Polyhedron): void {
    const { u, left, right, before, p, q } = this;
    const { domainX, domainY } = this.oracle;
    p.fill(0);
    q.fill(0);
    for (let k = 0; k < ALTERNATIONS; k++) {
      before.set(u);
      for (let i = 0; i < u.length; i++) u[i] += p[i];
      for (let i = 0; i < u.length; i++) p[i] = u[i];
      polyhedron.project(u);
      for (let i = 0; i < u.length; i++) {
        p[i] -= u[i];
        u[i] += q[i];
        q[i] = u[i];
      }
      domainX.project(left);
      domainY.project(right);
      let moved = 0;
      for (let i = 0; i < u.length; i++) {
        q[i] -= u[i];
        moved = Math.max(moved, Math.abs(u[i] - before[i]) / (1 + Math.abs(u[i])));
      }
      if (moved <= 1e-14) return;
    }
  }
}

function boundRows(d: DomainOracle, offset: number, size: number, total: number, rows: Vector[], b: number[]): void {
  for (let i = 0; i < size; i++) {
    for (const [sign, bound] of [
      [1, d.upper[i]],
      [-1, d.lower[i]],
    ]) {
      if (!Number.isFinite(bound)) continue;
      const row = new Float64Array(total);
      row[offset + i] = sign;
      rows.push(row);
      b.push(sign * bound);
    }
  }
}

/** The lower rows as A u <= b where their Jacobian is the same at three points; else undefined. */
function affineRows(
  oracle: Oracle,
  random: Random,
): { readonly rows: Vector[]; readonly b: number[]; readonly equality: Uint8Array } | undefined {
  const { n, m, startX, startY } = oracle;
  const { constraints } = oracle.lower;
  const k = constraints.rows;
  const ax = new Float64Array(k * n);
  const ay = new Float64Array(k * m);
  const bx = new Float64Array(k * n);
  const by = new Float64Array(k * m);
  constraints.jacobian(startX, startY, ax, ay);
  for (const reach of [0.1, 3]) {
    const x = startX.map((v) => v + reach * (1 + Math.abs(v)) * random.normal());
    const y = startY.map((v) => v + reach * (1 + Math.abs(v)) * random.normal());
    constraints.jacobian(x, y, bx, by);
    const same = (a: Vector, c: Vector): boolean => a.every((v, i) => Math.abs(v - c[i]) <= 1e-13 * (1 + Math.abs(v)));
    if (!same(ax, bx) || !same(ay, by)) return undefined;
  }
  const c = new Float64Array(k);
  constraints.value(startX, startY, c);
  const rows: Vector[] = [];
  const b: number[] = [];
  for (let r = 0; r < k; r++) {
    const row = new Float64Array(n + m);
    row.set(ax.subarray(r * n, (r + 1) * n));
    row.set(ay.subarray(r * m, (r + 1) * m), n);
    rows.push(row);
    let at = -c[r];
    for (let i = 0; i < n; i++) at += row[i] * startX[i];
    for (let j = 0; j < m; j++) at += row[n + j] * startY[j];
    b.push(at);
  }
  return { rows, b, equality: constraints.equality };
}
