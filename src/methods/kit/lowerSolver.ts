/**
 * Solves the lower level min_y g(x, y) on a box or the whole space by projected L-BFGS(10) (Bertsekas' free-set rule, 1982;
 * Nocedal and Wright, 2nd ed., Algorithm 7.5), warm from the given y, with the curvature pairs kept from one x to the next.
 * Ends at |PG| <= rt r0, PG the projected gradient and r0 the largest |PG| at the start of a solve whose x was accepted, growing
 * by at most a factor of 10 each time: trial points far out must not loosen what follows.
 */
import { LbfgsMemory } from "../../num/lbfgs.js";
import { copyInto, dot, type LinearMap, norm, normInf } from "../../num/vector.js";
import type { TangentSpace } from "./checkedAdjoint.js";
import { freeNorm, freeSetInto } from "./projectedGradient.js";
import type { ScaledProblem } from "./scaledProblem.js";

type Vector = Float64Array;

const PAIRS = 10;
const MAX_ITERATIONS = 5000;
const MAX_TRIALS = 30;
/** Iterations without a smaller |PG| and without a decrease above rounding: the floor of float64. */
const PATIENCE = 12;

/** "floor": float64 gives no smaller |PG|. "unbounded": y ran away while g fell. */
export type LowerEnd = "solved" | "floor" | "limit" | "exhausted" | "not-finite" | "unbounded";

/** What implicit evaluators need of a lower solver. As a TangentSpace it is that of the domain at the last y returned. */
export interface LowerSolver extends TangentSpace {
  /** |PG| and g at the last y returned. */
  readonly residual: number;
  readonly value: number;
  /** An approximate inverse of H on the tangent space, where one is known. */
  readonly precondition: LinearMap | undefined;
  /** Overwrites y by the solution and `gradient` by d g/dy there. */
  solve(x: Vector, y: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd;
  /** The x of the last solve was accepted by the upper level: its starting residual counts towards r0. */
  accept(): void;
  /** Forgets curvature: after a back-off. */
  reset(): void;
}

/** The next r0. */
export function grown(r0: number, start: number): number {
  return r0 === 0 ? start : Math.max(r0, Math.min(start, 10 * r0));
}

export class BoxLowerSolver implements LowerSolver {
  residual = Number.NaN;
  value = Number.NaN;
  readonly memory: LbfgsMemory;
  /** 1 where y is not held at a bound, at the last y returned. */
  readonly free: Uint8Array;
  freeCount = 0;
  private r0 = 0;
  private startResidual = 0;
  private readonly problem: ScaledProblem;
  private readonly trial: Vector;
  private readonly trialGradient: Vector;
  private readonly d: Vector;
  private readonly s: Vector;
  private readonly change: Vector;

  constructor(problem: ScaledProblem) {
    const { m } = problem;
    this.problem = problem;
    this.memory = new LbfgsMemory(m, PAIRS);
    this.free = new Uint8Array(m).fill(1);
    this.trial = new Float64Array(m);
    this.trialGradient = new Float64Array(m);
    this.d = new Float64Array(m);
    this.s = new Float64Array(m);
    this.change = new Float64Array(m);
  }

  reset(): void {
    this.memory.clear();
    this.r0 = 0;
  }

  accept(): void {
    this.r0 = grown(this.r0, this.startResidual);
  }

  get whole(): boolean {
    return this.freeCount === this.problem.m;
  }

  projectInto(v: Vector): void {
    for (let i = 0; i < v.length; i++) if (this.free[i] === 0) v[i] = 0;
  }

  reduceInto(_v: Vector, out: Vector): void {
    this.projectInto(out);
  }

  get precondition(): LinearMap | undefined {
    return this.memory.size === 0 ? undefined : this.applyPairs;
  }

  private readonly applyPairs = (r: Vector, out: Vector): void => {
    if (this.whole) this.memory.applyInto(r, out);
    else this.memory.applyFreeInto(r, this.free, out);
  };

