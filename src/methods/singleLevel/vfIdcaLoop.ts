/**
 * The loop of vf-idca (Ye, Yuan, Zeng and Zhang, Math. Program. 198, 2023, Algorithm 1, inexact proximal DCA): the lower level is
 * solved at x_k, its value linearised there, the convex program of reform/valueLinear.ts solved, and σ raised where the
 * violation does not keep up with the step. With a small ε each step can only be of the order of sqrt(ε); the automatic run
 * starts at 0.1 and lowers ε where steps have become short.
 */

import type { Kernel } from "../../codegen/kernel.js";
import { backendOf } from "../../oracle/backendOf.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import type { BilevelPoint } from "../../reform/steps/bilevelPoint.js";
import { type ValueSolution, valueFunction } from "../../reform/steps/valueFunction.js";
import { valueSlope } from "../../reform/valueLinear.js";
import { given, numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { feasible, ProgramSolver } from "./programSolver.js";

type Vector = Float64Array;

const FIRST = 0.1;
const LAST = 1e-9;
const RATIO = 0.1;
/** Steps below this share of sqrt(ε) end a stage of the automatic run; below SHORT any run. */
const STAGE = 1e-2;
const SHORT = 1e-8;
const MOST_SIGMA = 1e8;
const TIGHT = { tolerance: 1e-10, feasibilityTolerance: 1e-10 } as const;

export class VfIdcaLoop extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly invert: (solution: ValueSolution) => BilevelPoint;
  private readonly lower: CompiledProgram;
  private readonly program: CompiledProgram;
  private readonly slope: { readonly kernel: Kernel; readonly rows: number };
  private readonly solver: ProgramSolver;
  private readonly automatic: boolean;
  private readonly rho: number;
  private readonly xi: Vector;
  private lowerY: Vector;
  private sigma: number;
  private eps: number;
  /** The violation after the last step. */
  private last = Number.POSITIVE_INFINITY;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    const { target, invert } = valueFunction.apply(oracle.problem);
    this.invert = invert;
    this.multipliers = new Float64Array(oracle.lower.constraints.rows);
    this.lower = compileProgram(target.lower, backendOf(oracle));
    this.program = compileProgram(target.linearised, backendOf(oracle));
    this.slope = valueSlope(oracle.problem, backendOf(oracle));
    this.solver = new ProgramSolver(oracle, context.exhausted);
    this.automatic = given(context, "eps") === undefined;
    this.eps = numberOr(context, "eps", FIRST);
    this.rho = numberOr(context, "rho", 0.1);
    this.sigma = numberOr(context, "sigma", 1);
    this.xi = new Float64Array(oracle.n);
    this.lowerY = oracle.startY.slice();
  }

  step(context: MethodContext): void {
    const { lower, program, solver, slope, x, y, xi } = this;
    const { n, m } = context.oracle;
    lower.parameters.set(x);
    const below = solver.solve(lower, this.lowerY, "lower", TIGHT);
    if (solver.exhausted()) return;
    if (!feasible(below) || below.status === "unbounded") {
      this.finish("stalled", `The lower level could not be solved at x: ${below.reason}`);
      return;
    }
    this.lowerY = below.u;
    // of the lower level at the x before the step: the same where steps end
    this.multipliers.set(this.invert({ x, y, lower: below }).multipliers);
    slope.kernel(x, below.u, below.rowMultipliers, xi);
    let level = below.f + this.eps;
    for (let i = 0; i < n; i++) level -= xi[i] * x[i];
    program.parameters.set([...x, ...y, ...xi, level, this.sigma, this.rho]);
    const start = new Float64Array(program.n);
    start.set(x);
    start.set(y, n);
    start[n + m] = Math.max(0, context.oracle.lower.value(x, y) - below.f - this.eps);
    const result = solver.solve(program, start, "optimistic", TIGHT);
    if (solver.exhausted()) return;
    if (!feasible(result) || result.status === "unbounded") {
      this.finish("stalled", `The convex program of a step could not be solved: ${result.reason}`);
      return;
    }
    let step = 0;
    for (let i = 0; i < n; i++) step = Math.hypot(step, result.u[i] - x[i]);
    for (let j = 0; j < m; j++) step = Math.hypot(step, result.u[n + j] - y[j]);
    x.set(result.u.subarray(0, n));
    y.set(result.u.subarray(n, n + m));
    this.value = context.oracle.upper.value(x, y);
    this.advance(step, result.u[n + m]);
  }

  private advance(step: number, violation: number): void {
    this.stationarity = step;
    const { extra } = this;
    extra.violation = violation;
    extra.sigma = this.sigma;
    extra.eps = this.eps;
    const size = 1 + Math.hypot(...this.x, ...this.y);
    // equation (24) of the paper: σ and 1/t both below the inverse of the step
    const lagging = violation > 0 && Math.max(this.sigma, 1 / violation) * step < 1;
    const growing = this.automatic && violation > 0.9 * this.last;
    this.last = violation;
    if ((lagging || growing) && violation > 1e-10) this.sigma = Math.min(MOST_SIGMA, 2 * this.sigma);
    if (violation > 1e-8 * size) return;
    if (this.automatic && this.eps > LAST) {
      if (step <= STAGE * Math.sqrt(this.eps) * size) this.eps = Math.max(LAST, RATIO * this.eps);
    } else if (step <= SHORT * size) {
      this.finish(
        "converged",
        `Steps have ended at a point whose lower value is within ${this.eps.toExponential(0)} of the best one at its x.`,
      );
    }
  }

  backOff(): boolean {
    return false;
  }
}
