/**
 * The Newton systems of the interior method,
 *
 *     [ W + Sigma + dw I    Jᵀ  ] [dx]     [r]
 *     [ J                 -dc I ] [dl] = - [c],
 *
 * with the columns (slacks) eliminated: H = Sigma_k + dw of a column with coefficient a in row i leaves -a² / H on the
 * diagonal of row i. Base variables and rows stay. The matrix is equilibrated symmetrically (Ruiz 2001), factored, and
 * solutions are refined. Inertia (base, rows, 0) tells that W + Sigma + dw I is positive definite where J vanishes.
 */
import { denseSolver, type LinearSolver, sparseSolver } from "./linear.js";
import type { Pattern } from "./program.js";
import type { SlackForm } from "./slackForm.js";

type Vector = Float64Array;

export type Inertia = "right" | "wrong" | "singular";

/** Dense up to this size whatever the fill. */
const SMALL = 300;
const REFINEMENTS = 8;

export class KktSystem {
  /** Values of the current Hessian and Jacobian, to be filled by the caller before `factor`. */
  readonly hessian: Vector;
  readonly columnHessian: Vector;
  readonly jacobian: Vector;
  /** Diagonal Sigma of all variables, to be filled by the caller. */
  readonly sigma: Vector;
  readonly #form: SlackForm;
  readonly #size: number;
  readonly #rows: Int32Array;
  readonly #columns: Int32Array;
  readonly #values: Vector;
  readonly #scaled: Vector;
  readonly #hessianSlot: Int32Array;
  readonly #jacobianSlot: Int32Array;
  readonly #diagonalSlot: Int32Array;
  readonly #scale: Vector;
  readonly #top: Vector;
  readonly #pivot: Vector;
  readonly #right: Vector;
  readonly #solution: Vector;
  readonly #best: Vector;
  readonly #rest: Vector;
  readonly #solver: LinearSolver;
  factorisations = 0;

