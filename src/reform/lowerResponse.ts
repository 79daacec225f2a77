/**
 * What the lower levels of an affine complementarity program answer to an x: which slacks are zero at their solution. The
 * lower program is read off the first-order conditions, whose stationarity rows are H y + J x + c - Sᵀ z + Eᵀ v:
 *
 *     min ½ yᵀ H y + (J x + c)ᵀ y   subject to   s(x, y) >= 0,  e(x, y) = 0
 *
 * For followers that depend on each other H need not be symmetric, and there is no such program.
 */
import type { LinearModel } from "../lp/linearModel.js";
import type { Triplets } from "../lp/quadratic.js";
import { modelOf } from "../lp/smallModel.js";
import type { AffineComplementarity } from "./affineComplementarity.js";

type Vector = Float64Array;

/** A slack below this share of 1 + the largest one counts as zero. */
const ZERO = 1e-7;

/** Whether no follower's objective is curved in the lower variables: the programs here are linear ones. */
export function hasLinearFollowers({ kkt, program, stationarity }: AffineComplementarity): boolean {
  const rows = new Set(stationarity);
  const [from, to] = [kkt.x.input.size, kkt.x.input.size + kkt.y.input.size];
  const { rows: at, columns, values } = program.matrix;
  return values.every((v, e) => v === 0 || columns[e] < from || columns[e] >= to || !rows.has(at[e]));
}

export class LowerResponse {
  private readonly model: LinearModel;
  private readonly n: number;
  private readonly m: number;
  private readonly cost: Vector;
  private readonly constants: Vector;
  private readonly cross: Triplets;
  /** Rows of the lower program: limits, and what x adds to them. */
  private readonly rowLower: Vector;
  private readonly rowUpper: Vector;
  private readonly rowCross: Triplets;
  private readonly shift: Vector;
  private readonly slackFrom: number;
  private readonly pattern: Uint8Array;

  constructor(found: AffineComplementarity) {
    const { kkt, program, lowerRows, stationarity } = found;
    this.n = kkt.x.input.size;
    this.m = kkt.y.input.size;
    const { n, m } = this;
    const entries = (rows: Int32Array, from: number, to: number): Triplets => pick(program.matrix, rows, from, to);
    this.cross = entries(stationarity, 0, n);
    const own = entries(stationarity, n, n + m);
    const keep = [...own.values.keys()].filter((e) => own.rows[e] >= own.columns[e]);
    this.constants = Float64Array.from(stationarity, (row) => -program.rowUpper[row]);
    this.cost = this.constants.slice();
    this.rowCross = entries(lowerRows, 0, n);
    this.rowLower = Float64Array.from(lowerRows, (row) => program.rowLower[row]);
    this.rowUpper = Float64Array.from(lowerRows, (row) => program.rowUpper[row]);
    this.shift = new Float64Array(lowerRows.length);
    this.slackFrom = lowerRows.length - found.slackRow.length;
    this.pattern = new Uint8Array(found.slackRow.length);
    const hessian = {
      rows: Int32Array.from(keep, (e) => own.rows[e]),
      columns: Int32Array.from(keep, (e) => own.columns[e]),
      values: Float64Array.from(keep, (e) => own.values[e]),
    };
    this.model = modelOf({
      n: m,
      rows: lowerRows.length,
      cost: this.cost,
      offset: 0,
      hessian: hessian.values.some((v) => v !== 0) ? hessian : undefined,
      matrix: entries(lowerRows, n, n + m),
      lower: new Float64Array(m).fill(Number.NEGATIVE_INFINITY),
      upper: new Float64Array(m).fill(Number.POSITIVE_INFINITY),
      rowLower: this.rowLower,
      rowUpper: this.rowUpper,
    });
  }

  /** 1 where the slack is zero at the lower solution, 2 where it is not; undefined where there is no solution. */
  answer(u: Vector): Uint8Array | undefined {
    const { cost, constants, cross, rowCross, shift, model, pattern, slackFrom } = this;
    cost.set(constants);
    for (let e = 0; e < cross.values.length; e++) cost[cross.rows[e]] += cross.values[e] * u[cross.columns[e]];
    shift.fill(0);
    for (let e = 0; e < rowCross.values.length; e++)
      shift[rowCross.rows[e]] += rowCross.values[e] * u[rowCross.columns[e]];
    model.setCost(cost);
    for (let i = 0; i < shift.length; i++) model.setRow(i, this.rowLower[i] - shift[i], this.rowUpper[i] - shift[i]);
    if (model.solve() !== "optimal") return undefined;
    const { rowValues } = model.solution();
    for (let j = 0; j < pattern.length; j++) {
      const row = slackFrom + j;
      const limit = this.rowUpper[row] - shift[row];
      pattern[j] = limit - rowValues[row] <= ZERO * (1 + Math.abs(limit)) ? 1 : 2;
    }
    return pattern;
  }

  dispose(): void {
    this.model.dispose();
  }
}

/** The part of a matrix in some rows and a range of columns, renumbered from zero. */
function pick({ rows, columns, values }: Triplets, wanted: Int32Array, from: number, to: number): Triplets {
  const place = new Map(Array.from(wanted, (row, i) => [row, i]));
  const at: number[] = [];
  for (let e = 0; e < values.length; e++) if (place.has(rows[e]) && columns[e] >= from && columns[e] < to) at.push(e);
  return {
    rows: Int32Array.from(at, (e) => place.get(rows[e]) ?? 0),
    columns: Int32Array.from(at, (e) => columns[e] - from),
    values: Float64Array.from(at, (e) => values[e]),
  };
}
