/**
 * The automatic run of igfm: implicit filtering (Gilmore and Kelley, SIAM J. Optim. 1995; Kelley, Implicit Filtering, 2011) on
 * phi~ with an accurate inner solver.
 *
 *   stencil:  phi~(P(x ± delta u_i)), u_i the coordinates (n <= 10), else 10 orthogonal random directions
 *   G = sum of the difference quotients along u_i;  s = -B G with B from BFGS pairs of the same delta
 *   search along P(x + a s), a = 1, 1/2, …; taken where phi~ falls by 1e-4 of the predicted decrease
 *   else the best point of the stencil if it is lower;  else delta <- delta / 10
 *
 * Ends where |G| is below the tolerance at a small delta, or delta has come down to 1e-8; then jumps are looked for.
 */

import { LbfgsMemory } from "../../num/lbfgs.js";
import type { Random } from "../../num/random.js";
import { dot, norm, normInf } from "../../num/vector.js";
import type { DomainOracle } from "../../oracle/oracle.js";
import { claimTolerance } from "../kit/claim.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import { choice, numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { OptimisticValue } from "./hyperValue.js";
import { findJump, type Jump } from "./jump.js";
import { sphereInto } from "./sphere.js";

type Vector = Float64Array;

/** Up to so many upper variables the stencil has all coordinates. */
export const FEW = 10;
/** Relative delta at the start, the one at which a small G counts, and the last one. */
const FIRST = 0.1;
const SMALL = 1e-5;
const LAST = 1e-8;
/** Below this share of the largest G what is left is taken for flatness, above it for a kink. */
const FLAT = 1e-4;

