/**
 * Feasibility restoration (Wächter and Biegler 2006, section 3.3): the interior method itself, on the relaxed rows near the
 * point where the line search failed, until a point is found that the filter accepts and that shrinks the violation.
 */
import { type InteriorEnd, InteriorMethod } from "./interior.js";
import { oneNorm } from "./lineSearch.js";
import { relaxedForm } from "./relaxedForm.js";

const PENALTY = 1000;
/** The violation has to shrink to this fraction. */
const SHRINK = 0.9;
/** Bound multipliers above this are set to 1 after a restoration. */
const MULTIPLIER_TOP = 1e3;

/** Leaves a point in `outer.at` that the filter accepts ("recovered"), or tells how it ended. */
export function restore(outer: InteriorMethod): "recovered" | InteriorEnd {
  const { at, form, filter, options } = outer;
  const { size, rows } = form;
  const relaxed = relaxedForm(form, { weight: 0, penalty: PENALTY, near: at.x.slice() });
  const theta0 = oneNorm(at.c);
  const c = new Float64Array(rows);
  const { log: _, enough: __, restore: ___, ...shared } = options;
  const inner = new InteriorMethod(relaxed, {
    ...shared,
    phase: "restoration",
    feasibilityTolerance: Number.POSITIVE_INFINITY,
    unscaledTolerance: Number.POSITIVE_INFINITY,
    ...(options.log ? { log: options.log } : {}),
    enough: (x) => {
      form.constraintsInto(x, c);
      const theta = oneNorm(c);
      if (!(theta <= SHRINK * theta0)) return false;
      return filter.accepts(theta, at.barrierValue(x.subarray(0, size), form.value(x)));
    },
  });
  const { at: point } = inner;
  point.mu = Math.max(at.mu, at.errors.primal);
  point.x.set(at.x);
  relaxed.setElastics(point.x, at.c, point.mu);
  for (let j = 0; j < point.x.length; j++) {
    if (j < size) {
      point.zLower[j] = Math.min(PENALTY, at.zLower[j]);
      point.zUpper[j] = Math.min(PENALTY, at.zUpper[j]);
    } else point.zLower[j] = point.mu / point.x[j];
  }
  const end = inner.run();
  at.kkt.factorisations += inner.factorisations;

  if (end === "cancelled" || end === "limit" || end === "not-finite") return end;
  for (let j = 0; j < size; j++) at.x[j] = point.x[j];
  form.constraintsInto(at.x, c);
  const theta = oneNorm(c);
  if (end !== "enough") {
    let worst = 0;
    for (let i = 0; i < rows; i++) worst = Math.max(worst, Math.abs(c[i]) / form.rowScale[i]);
    if (worst > options.feasibilityTolerance) {
      if (end !== "solved" && end !== "acceptable") return "stalled";
      return "infeasible";
    }
    // Feasible, but nothing the filter accepts: the filter was wrong about this barrier problem.
    if (!(theta <= theta0)) return "stalled";
    filter.clear();
  }
  // Bounds of the relaxed form may have moved by a rounding: stay inside the original ones.
  let top = 0;
  for (let j = 0; j < size; j++) {
    if (at.hasLower[j]) at.zLower[j] = at.mu / (at.x[j] - form.lower[j]);
    if (at.hasUpper[j]) at.zUpper[j] = at.mu / (form.upper[j] - at.x[j]);
    top = Math.max(top, at.zLower[j], at.zUpper[j]);
  }
  if (!(top <= MULTIPLIER_TOP)) {
    for (let j = 0; j < size; j++) {
      if (at.hasLower[j]) at.zLower[j] = Math.min(1, Math.abs(at.zLower[j]));
      if (at.hasUpper[j]) at.zUpper[j] = Math.min(1, Math.abs(at.zUpper[j]));
    }
  }
  at.differentiate(at.x);
  outer.newton.estimateMultipliers(MULTIPLIER_TOP);
  return "recovered";
}
