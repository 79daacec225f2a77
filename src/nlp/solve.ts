/**
 * Solves a nonlinear program: first by the interior method with restoration, then, if that failed or found the rows
 * infeasible near its path, in elastic form with a growing l1 penalty (Gill, Murray and Saunders, SIAM Rev. 47, 2005,
 * section 1.7). Deterministic; reads neither the clock nor a random source.
 */
import { counted } from "./counted.js";
import { type InteriorEnd, InteriorMethod, type InteriorOptions } from "./interior.js";
import type { NlpOptions, NlpResult, NonlinearProgram } from "./program.js";
import { relaxedForm } from "./relaxedForm.js";
import { impossible, report } from "./report.js";
import { restore } from "./restoration.js";
import { type ProgramForm, slackForm } from "./slackForm.js";

type Vector = Float64Array;

const PUSH = 1e-2;
const FIRST_PENALTY = 10;
const PENALTY_GROWTH = 100;
const LAST_PENALTY = 1e9;
const MULTIPLIER_TOP = 1e3;

/** A start moved strictly inside the bounds (Wächter and Biegler 2006, section 3.6), where functions are first evaluated. */
function inside(program: NonlinearProgram, start: Vector, kappa: number): Vector {
  return start.map((v, j) => {
    const low = program.lower[j];
    const high = program.upper[j];
    const room = kappa * (high - low);
    const move = (limit: number): number => Math.min(kappa * Math.max(1, Math.abs(limit)), room);
    const from = Number.isFinite(low) ? low + move(low) : low;
    const to = Number.isFinite(high) ? high - move(high) : high;
    return Math.min(to, Math.max(from, v));
  });
}

export function solveNonlinear(original: NonlinearProgram, start: Vector, options: NlpOptions = {}): NlpResult {
  const { program, counts } = counted(original);
  const warm = options.warm;
  const mu = options.barrier ?? (warm ? 1e-4 : 0.1);
  const budget = { left: options.maxIterations ?? 500, spent: 0 };
  const settings: InteriorOptions = {
    tolerance: options.tolerance ?? 1e-8,
    feasibilityTolerance: options.feasibilityTolerance ?? 1e-7,
    unscaledTolerance: options.unscaledTolerance ?? 1e-6,
    phase: "interior",
    linear: options.linear,
    budget,
    cancelled: options.cancelled,
    log: options.log,
    restore,
  };
  const kappa = warm ? Math.min(PUSH, mu) : PUSH;
  const first = inside(program, start, kappa);
  const broken = impossible(program, settings.feasibilityTolerance);
  if (broken !== undefined || !first.every(Number.isFinite)) {
    const end = broken === undefined ? "not-finite" : "infeasible";
    return report(program, undefined, start, end, settings, counts, 0, broken);
  }

  const form = slackForm(program, first, options.relaxation ?? 1e-9);
  const method = new InteriorMethod(form, settings);
  begin(method, form, first, kappa, mu);
  if (warm) warmStart(method, form, warm, mu);
  const end = method.run();
  counts.factorisations += method.factorisations;
  const result = report(program, { form, method }, start, end, settings, counts, budget.spent);
  if (options.elastic === false || !hopeful(result.status, end)) return result;

  const second = elastic(program, form, first, settings, method, options.maxIterations ?? 500);
  counts.factorisations += second.method.factorisations;
  const spent = budget.spent + second.spent;
  const other = report(program, { form, method: second.method }, start, second.end, settings, counts, spent);
  const better =
    other.status === "solved" ||
    (other.status === "acceptable" && result.status !== "infeasible") ||
    (other.status === "acceptable" && other.residuals.violation <= settings.feasibilityTolerance) ||
    (result.status === "stalled" && other.status === "infeasible") ||
    (other.status === "unbounded" && result.status !== "infeasible");
  return better ? other : { ...result, iterations: spent, counts };
}

/** Ends after which the elastic pass may find more. */
function hopeful(status: NlpResult["status"], end: InteriorEnd): boolean {
  if (end === "cancelled" || end === "not-finite" || end === "unbounded") return false;
  return status === "infeasible" || status === "stalled" || status === "limit";
}

