/**
 * What all lower maps share: repeating a step y_{k+1} = Φ_k(x, y_k, y_{k-1}) with y_{-1} = y_0, and keeping the path for the
 * sweeps. A path is kept whole up to 5e7 numbers; beyond, only every sqrt(K)-th pair (y_{k-1}, y_k) is kept, and the segment
 * after it is run again when a sweep reaches it (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 12): one more
 * run buys room of 3 sqrt(K) vectors in place of K. Arrays grow and stay.
 */
import { copyInto } from "../../../num/vector.js";
import type { DomainOracle } from "../../../oracle/oracle.js";
import type { LowerMap } from "../piece.js";

type Vector = Float64Array;

/** What maps ask of the lower domain. */
export type MapDomain = Pick<DomainOracle, "free" | "project" | "projectTangent">;

const MOST_NUMBERS = 5e7;

export abstract class PathMap implements LowerMap {
  steps = 0;
  beforeStep: ((k: number) => void) | undefined = undefined;
  readonly n: number;
  readonly m: number;
  protected readonly domain: MapDomain;
  /** y_{first-1}, y_first, …, y_{first+stride} of the segment that is loaded: the step k leads from entry k - first + 1. */
  protected readonly path: Vector[] = [];
  /** The points before the projection of its steps; where nobody asks for them one array takes them all. */
  private readonly points: Vector[] = [];
  /** (y_{k-1}, y_k) at the first step of every segment. */
  private readonly marks: Vector[] = [];
  private readonly x: Vector;
  private readonly scratch: readonly [Vector, Vector, Vector];
  private readonly most: number;
  private readonly keepsPoints: boolean;
  private stride = 1;
  private loaded = -1;

  /** `most`: numbers kept at most before segments are run again. `keepsPoints`: sweeps ask for the points before projections. */
  constructor(n: number, m: number, domain: MapDomain, most = MOST_NUMBERS, keepsPoints = !domain.free) {
    this.n = n;
    this.m = m;
    this.domain = domain;
    this.most = most;
    this.keepsPoints = keepsPoints;
    this.x = new Float64Array(n);
    this.scratch = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
    this.points.push(new Float64Array(m));
  }

  /** next <- Φ_k(x, y, before); `point` <- the point before the projection, where there is one. */
  protected abstract advance(x: Vector, k: number, before: Vector, y: Vector, next: Vector, point: Vector): void;
  protected abstract gradientInto(x: Vector, y: Vector, out: Vector): void;
  abstract pullInto(x: Vector, a: Vector, G: Vector, from: number, to: number): number;
  abstract pushInto(x: Vector, u: Vector, t: Vector): void;
  abstract shrink(): void;

  run(x: Vector, y: Vector, K: number, keep: boolean): void {
    this.steps = K;
    this.loaded = -1;
    if (!keep) {
      this.repeat(x, y, K);
      return;
    }
    const { m, keepsPoints, path, points, marks } = this;
    this.stride = K * m * (keepsPoints ? 2 : 1) <= this.most ? Math.max(1, K) : Math.ceil(Math.sqrt(K));
    const segments = Math.max(1, Math.ceil(K / this.stride));
    while (path.length < this.stride + 2) path.push(new Float64Array(m));
    while (keepsPoints && points.length < this.stride) points.push(new Float64Array(m));
    while (marks.length < 2 * segments) marks.push(new Float64Array(m));
    this.x.set(x);
    marks[0].set(y);
    marks[1].set(y);
    for (let c = 0; c < segments; c++) {
      this.fill(c);
      if (c + 1 === segments) break;
      marks[2 * c + 2].set(path[this.stride]);
      marks[2 * c + 3].set(path[this.stride + 1]);
    }
    y.set(this.iterate(K));
  }

  iterate(k: number): Vector {
    // The last point of a segment is the first of the next: no need to load that one.
    const end = (this.loaded + 1) * this.stride;
    return k === end ? this.path[this.stride + 1] : this.path[this.entry(k)];
  }

  /** |y - P_Y(y - ∇y g)|, the gradient itself where Y is the whole space. */
  residual(x: Vector, y: Vector): number {
    const [gradient, trial] = this.scratch;
    this.gradientInto(x, y, gradient);
    let sum = 0;
    if (this.domain.free) {
      for (let j = 0; j < y.length; j++) sum += gradient[j] * gradient[j];
      return Math.sqrt(sum);
    }
    for (let j = 0; j < y.length; j++) trial[j] = y[j] - gradient[j];
    this.domain.project(trial);
    for (let j = 0; j < y.length; j++) sum += (y[j] - trial[j]) * (y[j] - trial[j]);
    return Math.sqrt(sum);
  }

  /** Index in `path` of y_k, with the segment of step k loaded; y_{k-1} stands before it. */
  protected entry(k: number): number {
    const c = this.stride >= this.steps ? 0 : Math.floor(k / this.stride);
    if (c !== this.loaded) this.fill(c);
    this.beforeStep?.(k);
    return k - c * this.stride + 1;
  }

  /** The point before the projection of the step from path[entry]. */
  protected pointAt(entry: number): Vector {
    return this.points[this.keepsPoints ? entry - 1 : 0];
  }

  /** K steps without a path; maps with a faster kernel override it. */
  protected repeat(x: Vector, y: Vector, K: number): void {
    const [before, next, point] = this.scratch;
    copyInto(y, before);
    for (let k = 0; k < K; k++) {
      this.beforeStep?.(k);
      this.advance(x, k, before, y, next, point);
      copyInto(y, before);
      copyInto(next, y);
    }
  }

  private fill(c: number): void {
    const { path, marks, stride, x } = this;
    const first = c * stride;
    const count = Math.min(stride, this.steps - first);
    path[0].set(marks[2 * c]);
    path[1].set(marks[2 * c + 1]);
    for (let i = 0; i < count; i++) {
      this.beforeStep?.(first + i);
      this.advance(x, first + i, path[i], path[i + 1], path[i + 2], this.pointAt(i + 1));
    }
    this.loaded = c;
  }
}
