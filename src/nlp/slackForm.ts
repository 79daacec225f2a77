/**
 * The form the interior method works on: min f(x) s.t. c(x) = 0, lower <= x <= upper, where the first `base` variables are
 * those of the program that are not fixed and the others ("columns") occur in one row each with a constant coefficient:
 * the slacks of inequalities, c_i(u) - s_i = 0. Functions are scaled by their gradients at the start so that none exceeds
 * 100 (Wächter and Biegler, Math. Program. 106, 2006, section 3.8); rows without limits are dropped.
 */
import type { NonlinearProgram, Pattern } from "./program.js";

type Vector = Float64Array;

export interface SlackForm {
  readonly base: number;
  /** All variables: base, then one a column. */
  readonly size: number;
  readonly rows: number;
  readonly lower: Vector;
  readonly upper: Vector;
  readonly columnRow: Int32Array;
  readonly columnValue: Vector;
  /** Patterns over the base variables. */
  readonly jacobian: Pattern;
  readonly hessian: Pattern;
  /** Scaled value = scale times the program's. */
  readonly objectiveScale: number;
  readonly rowScale: Vector;
  value(x: Vector): number;
  gradientInto(x: Vector, out: Vector): void;
  /** Columns included. */
  constraintsInto(x: Vector, out: Vector): void;
  jacobianInto(x: Vector, values: Vector): void;
  /** Hessian of sigma f + lambdaᵀ c: base part into `values`, the diagonal of the columns into `columns`. */
  hessianInto(x: Vector, sigma: number, lambda: Vector, values: Vector, columns: Vector): void;
  /** Told when the barrier parameter changes (the restoration problem depends on it). */
  barrier?(mu: number): void;
}

/** A form made of a program, with the way back. */
export interface ProgramForm extends SlackForm {
  /** Program variable of each base variable, program row of each row. */
  readonly variableOf: Int32Array;
  readonly rowOf: Int32Array;
  /** Column of each row, -1 for equalities. */
  readonly columnOf: Int32Array;
  /** Writes the program's variables, fixed ones included, moved inside the bounds if `clamp`. */
  pointInto(x: Vector, u: Vector, clamp: boolean): void;
}

/** Intervals narrower than this, relative to their ends, are points. */
const POINT = 1e-11;

export const isPoint = (low: number, high: number): boolean =>
  Number.isFinite(low) && high - low <= POINT * Math.max(1, Math.abs(low));

