/**
 * Is x stationary for the upper level along equilibria near y? Equilibria at neighbours x + h d are found by best responses
 * in turn (Gauss and Seidel), each follower by the certificate's own solver, halved towards the last point where they swing;
 * of a feasible neighbour the upper objective may not be lower by more than tolerance times h. Where equilibria cannot be
 * followed in that way, that is said, and nothing is certified.
 */

import type { Problem } from "../../model/problem.js";
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { positionsOf } from "../../reform/levels.js";
import { type Checks, short } from "../checks.js";
import { distanceToDomain, worstRow } from "../feasibility.js";
import { solveConstrained } from "../lowerConstrained.js";
import { lowerModel } from "../lowerModel.js";
import { solveLower } from "../lowerSolve.js";
import { type FollowerView, followerView } from "./followerProblem.js";
import type { GameVerdict } from "./gameLower.js";

type Vector = Float64Array;

const SWEEPS = 200;
/** Relative change of a sweep that counts as none. */
const SETTLED = 1e-9;
/** Distances of neighbours, times the size of x. */
const DISTANCES = [1e-2, 1e-4];

/** A follower that answers, and where the multipliers of its last constraint rows stand in y. */
interface Respondent extends FollowerView {
  readonly prices: Int32Array;
}

/** All followers; prices are no followers of their own here but multipliers of their followers' solves. */
export function respondents(problem: Problem): Respondent[] {
  return problem.lowers.flatMap((level, i): Respondent[] => {
    if (level.priceOf !== undefined) return [];
    const priced = problem.lowers.filter((l) => l.priceOf?.owner === i);
    const prices = Int32Array.from(priced.flatMap((l) => [...positionsOf(l)]));
    return [{ ...followerView(problem, i, priced), prices }];
  });
}

/** The equilibrium that best responses reach from y; undefined where they do not settle. */
export function equilibriumNear(
  views: readonly Respondent[],
  x: Vector,
  y: Vector,
  exhausted: () => boolean,
): Vector | undefined {
  for (const share of [1, 0.5]) {
    const at = y.slice();
    for (let sweep = 0; sweep < SWEEPS && !exhausted(); sweep++) {
      let moved = 0;
      const move = (j: number, to: number): void => {
        moved = Math.max(moved, Math.abs(to - at[j]));
        at[j] += share * (to - at[j]);
      };
      for (const { oracle, own, rest, part, prices } of views) {
        const answer = response(oracle, rest(x, at), part(at), exhausted);
        if (answer === undefined) return undefined;
        const first = answer.multipliers.length - prices.length;
        own.forEach((j, k) => {
          move(j, answer.y[k]);
        });
        prices.forEach((j, k) => {
          move(j, answer.multipliers[first + k]);
        });
      }
      if (!(moved <= 1e8)) break;
      if (moved <= SETTLED * (1 + norm(at))) return at;
    }
  }
  return undefined;
}

function response(
  oracle: Oracle,
  around: Vector,
  from: Vector,
  exhausted: () => boolean,
): { readonly y: Vector; readonly multipliers: Vector } | undefined {
  if (oracle.lower.constraints.rows > 0) {
    const found = solveConstrained(oracle, around, from, exhausted);
    return found.feasible && !found.unbounded ? found : undefined;
  }
  const { y, unbounded } = solveLower(lowerModel(oracle, around), from, exhausted);
  return unbounded ? undefined : { y, multipliers: new Float64Array(0) };
}

/** Adds the check; pauses between neighbours. */
export function* verifyGameUpper(
  oracle: Oracle,
  x: Vector,
  verdict: GameVerdict,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, void, void> {
  const { n, m, upper, domainX } = oracle;
  const { y } = verdict;
  const views = respondents(oracle.problem);
  const gx = new Float64Array(n);
  const gy = new Float64Array(m);
  const value = upper.valueGrad(x, y, gx, gy);
  const size = Math.max(1, norm(x));
  const slope = norm(gx) + norm(gy) + Math.abs(value) / size;
  let worst = 0;
  let tried = 0;
  for (const direction of directions(n, random)) {
    for (const h of DISTANCES) {
      const near = x.map((v, i) => v + h * size * direction[i]);
      domainX.project(near);
      const far = norm(near.map((v, i) => v - x[i]));
      if (far < 0.1 * h * size) continue;
      const there = exhausted() ? undefined : equilibriumNear(views, near, y, exhausted);
      yield;
      if (there === undefined) {
        checks.skip(
          "neighbours",
          true,
          "Equilibria at neighbouring x could not be followed by best responses in turn.",
        );
        return;
      }
      const limit = tolerance * size;
      if (distanceToDomain(domainX, near) > limit || worstRow(upper.constraints, near, there).value > limit) continue;
      tried++;
      worst = Math.max(worst, (value - upper.value(near, there)) / far);
    }
  }
  if (tried === 0) {
    checks.skip("neighbours", true, "No neighbouring x was feasible: whether x is stationary is not known.");
    return;
  }
  checks.atMost(
    "neighbours",
    worst,
    10 * Math.sqrt(tolerance) * 1e-3 * (slope + 1e-8),
    "No neighbouring x whose equilibrium is near has a lower upper objective.",
    `The upper objective falls by ${short(worst)} per unit towards a neighbouring x, at the equilibrium near y.`,
  );
}

/** Both ways along the axes, and some random ones. */
function directions(n: number, random: Random): Vector[] {
  const all: Vector[] = [];
  for (let i = 0; i < Math.min(n, 30); i++) {
    for (const side of [1, -1]) {
      const d = new Float64Array(n);
      d[i] = side;
      all.push(d);
    }
  }
  for (let k = 0; n > 1 && k < 8; k++) {
    const d = Float64Array.from({ length: n }, () => random.normal());
    const length = norm(d);
    all.push(d.map((v) => v / length));
  }
  return all;
}
