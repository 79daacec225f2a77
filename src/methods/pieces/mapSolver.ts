/**
 * A lower map as the lower solver of automatic runs (kit/lowerSolver.ts): its steps are repeated until the residual is at
 * most rt times the largest one at the start of a solve whose x was accepted. Unscaled variables.
 */
import { grown, type LowerEnd, type LowerSolver } from "../kit/lowerSolver.js";
import { lowerStepOf } from "../kit/lowerStep.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import { Tangent } from "../kit/tangent.js";
import type { MethodContext } from "../method.js";
import { Approach } from "./approach.js";
import type { LowerMap } from "./piece.js";

type Vector = Float64Array;

export class MapLowerSolver implements LowerSolver {
  residual = Number.NaN;
  value = Number.NaN;
  readonly precondition = undefined;
  private readonly problem: ScaledProblem;
  private readonly context: MethodContext;
  private readonly map: LowerMap;
  private readonly approach: Approach;
  private readonly tangent: Tangent;
  private r0 = 0;
  private startResidual = 0;

  /** `descends`: the map looks at the lower objective only. The problem's scales must be 1. */
  constructor(context: MethodContext, problem: ScaledProblem, map: LowerMap, descends: boolean) {
    this.problem = problem;
    this.context = context;
    this.map = map;
    this.approach = new Approach(map, problem.m, descends);
    this.tangent = new Tangent(problem.oracle.domainY, problem.m);
  }

  get whole(): boolean {
    return this.problem.oracle.domainY.free || this.tangent.whole;
  }

  get curvature(): number {
    return this.tangent.curvature;
  }

  projectInto(v: Vector): void {
    this.tangent.projectInto(v);
  }

  reduceInto(v: Vector, out: Vector): void {
    this.tangent.reduceInto(v, out);
  }

  solve(x: Vector, y: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd {
    const { problem, approach, tangent } = this;
    this.startResidual = this.map.residual(x, y);
    if (this.r0 === 0) this.r0 = this.startResidual;
    const end = approach.run(x, y, this.startResidual, rt * this.r0, exhausted);
    this.residual = approach.residual;
    this.value = problem.lowerGradient(x, y, gradient);
    if (!problem.oracle.domainY.free) tangent.update(y, gradient, lowerStepOf(this.context));
    return end;
  }

  accept(): void {
    this.r0 = grown(this.r0, this.startResidual);
  }

  reset(): void {
    this.map.shrink();
    this.r0 = 0;
  }
}