  solve(x: Vector, y: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd {
    const { problem, memory, d } = this;
    this.value = problem.lowerGradient(x, y, gradient);
    this.measure(y, gradient);
    if (!Number.isFinite(this.value) || !Number.isFinite(this.residual)) return "not-finite";
    this.startResidual = this.residual;
    if (this.r0 === 0) this.r0 = this.residual;
    const target = rt * this.r0;
    const far = 1e12 * (1 + normInf(y));
    // Length of the first steps, while no pair tells the curvature.
    let reach = 1;
    let least = this.residual;
    let idle = 0;
    for (let k = 0; k < MAX_ITERATIONS; k++) {
      if (this.residual <= target) return "solved";
      if (exhausted()) return "exhausted";
      const before = this.value;
      const fresh = memory.size === 0;
      this.direction(gradient, reach);
      if (!(dot(gradient, d) < 0)) {
        memory.clear();
        this.direction(gradient, reach);
      }
      if (!this.search(x, y, gradient)) {
        if (fresh) return "floor";
        memory.clear();
        continue;
      }
      // A straight valley (a linear lower level on a box): longer steps until something bends or holds.
      if (!memory.push(this.s, this.change) && fresh) reach *= 10;
      this.measure(y, gradient);
      if (this.residual < 0.9 * least) {
        least = this.residual;
        idle = 0;
      } else if (before - this.value <= 2e-16 * Math.abs(this.value) && ++idle >= PATIENCE) return "floor";
      if (normInf(y) > far) return "unbounded";
    }
    return "limit";
  }

  private measure(y: Vector, gradient: Vector): void {
    const { problem, free } = this;
    if (problem.oracle.domainY.free) {
      this.freeCount = problem.m;
      this.residual = norm(gradient);
    } else {
      this.freeCount = freeSetInto(y, gradient, problem.lowerY, problem.upperY, free);
      this.residual = freeNorm(gradient, free);
    }
  }

  /** d = -B PG on the free set; without pairs a step of length min(1, |PG|) times `reach`. */
  private direction(gradient: Vector, reach: number): void {
    const { memory, d, free } = this;
    if (this.whole) memory.applyInto(gradient, d);
    else memory.applyFreeInto(gradient, free, d);
    const scale = memory.size === 0 ? -reach * Math.min(1, 1 / this.residual) : -1;
    for (let i = 0; i < d.length; i++) d[i] *= scale;
  }

  /**
   * Backtracks along P(y + a d) until g decreases enough, or (where differences of g drown in rounding) the slope has
   * fallen to 0.8 of its first size. Takes the step: y, gradient, value, s and change are then up to date.
   */
  private search(x: Vector, y: Vector, gradient: Vector): boolean {
    const { problem, trial, trialGradient, d, s, change } = this;
    const m = d.length;
    const rounding = 1e-14 * Math.abs(this.value);
    let a = 1;
    for (let t = 0; t < MAX_TRIALS; t++) {
      for (let i = 0; i < m; i++) trial[i] = y[i] + a * d[i];
      problem.projectY(trial);
      // The largest relative move of an entry.
      let size = 0;
      let slope = 0;
      for (let i = 0; i < m; i++) {
        s[i] = trial[i] - y[i];
        slope += gradient[i] * s[i];
        const share = Math.abs(s[i]) / (Math.abs(y[i]) + 1e-300);
        if (share > size) size = share;
      }
      if (size <= 1e-16) return false;
      const value = problem.lowerGradient(x, trial, trialGradient);
      const end = dot(trialGradient, s);
      if (!(value - value === 0 && end - end === 0)) {
        a *= 0.1;
        continue;
      }
      const enough =
        slope < 0 &&
        (value <= this.value + 1e-4 * slope ||
          (value <= this.value + 10 * rounding && Math.abs(end) <= 0.8 * Math.abs(slope)));
      if (enough) {
        for (let i = 0; i < m; i++) change[i] = trialGradient[i] - gradient[i];
        copyInto(trial, y);
        copyInto(trialGradient, gradient);
        this.value = value;
        return true;
      }
      a *= slope < 0 ? Math.min(0.6, Math.max(0.1, slope / (slope - end))) : 0.3;
    }
    return false;
  }
}
