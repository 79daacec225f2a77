/**
 * Estimates along a path: gradient descent on the lower level from the starting point, with the Hessians of both objectives
 * in y looked at along it (Lanczos), at the lower solution for the starting x, and at lower solutions for points x nearby.
 * What is seen is a lower estimate of Lipschitz constants and an upper one of mu: other points may be worse.
 *
 *   mu_PL = min |∇y g(x, y_k)|² / (2 (g(x, y_k) - g_best))     over the steps k with a gap above rounding
 */
import { lanczosExtremes } from "../num/lanczos.js";
import type { Random } from "../num/random.js";
import { addScaledInto, copyInto, distance, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

export interface PathEstimates {
  /** Points at which second derivatives were looked at. */
  readonly points: number;
  readonly L_g: number;
  readonly mu: number;
  /** Secants of the full gradients. */
  readonly L_gx: number;
  readonly L_f: number;
  readonly C_f: number;
  readonly rho_g: number;
  readonly mu_PL: number | undefined;
  /** |y0 - y*(x0)|, with the last point of the descent for y*. */
  readonly distance: number;
}

export interface PathOptions {
  /** Lower steps from the start, and Lanczos steps at a point. */
  readonly steps: number;
  readonly lanczos: number;
  /** Points x beside the starting one. */
  readonly neighbours: number;
}

export const standardPath: PathOptions = { steps: 200, lanczos: 30, neighbours: 4 };

/** Gaps below this, relative to 1 + |g|, are rounding. */
const smallestGap = 1e-11;

export class Path {
  private readonly oracle: Oracle;
  private readonly random: Random;
  private readonly options: PathOptions;
  private points = 0;
  private largest = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private slope = 0;
  private secantG = 0;
  private secantF = 0;
  private secantH = 0;
  private before: Looked | undefined;

  constructor(oracle: Oracle, random: Random, options: PathOptions) {
    this.oracle = oracle;
    this.random = random;
    this.options = options;
  }

  walk(): PathEstimates {
    const { oracle, options } = this;
    const x = oracle.startX.slice();
    const y = oracle.startY.slice();
    this.look(x, y);
    const pl = this.descend(x, y);
    const far = distance(y, oracle.startY);
    this.look(x, y);
    const near = new Float64Array(oracle.n);
    for (let k = 0; k < options.neighbours && oracle.n > 0; k++) {
      const reach = 0.1 * 3 ** (k % 4);
      for (let i = 0; i < near.length; i++) near[i] = x[i] + reach * (1 + Math.abs(x[i])) * this.random.normal();
      oracle.domainX.project(near);
      const there = y.slice();
      this.descend(near, there);
      this.look(near, there);
    }
    return {
      points: this.points,
      L_g: this.largest,
      mu: this.smallest,
      L_gx: Math.max(this.secantG, this.largest),
      L_f: this.secantF,
      C_f: this.slope,
      rho_g: this.secantH,
      mu_PL: pl,
      distance: far,
    };
  }

  /** In place: projected gradient steps on y; returns the PL estimate of the steps. */
  private descend(x: Vector, y: Vector): number | undefined {
    const { oracle, options } = this;
    const { lower, domainY, m } = oracle;
    const gradient = new Float64Array(m);
    const next = new Float64Array(m);
    const seen: (readonly [value: number, slope: number])[] = [];
    let step = this.largest > 0 ? 1 / this.largest : 1;
    let value = lower.valueGradY(x, y, gradient);
    for (let k = 0; k < options.steps; k++) {
      const slope = norm(gradient);
      if (!Number.isFinite(value) || !(slope > 0)) break;
      seen.push([value, slope]);
      addScaledInto(y, -step, gradient, next);
      domainY.project(next);
      const moved = distance(next, y);
      if (moved === 0) break;
      const there = lower.value(x, next);
      if (!(there <= value - (1e-4 * moved * moved) / step)) {
        step /= 2;
        if (step * slope < 1e-12 * (1 + norm(y))) break;
        continue;
      }
      copyInto(next, y);
      value = lower.valueGradY(x, y, gradient);
    }
    return domainY.free ? polyakLojasiewicz(seen, value) : undefined;
  }

  private look(x: Vector, y: Vector): void {
    const { oracle, options, random } = this;
    const { n, m, upper, lower } = oracle;
    const at = lower.linearize(x, y);
    const { smallest, largest } = lanczosExtremes((v, out) => at.hvp(v, out), m, options.lanczos, random);
    if (!Number.isFinite(smallest) || !Number.isFinite(largest)) return;
    this.points++;
    this.largest = Math.max(this.largest, Math.abs(largest), Math.abs(smallest));
    this.smallest = Math.min(this.smallest, smallest);
    const probe = new Float64Array(m);
    for (let j = 0; j < m; j++) probe[j] = ((j * 7919) % 13) - 6;
    const size = norm(probe);
    if (size > 0) for (let j = 0; j < m; j++) probe[j] /= size;
    const now: Looked = {
      x: x.slice(),
      y: y.slice(),
      gx: new Float64Array(n),
      gy: new Float64Array(m),
      fx: new Float64Array(n),
      fy: new Float64Array(m),
      Hv: new Float64Array(m),
    };
    lower.valueGrad(x, y, now.gx, now.gy);
    upper.valueGrad(x, y, now.fx, now.fy);
    at.hvp(probe, now.Hv);
    this.slope = Math.max(this.slope, norm(now.fy));
    const { before } = this;
    if (before !== undefined) {
      const moved = Math.hypot(distance(before.x, now.x), distance(before.y, now.y));
      const secant = (...pairs: readonly (readonly [Vector, Vector])[]): number => {
        const q = Math.hypot(...pairs.map(([a, b]) => distance(a, b))) / moved;
        return Number.isFinite(q) ? q : 0;
      };
      this.secantG = Math.max(this.secantG, secant([before.gx, now.gx], [before.gy, now.gy]));
      this.secantF = Math.max(this.secantF, secant([before.fx, now.fx], [before.fy, now.fy]));
      this.secantH = Math.max(this.secantH, secant([before.Hv, now.Hv]));
    }
    this.before = now;
    this.curvatureOfUpper(x, y);
  }

  private curvatureOfUpper(x: Vector, y: Vector): void {
    const { m, upper } = this.oracle;
    const products = (v: Vector, out: Vector): void => upper.hvpYY(x, y, v, out);
    const { smallest, largest } = lanczosExtremes(products, m, Math.min(8, this.options.lanczos), this.random);
    const most = Math.max(Math.abs(smallest), Math.abs(largest));
    if (Number.isFinite(most)) this.secantF = Math.max(this.secantF, most);
  }
}

interface Looked {
  readonly x: Vector;
  readonly y: Vector;
  readonly gx: Vector;
  readonly gy: Vector;
  readonly fx: Vector;
  readonly fy: Vector;
  readonly Hv: Vector;
}

/** From values and slopes along a descent that ends at `best`; undefined where no gap stands out of rounding. */
export function polyakLojasiewicz(
  seen: readonly (readonly [value: number, slope: number])[],
  best: number,
): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  for (const [value, slope] of seen) {
    const gap = value - best;
    if (gap > smallestGap * (1 + Math.abs(best))) least = Math.min(least, (slope * slope) / (2 * gap));
  }
  return Number.isFinite(least) ? least : undefined;
}