  constructor(form: SlackForm, linear?: "dense" | "sparse") {
    this.#form = form;
    const { base, rows, size } = form;
    const total = base + rows;
    this.#size = total;
    this.hessian = new Float64Array(form.hessian.rows.length);
    this.jacobian = new Float64Array(form.jacobian.rows.length);
    this.columnHessian = new Float64Array(size - base);
    this.sigma = new Float64Array(size);
    this.#pivot = new Float64Array(size - base);

    const slots = slotsOf(form);
    this.#rows = slots.rows;
    this.#columns = slots.columns;
    this.#diagonalSlot = slots.diagonal;
    this.#hessianSlot = slots.hessian;
    this.#jacobianSlot = slots.jacobian;
    const count = slots.rows.length;
    this.#values = new Float64Array(count);
    this.#scaled = new Float64Array(count);
    this.#scale = new Float64Array(total);
    this.#top = new Float64Array(total);
    this.#right = new Float64Array(total);
    this.#solution = new Float64Array(total);
    this.#best = new Float64Array(total);
    this.#rest = new Float64Array(total);

    // Dense loops run several times faster for each multiplication, so a full pattern need not be analysed.
    const full = count > 0.1 * total * total;
    const dense = linear === "dense" || (linear === undefined && (total <= SMALL || full));
    const candidate = dense ? undefined : sparseSolver(total, base, this.#rows, this.#columns);
    this.#solver =
      candidate && (linear === "sparse" || candidate.work * 3 < total ** 3 / 6)
        ? candidate
        : denseSolver(total, this.#rows, this.#columns);
  }

  /** Factors with the two shifts. */
  factor(dw: number, dc: number): Inertia {
    const { base, rows, size, columnRow, columnValue } = this.#form;
    const values = this.#values;
    values.fill(0);
    for (let e = 0; e < this.hessian.length; e++) values[this.#hessianSlot[e]] += this.hessian[e];
    for (let e = 0; e < this.jacobian.length; e++) values[this.#jacobianSlot[e]] += this.jacobian[e];
    for (let i = 0; i < base; i++) values[this.#diagonalSlot[i]] += this.sigma[i] + dw;
    for (let i = 0; i < rows; i++) values[this.#diagonalSlot[base + i]] -= dc;
    for (let k = 0; k < size - base; k++) {
      const h = this.columnHessian[k] + this.sigma[base + k] + dw;
      // A column without curvature and bounds would be a free variable of its row: its limits are infinite, excluded.
      this.#pivot[k] = h;
      values[this.#diagonalSlot[base + columnRow[k]]] -= (columnValue[k] * columnValue[k]) / h;
    }
    this.#equilibrate();
    this.factorisations++;
    const { positive, negative, zero } = this.#solver.factor(this.#scaled);
    if (zero > 0) return "singular";
    return positive === base && negative === rows ? "right" : "wrong";
  }

  /** Scales so that the largest entry of every row is near 1: three rounds of division by square roots of the maxima. */
  #equilibrate(): void {
    const d = this.#scale.fill(1);
    const top = this.#top;
    for (let round = 0; round < 3; round++) {
      top.fill(0);
      for (let e = 0; e < this.#values.length; e++) {
        const i = this.#rows[e];
        const j = this.#columns[e];
        const v = Math.abs(this.#values[e]) * d[i] * d[j];
        if (v > top[i]) top[i] = v;
        if (v > top[j]) top[j] = v;
      }
      for (let i = 0; i < d.length; i++) if (top[i] > 0) d[i] /= Math.sqrt(top[i]);
    }
    for (let e = 0; e < this.#values.length; e++)
      this.#scaled[e] = this.#values[e] * d[this.#rows[e]] * d[this.#columns[e]];
  }

  /**
   * Solves for (dx, dl) with the right side -(r, c): r over all variables, c over the rows. False if refinement could not
   * bring the residual below 1e-6 of the right side: the matrix is numerically singular.
   */
  solveInto(r: Vector, c: Vector, dx: Vector, dl: Vector): boolean {
    const { base, rows, size, columnRow, columnValue } = this.#form;
    const b = this.#right;
    for (let i = 0; i < base; i++) b[i] = -r[i];
    for (let i = 0; i < rows; i++) b[base + i] = -c[i];
    for (let k = 0; k < size - base; k++) b[base + columnRow[k]] += (columnValue[k] * r[base + k]) / this.#pivot[k];
    const good = this.#refine();
    const x = this.#best;
    for (let i = 0; i < base; i++) dx[i] = x[i];
    for (let i = 0; i < rows; i++) dl[i] = x[base + i];
    for (let k = 0; k < size - base; k++)
      dx[base + k] = -(r[base + k] + columnValue[k] * dl[columnRow[k]]) / this.#pivot[k];
    return good;
  }

  /** Iterative refinement in scaled units: keeps the solution of the smallest residual in `best`. */
  #refine(): boolean {
    const d = this.#scale;
    const rest = this.#rest;
    const x = this.#solution.fill(0);
    const best = this.#best.fill(0);
    let size = 0;
    for (let i = 0; i < this.#size; i++) {
      rest[i] = this.#right[i] * d[i];
      size = Math.max(size, Math.abs(rest[i]));
    }
    if (size === 0) return true;
    let least = Number.POSITIVE_INFINITY;
    let reached = 0;
    for (let round = 0; round <= REFINEMENTS; round++) {
      this.#solver.solveInto(rest);
      let xTop = 0;
      for (let i = 0; i < this.#size; i++) {
        x[i] += rest[i];
        xTop = Math.max(xTop, Math.abs(x[i]));
      }
      for (let i = 0; i < this.#size; i++) rest[i] = this.#right[i] * d[i];
      for (let e = 0; e < this.#scaled.length; e++) {
        const i = this.#rows[e];
        const j = this.#columns[e];
        rest[i] -= this.#scaled[e] * x[j];
        if (i !== j) rest[j] -= this.#scaled[e] * x[i];
      }
      let residual = 0;
      for (let i = 0; i < this.#size; i++) {
        const v = Math.abs(rest[i]);
        if (v > residual || Number.isNaN(v)) residual = v;
      }
      if (!(residual < least)) break;
      const slow = residual > 0.5 * least;
      least = residual;
      best.set(x);
      reached = residual / (size + xTop);
      if (residual <= 1e-13 * size || reached <= 1e-16 || slow) break;
    }
    for (let i = 0; i < this.#size; i++) best[i] *= d[i];
    return least <= 1e-6 * size || (reached <= 1e-13 && least <= 1e-3 * size);
  }
}

/** Entries of the lower triangle, and where those of the diagonal, Hessian and Jacobian go. */
interface Slots {
  readonly base: number;
  readonly total: number;
  readonly ofJacobian: Pattern;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly diagonal: Int32Array;
  readonly hessian: Int32Array;
  readonly jacobian: Int32Array;
}

/** The last ones made of each Hessian pattern. */
const made = new WeakMap<Pattern, Slots>();

function slotsOf({ base, rows, hessian: H, jacobian: J }: SlackForm): Slots {
  const total = base + rows;
  const known = made.get(H);
  if (known !== undefined && known.ofJacobian === J && known.base === base && known.total === total) return known;
  const slots = new Map<number, number>();
  const slotRows: number[] = [];
  const slotColumns: number[] = [];
  const slot = (row: number, column: number): number => {
    const key = row * total + column;
    let at = slots.get(key);
    if (at === undefined) {
      at = slotRows.length;
      slots.set(key, at);
      slotRows.push(row);
      slotColumns.push(column);
    }
    return at;
  };
  const diagonal = Int32Array.from({ length: total }, (_, i) => slot(i, i));
  const hessian = H.rows.map((r, e) => slot(Math.max(r, H.columns[e]), Math.min(r, H.columns[e])));
  const jacobian = J.rows.map((r, e) => slot(base + r, J.columns[e]));
  const found = {
    base,
    total,
    ofJacobian: J,
    rows: Int32Array.from(slotRows),
    columns: Int32Array.from(slotColumns),
    diagonal,
    hessian,
    jacobian,
  };
  made.set(H, found);
  return found;
}
