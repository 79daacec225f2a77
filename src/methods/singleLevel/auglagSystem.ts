/**
 * auglag on first-order conditions: augmented Lagrangian on stationarity, smoothed Fischer-Burmeister equations and upper
 * constraints; bounds stay bounds. ε falls at every round until 1e-6; ρ grows only after rounds in which ε did not change,
 * since a moved ε moves the violation by itself (otherwise ρ ends beyond 1e13).
 */
import { numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { AugmentedProgram } from "./augmented.js";
import { KktModel } from "./kktModel.js";
import { ProgramSolver } from "./programSolver.js";
import { sharpen } from "./sharpen.js";

type Vector = Float64Array;

const EPS_END = 1e-6;
const EPS_RATIO = 0.5;
export const GROWTH = 4;
export const SHRINK = 0.25;
export const MOST_RHO = 1e8;
/** Rounds after ε has reached its end without convergence. */
const PATIENCE = 60;
const ACCURACY = 1e-9;

export class AuglagSystem extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly model: KktModel;
  private readonly solver: ProgramSolver;
  private readonly program: AugmentedProgram;
  private u: Vector;
  private eps: number;
  private violation = Number.POSITIVE_INFINITY;
  private tolerance = 1e-3;
  private late = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    this.multipliers = new Float64Array(oracle.lower.constraints.rows);
    this.solver = new ProgramSolver(oracle, context.exhausted);
    this.model = new KktModel(oracle);
    this.program = new AugmentedProgram(this.model.relaxed("fischer"));
    this.program.rho = numberOr(context, "rho", 1);
    this.eps = this.model.pairs.size === 0 ? EPS_END : numberOr(context, "eps0", 0.1);
    this.u = this.model.start(oracle.startX, oracle.startY);
  }

  step(): void {
    const { program, solver, model } = this;
    model.relaxed("fischer").parameters[0] = this.eps;
    const result = solver.solve(program, this.u, "single-level", { tolerance: this.tolerance, elastic: false });
    if (solver.exhausted()) return;
    if (result.status === "unbounded" && program.rho < MOST_RHO) {
      // for small ρ a linear objective may outweigh the penalty for ever
      program.rho = Math.min(MOST_RHO, program.rho * GROWTH);
      return;
    }
    if (!result.u.every(Number.isFinite)) {
      this.finish("stalled", `The augmented Lagrangian could not be minimised: ${result.reason}`);
      return;
    }
    this.u = result.u;
    const violation = program.update(this.u);
    const moved = this.eps > EPS_END;
    if (moved) this.eps = Math.max(EPS_END, this.eps * EPS_RATIO);
    else {
      if (violation > SHRINK * this.violation) program.rho = Math.min(MOST_RHO, program.rho * GROWTH);
      this.late++;
    }
    this.violation = violation;
    this.tolerance = Math.max(1e-10, 0.5 * this.tolerance);
    this.publish(this.u, violation);
    if (!moved && violation <= ACCURACY && this.tolerance <= 1e-8) this.conclude();
    else if (this.late > PATIENCE) this.finish("stalled", `The violation of the system stays at ${violation}.`);
  }

  private conclude(): void {
    const { model, solver } = this;
    const sharp = model.pairs.size > 0 ? sharpen(model, solver, this.u) : undefined;
    if (solver.exhausted()) return;
    if (sharp !== undefined && sharp.result.f <= this.value + 1e-4 * (1 + Math.abs(this.value))) {
      this.publish(sharp.result.u, sharp.result.residuals.violation);
    }
    this.finish(
      "converged",
      "A first-order point of the program of first-order conditions; it is a bilevel solution where the lower level is convex.",
    );
  }

  private publish(u: Vector, violation: number): void {
    const { model, extra } = this;
    const { x, y, multipliers } = model.pairs.invert(u);
    this.x.set(x);
    this.y.set(y);
    this.multipliers.set(multipliers);
    this.value = model.pairs.compiled.value(u);
    this.stationarity = violation;
    extra.violation = violation;
    extra.eps = this.eps;
    extra.rho = this.program.rho;
  }

  backOff(): boolean {
    return false;
  }
}
