/**
 * Does y solve the lower level at x when that has constraints? As lowerVerdict.ts, with the augmented Lagrangian
 * (lowerConstrained.ts) as solver and the gradient of the Lagrangian as measure of stationarity.
 */
import type { Random } from "../num/random.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";
import { ActiveLower } from "./lowerActive.js";
import { solveConstrained } from "./lowerConstrained.js";
import { stationarityOf } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";
import { type Softened, softened } from "./lowerSoftened.js";
import { convexLower, type LowerVerdict, startsFor } from "./lowerVerdict.js";
import { valueGap } from "./valueGap.js";

type Vector = Float64Array;

const STARTS = 4;

/** Adds the checks; pauses between lower solves. */
export function* verifyConstrainedLower(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, LowerVerdict, void> {
  const { n, m, lower, domainY } = oracle;
  const g = new Float64Array(m);
  const value = lower.valueGradY(x, y, g);
  const none = {
    y: y.slice(),
    L: 1,
    stationarity: Number.NaN,
    gap: Number.NaN,
    evidence: "none",
    solved: false,
  } as const;
  const active = new ActiveLower(oracle).solve(x, y, 0, exhausted);
  const large = m + lower.constraints.rows > 2 * DENSE;
  const near = active?.feasible === true || large ? active : solveConstrained(oracle, x, y, exhausted);
  if (near === undefined) {
    checks.skip(
      "lower solve",
      true,
      `No lower solution was found next to y by an active set, and ${m} lower variables with ${lower.constraints.rows} constraints are more than the certificate's other solver takes.`,
    );
    return none;
  }
  if (near.unbounded) {
    checks.add("value gap", Number.POSITIVE_INFINITY, 0, false, "The lower level is unbounded below at this x.");
    return { ...none, gap: Number.POSITIVE_INFINITY };
  }
  if (!near.feasible) {
    checks.add(
      "lower solve",
      near.violation,
      1e-7 * (1 + norm(near.y)),
      false,
      `The certificate's own lower solver found no feasible y near the given one (violation ${short(near.violation)}).`,
    );
    return none;
  }
  // Gradients of size |grad g| are held in balance by the constraints; curvature moves them over the size of y.
  const H = new Float64Array(m * m);
  lower.hessianYY(x, near.y, H);
  const slope = new Float64Array(m);
  lower.gradY(oracle.startX, oracle.startY, slope);
  const atStart = norm(slope);
  const gradientScale = norm(g) + (Number.isFinite(atStart) ? atStart : 0) + (norm(H) + 1e-8) * (1 + norm(y));
  lower.constraints.vjp(x, y, near.multipliers, new Float64Array(n), slope);
  for (let j = 0; j < m; j++) slope[j] += g[j];
  const c = new Float64Array(lower.constraints.rows);
  lower.constraints.value(x, y, c);
  const stationarity =
    stationarityOf(domainY, y, slope, 1 / Math.max(1, gradientScale)) + Math.abs(dot(near.multipliers, c));
  // Residuals go with the constraints' own: multipliers times a violation within tolerance. A gradient that a change of x within
  // tolerance removes is none: where a follower is indifferent, all its terms vanish, and nothing else tells their size.
  const cross = new Float64Array(n);
  const signs = random.split("cross");
  lower.jvpXY(
    x,
    y,
    Float64Array.from({ length: m }, () => signs.sign()),
    cross,
  );
  const moved = norm(cross) * (1 + norm(x));
  const limit = tolerance * (Math.max(gradientScale, moved) + norm(near.multipliers) * (1 + norm(y)));
  const regular = near.stationarity <= Math.max(1e-3 * tolerance, 1e-7) * (gradientScale + norm(near.multipliers));
  const soft =
    large || (regular && stationarity <= limit)
      ? undefined
      : softened(oracle, x, y, startsFor(oracle, y, STARTS, random), exhausted);
  if (soft !== undefined) {
    return withoutMultipliers(soft, { value, y, gradientScale, L: near.L }, tolerance, checks);
  }
  checks.atMost(
    "lower stationarity",
    stationarity,
    limit,
    "The gradient of the lower Lagrangian and complementarity vanish.",
    `The gradient of the lower Lagrangian with complementarity is ${short(stationarity)}: y does not solve the lower level at x.`,
  );
  const solved = regular;
  if (!solved) {
    checks.skip(
      "lower solve",
      true,
      `The certificate's own lower solver stopped with a Lagrangian gradient of ${short(near.stationarity)}, not accurate enough to go on.`,
    );
  }
  const found = yield* valueGap({
    oracle,
    x,
    value,
    near,
    solved,
    convex: convexLower(oracle, x, y),
    scaleOf: (least, lowest) => Math.abs(least) + gradientScale * (1 + norm(y)) + crossing(oracle, x, y, lowest),
    tolerance,
    starts: () => (large ? [] : startsFor(oracle, y, STARTS, random)),
    solve: function* (start) {
      yield;
      const { feasible, value: reached, y: other } = solveConstrained(oracle, x, start, exhausted);
      // where the solver ran away, the feasible point that it started from still counts
      return { y: other, value: feasible ? reached : Number.POSITIVE_INFINITY };
    },
    exhausted,
    checks,
  });
  const { gap, evidence, local } = found;
  return { y: local ? near.y : found.lowest, L: near.L, stationarity, gap, evidence, solved };
}

/** How fast the lead of one y over another changes with x: a lead that a change of x within tolerance removes is none. */
function crossing({ n, m, lower }: Oracle, x: Vector, y: Vector, other: Vector): number {
  const [here, there] = [new Float64Array(n), new Float64Array(n)];
  const unused = new Float64Array(m);
  lower.valueGrad(x, y, here, unused);
  lower.valueGrad(x, other, there, unused);
  return norm(here.map((v, i) => v - there[i])) * (1 + norm(x));
}

/** The verdict where no multipliers exist: Fritz John's conditions, and the value extrapolated from softened rows. */
function withoutMultipliers(
  soft: Softened,
  { value, y, gradientScale, L }: { value: number; y: Vector; gradientScale: number; L: number },
  tolerance: number,
  checks: Checks,
): LowerVerdict {
  checks.atMost(
    "lower stationarity",
    soft.fritzJohn,
    tolerance * gradientScale,
    "The lower constraints satisfy no qualification here; Fritz John's conditions hold.",
    "The lower constraints have no bounded multipliers here, and Fritz John's conditions do not hold either.",
  );
  const gap = value - soft.value;
  const holds = checks.atMost(
    "value gap",
    gap,
    tolerance * (Math.abs(soft.value) + gradientScale * (1 + norm(y))),
    "The lower values with inequalities <= eps rise to no more than that of y as eps falls.",
    `The lower values with inequalities <= eps rise to ${short(gap)} less than that of y as eps falls.`,
  );
  const evidence = holds ? "global (multistart)" : "none";
  return { y: soft.y, L, stationarity: soft.fritzJohn, gap, evidence, solved: true, softened: soft };
}
