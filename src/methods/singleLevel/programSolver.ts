/**
 * Solves programs for a method: the loop's cancellation reaches into the solver, and what it evaluates is charged to the
 * oracle's counters. For single-level programs a row evaluation counts a lower gradient and a constraint value, a Jacobian a
 * constraint Jacobian and a product for each directional derivative it takes, a Hessian the same number of products of each level;
 * for programs in y alone the same of the levels that occur.
 */
import type { NlpOptions, NlpResult, NonlinearProgram } from "../../nlp/program.js";
import { solveNonlinear } from "../../nlp/solve.js";
import type { Counts, Oracle } from "../../oracle/oracle.js";

/** What a program asks of the problem. */
export type ProgramKind = "single-level" | "lower" | "optimistic" | "constraints";

export class ProgramSolver {
  private readonly counts: Counts;
  readonly exhausted: () => boolean;

  constructor(oracle: Oracle, exhausted: () => boolean) {
    this.counts = oracle.counts;
    this.exhausted = exhausted;
  }

  solve(program: NonlinearProgram, start: Float64Array, kind: ProgramKind, options: NlpOptions = {}): NlpResult {
    const result = solveNonlinear(program, start, { ...options, cancelled: this.exhausted });
    this.charge(result, kind);
    return result;
  }

  private charge({ counts: used }: NlpResult, kind: ProgramKind): void {
    const { counts } = this;
    counts.constraintValue += used.constraints;
    counts.constraintJacobian += used.jacobian;
    if (kind === "lower") {
      counts.lowerValue += used.value;
      counts.lowerGradient += used.gradient;
      counts.lowerHvp += used.hessianProducts;
    } else if (kind !== "constraints") {
      counts.upperValue += used.value;
      counts.upperGradient += used.gradient;
      counts.upperProduct += used.hessianProducts;
      counts.lowerHvp += used.hessianProducts + (kind === "single-level" ? used.jacobianProducts : 0);
      counts.lowerGradient += kind === "single-level" ? used.constraints : used.jacobian;
    }
  }
}

/** Whether the point keeps the program's constraints. */
export function feasible(result: NlpResult): boolean {
  const { status } = result;
  return status === "solved" || status === "acceptable" || result.residuals.violation <= 1e-7;
}
