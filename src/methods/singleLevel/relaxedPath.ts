/**
 * The loop of kkt-mpcc, kkt-fb and strong-duality: one relaxed complementarity program a step, warm from the one before, then a sharp answer
 * with all pairs decided. With one relaxation given only that program is solved.
 */
import type { NlpResult, NonlinearProgram } from "../../nlp/program.js";
import type { Complementarity } from "../../reform/kkt.js";
import { given } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { ended, onBounds } from "./activeBounds.js";
import { Homotopy, KktModel } from "./kktModel.js";
import { ProgramSolver } from "./programSolver.js";
import { sharpen } from "./sharpen.js";

type Vector = Float64Array;

export interface PathRule {
  readonly kind: Complementarity;
  /** Parameter that fixes the relaxation, and the one that starts the path. */
  readonly fixed: string;
  readonly first: string;
  readonly from: number;
  readonly ratio: number;
  readonly to: number;
}

export const usualPath = { fixed: "t", first: "t0", from: 1e-2, ratio: 0.1, to: 1e-8 } as const;

/** The parameters of `usualPath`; `what` says what t is. */
export const pathParameters = (what: string): Method["parameters"] => [
  {
    name: "t",
    type: "number",
    default: undefined,
    auto: "path from t0 to 1e-8 by factors of 0.1",
    min: 0,
    doc: `${what} Given: this one program is solved, and nothing is decided afterwards.`,
  },
  { name: "t0", type: "number", default: undefined, auto: "1e-2", min: 1e-8, doc: "First t of the path." },
];

/** Largest by which a sharp answer may be worse than the relaxed one, as a share of 1 + |f|. */
const WORSE = 1e-3;

export class RelaxedPath extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly model: KktModel;
  private readonly solver: ProgramSolver;
  private readonly homotopy: Homotopy;
  private readonly rule: PathRule;
  private readonly single: boolean;
  private next: number;

  constructor(context: MethodContext, rule: PathRule) {
    super(context.oracle);
    const { oracle } = context;
    this.rule = rule;
    this.multipliers = new Float64Array(oracle.lower.constraints.rows);
    this.solver = new ProgramSolver(oracle, context.exhausted);
    this.model = new KktModel(oracle);
    const start = this.model.start(oracle.startX, oracle.startY);
    this.homotopy = new Homotopy(this.model, rule.kind, this.solver, start, { tolerance: 1e-10 });
    const fixed = given(context, rule.fixed);
    this.single = fixed !== undefined || this.model.pairs.size === 0;
    this.next = fixed ?? (this.model.pairs.size === 0 ? rule.to : (given(context, rule.first) ?? rule.from));
  }

  step(): void {
    const { homotopy, rule, solver, next } = this;
    const result = homotopy.solve(next);
    if (solver.exhausted()) return;
    this.publish(homotopy.u, result);
    this.extra[rule.fixed] = next;
    if (this.single) this.conclude(homotopy.program, result, ` with ${rule.fixed} = ${next}`);
    else if (next <= rule.to * 1.0001) this.sharpen(result);
    else this.next = Math.max(rule.to, next * rule.ratio);
  }

  private sharpen(relaxed: NlpResult): void {
    const { model, solver, homotopy } = this;
    const sharp = sharpen(model, solver, homotopy.u);
    if (solver.exhausted()) return;
    const found = sharp !== undefined && sharp.result.f <= relaxed.f + WORSE * (1 + Math.abs(relaxed.f));
    if (found) this.publish(sharp.result.u, sharp.result);
    if (found) this.conclude(model.pairs.decided(sharp.active), sharp.result, " with every pair decided");
    else this.conclude(homotopy.program, relaxed, " at the end of the path");
  }

  private conclude(program: NonlinearProgram, result: NlpResult, where: string): void {
    const { solver } = this;
    if (ended(result)) {
      const options = { tolerance: 1e-11, elastic: false };
      const met = onBounds(program, result, (held, start) => solver.solve(held, start, "single-level", options));
      if (solver.exhausted()) return;
      if (met !== undefined) this.publish(met.u, met);
      const bias = this.single && this.model.pairs.size > 0 ? ", a relaxation of it" : "";
      this.finish(
        "converged",
        `A first-order point of the program of first-order conditions${bias} was found${where}; it is a bilevel solution where the lower level is convex.`,
      );
    } else
      this.finish("stalled", `The program of first-order conditions${where} could not be solved: ${result.reason}`);
  }

  private publish(u: Vector, result: NlpResult): void {
    const { model } = this;
    const { x, y, multipliers } = model.pairs.invert(u);
    this.x.set(x);
    this.y.set(y);
    this.multipliers.set(multipliers);
    this.value = result.f;
    this.stationarity = result.residuals.stationarity;
    this.extra.violation = result.residuals.violation;
  }

  backOff(): boolean {
    return false;
  }
}
