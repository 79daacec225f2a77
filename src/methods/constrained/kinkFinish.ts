/**
 * The end of a descent at a kink of the hyper-objective. Where the lower solution has weakly active constraints,
 *
 *   settle    Newton steps onto the kink: both the slacks and the multipliers of the weak constraints vanish there, Q d = -offset
 *             (kinkModel.ts), d of least norm
 *   examine   search for a direction of descent of the directional derivative (directionalDescent.ts), and along it for a better x
 *
 * so that a run goes on beyond points where a combination of gradients vanishes but some direction still falls, and says of the
 * others that they are B-stationary: no direction falls to first order.
 */
import { pseudoSolveInto, symmetricEigen } from "../../num/eigen.js";
import { LbfgsMemory } from "../../num/lbfgs.js";
import { norm, normInf } from "../../num/vector.js";
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import type { HyperPoint } from "../kit/hyperPoint.js";
import { ActiveKkt } from "./activeKkt.js";
import { type Cone, findDescent } from "./directionalDescent.js";
import { analyseKink, type Kink } from "./kinkAnalysis.js";
import { type Held, inner, type KinkModel } from "./kinkModel.js";
import type { KktEvaluator } from "./kktEvaluator.js";
import { WEAK } from "./kktLower.js";

type Vector = Float64Array;

/** Slacks and multipliers below these shares of their scales are tried for a kink nearby. */
const NEARBY = [1e-4, 1e-5, 1e-6, WEAK] as const;
const SETTLING = 6;
const ROUNDS = 4;
/** Steps along a kink, and the share of the first hypergradient that counts as zero there. */
const SLIDES = 60;
const SLID = 1e-10;
const PAIRS = 10;
/** Bounds of x count as met within this share of 1 + |x|. */
const AT_BOUND = 1e-9;
const FIRST_STEP = 0.1;
const LAST_STEP = 1e-10;
const DECREASE = 1e-4;

export type Verdict =
  | { readonly kind: "smooth" }
  | { readonly kind: "stationary"; readonly weak: number; readonly cones: number }
  | { readonly kind: "descent" }
  | { readonly kind: "undecided"; readonly why: string };

export class KinkFinish {
  private readonly fx: Vector;
  private readonly fy: Vector;
  private readonly room: ActiveKkt;

  constructor(
    private readonly evaluator: KktEvaluator,
    private readonly model: LowerSensitivity,
    private readonly exhausted: () => boolean,
  ) {
    this.fx = new Float64Array(evaluator.problem.n);
    this.fy = new Float64Array(evaluator.problem.m);
    this.room = new ActiveKkt(model.program);
  }

  /** Moves p, the point evaluated last, onto the kink beside it, if there is one that is no worse, and along it; p stays evaluated. */
  settle(p: HyperPoint): void {
    for (let round = 0; round < ROUNDS; round++) {
      const phi = p.phi;
      if (!this.ontoKink(p) || !this.slide(p)) return;
      if (!(p.phi < phi - p.slack)) return;
    }
  }

  private ontoKink(p: HyperPoint): boolean {
    for (const tolerance of NEARBY) {
      const from = p.x.slice();
      const phi = p.phi;
      const kink = this.analyse(p, tolerance);
      if (kink === undefined || kink.models.length !== 1 || kink.models[0].k === 0) continue;
      const moved = this.newton(p, kink.models[0].weak, tolerance);
      if (moved && p.phi <= phi + p.slack + 1e-13 * Math.abs(phi)) return true;
      if (p.x.every((v, i) => v === from[i])) continue;
      p.x.set(from);
      if (!this.evaluator.evaluate(p)) return false;
    }
    return false;
  }

  /** Steps while they get shorter; true where they end below rounding. */
  private newton(p: HyperPoint, weak: readonly Held[], tolerance: number): boolean {
    const { evaluator } = this;
    const { lowerX, upperX } = evaluator.problem;
    let before = tolerance * 1e3 * (1 + normInf(p.x));
    for (let round = 0; round < SETTLING; round++) {
      const model = this.analyse(p, WEAK, weak)?.models[0];
      if (model === undefined) return false;
      const d = leastStep(model, this.cone(p));
      const length = normInf(d);
      if (length <= 1e-13 * (1 + normInf(p.x))) return normInf(model.offset) <= 1e-9 * (1 + normInf(p.y));
      if (!(length < 0.5 * before)) return length <= 1e-11 * (1 + normInf(p.x));
      before = length;
      for (let i = 0; i < d.length; i++) p.x[i] = Math.min(upperX[i], Math.max(lowerX[i], p.x[i] + d[i]));
      if (this.exhausted() || !evaluator.evaluate(p) || !p.finite || evaluator.lower.violation > 0) return false;
    }
    return true;
  }

