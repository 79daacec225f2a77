/**
 * Is x a local minimum of the hyper-objective phi(x) = f(x, y(x)) under constraints when there are too many upper variables to compare
 * neighbours one axis after the other? On every smooth piece of y(x) that meets at x (activePieces.ts),
 *
 *   r = -grad phi projected off the cone of the active upper constraints along the piece, of the bounds, and of the piece's own cone:
 *
 * r = 0 on all of them is that phi falls in no direction, to first order (Bouligand stationarity; Luo, Pang and Ralph, Mathematical
 * Programs with Equilibrium Constraints, 1996, section 3.3). Then curvature along what is active, where phi is smooth, and values at
 * neighbours with re-solved lower problems along r, random directions and the same within the cones. In variables x_i / (1 + |x_i|).
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import type { Random } from "../num/random.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { activePieces } from "./activePieces.js";
import { type Checks, short } from "./checks.js";
import { isLinearLower } from "./linearKink.js";
import { ActiveLower } from "./lowerActive.js";
import type { LowerVerdict } from "./lowerVerdict.js";
import type { Restart } from "./neighbourhood.js";
import { type Balance, balanceOf, linearSearch } from "./pieceBalance.js";
import { reducedCurvature } from "./reducedCurvature.js";
import { upperSlopes } from "./upperRowsAt.js";
import { violationOf } from "./upperSampler.js";

type Vector = Float64Array;

/** Pieces gone through at most, also of linear lower levels (which need none), random directions, and axes looked at where x is a kink. */
const PIECES = 64;
const LINEAR = 8;
const DIRECTIONS = 20;
const AXES = 100;
/** Share of the slopes' scale by which a neighbour may be lower per unit of distance: the accuracy of the samples. */
const SLOPE = 1e-4;
/** Negative eigenvalues of this share of the largest count. */
const CURVED = 1e-4;

