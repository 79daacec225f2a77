/** From the interior method's last point to the result in the program's own units, with residuals that judge the claim. */
import type { InteriorEnd, InteriorMethod, InteriorOptions } from "./interior.js";
import type { KktResiduals, NlpCounts, NlpResult, NlpStatus, NonlinearProgram } from "./program.js";
import { kktResiduals } from "./residuals.js";
import type { ProgramForm } from "./slackForm.js";

type Vector = Float64Array;

const SENTENCES: Readonly<Record<NlpStatus, string>> = {
  solved: "First-order conditions hold to the tolerances.",
  acceptable: "First-order conditions hold to the looser tolerances only, and progress ended.",
  infeasible: "The violation of the constraints is stationary and not zero: no feasible point nearby.",
  unbounded: "The objective falls without limit along feasible points.",
  stalled:
    "Neither the objective nor the violation can be improved any further, but first-order conditions do not hold.",
  limit: "Out of iterations.",
  cancelled: "Cancelled.",
  "not-finite": "A function is not finite at the starting point.",
};

/** A bound or row whose limits exclude each other, in words; undefined if there is none. */
export function impossible(program: NonlinearProgram, tolerance: number): string | undefined {
  const crossed = (low: number, high: number): boolean =>
    low - high > tolerance || low === Number.POSITIVE_INFINITY || high === Number.NEGATIVE_INFINITY;
  for (let j = 0; j < program.n; j++)
    if (crossed(program.lower[j], program.upper[j])) return `The bounds of variable ${j} exclude each other.`;
  for (let i = 0; i < program.rows; i++)
    if (crossed(program.rowLower[i], program.rowUpper[i])) return `The limits of row ${i} exclude each other.`;
  return undefined;
}

export function report(
  program: NonlinearProgram,
  found: { readonly form: ProgramForm; readonly method: InteriorMethod } | undefined,
  start: Vector,
  end: InteriorEnd,
  settings: InteriorOptions,
  counts: NlpCounts,
  iterations: number,
  reason?: string,
): NlpResult {
  const { n, rows } = program;
  const u = Float64Array.from(start);
  const z = new Float64Array(rows);
  const w = new Float64Array(n);
  if (found) {
    const { form, method } = found;
    const { at } = method;
    form.pointInto(at.x, u, true);
    for (let i = 0; i < form.rows; i++) z[form.rowOf[i]] = (at.lambda[i] * form.rowScale[i]) / form.objectiveScale;
    fixedMultipliersInto(program, u, z, w);
    for (let i = 0; i < form.base; i++) w[form.variableOf[i]] = (at.zUpper[i] - at.zLower[i]) / form.objectiveScale;
  }
  const c = new Float64Array(rows);
  program.constraintsInto(u, c);
  const residuals = kktResiduals(program, u, z, w);
  const f = program.value(u);
  const status = judged(end === "enough" ? "stalled" : end, residuals, f, settings);
  return {
    status,
    reason: reason ?? SENTENCES[status],
    u,
    f,
    c,
    rowMultipliers: z,
    boundMultipliers: w,
    residuals,
    iterations,
    counts,
    phase: settings.phase === "interior" && found?.method.options.phase === "elastic" ? "elastic" : "interior",
  };
}

/** w = -(grad f + Jᵀ z): exact for fixed variables, replaced for the others. */
function fixedMultipliersInto(program: NonlinearProgram, u: Vector, z: Vector, w: Vector): void {
  const { jacobian } = program;
  const entries = new Float64Array(jacobian.rows.length);
  program.gradientInto(u, w);
  program.jacobianInto(u, entries);
  for (let e = 0; e < entries.length; e++) w[jacobian.columns[e]] += entries[e] * z[jacobian.rows[e]];
  for (let j = 0; j < w.length; j++) w[j] = -w[j];
}

/** A claim that its own residuals do not bear out is taken back a step. */
function judged(end: NlpStatus, r: KktResiduals, f: number, settings: InteriorOptions): NlpStatus {
  if (end !== "solved" && end !== "acceptable") return end;
  const within = (slack: number): boolean =>
    r.violation <= Math.min(slack, 10) * settings.feasibilityTolerance &&
    r.stationarity <= slack * settings.unscaledTolerance * r.stationarityScale &&
    r.complementarity <= (slack > 1 ? 10 * slack : slack) * settings.unscaledTolerance * Math.max(1, Math.abs(f)) &&
    r.sign <= slack * settings.unscaledTolerance * r.stationarityScale;
  if (end === "solved" && within(1)) return "solved";
  return within(100) ? "acceptable" : "stalled";
}