export class IgfmAuto extends StateFields implements Running {
  private readonly phi: OptimisticValue;
  private readonly domain: DomainOracle;
  private readonly random: Random;
  private readonly tolerance: number;
  private readonly all: boolean;
  private readonly u: readonly Vector[];
  private readonly G: Vector;
  private readonly lastG: Vector;
  private readonly lastX: Vector;
  private readonly d: Vector;
  private readonly s: Vector;
  private readonly change: Vector;
  private readonly trial: Vector;
  private readonly yTrial: Vector;
  private readonly best: Vector;
  private readonly yBest: Vector;
  private readonly scratch: Vector;
  private readonly memory: LbfgsMemory;
  private delta: number;
  private largest = 0;
  /** The last G belongs to this delta. */
  private paired = false;
  /** Accepted step of the last search: where the next one starts while no pair is held. */
  private reach: number;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { n, m, domainX } = context.oracle;
    this.phi = new OptimisticValue(context, choice(context, "inner", "auto") as "accurate" | "sgm" | "auto");
    this.domain = domainX;
    this.random = context.random.split("directions");
    this.tolerance = claimTolerance(context.tolerance);
    this.all = n <= FEW;
    const count = numberOr(context, "directions", this.all ? n : Math.min(n, FEW));
    this.u = Array.from({ length: this.all ? n : Math.min(n, count) }, () => new Float64Array(n));
    this.u.forEach((u, i) => {
      if (this.all) u[i] = 1;
    });
    this.G = new Float64Array(n);
    this.lastG = new Float64Array(n);
    this.lastX = new Float64Array(n);
    this.d = new Float64Array(n);
    this.s = new Float64Array(n);
    this.change = new Float64Array(n);
    this.trial = new Float64Array(n);
    this.yTrial = new Float64Array(m);
    this.best = new Float64Array(n);
    this.yBest = new Float64Array(m);
    this.scratch = new Float64Array(n);
    this.memory = new LbfgsMemory(n, FEW);
    this.delta = numberOr(context, "delta", FIRST);
    this.reach = this.delta;
    this.value = this.phi.at(this.x, this.y);
  }

  step(context: MethodContext): void {
    const { x, G, memory } = this;
    const scale = 1 + normInf(x);
    const h = this.delta * scale;
    const noise = this.phi.noise * (1 + Math.abs(this.value));
    if (!this.all) orthonormalInto(this.random, this.u);
    const lowest = this.stencil(h);
    if (context.exhausted()) return;
    this.stationarity = projectedNorm(this.domain, x, G, this.scratch);
    this.largest = Math.max(this.largest, this.stationarity);
    this.extra.delta = h;
    this.extra.difference = norm(G) * 2 * h;
    const small = this.stationarity <= Math.max(this.tolerance * this.largest, noise / h);
    const fine = this.all && this.delta <= SMALL * 1.001;
    if (small && fine && this.delta > 0.5 * SMALL) {
      this.conclude(context, "The difference quotients of the hyper-objective are below the tolerance.", "converged");
      return;
    }
    if (this.paired && this.all) {
      for (let i = 0; i < x.length; i++) {
        this.s[i] = x[i] - this.lastX[i];
        this.change[i] = G[i] - this.lastG[i];
      }
      memory.push(this.s, this.change);
    }
    this.lastG.set(G);
    this.lastX.set(x);
    this.paired = true;
    if (!small && this.search(noise, context)) return;
    if (lowest < this.value - 2 * noise) {
      x.set(this.best);
      this.y.set(this.yBest);
      this.value = lowest;
      return;
    }
    // no kink: a minimum of a function that bends by c is flat below sqrt(c noise), and smaller differences are rounding
    if (fine && this.stationarity <= FLAT * this.largest) {
      const left = `the difference quotients have come down to ${this.stationarity.toExponential(1)}`;
      this.conclude(context, `Values of the hyper-objective tell no more: ${left}.`, "stalled");
      return;
    }
    this.paired = false;
    memory.clear();
    this.reach = this.delta;
    this.delta *= 0.1;
    if (this.delta >= LAST * 0.999 && (this.all || this.delta >= 1e-6)) return;
    this.conclude(
      context,
      `No point of the stencil around x is lower down to differences of ${h.toExponential(0)}, but the difference quotients do not vanish there.`,
      "stalled",
    );
  }

  backOff(): boolean {
    this.memory.clear();
    this.paired = false;
    this.delta *= 0.1;
    return this.delta > LAST;
  }

  /** G by differences over the stencil; keeps its lowest point in `best` and returns the value there. */
  private stencil(h: number): number {
    const { x, G, trial, yTrial } = this;
    let lowest = Number.POSITIVE_INFINITY;
    const look = (u: Vector, t: number): number => {
      for (let i = 0; i < x.length; i++) trial[i] = x[i] + t * u[i];
      this.domain.project(trial);
      yTrial.set(this.y);
      const value = this.phi.at(trial, yTrial);
      if (value < lowest) {
        lowest = value;
        this.best.set(trial);
        this.yBest.set(yTrial);
      }
      return value;
    };
    const along = (u: Vector): number => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += (trial[i] - x[i]) * u[i];
      return sum;
    };
    G.fill(0);
    for (const u of this.u) {
      const plus = look(u, h);
      const right = along(u);
      const minus = look(u, -h);
      const width = right - along(u);
      const quotient = width > 0 ? (plus - minus) / width : 0;
      if (!Number.isFinite(quotient)) continue;
      for (let i = 0; i < x.length; i++) G[i] += quotient * u[i];
    }
    return lowest;
  }

  /** Backtracks along -B G; true if a lower point was taken. */
  private search(noise: number, context: MethodContext): boolean {
    const { x, G, d, s, memory, trial, yTrial } = this;
    memory.applyInto(G, d);
    if (!(dot(G, d) > 0)) d.set(G);
    const length = norm(d);
    if (!(length > 0)) return false;
    let a = memory.size > 0 ? 1 : (4 * this.reach * (1 + normInf(x))) / length;
    for (let t = 0; t < 25 && !context.exhausted(); t++, a *= 0.5) {
      for (let i = 0; i < x.length; i++) trial[i] = x[i] - a * d[i];
      this.domain.project(trial);
      let slope = 0;
      for (let i = 0; i < x.length; i++) {
        s[i] = trial[i] - x[i];
        slope += G[i] * s[i];
      }
      if (!(slope < 0) || norm(s) < 1e-3 * this.delta) return false;
      yTrial.set(this.y);
      const value = this.phi.at(trial, yTrial);
      if (!(value <= this.value + 1e-4 * slope - noise)) continue;
      this.reach = norm(s) / (1 + normInf(x));
      x.set(trial);
      this.y.set(yTrial);
      this.value = value;
      return true;
    }
    return false;
  }

  /** The end, with the jumps that stand near x along the coordinates. */
  private conclude(context: MethodContext, reason: string, how: "converged" | "stalled"): void {
    const { x, trial, yTrial } = this;
    const reach = FIRST * (1 + normInf(x));
    const least = 1e-5 * (1 + Math.abs(this.value));
    for (let i = 0; i < x.length && this.all; i++) {
      const phi = (t: number): number => {
        trial.set(x);
        trial[i] += t;
        this.domain.project(trial);
        yTrial.set(this.y);
        return this.phi.at(trial, yTrial);
      };
      const jump = findJump(phi, reach, least);
      if (jump === undefined || context.exhausted()) continue;
      this.extra.jump = Math.abs(jump.right - jump.left);
      this.remark = jumpWords(x, i, jump);
      this.finish("stalled", reason);
      return;
    }
    if (!this.phi.kinks) this.finish(how, reason);
    else this.finish("stalled", `${reason} The lower level has kinks, where derivatives confirm nothing.`);
  }
}

function jumpWords(x: Vector, i: number, { at, width, left, right }: Jump): string {
  const name = x.length > 1 ? `x[${i + 1}]` : "x";
  const place = Math.abs(x[i] + at) < 1e-6 ? 0 : x[i] + at;
  const short = (v: number): string => String(Number(v.toPrecision(4)));
  const slope = Math.abs(right - left) / width;
  return `The hyper-objective jumps at ${name} = ${short(place)}, from ${short(left)} to ${short(right)}: difference quotients grow like 1/delta (${slope.toExponential(0)} across ${width.toExponential(0)}), so that no gradient condition can hold there.`;
}

/** Random orthonormal vectors by Gram and Schmidt's process. */
function orthonormalInto(random: Random, vectors: readonly Vector[]): void {
  vectors.forEach((u, k) => {
    for (;;) {
      sphereInto(random, u);
      for (let q = 0; q < k; q++) {
        const share = dot(u, vectors[q]);
        for (let i = 0; i < u.length; i++) u[i] -= share * vectors[q][i];
      }
      const size = norm(u);
      if (!(size > 1e-6)) continue;
      for (let i = 0; i < u.length; i++) u[i] /= size;
      return;
    }
  });
}
