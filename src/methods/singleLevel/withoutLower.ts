/**
 * What remains where presolve has put the lower solution's formula into the upper level: min F(x) = f(x, y*(x)) over x, with the
 * upper constraints and domains, one nonlinear program. The written start first; where F is not known to be convex, further starts in
 * the box of x, and the best answer stays.
 */
import type { NlpOptions, NlpResult } from "../../nlp/program.js";
import { solveNonlinear } from "../../nlp/solve.js";
import { backendOf } from "../../oracle/backendOf.js";
import type { Counts } from "../../oracle/oracle.js";
import { provedConvex } from "../../presolve/convex.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import { upperRows } from "../../reform/kkt.js";
import { boundedBlock } from "../../reform/levels.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { ended, onBounds } from "./activeBounds.js";
import { feasible } from "./programSolver.js";
import { singleLevelRequirements } from "./requirements.js";

type Vector = Float64Array;

/** Starts besides the written one, and how far from it they lie where x has no bounds. */
const STARTS = 2;
const REACH = 10;

class WithoutLower extends StateFields implements Running {
  private readonly program: CompiledProgram;
  private readonly starts: number;
  private best: NlpResult | undefined;
  private started = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { problem } = context.oracle;
    const program = {
      builder: problem.builder,
      blocks: [boundedBlock(problem, "upper")],
      parameters: [],
      objective: problem.upper.objective,
      rows: upperRows(problem),
    };
    this.program = compileProgram(program, backendOf(context.oracle));
    this.starts = provedConvex(problem) ? 1 : 1 + STARTS;
    this.value = this.program.value(this.x);
    context.oracle.counts.upperValue++;
  }

  step(context: MethodContext): void {
    const limits = { tolerance: 1e-10, cancelled: context.exhausted };
    const result = solveNonlinear(this.program, this.start(context), limits);
    charge(result, this.program.rows, context.oracle.counts);
    this.started++;
    if (context.exhausted()) return;
    if (this.best === undefined || better(result, this.best)) this.publish(result);
    this.extra.starts = this.started;
    if (this.started < this.starts) return;
    this.sharpen(limits, context.oracle.counts);
    this.conclude();
  }

  /** With the bounds that are active met exactly. */
  private sharpen(limits: NlpOptions, counts: Counts): void {
    const met = onBounds(this.program, this.best!, (program, start) => {
      const result = solveNonlinear(program, start, limits);
      charge(result, program.rows, counts);
      return result;
    });
    if (met !== undefined) this.publish(met);
  }

  /** The written start, then points drawn from the box of x (or around the start where it has no bounds). */
  private start({ oracle, random }: MethodContext): Vector {
    const at = oracle.startX.slice();
    if (this.started === 0) return at;
    const draw = random.split(`start ${this.started}`);
    const { lower, upper } = this.program;
    const reach = REACH * 2 ** (-2 * ((this.started - 1) % 3));
    for (let i = 0; i < at.length; i++) {
      const low = Math.max(lower[i], at[i] - reach);
      const high = Math.min(upper[i], at[i] + reach);
      at[i] = low + (high - low) * draw.uniform();
    }
    oracle.domainX.project(at);
    return at;
  }

  private publish(result: NlpResult): void {
    this.best = result;
    this.x.set(result.u);
    this.value = result.f;
    this.stationarity = result.residuals.stationarity;
    this.extra.violation = result.residuals.violation;
  }

  private conclude(): void {
    const { reason } = this.best!;
    if (ended(this.best!))
      this.finish("converged", "A first-order point of the upper level with the lower solution's formula was found.");
    else this.finish("stalled", `The upper level with the lower solution's formula could not be solved: ${reason}`);
  }

  backOff(): boolean {
    return false;
  }
}

function charge({ counts: used }: NlpResult, rows: number, counts: Counts): void {
  counts.upperValue += used.value;
  counts.upperGradient += used.gradient;
  counts.upperProduct += used.hessianProducts;
  if (rows === 0) return;
  counts.constraintValue += used.constraints;
  counts.constraintJacobian += used.jacobian;
}

/** A first-order point before others, then the lower value. */
function better(one: NlpResult, other: NlpResult): boolean {
  const first = (r: NlpResult): boolean => ended(r) && feasible(r);
  if (first(one) !== first(other)) return first(one);
  return one.f < other.f - 1e-9 * (1 + Math.abs(other.f));
}

export const withoutLower: Method<Running> = {
  id: "single-level",
  title: "The upper level with the lower solution's formula",
  reference: "Wächter and Biegler, On the implementation of an interior-point filter line-search algorithm, 2006",
  formulas: ["min F(x) = f(x, y*(x))  subject to the upper constraints, by an interior point method"],
  assumptions:
    "Presolve found the lower solution as a formula in x, for all lower variables: a plain run then takes this method by itself. F twice continuously differentiable.",
  failures: "Local solutions, where F is not convex: the best of a few starts stays.",
  requirements: { ...singleLevelRequirements, class: "lower solution unique, and a formula in x" },
  parameters: [],
  init: (context) => new WithoutLower(context),
  ...running,
};
