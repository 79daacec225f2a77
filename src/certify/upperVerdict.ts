/**
 * Is x stationary for the hyper-objective, and is it optimistic? The projected hypergradient, R_ker, lower curvature, and
 * for few upper variables the neighbourhood (neighbourhood.ts).
 */
import type { Random } from "../num/random.js";
import { distance, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";
import { checkHypergradientFormula } from "./formulaCheck.js";
import { type ImplicitGradient, implicitGradient, RCOND } from "./implicitGradient.js";
import { levelsOff } from "./levelsOff.js";
import { lowerModel } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";
import { solveLower } from "./lowerSolve.js";
import type { LowerVerdict } from "./lowerVerdict.js";
import { type Neighbourhood, Neighbours, type Restart } from "./neighbourhood.js";
import { couplingScales, FEW } from "./upperUnits.js";

type Vector = Float64Array;

/** Share of grad_y f in the kernel of the lower Hessian that counts as zero. */
const RKER = 1e-6;
/** Share of their length that counts as zero for combinations of sampled hypergradients at kinks. */
const KINK = 1e-5;

/** Adds the checks, pausing between pieces; returns a better point where one was met. */
export function* verifyUpper(
  oracle: Oracle,
  x: Vector,
  lower: LowerVerdict,
  implicit: ImplicitGradient,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, Restart | undefined, void> {
  const [least, most] = implicit.curvature;
  const top = Math.max(Math.abs(least), Math.abs(most));
  if (least < -100 * RCOND * top) {
    checks.add(
      "lower curvature",
      least,
      -100 * RCOND * top,
      false,
      `The lower Hessian has the negative eigenvalue ${short(least)}: y is no minimum of the lower level.`,
    );
  }
  const scale = slopeScale(oracle, x, implicit, random, exhausted);
  checkHypergradientFormula(oracle, x, implicit, scale, tolerance, checks);
  const length = projectedLength(oracle, x, implicit.G);
  const stationary = length <= tolerance * scale && evenly(oracle, x, lower.y, implicit) <= tolerance;
  const near =
    oracle.n <= FEW && lower.evidence !== "none" && !exhausted()
      ? yield* new Neighbours(oracle, x, lower.y, implicit, lower.L, scale, random, exhausted).examine(stationary)
      : undefined;
  const kinked = near !== undefined && near.sampled <= KINK;
  checks.add(
    "hypergradient",
    length,
    tolerance * scale,
    stationary || kinked,
    stationary
      ? "The projected hypergradient vanishes."
      : kinked
        ? `The hyper-objective has a kink at x; a convex combination of hypergradients around it vanishes (to ${short(near.sampled)} of their size).`
        : `The projected hypergradient is ${short(length)} (slopes here are of size ${short(scale)}): x is not stationary.`,
  );
  if (stationary && upperLevelsOff(oracle, x, lower, implicit.G, random.split("level"), exhausted)) {
    checks.add(
      "upper minimiser",
      Number.POSITIVE_INFINITY,
      0,
      false,
      "The hyper-objective only levels off: it keeps falling away from x over every distance looked at, so that no minimiser is near.",
    );
  }
  checks.atMost(
    "R_ker",
    implicit.rker > 0 ? implicit.rker * upperSlopeShare(oracle, x, lower.y) : 0,
    RKER,
    implicit.singular
      ? "The upper gradient lies in the range of the singular lower Hessian."
      : "The lower Hessian is nonsingular.",
    `The lower level has many solutions and the upper level prefers others: ${short(100 * implicit.rker)} % of its gradient lies in the kernel of the lower Hessian.`,
  );
  if (implicit.inexact > RKER) {
    checks.skip(
      "adjoint",
      true,
      `The adjoint system was solved only to ${short(implicit.inexact)}, so the hypergradient is not exact enough to certify.`,
    );
  }
  if (near === undefined) {
    const why =
      oracle.n > FEW
        ? `${oracle.n} upper variables are more than ${FEW}`
        : lower.evidence === "none"
          ? "the lower level is not solved"
          : "the time is used up";
    checks.skip("differences", false, `Neighbouring points were not compared: ${why}.`);
    return undefined;
  }
  if (!near.complete) {
    checks.skip("differences", false, "Neighbouring points were compared only in part: the time is used up.");
  }
  addNeighbourChecks(checks, near, scale, kinked, stationary, implicit);
  return near.restart;
}

/** True where the hyper-objective keeps falling along -G over every distance looked at (see levelsOff.ts). */
function upperLevelsOff(
  oracle: Oracle,
  x: Vector,
  lower: LowerVerdict,
  G: Vector,
  random: Random,
  exhausted: () => boolean,
): boolean {
  const { domainX } = oracle;
  const t = (1e-6 * (1 + norm(x))) / (norm(G) || 1);
  const way = x.map((v, i) => v - t * G[i]);
  domainX.project(way);
  for (let i = 0; i < x.length; i++) way[i] -= x[i];
  return levelsOff(domainX, x, G, way, (p) => {
    if (exhausted()) return undefined;
    const { y, unbounded } = solveLower(lowerModel(oracle, p), lower.y, exhausted);
    return unbounded ? undefined : implicitGradient(oracle, p, y, lower.L, random, exhausted).G;
  });
}

/**
 * |grad_y f| at the point against its size in general (at the written start; at a distance of the size of y by a secant): a
 * gradient that is zero to rounding has no direction, and R_ker then says nothing.
 */
function upperSlopeShare(oracle: Oracle, x: Vector, y: Vector): number {
  const { m, upper, startX, startY } = oracle;
  const here = new Float64Array(m);
  const there = new Float64Array(m);
  upper.gradY(x, y, here);
  upper.gradY(startX, startY, there);
  let size = Math.max(norm(here), norm(there));
  const step = 1e-4 * (1 + norm(y));
  upper.gradY(
    x,
    y.map((v) => v + step / Math.sqrt(m)),
    there,
  );
  const secant = distance(here, there) / step;
  if (Number.isFinite(secant)) size = Math.max(size, secant * (1 + norm(y)));
  return size > 0 ? norm(here) / size : 0;
}

/**
 * The projected hypergradient against the slopes here, both in variables x / dx with dx_i = |row i of J S|^(-1), S = H's
 * inverse root diagonal: what makes a unit change of any x move the lower gradient about equally; the slopes of f at the
 * written start count, too. 0 where the scales are
 * within a factor of 8 of each other (nothing to see) and for large problems.
 */
function evenly(oracle: Oracle, x: Vector, y: Vector, implicit: ImplicitGradient): number {
  const { n, domainX } = oracle;
  if (n === 1 || !domainX.boxes) return 0;
  const scales = couplingScales(oracle, x, y);
  if (scales === undefined) return 0;
  const { S, dx } = scales;
  const column = new Float64Array(n);
  const used = dx.filter((d) => d > 0);
  if (used.length === 0 || Math.max(...used) <= 8 * Math.min(...used)) return 0;
  const scaled = implicit.G.map((g, i) => {
    const held = (x[i] <= domainX.lower[i] && g > 0) || (x[i] >= domainX.upper[i] && g < 0);
    return held ? 0 : dx[i] * g;
  });
  const Sv = norm(implicit.v.map((v, j) => v / S[j]));
  oracle.upper.gradX(oracle.startX, oracle.startY, column);
  const atStart = norm(column.map((g, i) => dx[i] * g));
  const here = norm(implicit.gradX.map((g, i) => dx[i] * g)) + Sv;
  const size = atStart > here ? atStart : here;
  return size > 0 ? norm(scaled) / size : 0;
}

function addNeighbourChecks(
  checks: Checks,
  near: Neighbourhood,
  scale: number,
  kinked: boolean,
  stationary: boolean,
  implicit: ImplicitGradient,
): void {
  const smooth = near.mismatch <= 1e-3 * scale;
  checks.add(
    "differences",
    near.mismatch,
    1e-3 * scale,
    smooth || kinked || (stationary && Number.isFinite(near.mismatch)),
    smooth
      ? "Differences of re-solved lower problems agree with the hypergradient."
      : `Differences of re-solved lower problems differ from the hypergradient by ${short(near.mismatch)}: the hyper-objective has a kink or jump here.`,
  );
  checks.atMost(
    "descent",
    near.descent,
    1e-3 * scale,
    "No neighbouring x is better to first order.",
    "A neighbouring x has a clearly lower upper objective.",
  );
  const gain = 1e-5 * (scale + Math.abs(implicit.value));
  checks.atMost(
    "optimistic",
    near.better,
    gain,
    "No other lower solution near y is better for the upper level.",
    `Another lower solution at the same x lowers the upper objective by ${short(near.better)}.`,
  );
  if (near.negative < 0) {
    checks.add(
      "upper curvature",
      near.negative,
      0,
      false,
      `The hyper-objective has the negative curvature ${short(near.negative)}: x is a maximum or saddle point, not a minimum.`,
    );
  }
}

/**
 * Size of the slopes of the problem: what cancels in the hypergradient here, the same at the written start (with the lower
 * level solved there, where that is cheap and possible), and a hundredth of |J| |v|, with |J| by a random product.
 */
function slopeScale(
  oracle: Oracle,
  x: Vector,
  implicit: ImplicitGradient,
  random: Random,
  exhausted: () => boolean,
): number {
  const { n, m, startX, startY } = oracle;
  const r = Float64Array.from({ length: m }, () => random.sign());
  const Jr = new Float64Array(n);
  // Both in variables of unit curvature, where that is cheap: units of y cancel.
  const S = couplingScales(oracle, x, startY)?.S ?? new Float64Array(m).fill(1);
  const Sr = r.map((v, j) => v * S[j]);
  oracle.lower.jvpXY(x, startY, Sr, Jr);
  let scale = Math.max(implicit.size, 0.01 * norm(Jr) * norm(implicit.v.map((v, j) => v / S[j])));
  if (exhausted()) return scale;
  let size = slopesAt(oracle, startX, startY, implicit, random, exhausted);
  // A start without any slope may be the solution itself: one unit away from it there are some.
  if (size === 0) size = slopesAt(oracle, unitAway(oracle, startX), startY, implicit, random, exhausted);
  if (Number.isFinite(size)) scale = Math.max(scale, size);
  return scale > 0 ? scale : 1e-300;
}

/** What cancels in the hypergradient at x, with the lower level solved from y where that is cheap; else |grad_x f|. */
function slopesAt(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  implicit: ImplicitGradient,
  random: Random,
  exhausted: () => boolean,
): number {
  const lower = oracle.m <= DENSE ? solveLower(lowerModel(oracle, x), y, exhausted) : undefined;
  if (lower !== undefined && !lower.unbounded)
    return implicitGradient(oracle, x, lower.y, lower.L, random, exhausted).size;
  const there = new Float64Array(implicit.gradX.length);
  oracle.upper.gradX(x, y, there);
  return norm(there);
}

function unitAway({ domainX }: Oracle, x: Vector): Vector {
  const away = x.map((v) => v + 1);
  domainX.project(away);
  if (distance(away, x) > 0) return away;
  const back = x.map((v) => v - 1);
  domainX.project(back);
  return back;
}

/** |x - P_X(x - t G)| / t with a step t that moves x by a millionth of its size: the gradient on the tangent cone. */
export function projectedLength(oracle: Oracle, x: Vector, G: Vector): number {
  const size = norm(G);
  if (oracle.domainX.free || size === 0) return size;
  const t = (1e-6 * (1 + norm(x))) / size;
  const moved = x.slice();
  for (let i = 0; i < x.length; i++) moved[i] -= t * G[i];
  oracle.domainX.project(moved);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (moved[i] - x[i]) ** 2;
  return Math.sqrt(sum) / t;
}
