/**
 * The set that lower-level value function methods keep (x, y) in:  C = {(x, y) in X x Y : h(x, y) <= 0, e(x, y) = 0}. Affine
 * rows: by Polyhedron.project with the bounds of boxes as further rows, and by Dykstra's alternation (Boyle and Dykstra, 1986)
 * where X or Y has a ball or simplex. Other rows are linearised at the last point and u0 projected again,
 *
 *   w <- argmin |w - u0|²  subject to  h(w_k) + h'(w_k)(w - w_k) <= 0,
 *
 * whose fixed points are the Karush-Kuhn-Tucker points of the projection; near C it contracts by the curvature times |w - u0|,
 * farther away it is damped.
 */
import type { Random } from "../../num/random.js";
import { copyInto, norm } from "../../num/vector.js";
import type { DomainOracle, Oracle } from "../../oracle/oracle.js";
import { Polyhedron } from "./polyhedron.js";

type Vector = Float64Array;

const ALTERNATIONS = 500;
const LINEARISATIONS = 100;

export class JointSet {
  private readonly oracle: Oracle;
  private readonly polyhedron: Polyhedron | undefined;
  private readonly affine: boolean;
  private readonly boxes: boolean;
  private readonly linear: Linearised;
  private readonly u: Vector;
  /** u in its two parts. */
  private readonly left: Vector;
  private readonly right: Vector;
  private readonly target: Vector;
  private readonly before: Vector;
  private readonly p: Vector;
  private readonly q: Vector;

  constructor(oracle: Oracle, random: Random) {
    const { n, m, domainX, domainY } = oracle;
    const size = n + m;
    this.oracle = oracle;
    this.boxes = domainX.boxes && domainY.boxes;
    this.linear = new Linearised(oracle);
    this.affine = this.linear.constant(random);
    if (this.linear.count > 0) {
      this.linear.at(oracle.startX, oracle.startY);
      const rows = [...this.linear.rows];
      const b = Array.from(this.linear.b);
      if (this.boxes) {
        boundRows(domainX, 0, n, size, rows, b);
        boundRows(domainY, n, m, size, rows, b);
      }
      const { equality } = oracle.lower.constraints;
      this.polyhedron = new Polyhedron(
        rows,
        b,
        Uint8Array.from({ length: rows.length }, (_, i) => equality[i] ?? 0),
      );
    }
    this.u = new Float64Array(size);
    this.left = this.u.subarray(0, n);
    this.right = this.u.subarray(n);
    this.target = new Float64Array(size);
    this.before = new Float64Array(size);
    this.p = new Float64Array(size);
    this.q = new Float64Array(size);
  }

  /** In place. */
  project(x: Vector, y: Vector): void {
    const { polyhedron, u, left, right, target, linear } = this;
    const { domainX, domainY } = this.oracle;
    if (polyhedron !== undefined) {
      left.set(x);
      right.set(y);
      copyInto(u, target);
      let damping = 1;
      let last = Number.POSITIVE_INFINITY;
      for (let k = 0; k < LINEARISATIONS; k++) {
        if (!this.affine) {
          linear.at(x, y);
          polyhedron.replace(linear.rows, linear.b);
          copyInto(target, u);
        }
        if (this.boxes) polyhedron.project(u);
        else this.alternate(polyhedron);
        let moved = 0;
        for (let i = 0; i < x.length; i++) moved = Math.max(moved, Math.abs(left[i] - x[i]) / (1 + Math.abs(x[i])));
        for (let j = 0; j < y.length; j++) moved = Math.max(moved, Math.abs(right[j] - y[j]) / (1 + Math.abs(y[j])));
        // Far from C the map overshoots: shorter moves until it contracts.
        if (moved > last) damping *= 0.5;
        last = moved;
        const share = this.affine || moved <= 1e-14 ? 1 : damping;
        for (let i = 0; i < x.length; i++) x[i] += share * (left[i] - x[i]);
        for (let j = 0; j < y.length; j++) y[j] += share * (right[j] - y[j]);
        if (this.affine || moved <= 1e-14) break;
      }
    }
    // Bounds exactly, after the rounding of the rows.
    domainX.project(x);
    domainY.project(y);
  }

  /** Largest violation of the lower rows at (x, y), relative to 1 + |row's gradient|. */
  violation(x: Vector, y: Vector): number {
    return this.linear.violation(x, y);
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

/** The lower rows linearised at a point: rows a_r u <= b_r. */
class Linearised {
  readonly count: number;
  readonly rows: readonly Vector[];
  readonly b: Vector;
  private readonly oracle: Oracle;
  private readonly c: Vector;
  private readonly jx: Vector;
  private readonly jy: Vector;

  constructor(oracle: Oracle) {
    const { n, m, lower } = oracle;
    const k = lower.constraints.rows;
    this.oracle = oracle;
    this.count = k;
    this.rows = Array.from({ length: k }, () => new Float64Array(n + m));
    this.b = new Float64Array(k);
    this.c = new Float64Array(k);
    this.jx = new Float64Array(k * n);
    this.jy = new Float64Array(k * m);
  }

  at(x: Vector, y: Vector): void {
    const { rows, b, c, jx, jy } = this;
    const { constraints } = this.oracle.lower;
    const n = x.length;
    const m = y.length;
    constraints.jacobian(x, y, jx, jy);
    constraints.value(x, y, c);
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r];
      let at = -c[r];
      for (let i = 0; i < n; i++) {
        row[i] = jx[r * n + i];
        at += row[i] * x[i];
      }
      for (let j = 0; j < m; j++) {
        row[n + j] = jy[r * m + j];
        at += row[n + j] * y[j];
      }
      b[r] = at;
    }
  }

  violation(x: Vector, y: Vector): number {
    const { rows, c } = this;
    const { equality } = this.oracle.lower.constraints;
    this.at(x, y);
    let worst = 0;
    for (let r = 0; r < rows.length; r++) {
      worst = Math.max(worst, (equality[r] === 1 ? Math.abs(c[r]) : c[r]) / (1 + norm(rows[r])));
    }
    return worst;
  }

  /** True where the Jacobian is the same at three points: affine rows. */
  constant(random: Random): boolean {
    const { startX, startY } = this.oracle;
    this.at(startX, startY);
    const first = this.rows.map((row) => row.slice());
    for (const reach of [0.1, 3]) {
      this.at(
        startX.map((v) => v + reach * (1 + Math.abs(v)) * random.normal()),
        startY.map((v) => v + reach * (1 + Math.abs(v)) * random.normal()),
      );
      for (let r = 0; r < first.length; r++) {
        if (this.rows[r].some((v, i) => !(Math.abs(v - first[r][i]) <= 1e-13 * (1 + Math.abs(v))))) return false;
      }
    }
    return true;
  }
}
