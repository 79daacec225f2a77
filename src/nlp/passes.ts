/**
 * The passes that a solve may make over a program: the interior method from a point, the elastic form with a growing l1
 * penalty (Gill, Murray and Saunders, SIAM Rev. 47, 2005, section 1.7), and the least-squares search for feasible points.
 */
import { type InteriorEnd, InteriorMethod, type InteriorOptions } from "./interior.js";
import type { Iterate } from "./iterate.js";
import { leastSquaresForm } from "./leastSquaresForm.js";
import type { NlpOptions } from "./program.js";
import { relaxedForm } from "./relaxedForm.js";
import type { ProgramForm, SlackForm } from "./slackForm.js";

type Vector = Float64Array;
type Warm = NonNullable<NlpOptions["warm"]>;

const FIRST_PENALTY = 10;
const PENALTY_GROWTH = 100;
const LAST_PENALTY = 1e9;
const MULTIPLIER_TOP = 1e3;
const FIRST_BARRIER = 0.1;
const LATER_BARRIER = 1e-3;

/** A method that has run, and how it ended. */
export interface Pass {
  readonly method: InteriorMethod;
  readonly end: InteriorEnd;
}

/** The interior method from the base variables of `first`, with least-squares or given multipliers. */
export function interiorPass(
  form: ProgramForm,
  first: Vector,
  settings: InteriorOptions,
  mu: number,
  kappa: number,
  warm: Warm | undefined,
): Pass {
  const method = new InteriorMethod(form, settings);
  const { at } = method;
  at.mu = mu;
  place(at, form, first, kappa);
  central(at, form, 1e3);
  if (warm) warmStart(at, form, warm);
  else if (at.evaluate() && at.differentiate(at.x)) method.newton.estimateMultipliers(MULTIPLIER_TOP);
  return { method, end: method.run() };
}

/** Base variables from the program's, slacks from the rows, both inside their bounds. */
function place(at: Iterate, form: ProgramForm, first: Vector, kappa: number): void {
  for (let i = 0; i < form.base; i++) at.x[i] = first[form.variableOf[i]];
  at.setSlacks();
  at.push(kappa);
}

/** Multipliers of a nearby program, in its units and signs; those of bounds at rest come from the barrier. */
function warmStart(at: Iterate, form: ProgramForm, { rowMultipliers, boundMultipliers }: Warm): void {
  const set = (j: number, w: number): void => {
    if (at.hasLower[j]) at.zLower[j] = Math.max(-w, at.mu / (at.x[j] - form.lower[j]));
    if (at.hasUpper[j]) at.zUpper[j] = Math.max(w, at.mu / (form.upper[j] - at.x[j]));
  };
  for (let i = 0; i < form.base; i++) set(i, boundMultipliers[form.variableOf[i]] * form.objectiveScale);
  for (let i = 0; i < form.rows; i++) {
    at.lambda[i] = (rowMultipliers[form.rowOf[i]] * form.objectiveScale) / form.rowScale[i];
    if (form.columnOf[i] >= 0) set(form.columnOf[i], at.lambda[i]);
  }
}

/** A point of the form strictly inside its bounds: the start of the other passes. */
function startOf(form: ProgramForm, first: Vector, settings: InteriorOptions, kappa: number): Vector {
  const { at } = new InteriorMethod(form, settings);
  place(at, form, first, kappa);
  return at.x;
}

/** Multipliers of all bounds from the barrier, at most `top`. */
function central(at: Iterate, form: SlackForm, top: number): void {
  for (let j = 0; j < at.x.length; j++) {
    if (at.hasLower[j]) at.zLower[j] = Math.min(top, at.mu / (at.x[j] - form.lower[j]));
    if (at.hasUpper[j]) at.zUpper[j] = Math.min(top, at.mu / (form.upper[j] - at.x[j]));
  }
}

/** Largest violation of the program's rows at the leading variables of x. */
function violation(form: SlackForm, x: Vector): number {
  const c = new Float64Array(form.rows);
  form.constraintsInto(x, c);
  let worst = 0;
  for (let i = 0; i < form.rows; i++) worst = Math.max(worst, Math.abs(c[i]) / form.rowScale[i]);
  return worst;
}

/** Elastic runs with growing penalties, each from where the last one ended, until the rows hold. */
export function elasticPass(form: ProgramForm, first: Vector, settings: InteriorOptions, kappa: number): Pass {
  const { restore: _, ...plain } = settings;
  const x = startOf(form, first, settings, kappa);
  const c = new Float64Array(form.rows);
  for (let penalty = FIRST_PENALTY, mu = FIRST_BARRIER; ; penalty *= PENALTY_GROWTH, mu = LATER_BARRIER) {
    const relaxed = relaxedForm(form, { weight: 1, penalty });
    const method = new InteriorMethod(relaxed, { ...plain, phase: "elastic" });
    const { at } = method;
    at.mu = mu;
    at.x.set(x);
    form.constraintsInto(x, c);
    relaxed.setElastics(at.x, c, mu);
    central(at, relaxed, penalty);
    const end = method.run();
    x.set(at.x.subarray(0, form.size));
    const over = end === "cancelled" || end === "limit" || end === "not-finite";
    if (over || violation(form, x) <= settings.feasibilityTolerance) return { method, end };
    // At the last penalty a stationary point that violates the rows is one of the violation itself.
    if (penalty * PENALTY_GROWTH > LAST_PENALTY)
      return { method, end: end === "solved" || end === "acceptable" ? "infeasible" : "stalled" };
  }
}

/** The program's variables at a least-squares point of the rows, and whether they hold there. */
export function feasibilityPass(
  form: ProgramForm,
  first: Vector,
  settings: InteriorOptions,
  kappa: number,
): { readonly pass: Pass; readonly u: Vector; readonly feasible: boolean } {
  const { restore: _, ...plain } = settings;
  const squares = leastSquaresForm(form);
  const method = new InteriorMethod(squares, { ...plain, phase: "restoration" });
  const { at } = method;
  at.mu = FIRST_BARRIER;
  const x = startOf(form, first, settings, kappa);
  const c = new Float64Array(form.rows);
  form.constraintsInto(x, c);
  at.x.set(x);
  for (let i = 0; i < form.rows; i++) at.x[form.size + i] = c[i];
  central(at, squares, 1);
  const end = method.run();
  const u = first.slice();
  form.pointInto(at.x, u, true);
  return { pass: { method, end }, u, feasible: violation(form, at.x) <= 1e-4 };
}
