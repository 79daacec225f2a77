/**
 * What the hyper-objective phi(x) = f(x, y*(x)) does near a point, by solving the lower level again at neighbours: central
 * differences against the hypergradient (kinks, jumps), lower values nearby, negative curvature. Where the lower Hessian is
 * singular the OPTIMISTIC solution is followed: the minimiser of g + w f with a small weight w, at x itself as well.
 */
import { symmetricEigen } from "../num/eigen.js";
import type { Random } from "../num/random.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type ImplicitGradient, implicitGradient } from "./implicitGradient.js";
import { lowerModel } from "./lowerModel.js";
import { solveLower, solveLowerSteps } from "./lowerSolve.js";
import { optimisticWeight } from "./optimisticWeight.js";
import { shortestCombination } from "./shortestCombination.js";
import { upperUnits } from "./upperUnits.js";

export { FEW } from "./upperUnits.js";

type Vector = Float64Array;

/** Within this share of its scale a kink counts as being at x. */
const KINK_BOX = 1e-5;

export interface Neighbourhood {
  /** False where the budget ended before all directions were looked at. */
  readonly complete: boolean;
  /** Largest difference between a difference quotient of phi and the hypergradient, in units of slope. */
  readonly mismatch: number;
  /** Steepest unexplained decrease of phi towards a neighbour, in units of slope; 0 where there is none. */
  readonly descent: number;
  /** f at x lowered by another lower solution at the same x; 0 where there is none. */
  readonly better: number;
  /** Most negative curvature of phi confirmed by values on both sides; 0 where there is none. */
  readonly negative: number;
  /** A feasible point with a lower upper objective, from which a run may go on; undefined where none was met. */
  readonly restart: Restart | undefined;
  /**
   * At kinks, length of the shortest convex combination of sampled hypergradients as a share of their median length;
   * Infinity where the hyper-objective is not finite on all sides, NaN where not computed.
   */
  readonly sampled: number;
}

export interface Restart {
  readonly x: Vector;
  readonly y: Vector;
}

interface Sample {
  readonly phi: number;
  readonly y: Vector;
}

export class Neighbours {
  private readonly oracle: Oracle;
  private readonly x: Vector;
  private readonly y: Vector;
  private readonly base: ImplicitGradient;
  private readonly L: number;
  private readonly random: Random;
  private readonly exhausted: () => boolean;
  private readonly weight: number;
  private readonly unit: Vector;
  private lowest: { readonly phi: number; readonly restart: Restart } | undefined;
  /** Lower solutions at x ± h e_i, where they are not those of a penalised problem. */
  private readonly solved = new Map<number, readonly [Vector, Vector]>();
  /** The scale of slopes: tolerances are shares of it. */
  private readonly scale: number;

  constructor(
    oracle: Oracle,
    x: Vector,
    y: Vector,
    base: ImplicitGradient,
    L: number,
    scale: number,
    random: Random,
    exhausted: () => boolean,
  ) {
    this.oracle = oracle;
    this.x = x;
    this.y = y;
    this.base = base;
    this.L = L;
    this.scale = scale;
    this.random = random;
    this.exhausted = exhausted;
    this.unit = upperUnits(oracle, x, y);
    this.weight = base.singular ? optimisticWeight(oracle, x, y, base.curvature, random) : 0;
  }

  /** Remembers the lowest finite sample. */
  private note(x: Vector, { phi, y }: Sample): void {
    if (!Number.isFinite(phi) || (this.lowest !== undefined && phi >= this.lowest.phi)) return;
    this.lowest = { phi, restart: { x: x.slice(), y: y.slice() } };
  }

  private *at(x: Vector): Generator<void, Sample, void> {
    const solution = yield* solveLowerSteps(lowerModel(this.oracle, x, this.weight), this.y, this.exhausted);
    // An unbounded lower level: f = -g rises with it, otherwise the upper level may be assumed to gain.
    const away = this.oracle.problem.minimax ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    const phi = solution.unbounded ? away : this.oracle.upper.value(x, solution.y);
    return { phi, y: solution.y };
  }

  /** Hypergradient at x; the lower level is solved there unless its solution `known` is given. */
  private gradientAt(x: Vector, known?: Vector): Vector {
    const y = known ?? solveLower(lowerModel(this.oracle, x), this.y, this.exhausted).y;
    return implicitGradient(this.oracle, x, y, this.L, this.random, this.exhausted).G;
  }

