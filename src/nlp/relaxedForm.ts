/**
 * A form with relaxed rows, c(x) - p + n = 0 with p, n >= 0, and the objective
 *
 *     weight f(x) + penalty sum (p + n) + zeta(mu) / 2 |D (x - xR)|²,   zeta(mu) = sqrt(mu), D = diag(min(1, 1 / |xR|)):
 *
 * with weight 0 the restoration problem (Wächter and Biegler 2006, equation (31)), with weight 1 and without proximity the
 * elastic form of the program (exact l1 penalty). Always feasible, and its rows are never dependent.
 */
import type { SlackForm } from "./slackForm.js";

type Vector = Float64Array;

export interface Relaxation {
  readonly weight: 0 | 1;
  readonly penalty: number;
  /** xR; without it there is no proximity term. */
  readonly near?: Vector;
}

export interface RelaxedForm extends SlackForm {
  /** p and n that are central for the rows' values c at barrier parameter mu (equation (33)), into x. */
  setElastics(x: Vector, c: Vector, mu: number): void;
}

export function relaxedForm(form: SlackForm, { weight, penalty, near }: Relaxation): RelaxedForm {
  const { base, rows } = form;
  const inner = form.size;
  const size = inner + 2 * rows;
  const lower = new Float64Array(size);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  lower.set(form.lower);
  upper.set(form.upper);
  const columnRow = new Int32Array(size - base);
  const columnValue = new Float64Array(size - base);
  columnRow.set(form.columnRow);
  columnValue.set(form.columnValue);
  for (let i = 0; i < rows; i++) {
    columnRow[inner - base + i] = columnRow[inner - base + rows + i] = i;
    columnValue[inner - base + i] = -1;
    columnValue[inner - base + rows + i] = 1;
  }
  // The proximity term needs the diagonal of the base variables.
  const diagonal = near ? base : 0;
  const inherited = weight === 0 && form.hessian.rows.length === 0 ? 0 : form.hessian.rows.length;
  const hessian = {
    rows: new Int32Array(inherited + diagonal),
    columns: new Int32Array(inherited + diagonal),
  };
  hessian.rows.set(form.hessian.rows);
  hessian.columns.set(form.hessian.columns);
  for (let j = 0; j < diagonal; j++) hessian.rows[inherited + j] = hessian.columns[inherited + j] = j;
  const weights = new Float64Array(inner);
  if (near) for (let j = 0; j < inner; j++) weights[j] = Math.min(1, 1 / Math.abs(near[j])) ** 2;
  const innerHessian = new Float64Array(inherited);
  const innerColumns = new Float64Array(inner - base);
  let zeta = 0;

  return {
    base,
    size,
    rows,
    lower,
    upper,
    columnRow,
    columnValue,
    jacobian: form.jacobian,
    hessian,
    objectiveScale: weight === 0 ? 1 : form.objectiveScale,
    rowScale: form.rowScale,
    value(x) {
      let sum = weight === 0 ? 0 : form.value(x);
      let elastic = 0;
      for (let k = inner; k < size; k++) elastic += x[k];
      sum += penalty * elastic;
      if (near) {
        let far = 0;
        for (let j = 0; j < inner; j++) far += weights[j] * (x[j] - near[j]) ** 2;
        sum += 0.5 * zeta * far;
      }
      return sum;
    },
    gradientInto(x, out) {
      if (weight === 1) form.gradientInto(x, out);
      else out.fill(0);
      if (near) for (let j = 0; j < inner; j++) out[j] += zeta * weights[j] * (x[j] - near[j]);
      for (let k = inner; k < size; k++) out[k] = penalty;
    },
    constraintsInto(x, out) {
      form.constraintsInto(x, out);
      for (let i = 0; i < rows; i++) out[i] += x[inner + rows + i] - x[inner + i];
    },
    jacobianInto(x, values) {
      form.jacobianInto(x, values);
    },
    hessianInto(x, sigma, lambda, values, columns) {
      form.hessianInto(x, sigma * weight, lambda, innerHessian, innerColumns);
      values.set(innerHessian);
      for (let j = 0; j < diagonal; j++) values[inherited + j] = sigma * zeta * weights[j];
      columns.fill(0);
      columns.set(innerColumns);
      if (near) for (let j = base; j < inner; j++) columns[j - base] += sigma * zeta * weights[j];
    },
    barrier(mu) {
      if (near) zeta = Math.sqrt(mu);
    },
    setElastics(x, c, mu) {
      for (let i = 0; i < rows; i++) {
        const half = (mu - penalty * c[i]) / (2 * penalty);
        const n = half + Math.sqrt(half * half + (mu * c[i]) / (2 * penalty));
        x[inner + rows + i] = n;
        x[inner + i] = c[i] + n;
      }
    },
  };
}