  /**
   * Quasi-Newton steps along the kink, where the hyper-objective is smooth, each followed by Newton steps back onto it (the VU
   * decomposition of Mifflin and Sagastizábal, Math. Program. 104, 2005). True where p moved.
   */
  private slide(p: HyperPoint): boolean {
    const { evaluator } = this;
    const { lowerX, upperX } = evaluator.problem;
    const n = p.x.length;
    const memory = new LbfgsMemory(n, PAIRS);
    const weak = this.analyse(p, WEAK)?.models[0].weak;
    if (weak === undefined || weak.length === 0) return false;
    let last: { readonly x: Vector; readonly g: Vector } | undefined;
    let moved = false;
    for (let step = 0; step < SLIDES; step++) {
      const model = this.analyse(p, WEAK, weak)?.models[0];
      if (model === undefined) break;
      const cone = this.cone(p);
      const g = alongKink(model, cone, model.p);
      if (last !== undefined)
        memory.push(
          p.x.map((v, i) => v - (last?.x[i] ?? 0)),
          g.map((v, i) => v - (last?.g[i] ?? 0)),
        );
      if (norm(g) <= SLID * evaluator.G0) break;
      const whole = new Float64Array(n);
      memory.applyInto(g, whole);
      let d = alongKink(model, cone, whole);
      if (memory.size === 0 || !(inner(d, g) > 0)) d = g.map((v) => v * Math.min(1, 1 / norm(g)));
      const from = p.x.slice();
      const { phi } = p;
      last = { x: from, g };
      let taken = false;
      for (let t = 1; t > 1e-4 && !taken; t *= 0.4) {
        for (let i = 0; i < n; i++) p.x[i] = Math.min(upperX[i], Math.max(lowerX[i], from[i] - t * d[i]));
        if (this.exhausted() || !evaluator.evaluate(p)) break;
        const back = p.finite && this.newton(p, weak, 1e-3);
        taken = back && p.phi <= phi - DECREASE * t * inner(d, g) + p.slack + 1e-15 * Math.abs(phi);
      }
      if (!taken) {
        p.x.set(from);
        evaluator.evaluate(p);
        break;
      }
      moved = true;
    }
    return moved;
  }

  /** The verdict on p, the point evaluated last; with "descent" p is a better point. */
  examine(p: HyperPoint): Verdict {
    const { evaluator } = this;
    if (evaluator.lower.weak === 0 && evaluator.lower.dependent === 0) return { kind: "smooth" };
    const kink = this.analyse(p, WEAK);
    if (kink === undefined) return { kind: "undecided", why: "its pieces could not be set up" };
    const weak = kink.models[0].k;
    const found = findDescent(kink.models, this.cone(p));
    if (found.kind === "descent") {
      if (this.search(p, found.d, found.slope)) return found;
      return { kind: "undecided", why: "the directional derivative falls, but no better point was found along it" };
    }
    if (found.kind === "undecided") return { kind: "undecided", why: "its pieces are too many to go through" };
    if (kink.gap !== undefined) return { kind: "undecided", why: kink.gap };
    return { kind: "stationary", weak, cones: found.cones };
  }

  private analyse(p: HyperPoint, tolerance: number, weak?: readonly Held[]): Kink | undefined {
    const { evaluator, fx, fy, model } = this;
    evaluator.problem.upperGradient(p.x, p.y, fx, fy);
    const chosen = weak && { weak, room: this.room };
    return analyseKink(model, evaluator.lower, fx, fy, tolerance, chosen);
  }

  private cone(p: HyperPoint): Cone {
    const { lowerX, upperX } = this.evaluator.problem;
    return {
      held: Int8Array.from(p.x, (v, i) => {
        const room = AT_BOUND * (1 + Math.abs(v));
        const below = v - lowerX[i] <= room;
        const above = upperX[i] - v <= room;
        return below && above ? 2 : below ? -1 : above ? 1 : 0;
      }),
    };
  }

  /** Armijo steps along d, from long to short. */
  private search(p: HyperPoint, d: Vector, slope: number): boolean {
    const { evaluator } = this;
    const { lowerX, upperX } = evaluator.problem;
    const from = p.x.slice();
    const { phi, slack } = p;
    const size = normInf(d);
    const reach = (1 + normInf(from)) / size;
    for (let t = FIRST_STEP * reach; t > LAST_STEP * reach; t *= 0.3) {
      for (let i = 0; i < d.length; i++) p.x[i] = Math.min(upperX[i], Math.max(lowerX[i], from[i] + t * d[i]));
      if (this.exhausted() || !evaluator.evaluate(p)) break;
      if (p.finite && p.phi < phi + DECREASE * t * slope - p.slack - slack) return true;
    }
    p.x.set(from);
    evaluator.evaluate(p);
    return false;
  }
}

/** The shortest d with Q d = -offset that leaves x at its bounds. */
function leastStep(model: KinkModel, cone: Cone): Vector {
  return spanned(model, cone, model.offset).map((v) => -v);
}

/** The part of v along the kink, Q v = 0, and along the bounds that x is at. */
function alongKink(model: KinkModel, cone: Cone, v: Vector): Vector {
  const free = v.map((entry, i) => (cone.held[i] === 0 ? entry : 0));
  const across = spanned(
    model,
    cone,
    Float64Array.from(model.Q, (q) => inner(q, free)),
  );
  return free.map((entry, i) => entry - across[i]);
}

/** The shortest u with Q u = right that vanishes where x is at bounds. */
function spanned(model: KinkModel, { held }: Cone, right: Vector): Vector {
  const { k } = model;
  const free = model.Q.map((q) => q.map((v, i) => (held[i] === 0 ? v : 0)));
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) gram[i * k + j] = inner(free[i], free[j]);
  const weights = new Float64Array(k);
  pseudoSolveInto(symmetricEigen(gram, k), right, 1e-12, weights);
  const u = new Float64Array(held.length);
  free.forEach((q, i) => {
    for (let j = 0; j < u.length; j++) u[j] += weights[i] * q[j];
  });
  return u;
}