  /** Pauses after each lower solve. `stationary`: the hypergradient is already known to be small; then curvature is looked at too. */
  *examine(stationary: boolean): Generator<void, Neighbourhood, void> {
    const { oracle, x, base, scale } = this;
    const { n, domainX } = oracle;
    const center = this.weight > 0 ? yield* this.at(x) : { phi: base.value, y: this.y };
    const noise = 1e-13 * (1 + Math.abs(center.phi)) + 1e-12 * scale;
    let mismatch = 0;
    let descent = 0;
    let steepest = 0;
    let complete = true;
    for (let i = 0; i < n && complete; i++) {
      const h = this.stepOf(i, 1e-4);
      if (h === 0) continue;
      const plus = x.slice();
      const minus = x.slice();
      plus[i] += h;
      minus[i] -= h;
      domainX.project(plus);
      domainX.project(minus);
      const span = plus.map((p, k) => p - minus[k]);
      const length = norm(span);
      if (!(length > 0.1 * h)) continue;
      if (this.exhausted()) {
        complete = false;
        break;
      }
      const up = yield* this.at(plus);
      yield;
      const down = yield* this.at(minus);
      yield;
      if (this.weight === 0) this.solved.set(i, [up.y, down.y]);
      const slope = (up.phi - down.phi) / length;
      const predicted = dot(base.G, span) / length;
      const differs = Math.abs(slope - predicted);
      mismatch = Math.max(mismatch, Number.isNaN(differs) ? Number.POSITIVE_INFINITY : differs);
      for (const [point, sample] of [
        [plus, up],
        [minus, down],
      ] as const) {
        const s = point.map((p, k) => p - x[k]);
        const far = norm(s);
        if (sample.phi === Number.NEGATIVE_INFINITY && far > 0) descent = Number.POSITIVE_INFINITY;
        if (!(far > 0.1 * h)) continue;
        const decrease = (center.phi - sample.phi - 10 * noise) / far;
        const unexplained = decrease + Math.min(0, dot(base.G, s)) / far;
        if (decrease > steepest) steepest = decrease;
        if (unexplained > descent) descent = unexplained;
        if (sample.phi < center.phi - noise) this.note(point, sample);
      }
    }
    const better = this.weight > 0 ? yield* this.betterChoice(center) : 0;
    const kink = mismatch > 1e-3 * scale;
    // Where the hypergradient is not small, x can only be a solution as a kink: then it explains no decrease.
    if (kink && !stationary) descent = Math.max(descent, steepest);
    const sampled = kink && complete ? yield* this.sampleKink() : Number.NaN;
    const negative = stationary && !kink && complete ? yield* this.negativeCurvature(center.phi, noise) : 0;
    const { restart } = this.lowest ?? {};
    return { complete: complete && !this.exhausted(), mismatch, descent, better, negative, sampled, restart };
  }

  /**
   * What the upper level gains at x by another lower solution. The penalised one trades a little of g for f, w bᵀH⁺b to first order,
   * which is much where H has small eigenvalues: solved again without the penalty it is a lower solution that can be compared.
   */
  private *betterChoice({ phi, y }: Sample): Generator<void, number, void> {
    const { oracle, x, base } = this;
    if (!(base.value > phi) || phi === Number.NEGATIVE_INFINITY) return Math.max(0, base.value - phi);
    const near = yield* solveLowerSteps(lowerModel(oracle, x), y, this.exhausted);
    const value = near.unbounded ? phi : oracle.upper.value(x, near.y);
    if (!(value < base.value)) return 0;
    this.note(x, { phi: value, y: near.y });
    return base.value - value;
  }

  /** A step for coordinate i: a share of its unit, at most 1 % of the width of a box. */
  private stepOf(i: number, share: number): number {
    const { lower, upper, boxes } = this.oracle.domainX;
    const h = share * this.unit[i];
    return boxes ? Math.min(h, 0.01 * (upper[i] - lower[i])) : h;
  }

  /** Coordinates at a bound whose gradient pushes outside cannot move. */
  private heldAt(i: number, slope: number): boolean {
    const { lower, upper, boxes } = this.oracle.domainX;
    if (!boxes) return false;
    const near = 1e-7 * this.unit[i];
    return (this.x[i] <= lower[i] + near && slope > 0) || (this.x[i] >= upper[i] - near && slope < 0);
  }

