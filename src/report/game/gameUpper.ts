/**
 * Is x stationary for the upper level along equilibria near y? Equilibria at neighbours x + h d are found by best responses
 * in turn (Gauss and Seidel), each follower by the certificate's own solver, halved towards the last point where they swing;
 * of a feasible neighbour the upper objective may not be lower by more than tolerance times h. Where equilibria cannot be
 * followed in that way, that is said, and nothing is certified.
 */
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { type Checks, short } from "../checks.js";
import { distanceToDomain, worstRow } from "../feasibility.js";
import { solveConstrained } from "../lowerConstrained.js";
import { lowerModel } from "../lowerModel.js";
import { solveLower } from "../lowerSolve.js";
import type { FollowerView } from "./followerProblem.js";
import type { GameVerdict } from "./gameLower.js";

type Vector = Float64Array;

const SWEEPS = 200;
/** Relative change of a sweep that counts as none. */
const SETTLED = 1e-9;
/** Distances of neighbours, times the size of x. */
const DISTANCES = [1e-2, 1e-4];

/** The equilibrium that best responses reach from y; undefined where they do not settle. */
export function equilibriumNear(
  views: readonly FollowerView[],
  x: Vector,
  y: Vector,
  exhausted: () => boolean,
): Vector | undefined {
  for (const share of [1, 0.5]) {
    const at = y.slice();
    for (let sweep = 0; sweep < SWEEPS && !exhausted(); sweep++) {
      let moved = 0;
      for (const { oracle, own, rest, part } of views) {
        const around = rest(x, at);
        const answer = response(oracle, around, part(at), exhausted);
        if (answer === undefined) return undefined;
        own.forEach((j, k) => {
          moved = Math.max(moved, Math.abs(answer[k] - at[j]));
          at[j] += share * (answer[k] - at[j]);
        });
      }
      if (!(moved <= 1e8)) break;
      if (moved <= SETTLED * (1 + norm(at))) return at;
    }
  }
  return undefined;
}

function response(oracle: Oracle, around: Vector, from: Vector, exhausted: () => boolean): Vector | undefined {
  if (oracle.lower.constraints.rows > 0) {
    const { y, feasible, unbounded } = solveConstrained(oracle, around, from, exhausted);
    return feasible && !unbounded ? y : undefined;
  }
  const { y, unbounded } = solveLower(lowerModel(oracle, around), from, exhausted);
  return unbounded ? undefined : y;
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
  const y = verdict.y;
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
      const there = exhausted() ? undefined : equilibriumNear(verdict.views, near, y, exhausted);
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