/** Adds the checks; pauses between lower solves. */
export function* verifyManyUpper(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  lower: LowerVerdict,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, Restart | undefined, void> {
  const { n, domainX, upper } = oracle;
  const leave = (why: string): undefined => {
    checks.skip("hypergradient", true, `The certificate follows active sets here, and ${why}.`);
    return undefined;
  };
  if (!domainX.boxes) return leave("the domain of x is no box");
  if (lower.softened !== undefined) return leave("the lower constraints have no multipliers here");
  if (!ActiveLower.takes(oracle)) return leave("the lower level is too large for them, or its domain is no box");
  const at = lower.y;
  yield;
  const linear = isLinearLower(oracle, x, at);
  const pieces = activePieces(oracle, x, at, linear ? LINEAR : PIECES, exhausted);
  yield;
  if (pieces.found.length === 0) return leave(pieces.gap ?? "no active set was found");

  const f = upper.value(x, y);
  const fx = new Float64Array(n);
  const fy = new Float64Array(oracle.m);
  upper.valueGrad(x, at, fx, fy);
  const phi = upper.value(x, at);
  const c = new Float64Array(upper.constraints.rows);
  const jacobian = { x: new Float64Array(c.length * n), y: new Float64Array(c.length * oracle.m) };
  if (c.length > 0) {
    upper.constraints.value(x, at, c);
    upper.constraints.jacobian(x, at, jacobian.x, jacobian.y);
  }
  const unit = x.map((v) => 1 + Math.abs(v));
  const balances: Balance[] = [];
  for (const piece of pieces.found) {
    if (exhausted()) return leave("the time was used up");
    balances.push(balanceOf(oracle, x, c, fx, fy, jacobian, unit, piece));
    yield;
  }
  const slopes = upperSlopes(oracle, x, at, phi);
  const scale = Math.max(slopes, ...balances.map((b) => norm(b.gradient)));
  const worst = balances.reduce((a, b) => (norm(b.residual) > norm(a.residual) ? b : a));
  const left = norm(worst.residual);
  const limit = Math.max(tolerance, 1e-5) * scale;
  const stationary = left <= limit;
  const smooth = pieces.found.length === 1 && pieces.found[0].cone.length === 0 && pieces.gap === undefined;

  const better = f - phi;
  checks.atMost(
    "optimistic",
    better,
    1e-4 * (slopes + Math.abs(f)),
    "The lower solution is strict: no other one near y is better for the upper level.",
    `Another lower solution at the same x lowers the upper objective by ${short(better)}.`,
  );
  checks.add(
    "hypergradient",
    left,
    limit,
    stationary,
    !stationary
      ? `The hypergradient less the active constraints' part is ${short(left)}: x is not stationary.`
      : smooth
        ? "The hypergradient along the lower active set is balanced by the active constraints."
        : `The hyper-objective has a kink at x; on each of the ${balances.length} smooth pieces looked at its gradient is balanced.`,
  );
  let descent: Vector | undefined;
  let shown = smooth;
  if (stationary && pieces.gap !== undefined) {
    const search =
      linear && !exhausted()
        ? linearSearch(oracle, x, at, fx, fy, jacobian, unit, balances[0], pieces, exhausted)
        : undefined;
    if (search?.kind === "descent") descent = search.direction;
    shown = search?.kind === "none";
    if (search === undefined || search.kind === "open")
      checks.skip("kink", true, `The hyper-objective has a kink at x that was looked at in part: ${pieces.gap}.`);
    else
      checks.add(
        "kink",
        search.kind === "descent" ? search.size : 0,
        0,
        search.kind === "none",
        search.kind === "none"
          ? `The hyper-objective falls in no direction at x: shown by ${search.nodes} branches over what may stay active of the linear lower level.`
          : `The hyper-objective falls to first order, by ${short(search.size)}, in a direction in which the active set of the lower level changes.`,
      );
  }

  // Neighbours in a direction start from the active set of the piece in force there: with degenerate multipliers no other may do.
  const solvers = pieces.found.map(() => undefined as ActiveLower | undefined);
  const solverOf = (k: number): ActiveLower => {
    let solver = solvers[k];
    if (solver === undefined) {
      const { held, z } = pieces.found[k].piece;
      solver = new ActiveLower(oracle);
      solver.startFrom(held.rows, held.bounds, z);
      solvers[k] = solver;
    }
    return solver;
  };
  const solverFor = (direction: Vector): ActiveLower => {
    const outside = balances.map(({ normals, upper: outer }) =>
      normals.slice(outer.length).reduce((worst, a) => Math.max(worst, dot(a, direction) / norm(a)), 0),
    );
    return solverOf(outside.indexOf(Math.min(...outside)));
  };
  const curvature =
    stationary && smooth
      ? yield* reducedCurvature(
          oracle,
          x,
          at,
          pieces.found[0].piece,
          balances[0].multipliers,
          balances[0].upper,
          unit,
          solverOf(0),
          exhausted,
        )
      : undefined;
  const bent = curvature !== undefined && curvature.least < -CURVED * curvature.most;
  if (bent) {
    checks.add(
      "upper curvature",
      curvature.least,
      -CURVED * curvature.most,
      false,
      `Along the active constraints the hyper-objective has the negative curvature ${short(curvature.least)}: x is a maximum or saddle point, not a minimum.`,
    );
  }

  // An exact penalty, as for few upper variables: twice what the multipliers ask for, at least what balances the slopes.
  const steep = balances.flatMap((b) => b.slopes).filter((s) => s > 0);
  const highest = balances.reduce((top, b) => b.multipliers.reduce((t, v) => Math.max(t, Math.abs(v)), top), 0);
  const weight = 2 * Math.max(highest, steep.length > 0 ? scale / Math.min(...steep) : 0);
  const ownRows = new Float64Array(c.length);
  if (c.length > 0) upper.constraints.value(x, y, ownRows);
  const base = Math.min(phi + weight * violationOf(oracle, c), f + weight * violationOf(oracle, ownRows));
  let steepest = 0;
  let tried = 0;
  let restart: (Restart & { readonly merit: number }) | undefined;
  for (const direction of directions(n, worst.residual, balances, bent ? curvature.along : descent, !shown, random)) {
    for (const reach of [1e-3, 1e-5]) {
      if (exhausted()) break;
      const point = x.map((v, i) => v + reach * unit[i] * direction[i]);
      domainX.project(point);
      const step = norm(point.map((v, i) => (v - x[i]) / unit[i]));
      if (!(step > 0.01 * reach)) continue;
      yield;
      const sample = solverFor(direction).solve(point, at, 0, exhausted);
      // Where constraints leave no y, or the steps of the active set lead nowhere, there is nothing to compare.
      if (sample === undefined || !(sample.violation <= 1e-10 * (1 + norm(sample.y)))) continue;
      tried++;
      const rows = new Float64Array(c.length);
      if (c.length > 0) upper.constraints.value(point, sample.y, rows);
      const merit = upper.value(point, sample.y) + weight * violationOf(oracle, rows);
      const noise = 1e-9 * (1 + Math.abs(base)) + 1e-7 * scale * step;
      const slope = (base - merit - noise) / step;
      if (slope > steepest) steepest = slope;
      if (slope > 0 && merit < (restart?.merit ?? base)) restart = { x: point, y: sample.y, merit };
    }
  }
  if (exhausted()) {
    checks.skip("time", true, "The time was used up before neighbours were compared.");
    return undefined;
  }
  if (tried === 0) {
    checks.skip("neighbours", true, "No neighbouring x was found with a lower solution to compare.");
    return undefined;
  }
  const holds = steepest <= SLOPE * scale;
  const seen =
    curvature === undefined || bent ? "" : ", and the curvature along the active constraints is not negative";
  checks.add(
    "neighbours",
    steepest,
    SLOPE * scale,
    holds,
    holds
      ? `Descent was looked for at ${tried} neighbouring x, in directions drawn at random and within the active constraints: none is better${seen}.`
      : "A neighbouring x that is feasible has a clearly lower upper objective.",
  );
  return holds && stationary && !bent && descent === undefined ? undefined : restart;
}

/** Directions of length at most 1 in every coordinate: the worst residual, curvature's, and random ones, as they are and within the cones. */
function directions(
  n: number,
  residual: Vector,
  balances: readonly Balance[],
  bent: Vector | undefined,
  kink: boolean,
  random: Random,
): Vector[] {
  const raw: Vector[] = [residual.slice()];
  if (bent !== undefined)
    raw.push(
      bent,
      bent.map((v) => -v),
    );
  const draws = Array.from({ length: DIRECTIONS }, () => Float64Array.from({ length: n }, () => random.normal()));
  if (kink && n <= AXES) {
    for (let i = 0; i < n; i++) {
      for (const side of [1, -1]) {
        const e = new Float64Array(n);
        e[i] = side;
        draws.push(e);
      }
    }
  }
  raw.push(...draws.slice(0, DIRECTIONS));
  draws.forEach((d, k) => {
    // what is left of d off the cone of the normals leads out of none of the constraints
    const { normals, signed } = balances[k % balances.length];
    const z = nonNegativeLeastSquares(normals, d, signed);
    raw.push(d.map((v, i) => normals.reduce((s, a, l) => s - z[l] * a[i], v)));
  });
  return raw.flatMap((d) => {
    const top = Math.max(...d.map(Math.abs));
    return top > 1e-9 ? [d.map((v) => v / top)] : [];
  });
}