/** `start` lies inside the bounds and tells where the scales are taken; NaN in its derivatives gives scales of 1. */
export function slackForm(program: NonlinearProgram, start: Vector, relaxation: number): ProgramForm {
  const { n } = program;
  const variableOf = indices(n, (j) => !isPoint(program.lower[j], program.upper[j]));
  const baseOf = new Int32Array(n).fill(-1);
  variableOf.forEach((j, i) => {
    baseOf[j] = i;
  });
  const rowOf = indices(
    program.rows,
    (i) => program.rowLower[i] > Number.NEGATIVE_INFINITY || program.rowUpper[i] < Number.POSITIVE_INFINITY,
  );
  const rows = rowOf.length;
  const rowIndex = new Int32Array(program.rows).fill(-1);
  rowOf.forEach((r, i) => {
    rowIndex[r] = i;
  });
  const base = variableOf.length;
  const slackRows = indices(rows, (i) => !isPoint(program.rowLower[rowOf[i]], program.rowUpper[rowOf[i]]));
  const columnOf = new Int32Array(rows).fill(-1);
  slackRows.forEach((i, k) => {
    columnOf[i] = base + k;
  });
  const size = base + slackRows.length;

  const u = start.slice();
  const gradient = new Float64Array(n);
  const entries = new Float64Array(program.jacobian.rows.length);
  const c = new Float64Array(program.rows);
  const z = new Float64Array(program.rows);
  for (let j = 0; j < n; j++) if (baseOf[j] < 0) u[j] = 0.5 * (program.lower[j] + program.upper[j]);

  program.gradientInto(u, gradient);
  program.jacobianInto(u, entries);
  let steepest = 0;
  for (const j of variableOf) steepest = Math.max(steepest, Math.abs(gradient[j]));
  const objectiveScale = gradientScale(steepest);
  const rowScale = new Float64Array(rows);
  const { keep, jacobian, hessianKeep, hessian } = patternsOf(program, baseOf, rowIndex);
  keep.forEach((e, k) => {
    const i = jacobian.rows[k];
    rowScale[i] = Math.max(rowScale[i], Math.abs(entries[e]));
  });
  for (let i = 0; i < rows; i++) rowScale[i] = gradientScale(rowScale[i]);

  const hessianValues = new Float64Array(program.hessian.rows.length);

  const lower = new Float64Array(size);
  const upper = new Float64Array(size);
  const away = (limit: number, direction: number): number =>
    Number.isFinite(limit) ? limit + direction * relaxation * Math.max(1, Math.abs(limit)) : limit;
  for (let i = 0; i < base; i++) {
    lower[i] = away(program.lower[variableOf[i]], -1);
    upper[i] = away(program.upper[variableOf[i]], 1);
  }
  const columnValue = new Float64Array(slackRows.length).fill(-1);
  slackRows.forEach((i, k) => {
    lower[base + k] = away(program.rowLower[rowOf[i]] * rowScale[i], -1);
    upper[base + k] = away(program.rowUpper[rowOf[i]] * rowScale[i], 1);
  });
  const target = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    if (columnOf[i] < 0) target[i] = 0.5 * (program.rowLower[rowOf[i]] + program.rowUpper[rowOf[i]]) * rowScale[i];

  const load = (x: Vector): void => {
    for (let i = 0; i < base; i++) u[variableOf[i]] = x[i];
  };
  return {
    base,
    size,
    rows,
    lower,
    upper,
    columnRow: slackRows,
    columnValue,
    jacobian,
    hessian,
    objectiveScale,
    rowScale,
    variableOf,
    rowOf,
    columnOf,
    value(x) {
      load(x);
      return objectiveScale * program.value(u);
    },
    gradientInto(x, out) {
      load(x);
      program.gradientInto(u, gradient);
      for (let i = 0; i < base; i++) out[i] = objectiveScale * gradient[variableOf[i]];
      for (let i = base; i < size; i++) out[i] = 0;
    },
    constraintsInto(x, out) {
      load(x);
      program.constraintsInto(u, c);
      for (let i = 0; i < rows; i++) {
        const column = columnOf[i];
        out[i] = rowScale[i] * c[rowOf[i]] - (column < 0 ? target[i] : x[column]);
      }
    },
    jacobianInto(x, values) {
      load(x);
      program.jacobianInto(u, entries);
      for (let k = 0; k < keep.length; k++) values[k] = rowScale[jacobian.rows[k]] * entries[keep[k]];
    },
    hessianInto(x, sigma, lambda, values, columns) {
      load(x);
      z.fill(0);
      for (let i = 0; i < rows; i++) z[rowOf[i]] = lambda[i] * rowScale[i];
      program.hessianInto(u, sigma * objectiveScale, z, hessianValues);
      for (let k = 0; k < hessianKeep.length; k++) values[k] = hessianValues[hessianKeep[k]];
      columns.fill(0);
    },
    pointInto(x, out, clamp) {
      load(x);
      for (let j = 0; j < n; j++) {
        out[j] = clamp ? Math.min(program.upper[j], Math.max(program.lower[j], u[j])) : u[j];
      }
    },
  };
}

/** What is kept of a program's patterns where these variables are fixed and these rows dropped. */
interface Patterns {
  readonly baseOf: Int32Array;
  readonly rowIndex: Int32Array;
  readonly ofHessian: Pattern;
  readonly keep: Int32Array;
  readonly jacobian: Pattern;
  readonly hessianKeep: Int32Array;
  readonly hessian: Pattern;
}

/** The last ones made of each Jacobian pattern: programs are solved again and again with other numbers. */
const made = new WeakMap<Pattern, Patterns>();

function patternsOf(program: NonlinearProgram, baseOf: Int32Array, rowIndex: Int32Array): Patterns {
  const known = made.get(program.jacobian);
  if (known?.ofHessian === program.hessian && same(known.baseOf, baseOf) && same(known.rowIndex, rowIndex))
    return known;
  const { rows, columns } = program.jacobian;
  const keep = indices(rows.length, (e) => rowIndex[rows[e]] >= 0 && baseOf[columns[e]] >= 0);
  const jacobian = { rows: keep.map((e) => rowIndex[rows[e]]), columns: keep.map((e) => baseOf[columns[e]]) };
  const { hessian: H } = program;
  const hessianKeep = indices(H.rows.length, (e) => baseOf[H.rows[e]] >= 0 && baseOf[H.columns[e]] >= 0);
  const hessian = {
    rows: hessianKeep.map((e) => baseOf[H.rows[e]]),
    columns: hessianKeep.map((e) => baseOf[H.columns[e]]),
  };
  const patterns = { baseOf, rowIndex, ofHessian: H, keep, jacobian, hessianKeep, hessian };
  made.set(program.jacobian, patterns);
  return patterns;
}

function same(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The 100 rule: functions steeper than 100 are scaled down to 100, by 1e-8 at most. */
function gradientScale(steepest: number): number {
  return steepest > 100 && steepest < Number.POSITIVE_INFINITY ? Math.max(1e-8, 100 / steepest) : 1;
}

function indices(count: number, keep: (i: number) => boolean): Int32Array {
  const found: number[] = [];
  for (let i = 0; i < count; i++) if (keep(i)) found.push(i);
  return Int32Array.from(found);
}
