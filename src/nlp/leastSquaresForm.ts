/**
 * The violation of a form in the least-squares sense: min |r|² / 2 subject to c(x) - r = 0 and the bounds, one free column
 * r_i a row. Smooth, without dependent rows, and stuck at other points than the l1 norm of the restoration: a second
 * opinion on infeasibility, and a way to feasible points from far away.
 */
import type { SlackForm } from "./slackForm.js";

export function leastSquaresForm(form: SlackForm): SlackForm {
  const { base, rows } = form;
  const inner = form.size;
  const size = inner + rows;
  const lower = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  lower.set(form.lower);
  upper.set(form.upper);
  const columnRow = new Int32Array(size - base);
  const columnValue = new Float64Array(size - base).fill(-1);
  columnRow.set(form.columnRow);
  columnValue.set(form.columnValue);
  for (let i = 0; i < rows; i++) columnRow[inner - base + i] = i;
  const innerColumns = new Float64Array(inner - base);
  return {
    base,
    size,
    rows,
    lower,
    upper,
    columnRow,
    columnValue,
    jacobian: form.jacobian,
    hessian: form.hessian,
    objectiveScale: 1,
    rowScale: form.rowScale,
    value(x) {
      let sum = 0;
      for (let k = inner; k < size; k++) sum += x[k] * x[k];
      return 0.5 * sum;
    },
    gradientInto(x, out) {
      out.fill(0);
      for (let k = inner; k < size; k++) out[k] = x[k];
    },
    constraintsInto(x, out) {
      form.constraintsInto(x, out);
      for (let i = 0; i < rows; i++) out[i] -= x[inner + i];
    },
    jacobianInto(x, values) {
      form.jacobianInto(x, values);
    },
    hessianInto(x, sigma, lambda, values, columns) {
      form.hessianInto(x, 0, lambda, values, innerColumns);
      columns.fill(0);
      columns.set(innerColumns);
      for (let k = inner; k < size; k++) columns[k - base] = sigma;
    },
  };
}