  /**
   * Shortest combination of hypergradients in a box of 1e-5 of the scale around x, as a share of their median length or of the
   * scale, whichever is less: at a pole slopes at x outgrow all others. Coordinates all of them push outside are left out.
   */
  private *sampleKink(): Generator<void, number, void> {
    const { oracle, x } = this;
    const { n, domainX } = oracle;
    const samples: Vector[] = [this.base.G];
    for (let k = 0; k < 3 * n + 5 && !this.exhausted(); k++) {
      const point = x.map((v, i) => v + this.stepOf(i, KINK_BOX) * (2 * this.random.uniform() - 1));
      domainX.project(point);
      const G = this.finiteGradientAt(point);
      if (!G) return Number.POSITIVE_INFINITY;
      samples.push(G);
      yield;
    }
    const lengths = samples
      .slice(1)
      .map(norm)
      .sort((a, b) => a - b);
    const size = Math.min(this.scale, lengths[lengths.length >> 1] ?? 0);
    // Random points miss thin pieces: go on against the combination found so far.
    let length = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 5 * n + 20 && !this.exhausted(); k++) {
      const shortest = this.shortestInside(samples);
      length = norm(shortest);
      if (length <= 1e-6 * size) break;
      const reach = 10 ** -(k % 5) / length;
      const point = x.map((v, i) => v - this.stepOf(i, KINK_BOX) * reach * shortest[i]);
      domainX.project(point);
      const G = this.finiteGradientAt(point);
      if (!G) return Number.POSITIVE_INFINITY;
      samples.push(G);
      yield;
    }
    return length === 0 ? 0 : length / size;
  }

  /** Hypergradient at x; undefined where an objective or the gradient is not finite there. */
  private finiteGradientAt(x: Vector): Vector | undefined {
    const { y } = solveLower(lowerModel(this.oracle, x), this.y, this.exhausted);
    const { upper, lower } = this.oracle;
    const G = this.gradientAt(x, y);
    return Number.isFinite(upper.value(x, y) + lower.value(x, y) + norm(G)) ? G : undefined;
  }

  /** The shortest combination; coordinates at a bound that it pushes outwards are left out, one pass after the other. */
  private shortestInside(samples: readonly Vector[]): Vector {
    const cut = samples.map((s) => s.slice());
    for (let pass = 0; ; pass++) {
      const shortest = shortestCombination(cut);
      let more = false;
      shortest.forEach((g, i) => {
        if (g === 0 || !this.heldAt(i, g)) return;
        more = true;
        for (const s of cut) s[i] = 0;
      });
      if (!more || pass > this.oracle.n) return shortest;
    }
  }

  /** Eigenvector of the difference Hessian of phi with clearly negative curvature, confirmed by lower values on both sides. */
  private *negativeCurvature(phi: number, noise: number): Generator<void, number, void> {
    const { oracle, x } = this;
    const { n, domainX } = oracle;
    const free: number[] = [];
    for (let i = 0; i < n; i++) {
      const h = this.stepOf(i, 1e-3);
      const inside = !domainX.boxes || (x[i] - h >= domainX.lower[i] && x[i] + h <= domainX.upper[i]);
      if (h > 0 && inside) free.push(i);
    }
    const k = free.length;
    // On curved upper domains the Hessian alone decides nothing.
    if (k === 0 || !domainX.boxes) return 0;
    const C = new Float64Array(k * k);
    for (let a = 0; a < k; a++) {
      if (this.exhausted()) return 0;
      const h = this.stepOf(free[a], 1e-4);
      const plus = x.slice();
      const minus = x.slice();
      plus[free[a]] += h;
      minus[free[a]] -= h;
      const known = this.solved.get(free[a]);
      const up = this.gradientAt(plus, known?.[0]);
      const down = this.gradientAt(minus, known?.[1]);
      yield;
      for (let c = 0; c < k; c++) C[c * k + a] = (up[free[c]] - down[free[c]]) / (2 * h);
    }
    for (const v of C) if (!Number.isFinite(v)) return 0;
    const { values, vectors } = symmetricEigen(C, k);
    const top = Math.max(Math.abs(values[0]), Math.abs(values[k - 1]));
    if (!(values[0] < -1e-4 * top)) return 0;
    let s = Number.POSITIVE_INFINITY;
    for (const i of free) s = Math.min(s, this.stepOf(i, 1e-3));
    for (const sign of [1, -1]) {
      const point = x.slice();
      for (let a = 0; a < k; a++) point[free[a]] += sign * s * vectors[a * k];
      const sample = yield* this.at(point);
      if (!(sample.phi < phi - noise)) return 0;
      this.note(point, sample);
      yield;
    }
    return values[0];
  }
}
