/**
 * All that restricts y as rows c(x, y) <= 0 or == 0: the lower constraints, then the domain of y (bounds of boxes, y_j >= 0
 * and the sum of simplices, (|y - c|² - r²)/2r of balls). With `upper` the upper constraints are the rows instead.
 */
import { fillInto } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

interface DomainRow {
  readonly equality: boolean;
  value(y: Vector): number;
  /** out += w d/dy */
  pull(y: Vector, w: number, out: Vector): void;
}

export class LowerRows {
  readonly count: number;
  /** Rows of constraints proper; those of the domain follow. */
  readonly constraints: number;
  readonly equality: Uint8Array;
  private readonly oracle: Oracle;
  private readonly level: "lower" | "upper";
  private readonly domain: readonly DomainRow[];
  private readonly own: Vector;
  private readonly jx: Vector;
  private readonly spareX: Vector;

  constructor(oracle: Oracle, level: "lower" | "upper" = "lower") {
    const rows = oracle[level].constraints;
    this.oracle = oracle;
    this.level = level;
    this.domain = level === "lower" ? domainRows(oracle) : [];
    this.constraints = rows.rows;
    this.count = rows.rows + this.domain.length;
    this.equality = Uint8Array.from({ length: this.count }, (_, r) =>
      r < rows.rows ? rows.equality[r] : Number(this.domain[r - rows.rows].equality),
    );
    this.own = new Float64Array(rows.rows);
    this.jx = new Float64Array(rows.rows * oracle.n);
    this.spareX = new Float64Array(oracle.n);
  }

  value(x: Vector, y: Vector, out: Vector): void {
    const k = this.constraints;
    this.oracle[this.level].constraints.value(x, y, this.own);
    for (let r = 0; r < k; r++) out[r] = this.own[r];
    for (let r = 0; r < this.domain.length; r++) out[k + r] = this.domain[r].value(y);
  }

  /** outX = c_xᵀ w, outY = c_yᵀ w */
  pullInto(x: Vector, y: Vector, w: Vector, outX: Vector, outY: Vector): void {
    const k = this.constraints;
    if (k === 0) {
      fillInto(0, outX);
      fillInto(0, outY);
    } else {
      for (let r = 0; r < k; r++) this.own[r] = w[r];
      this.oracle[this.level].constraints.vjp(x, y, this.own, outX, outY);
    }
    for (let r = 0; r < this.domain.length; r++) if (w[k + r] !== 0) this.domain[r].pull(y, w[k + r], outY);
  }

  /** outY += c_yᵀ w */
  addPullY(x: Vector, y: Vector, w: Vector, outY: Vector, scratch: Vector): void {
    if (this.count === 0) return;
    this.pullInto(x, y, w, this.spareX, scratch);
    for (let j = 0; j < outY.length; j++) outY[j] += scratch[j];
  }

  /** Dense c_y, row-major count x m. */
  jacobianInto(x: Vector, y: Vector, out: Vector): void {
    const m = y.length;
    const k = this.constraints;
    if (k > 0) this.oracle[this.level].constraints.jacobian(x, y, this.jx, out);
    for (let r = 0; r < this.domain.length; r++) {
      const row = out.subarray((k + r) * m, (k + r + 1) * m);
      row.fill(0);
      this.domain[r].pull(y, 1, row);
    }
  }
}

function domainRows(oracle: Oracle): readonly DomainRow[] {
  const rows: DomainRow[] = [];
  for (const { domain, offset, size } of oracle.problem.lowers.flatMap((l) => l.variables)) {
    const bound = (j: number, sign: number, at: number): void => {
      if (!Number.isFinite(at)) return;
      rows.push({
        equality: false,
        value: (y) => sign * (y[j] - at),
        pull: (_, w, out) => {
          out[j] += sign * w;
        },
      });
    };
    switch (domain.kind) {
      case "free":
        break;
      case "box":
        for (let i = 0; i < size; i++) {
          bound(offset + i, 1, domain.upper[i]);
          bound(offset + i, -1, domain.lower[i]);
        }
        break;
      case "ball":
        rows.push(ballRow(domain.center, domain.radius, offset, size));
        break;
      case "simplex":
        for (let i = 0; i < size; i++) bound(offset + i, -1, 0);
        rows.push(sumRow(domain.total, offset, size));
        break;
    }
  }
  return rows;
}

function ballRow(center: Vector, radius: number, offset: number, size: number): DomainRow {
  return {
    equality: false,
    value: (y) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (y[offset + i] - center[i]) ** 2;
      return (sum - radius * radius) / (2 * radius);
    },
    pull: (y, w, out) => {
      for (let i = 0; i < size; i++) out[offset + i] += (w * (y[offset + i] - center[i])) / radius;
    },
  };
}

function sumRow(total: number, offset: number, size: number): DomainRow {
  return {
    equality: true,
    value: (y) => {
      let sum = -total;
      for (let i = 0; i < size; i++) sum += y[offset + i];
      return sum;
    },
    pull: (_, w, out) => {
      for (let i = 0; i < size; i++) out[offset + i] += w;
    },
  };
}
