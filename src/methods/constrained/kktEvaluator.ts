/**
 * The hyper-objective phi(x) = f(x, y*(x)) of a constrained lower level with its gradient by implicit differentiation of the
 * lower first-order conditions on their active set: one linear system with the factors of the last Newton step,
 *
 *   [ H_FF A_Wᵀ; A_W 0 ] (v_F, u_W) = (∇y f_F, 0),    grad phi = ∇x f - L_xy v - c_xᵀ u
 *
 * At x where active sets change, phi has a kink and this is the gradient of one of its smooth pieces (an element of its
 * Bouligand subdifferential): the piece whose active set the lower solver ended with. A lower level whose Hessian is singular along
 * its active constraints gets a little of the upper objective, g + w f, whose solutions tend to the optimistic ones as w -> 0.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import { projectHypergradient } from "../kit/envelope.js";
import type { HyperObjective, HyperPoint } from "../kit/hyperPoint.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { ProgramSolver } from "../singleLevel/programSolver.js";
import { KktLower } from "./kktLower.js";

type Vector = Float64Array;

/** The weight w, relative to the sizes of the derivatives of both levels. */
const SELECTION = 1e-6;

/** The first M, in sizes of the upper gradient. */
const PRICE = 10;

export class KktEvaluator implements HyperObjective {
  G0 = 0;
  last = Number.NaN;
  tight = false;
  readonly problem: ScaledProblem;
  readonly lower: KktLower;
  /** Price M of the lower rows' violation where x leaves none of y feasible: phi + M violation is minimised. */
  penalty = 0;
  /** Adjoints of the last evaluation: of y, and of the rows. */
  readonly v: Vector;
  readonly u: Vector;
  private readonly oracle: Oracle;
  private readonly model: LowerSensitivity;
  private readonly fy: Vector;
  private readonly cross: Vector;
  private readonly right: Vector;
  private readonly adjoint: Vector;

  constructor(
    oracle: Oracle,
    model: LowerSensitivity,
    private readonly solver: ProgramSolver,
    /** Weight w asked for; undefined: 0 until a singular Hessian is met. */
    private readonly selection: number | undefined,
  ) {
    const { n, m } = oracle;
    const { rows } = model.program;
    this.oracle = oracle;
    this.model = model;
    this.problem = new ScaledProblem(oracle, { dx: new Float64Array(n).fill(1), dy: new Float64Array(m).fill(1) });
    this.lower = new KktLower(model, solver, oracle.counts, oracle.startY);
    this.lower.weight = selection ?? 0;
    this.v = new Float64Array(m);
    this.u = new Float64Array(rows);
    this.fy = new Float64Array(m);
    this.cross = new Float64Array(n);
    this.right = new Float64Array(m + rows);
    this.adjoint = new Float64Array(m + rows);
  }

  evaluate(p: HyperPoint): boolean {
    const { lower, problem, fy } = this;
    p.finite = false;
    p.checked = false;
    p.rt = 1e-11;
    p.notPositive = false;
    let end = lower.solve(p.x);
    if (end === "curvature" && this.selection === undefined && lower.weight === 0) {
      lower.weight = this.weightAt(p.x);
      lower.reset();
      end = lower.solve(p.x);
    }
    if (end === "exhausted") return false;
    p.lowerEnd = end === "solved" ? "solved" : end === "unbounded" ? "unbounded" : "limit";
    p.lowerResidual = lower.residual;
    p.notPositive = end === "curvature";
    if (end !== "solved") return true;
    p.y.set(lower.y);
    p.f = problem.upperGradient(p.x, p.y, p.G, fy);
    if (this.penalty === 0) this.penalty = PRICE * (norm(p.G) + norm(fy)) || 1;
    p.phi = p.f + this.penalty * lower.violation;
    this.solveAdjoint(p);
    p.slack = 1e-14 * Math.abs(p.f) + norm(fy) * (1 + norm(p.y)) * lower.residual;
    projectHypergradient(problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    p.checked = p.finite && lower.residual <= 1e-8 && p.adjointResidual <= 1e-8;
    return true;
  }

  /** v, u and p.G at the lower solution, whose factors stand. */
  private solveAdjoint(p: HyperPoint): void {
    const { lower, model, fy, right, adjoint, v, u, cross, oracle } = this;
    const m = fy.length;
    for (let j = 0; j < m; j++) right[j] = lower.active.bounds[j] === 0 ? fy[j] : 0;
    right.fill(0, m);
    this.addViolation(right);
    p.adjointResidual = lower.kkt.solveInto(right, adjoint);
    for (let j = 0; j < m; j++) v[j] = adjoint[j];
    for (let i = 0; i < u.length; i++) u[i] = adjoint[m + i];
    for (let i = 0; i < u.length; i++) u[i] -= this.violationWeight(i);
    p.v.set(v);
    oracle.counts.lowerJvp++;
    model.crossInto(p.x, p.y, lower.z, lower.weight, v, u, cross);
    p.rounding = norm(p.G) + norm(cross);
    for (let i = 0; i < cross.length; i++) p.G[i] -= cross[i];
  }

  /** d (M violation) / d c_i */
  private violationWeight(i: number): number {
    const { lower, penalty } = this;
    return lower.active.rows[i] === 2 ? (penalty * Math.sign(lower.z[i])) / (lower.size[i] || 1) : 0;
  }

  private addViolation(right: Vector): void {
    const { lower, model } = this;
    if (lower.violation === 0) return;
    const { rows, columns } = model.program.jacobian;
    for (let e = 0; e < rows.length; e++) {
      const j = columns[e];
      if (lower.active.bounds[j] === 0) right[j] += this.violationWeight(rows[e]) * lower.kkt.jacobian[e];
    }
  }

  /** w from the sizes of the levels' gradients and second derivatives in y at the point reached. */
  private weightAt(x: Vector): number {
    const { oracle, lower, fy } = this;
    const m = fy.length;
    const g = new Float64Array(m);
    const ones = new Float64Array(m).fill(1);
    const Hf = new Float64Array(m);
    oracle.lower.gradY(x, lower.y, g);
    oracle.upper.gradY(x, lower.y, fy);
    oracle.upper.hvpYY(x, lower.y, ones, Hf);
    const reach = 1 + norm(lower.y) / Math.sqrt(m);
    const curvature = lower.kkt.hessian.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    const weight = (SELECTION * (norm(g) + reach * curvature)) / (norm(fy) + reach * norm(Hf));
    return weight > 0 && Number.isFinite(weight) ? weight : SELECTION;
  }

  accept(p: HyperPoint): void {
    if (p.pg > this.G0) this.G0 = p.pg;
  }

  reset(): void {
    this.lower.reset();
  }

  get exhausted(): boolean {
    return this.solver.exhausted();
  }
}
