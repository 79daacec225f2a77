/**
 * Automatic ITD: phi(x) = f(x, y_K(x)) with y_K by K steps of Nesterov's method for strongly convex functions, its constants
 * estimated at each x, and K doubled until what is left of the adjoint at the start is negligible; then y_0 counts as little
 * as the truncation of the implicit series would.
 */
import { lanczosExtremes } from "../../num/lanczos.js";
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import { Unrolled, type UnrolledDomain, type UnrolledLevel } from "../kit/unrolled.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

const FIRST_STEPS = 20;
const LEFTOVER = 1e-9;
/** Numbers kept for a sweep at most: 160 MB. */
const MAX_NUMBERS = 2e7;
/** Below this share of L the smallest curvature counts as zero; the momentum is then that of kappa = 100. */
const SINGULAR = 1e-7;
const FALLBACK = 1e-2;
/** A doubling that leaves more than this share of the leftover adjoint finds a kernel, not slow convergence. */
const NO_PROGRESS = 0.9;

class UnrolledEvaluator extends HyperEvaluator {
  private readonly map: Unrolled;
  private readonly level: UnrolledLevel;
  private readonly domain: UnrolledDomain;
  private readonly a: Vector;
  private readonly start: Vector;
  private readonly random: Random;
  private readonly stopped: () => boolean;
  private L = 0;
  private K = FIRST_STEPS;
  /** Leftover share once a kernel was found: it is not searched for again at every point. */
  private kernelShare = Number.POSITIVE_INFINITY;
  private readonly most: number;
  private readonly gradient: Vector;
  private readonly moved: Vector;
  private largestResidual = 0;

  constructor(problem: ScaledProblem, exhausted: () => boolean, random: Random) {
    super(problem, exhausted);
    this.map = new Unrolled(problem.n, problem.m);
    this.level = levelOf(problem);
    this.domain = domainOf(problem);
    this.a = new Float64Array(problem.m);
    this.gradient = new Float64Array(problem.m);
    this.moved = new Float64Array(problem.m);
    this.start = new Float64Array(problem.m);
    this.random = random;
    this.stopped = exhausted;
    this.most = Math.max(FIRST_STEPS, Math.min(1e6, Math.floor(MAX_NUMBERS / problem.m)));
  }

  override evaluate(p: HyperPoint): boolean {
    const { problem, map, a, start } = this;
    const { level, domain } = this;
    p.finite = false;
    p.checked = false;
    start.set(p.y);
    p.lowerResidual = this.residualAt(p);
    let lastShare = this.kernelShare;
    for (let round = 0; ; round++) {
      const { alpha, beta } = this.constants(p);
      if (!(alpha > 0)) return true;
      const begin = round === 0 ? start : p.y.slice();
      p.y.set(begin);
      map.forward(level, domain, p.x, p.y, this.K, alpha, beta);
      let moved = 0;
      for (let j = 0; j < begin.length; j++) moved += (p.y[j] - begin[j]) ** 2;
      p.f = problem.upperGradient(p.x, p.y, p.G, a);
      const size = norm(a);
      if (!(p.f - p.f === 0 && size - size === 0)) return true;
      p.rounding = norm(p.G);
      const left = map.reverse(level, domain, p.x, a, p.G, alpha, beta);
      if (this.stopped()) return false;
      const share = size > 0 ? left / size : 0;
      const before = p.lowerResidual;
      p.lowerResidual = this.residualAt(p);
      // Steps that lead uphill were too long: the curvature grows on the way.
      if (round > 0 && p.lowerResidual > 2 * before) this.L *= 2;
      p.rounding += norm(p.G);
      p.adjointResidual = share;
      p.slack = 1e-14 * Math.abs(p.f) + left * Math.sqrt(moved);
      p.phi = p.f;
      p.rt = share;
      const settled = share <= LEFTOVER && left * Math.sqrt(moved) <= 1e-10 * (Math.abs(p.f) + p.rounding);
      const kernel = this.K >= 16 * FIRST_STEPS && share > LEFTOVER && share > NO_PROGRESS * lastShare;
      lastShare = share;
      if (kernel) this.kernelShare = share;
      if (settled || kernel || this.K >= this.most || round === 20) {
        p.checked = share <= LEFTOVER && p.lowerResidual <= 1e-6 * this.largestResidual;
        break;
      }
      // The steps already done stand: only what still moves y has to be differentiated.
      if (share > LEFTOVER) {
        this.K = Math.min(this.most, 2 * this.K);
        p.y.set(begin);
      }
    }
    projectHypergradient(problem, p);
    p.lowerEnd = "solved";
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    if (p.pg > this.G0) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  private residualAt(p: HyperPoint): number {
    const { problem, level, domain, gradient, moved } = this;
    level.gradY(p.x, p.y, gradient);
    for (let j = 0; j < moved.length; j++) moved[j] = p.y[j] - gradient[j];
    domain.project(moved);
    let sum = 0;
    for (let j = 0; j < problem.m; j++) sum += (p.y[j] - moved[j]) ** 2;
    const residual = Math.sqrt(sum);
    if (residual > this.largestResidual) this.largestResidual = residual;
    return residual;
  }

  /** alpha = 1/L and Nesterov's momentum by Lanczos at (x, y); L raised by 5 %, mu lowered by 10 %. */
  private constants(p: HyperPoint): { alpha: number; beta: number } {
    const { problem } = this;
    problem.linearize(p.x, p.y);
    const { smallest, largest } = lanczosExtremes(
      (v, out) => problem.hvp(v, out),
      problem.m,
      30,
      this.random.split("lanczos"),
    );
    const top = Math.max(Math.abs(smallest), Math.abs(largest));
    if (!(top >= 0)) return { alpha: Number.NaN, beta: 0 };
    if (top === 0 && this.L === 0) return { alpha: 1, beta: 0 };
    // Where the curvature is small only here, steps of its inverse would throw y about.
    this.L = Math.max(1.05 * top, 0.5 * this.L);
    const { L } = this;
    if (smallest < -SINGULAR * L) return { alpha: 1 / L, beta: 0 };
    const root = Math.sqrt(smallest > SINGULAR * L ? (0.9 * smallest) / L : FALLBACK);
    return { alpha: 1 / L, beta: (1 - root) / (1 + root) };
  }
}

/** The scaled lower level as the unrolled map asks for it. */
function levelOf(problem: ScaledProblem): UnrolledLevel {
  const map = {
    both: (v: Vector, outH: Vector, outJ: Vector): void => {
      problem.hvp(v, outH);
      problem.jvp(v, outJ);
    },
  };
  return {
    gradY: (x, y, out) => void problem.lowerGradient(x, y, out),
    linearize: (x, y) => {
      problem.linearize(x, y);
      return map;
    },
  };
}

function domainOf(problem: ScaledProblem): UnrolledDomain {
  const { domainY } = problem.oracle;
  const { lowerY, upperY } = problem;
  return {
    free: domainY.free,
    project: (y) => problem.projectY(y),
    projectTangent: domainY.boxes
      ? (point, v) => {
          for (let j = 0; j < v.length; j++) if (point[j] <= lowerY[j] || point[j] >= upperY[j]) v[j] = 0;
        }
      : (point, v) => domainY.projectTangent(point, v),
  };
}

export function automaticItd(context: MethodContext): Running {
  const problem = new ScaledProblem(context.oracle, estimateScaling(context.oracle, context.random.split("scaling")));
  return new HyperDescent(
    context,
    new UnrolledEvaluator(problem, context.exhausted, context.random.split("constants")),
  );
}
