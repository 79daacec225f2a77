/**
 * The value-function surrogate of F2BA and its gradient, with both inner problems solved to the limit of float64:
 *
 *   z = argmin g(x, ·),  y = argmin f(x, ·) / lambda + g(x, ·)
 *   L(x) = f(x, y) + lambda (g(x, y) - g(x, z)),   grad L = grad_x f(x, y) + lambda (grad_x g(x, y) - grad_x g(x, z))
 *
 * debias: 2 L_{2 lambda} - L_lambda with its gradient. In a HyperPoint `y` holds z and `v` holds y.
 */
import { norm } from "../../num/vector.js";
import type { Linearization, Oracle } from "../../oracle/oracle.js";
import { CurvedLowerSolver } from "../kit/curvedLowerSolver.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { BoxLowerSolver, type LowerEnd, type LowerSolver } from "../kit/lowerSolver.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { Scaling } from "../kit/scaling.js";

type Vector = Float64Array;

/** The lower level with f / lambda added: what y minimises. */
export class PenalisedProblem extends ScaledProblem {
  lambda = 1;
  private readonly extra: Vector;
  private readonly pointX: Vector;
  private readonly pointY: Vector;
  private readonly direction: Vector;
  private readonly upperProduct: Vector;
  private fixed: Linearization | undefined;

  constructor(oracle: Oracle, scaling: Scaling) {
    super(oracle, scaling);
    this.extra = new Float64Array(oracle.m);
    this.pointX = new Float64Array(oracle.n);
    this.pointY = new Float64Array(oracle.m);
    this.direction = new Float64Array(oracle.m);
    this.upperProduct = new Float64Array(oracle.m);
  }

  override lowerGradient(x: Vector, y: Vector, out: Vector): number {
    const { pointX, pointY, extra, dy } = this;
    this.unscaleXInto(x, pointX);
    this.unscaleYInto(y, pointY);
    const g = this.oracle.lower.valueGradY(pointX, pointY, out);
    const f = this.oracle.upper.valueGradY(pointX, pointY, extra);
    for (let j = 0; j < out.length; j++) out[j] = dy[j] * (out[j] + extra[j] / this.lambda);
    return g + f / this.lambda;
  }

  override linearize(x: Vector, y: Vector): void {
    this.unscaleXInto(x, this.pointX);
    this.unscaleYInto(y, this.pointY);
    this.fixed = this.oracle.lower.linearize(this.pointX, this.pointY);
  }

  override hvp(v: Vector, out: Vector): void {
    const { direction, upperProduct, dy, lambda } = this;
    this.unscaleYInto(v, direction);
    this.fixed?.hvp(direction, out);
    const upper = this.oracle.upper.linearize(this.pointX, this.pointY);
    upper.hvp(direction, upperProduct);
    for (let j = 0; j < out.length; j++) out[j] = dy[j] * (out[j] + upperProduct[j] / lambda);
  }
}

interface Side {
  readonly problem: PenalisedProblem;
  readonly solver: LowerSolver;
}

export class SurrogateEvaluator extends HyperEvaluator {
  private lambda: number;
  private readonly initialLambda: number;
  private begun = false;
  private readonly stopped: () => boolean;
  private readonly single: Side;
  private readonly double: Side | undefined;
  private readonly doubledY: Vector;
  private readonly gradient: Vector;
  private readonly gxF: Vector;
  private readonly gxY: Vector;
  private readonly gxZ: Vector;
  private readonly pointX: Vector;
  private readonly pointY: Vector;
  private readonly pointZ: Vector;

  constructor(problem: ScaledProblem, scaling: Scaling, exhausted: () => boolean, lambda: number, debias: boolean) {
    super(problem, exhausted);
    const { oracle, n, m } = problem;
    this.stopped = exhausted;
    this.lambda = lambda;
    this.initialLambda = lambda;
    const side = (): Side => {
      const penalised = new PenalisedProblem(oracle, scaling);
      return {
        problem: penalised,
        solver: oracle.domainY.boxes ? new BoxLowerSolver(penalised) : new CurvedLowerSolver(penalised),
      };
    };
    this.single = side();
    this.double = debias ? side() : undefined;
    this.doubledY = Float64Array.from(oracle.startY, (v, j) => v / scaling.dy[j]);
    this.gradient = new Float64Array(m);
    this.gxF = new Float64Array(n);
    this.gxY = new Float64Array(n);
    this.gxZ = new Float64Array(n);
    this.pointX = new Float64Array(n);
    this.pointY = new Float64Array(m);
    this.pointZ = new Float64Array(m);
  }

  setPenalty(lambda: number): void {
    this.lambda = lambda;
  }

  override evaluate(p: HyperPoint): boolean {
    const { problem, solver, stopped } = this;
    p.finite = false;
    p.checked = false;
    if (!this.begun) p.v.set(p.y);
    this.begun = true;
    // Errors of y and z enter G multiplied by lambda.
    p.rt = Math.max(1e-15, Math.min(1e-12, (1e-11 * this.initialLambda) / this.lambda));
    p.lowerEnd = solver.solve(p.x, p.y, this.gradient, p.rt, stopped);
    p.lowerResidual = solver.residual;
    if (!usable(p.lowerEnd)) return p.lowerEnd !== "exhausted";
    const end = this.add(this.single, p, p.v, this.lambda, true);
    if (!usable(end)) return end !== "exhausted";
    if (this.double !== undefined) {
      const again = this.add(this.double, p, this.doubledY, 2 * this.lambda, false);
      if (!usable(again)) return again !== "exhausted";
    }
    p.adjointResidual = 0;
    projectHypergradient(problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    p.checked = p.finite;
    // The first point sets the scale: trial points of steep penalties would inflate it.
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  /** Solves for the penalised y (scaled, in place) and puts L_lambda into p, or 2 L_lambda minus what is there. */
  private add(side: Side, p: HyperPoint, y: Vector, lambda: number, initial: boolean): LowerEnd {
    const { problem, gradient: gy, gxF, gxY, gxZ, pointX, pointY, pointZ } = this;
    const { upper, lower } = problem.oracle;
    side.problem.lambda = lambda;
    const end = side.solver.solve(p.x, y, gy, p.rt, this.stopped);
    if (!usable(end)) return end;
    problem.unscaleXInto(p.x, pointX);
    problem.unscaleYInto(y, pointY);
    problem.unscaleYInto(p.y, pointZ);
    const f = upper.valueGrad(pointX, pointY, gxF, gy);
    const atY = lower.valueGrad(pointX, pointY, gxY, gy);
    const atZ = lower.valueGrad(pointX, pointZ, gxZ, gy);
    const value = f + lambda * (atY - atZ);
    for (let i = 0; i < gxF.length; i++) {
      const d = problem.dx[i] * (gxF[i] + lambda * (gxY[i] - gxZ[i]));
      p.G[i] = initial ? d : 2 * d - p.G[i];
    }
    p.f = f;
    p.phi = initial ? value : 2 * value - p.phi;
    const slack = 8e-16 * lambda * (Math.abs(atY) + Math.abs(atZ)) + 1e-14 * Math.abs(f);
    const rounding = norm(gxF) + 0.2 * lambda * (norm(gxY) + norm(gxZ));
    p.slack = initial ? slack : p.slack + 2 * slack;
    p.rounding = initial ? rounding : p.rounding + 2 * rounding;
    return end;
  }
}

/** A solution, as good as rounding allows. "limit" means that the function has no minimum in reach. */
function usable(end: LowerEnd): boolean {
  return end === "solved" || end === "floor";
}