function begin(method: InteriorMethod, form: ProgramForm, first: Vector, kappa: number, mu: number): void {
  const { at } = method;
  at.mu = mu;
  for (let i = 0; i < form.base; i++) at.x[i] = first[form.variableOf[i]];
  at.setSlacks();
  at.push(kappa);
  for (let j = 0; j < at.x.length; j++) {
    at.zLower[j] = at.hasLower[j];
    at.zUpper[j] = at.hasUpper[j];
  }
  if (at.evaluate() && at.differentiate(at.x)) method.newton.estimateMultipliers(MULTIPLIER_TOP);
}

/** Multipliers of a nearby program, in its units and signs; those of bounds at rest come from the barrier. */
function warmStart(
  { at }: InteriorMethod,
  form: ProgramForm,
  { rowMultipliers, boundMultipliers }: NonNullable<NlpOptions["warm"]>,
  mu: number,
): void {
  const set = (j: number, w: number): void => {
    if (at.hasLower[j]) at.zLower[j] = Math.max(-w, mu / (at.x[j] - form.lower[j]));
    if (at.hasUpper[j]) at.zUpper[j] = Math.max(w, mu / (form.upper[j] - at.x[j]));
  };
  for (let i = 0; i < form.base; i++) set(i, boundMultipliers[form.variableOf[i]] * form.objectiveScale);
  for (let i = 0; i < form.rows; i++) {
    at.lambda[i] = (rowMultipliers[form.rowOf[i]] * form.objectiveScale) / form.rowScale[i];
    if (form.columnOf[i] >= 0) set(form.columnOf[i], at.lambda[i]);
  }
}

/** Passes with growing penalties, each from where the last one ended, until the rows hold. */
function elastic(
  program: NonlinearProgram,
  form: ProgramForm,
  first: Vector,
  settings: InteriorOptions,
  before: InteriorMethod,
  maxIterations: number,
): { method: InteriorMethod; end: InteriorEnd; spent: number } {
  const x = new Float64Array(form.size);
  for (let i = 0; i < form.base; i++) x[i] = first[form.variableOf[i]];
  const budget = { left: maxIterations, spent: 0 };
  const { restore: _, ...plain } = settings;
  let found = before;
  let end: InteriorEnd = "stalled";
  let fresh = true;
  for (let penalty = FIRST_PENALTY; penalty <= LAST_PENALTY; penalty *= PENALTY_GROWTH) {
    const relaxed = relaxedForm(form, { weight: 1, penalty });
    const method = new InteriorMethod(relaxed, { ...plain, phase: "elastic", budget });
    const { at } = method;
    at.mu = fresh ? 0.1 : 1e-3;
    at.x.set(x);
    if (fresh) before.at.x.set(x.subarray(0, form.size));
    if (fresh) {
      before.at.setSlacks();
      before.at.push(PUSH);
      at.x.set(before.at.x);
    }
    const c = new Float64Array(form.rows);
    form.constraintsInto(at.x, c);
    relaxed.setElastics(at.x, c, at.mu);
    for (let j = 0; j < at.x.length; j++) {
      if (at.hasLower[j]) at.zLower[j] = Math.min(penalty, at.mu / (at.x[j] - relaxed.lower[j]));
      if (at.hasUpper[j]) at.zUpper[j] = Math.min(penalty, at.mu / (relaxed.upper[j] - at.x[j]));
    }
    end = method.run();
    found = method;
    x.set(at.x.subarray(0, form.size));
    fresh = false;
    form.constraintsInto(at.x, c);
    let worst = 0;
    for (let i = 0; i < form.rows; i++) worst = Math.max(worst, Math.abs(c[i]) / form.rowScale[i]);
    const over = end === "cancelled" || end === "limit" || end === "not-finite";
    if (over || worst <= settings.feasibilityTolerance) break;
    // At the last penalty a point that is stationary but violates the rows is one of the violation itself.
    if (penalty * PENALTY_GROWTH > LAST_PENALTY && (end === "solved" || end === "acceptable")) end = "infeasible";
  }
  void program;
  return { method: found, end, spent: budget.spent };
}
