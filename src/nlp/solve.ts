/**
 * Solves a nonlinear program: the interior method with restoration first; where it claims infeasibility, a least-squares
 * search for feasible points gives a second opinion and a new start; where it fails otherwise, the elastic form. Each pass
 * has the iteration limit for itself. Deterministic; reads neither the clock nor a random source.
 */
import { counted } from "./counted.js";
import type { InteriorOptions } from "./interior.js";
import { elasticPass, feasibilityPass, interiorPass, type Pass } from "./passes.js";
import type { NlpOptions, NlpResult, NlpStatus, NonlinearProgram } from "./program.js";
import { impossible, report } from "./report.js";
import { restore } from "./restoration.js";
import { type ProgramForm, slackForm } from "./slackForm.js";

type Vector = Float64Array;

/** Distance of the start from the bounds; a warm start stays closer. */
const PUSH = 1e-2;

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

/** Better endings come first; one with a feasible point is better than a claim that there is none. */
const RANK: readonly NlpStatus[] = ["solved", "unbounded", "acceptable", "infeasible", "limit", "stalled"];
const rank = (result: NlpResult, tolerance: number): number => {
  const unfinished = result.status === "limit" || result.status === "stalled";
  return unfinished && result.residuals.violation <= tolerance ? 2.5 : RANK.indexOf(result.status);
};

/** Solves from `start` (any finite point). See `NlpOptions` for tolerances and `NlpResult` for signs. */
export function solveNonlinear(original: NonlinearProgram, start: Vector, options: NlpOptions = {}): NlpResult {
  const { program, counts } = counted(original);
  const { warm } = options;
  const mu = options.barrier ?? (warm ? 1e-4 : 0.1);
  const kappa = warm ? Math.min(PUSH, mu) : PUSH;
  const most = options.maxIterations ?? 500;
  const base: InteriorOptions = {
    tolerance: options.tolerance ?? 1e-8,
    feasibilityTolerance: options.feasibilityTolerance ?? 1e-7,
    unscaledTolerance: options.unscaledTolerance ?? 1e-6,
    phase: "interior",
    linear: options.linear,
    budget: { left: most, spent: 0 },
    cancelled: options.cancelled,
    log: options.log,
    restore,
  };
  let iterations = 0;
  /** Settings of a pass with a fresh limit. */
  const fresh = (): InteriorOptions => ({ ...base, budget: { left: most, spent: 0 } });
  const finish = (form: ProgramForm, { method, end }: Pass): NlpResult => {
    iterations += method.options.budget.spent;
    counts.factorisations += method.factorisations;
    return report(program, { form, method }, start, end, base, counts, iterations);
  };

  const first = inside(program, start, kappa);
  const broken = impossible(program, base.feasibilityTolerance);
  if (broken !== undefined) return report(program, undefined, start, "infeasible", base, counts, 0, broken);
  if (!first.every(Number.isFinite)) return report(program, undefined, start, "not-finite", base, counts, 0);

  const relaxation = options.relaxation ?? 0;
  const form = slackForm(program, first, relaxation);
  let best = finish(form, interiorPass(form, first, fresh(), mu, kappa, warm));
  const better = (other: NlpResult): void => {
    if (!RANK.includes(other.status)) return;
    const gain = rank(best, base.feasibilityTolerance) - rank(other, base.feasibilityTolerance);
    const closer = gain === 0 && other.residuals.violation < best.residuals.violation;
    best = gain > 0 || closer ? other : best;
  };
  const failed = (): boolean => best.status === "infeasible" || best.status === "stalled" || best.status === "limit";
  if (options.elastic === false || !failed()) return best;

  if (best.status !== "infeasible") better(finish(form, elasticPass(form, first, fresh(), kappa)));
  if (failed()) {
    const { pass, u, feasible } = feasibilityPass(form, first, fresh(), PUSH);
    iterations += pass.method.options.budget.spent;
    counts.factorisations += pass.method.factorisations;
    if (feasible) {
      const near = inside(program, u, 1e-4);
      const again = slackForm(program, near, relaxation);
      better(finish(again, interiorPass(again, near, fresh(), 1e-2, 1e-4, undefined)));
      if (failed()) better(finish(again, elasticPass(again, near, fresh(), 1e-4)));
    }
  }
  return { ...best, iterations, counts };
}
