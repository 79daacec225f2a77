/**
 * Solves the lower level on sets with balls or simplices: projected gradient steps of Barzilai-Borwein length with a
 * backtracking segment search (Birgin, Martínez and Raydan, 2000, monotone form), and, once they settle, Newton steps by
 * conjugate gradients on the tangent space (see tangent.ts), projected back. The latter make the end superlinear.
 */
import { type CgOptions, type CgWorkspace, cgWorkspace, conjugateGradient } from "../../num/cg.js";
import { copyInto, dot, type LinearMap } from "../../num/vector.js";
import { grown, type LowerEnd, type LowerSolver } from "./lowerSolver.js";
import { gradientMappingInto } from "./projectedGradient.js";
import type { ScaledProblem } from "./scaledProblem.js";
import { Tangent } from "./tangent.js";

type Vector = Float64Array;

const MAX_ITERATIONS = 5000;
const MAX_TRIALS = 40;
const PATIENCE = 30;

export class CurvedLowerSolver implements LowerSolver {
  residual = Number.NaN;
  value = Number.NaN;
  readonly precondition = undefined;
  private readonly tangent: Tangent;
  private readonly problem: ScaledProblem;
  private readonly project: (v: Vector) => void;
  private alpha = 1;
  private r0 = 0;
  private startResidual = 0;
  private readonly trial: Vector;
  private readonly trialGradient: Vector;
  private readonly d: Vector;
  private readonly b: Vector;
  private readonly mapping: Vector;
  private readonly work: CgWorkspace;
  private readonly options: CgOptions;

  constructor(problem: ScaledProblem) {
    const { m } = problem;
    this.problem = problem;
    this.tangent = new Tangent(problem.oracle.domainY, m);
    this.project = (v) => problem.projectY(v);
    this.trial = new Float64Array(m);
    this.trialGradient = new Float64Array(m);
    this.d = new Float64Array(m);
    this.b = new Float64Array(m);
    this.mapping = new Float64Array(m);
    this.work = cgWorkspace(m);
    this.options = { tolerance: Number.NaN, maxIterations: m + 10 };
  }

  accept(): void {
    this.r0 = grown(this.r0, this.startResidual);
  }

  get whole(): boolean {
    return this.tangent.whole;
  }

  projectInto(v: Vector): void {
    this.tangent.projectInto(v);
  }

  reduceInto(v: Vector, out: Vector): void {
    this.tangent.reduceInto(v, out);
  }

  reset(): void {
    this.alpha = 1;
    this.r0 = 0;
  }

  solve(x: Vector, y: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd {
    const end = this.iterate(x, y, gradient, rt, exhausted);
    this.tangent.update(y, gradient, this.alpha);
    return end;
  }

  private iterate(x: Vector, y: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd {
    this.value = this.problem.lowerGradient(x, y, gradient);
    this.residual = gradientMappingInto(y, gradient, this.project, this.mapping);
    if (!Number.isFinite(this.value) || !Number.isFinite(this.residual)) return "not-finite";
    this.startResidual = this.residual;
    if (this.r0 === 0) this.r0 = this.residual;
    const target = rt * this.r0;
    let wait = 2;
    let sinceNewton = 0;
    let least = this.residual;
    let idle = 0;
    for (let k = 0; k < MAX_ITERATIONS; k++) {
      if (this.residual <= target) return "solved";
      if (exhausted()) return "exhausted";
      const before = this.value;
      if (sinceNewton >= wait) {
        sinceNewton = 0;
        if (this.newton(x, y, gradient)) {
          wait = 1;
          least = Math.min(least, this.residual);
          continue;
        }
        wait = Math.min(2 * wait + 1, 40);
      }
      sinceNewton++;
      if (!this.search(x, y, gradient)) return "floor";
      if (this.residual < 0.9 * least) {
        least = this.residual;
        idle = 0;
      } else if (before - this.value <= 2e-16 * Math.abs(this.value) && ++idle >= PATIENCE) return "floor";
    }
    return "limit";
  }

  private readonly hvp: LinearMap = (v, out) => {
    this.problem.hvp(v, out);
    if (!this.tangent.whole) this.tangent.reduceInto(v, out);
  };

  /** y <- P(y + p), (P H P + rho) p = -P grad g; kept if it halves the residual without raising g. */
  private newton(x: Vector, y: Vector, gradient: Vector): boolean {
    const { problem, tangent, b, d, trial, trialGradient, mapping } = this;
    tangent.update(y, gradient, this.alpha);
    for (let i = 0; i < b.length; i++) b[i] = -gradient[i];
    tangent.projectInto(b);
    const size = Math.sqrt(dot(b, b));
    if (size === 0) return false;
    problem.linearize(x, y);
    const tolerance = Math.min(0.1, this.residual / this.r0) * size;
    this.options.tolerance = tolerance;
    const solved = conjugateGradient(this.hvp, b, d, this.options, this.work);
    if (solved.negativeCurvature) return false;
    for (let i = 0; i < d.length; i++) trial[i] = y[i] + d[i];
    problem.projectY(trial);
    const value = problem.lowerGradient(x, trial, trialGradient);
    const residual = gradientMappingInto(trial, trialGradient, this.project, mapping);
    if (!(residual <= 0.5 * this.residual && value <= this.value + 1e-14 * Math.abs(this.value))) return false;
    this.take(y, gradient, value, residual);
    return true;
  }

  /** Backtracks from P(y - alpha grad g) towards y; the segment stays in the set. Sets alpha from the step taken. */
  private search(x: Vector, y: Vector, gradient: Vector): boolean {
    const { problem, trial, trialGradient, d, mapping } = this;
    const m = d.length;
    for (let i = 0; i < m; i++) d[i] = y[i] - this.alpha * gradient[i];
    problem.projectY(d);
    for (let i = 0; i < m; i++) d[i] -= y[i];
    const slope = dot(gradient, d);
    if (!(slope < 0)) return false;
    let a = 1;
    for (let t = 0; t < MAX_TRIALS; t++) {
      for (let i = 0; i < m; i++) trial[i] = y[i] + a * d[i];
      const value = problem.lowerGradient(x, trial, trialGradient);
      const end = dot(trialGradient, d);
      if (!(value - value === 0 && end - end === 0)) {
        a *= 0.1;
        continue;
      }
      const close = value <= this.value + 1e-14 * Math.abs(this.value) && Math.abs(end) <= 0.8 * Math.abs(slope);
      if (value <= this.value + 1e-4 * a * slope || close) {
        let ss = 0;
        let sg = 0;
        for (let i = 0; i < m; i++) {
          ss += a * d[i] * a * d[i];
          sg += a * d[i] * (trialGradient[i] - gradient[i]);
        }
        // Without positive curvature the step was too short to see any: go further.
        this.alpha = sg > 1e-12 * ss ? ss / sg : Math.min(10 * this.alpha, 1e10);
        this.take(y, gradient, value, gradientMappingInto(trial, trialGradient, this.project, mapping));
        return true;
      }
      a *= Math.min(0.6, Math.max(0.1, slope / (slope - end)));
    }
    return false;
  }

  private take(y: Vector, gradient: Vector, value: number, residual: number): void {
    copyInto(this.trial, y);
    copyInto(this.trialGradient, gradient);
    this.value = value;
    this.residual = residual;
  }
}
