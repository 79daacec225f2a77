/**
 * Is x a local minimum of the hyper-objective when constraints are present at either level, or several lower solutions? There phi(x) = f(x, y(x)) is
 * known by re-solved lower problems only, and most solutions are kinks. Two parts:
 *
 *   first order   r = -grad phi projected off the cone of the active constraints' gradients (all by central differences of
 *                 phi and of the upper constraints c(x, y(x))): |r| small means a Karush-Kuhn-Tucker point;
 *   neighbours    phi + M |violation| at points around x, along r, the axes, random directions, and the same projected onto
 *                 the active constraints: none may be clearly lower.
 *
 * Slopes are per relative change of x_i, that is in variables x_i / (1 + |x_i|). The second part decides; the first is reported, and decides alone only where it holds at a smooth point.
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";
import { ActiveLower } from "./lowerActive.js";
import type { LowerVerdict } from "./lowerVerdict.js";
import { verifyManyUpper } from "./manyUpper.js";
import { FEW, type Restart } from "./neighbourhood.js";
import { ACTIVE, isActive, upperSlopes } from "./upperRowsAt.js";
import { type Sample, sampler, violationOf } from "./upperSampler.js";

type Vector = Float64Array;

/** Share of the slopes' scale by which a neighbour may be lower per unit of distance: the accuracy of the samples. */
const SLOPE = 1e-4;

/** Differences this much steeper on one side than on the other are jumps. */
const JUMP = 1e3;
/** Lower solutions this far apart, relative to 1 + |y|, are others; violations there that count. */
const JUMPED = 0.1;
const STRAY = 1e-6;

/** Adds the checks; pauses between lower solves. */
export function* verifyConstrainedUpper(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  lower: LowerVerdict,
  others: readonly Vector[],
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, Restart | undefined, void> {
  const { n } = oracle;
  if (n > FEW) return yield* verifyManyUpper(oracle, x, y, lower, tolerance, random, exhausted, checks);
  // lower solutions without multipliers are known to about the square root of what constraints are known to
  const accuracy = lower.softened === undefined ? 1e-9 : 1e-7;
  const at = sampler(oracle, [lower.y, ...others], lower.softened?.multipliers, exhausted);
  const center = at(x);
  // large lower levels whose solutions meet in a kink, which the sampler's solver does not take
  if (!center.known) return yield* verifyManyUpper(oracle, x, y, lower, tolerance, random, exhausted, checks);
  const f = oracle.upper.value(x, y);
  const { gradient, rows, scale, slopes: slopesOfF } = differences(oracle, x, y, at, center);
  const { residual, multipliers } = karushKuhnTucker(oracle, x, center, gradient, rows);
  const smooth = norm(residual) <= Math.max(tolerance, 1e-5) * scale;
  const better = f - center.phi;
  checks.atMost(
    "optimistic",
    better,
    1e-4 * (slopesOfF + Math.abs(f)),
    "No other lower solution near y is better for the upper level.",
    `Another lower solution at the same x lowers the upper objective by ${short(better)}.`,
  );
  const size = 1 + norm(center.y);
  // across a jump of the lower solution violations do not shrink with the step: such an x is no candidate, however low f is there
  const strays = (s: Sample): boolean =>
    violationOf(oracle, s.c) > STRAY * size && norm(s.y.map((v, j) => v - center.y[j])) > JUMPED * size;
  // An exact penalty: twice what the multipliers ask for, at least what balances the slopes.
  const slopes = rows.map((r) => norm(r)).filter((s) => s > 0);
  const weight = 2 * Math.max(...multipliers, slopes.length > 0 ? scale / Math.min(...slopes) : 0, 0);
  const merit = (s: Sample): number =>
    s.known && !strays(s) ? s.phi + weight * violationOf(oracle, s.c) : Number.POSITIVE_INFINITY;
  // What the sampler finds at x (its small weight on f lowers all samples alike), or what the given point claims: next to a
  // jump of phi its lower solution may be the one from across.
  const own = new Float64Array(center.c.length);
  if (own.length > 0) oracle.upper.constraints.value(x, y, own);
  const ownMerit = f + weight * violationOf(oracle, own);
  const base = Math.min(merit(center), ownMerit);
  // Where a lower solution is unique, seeming descent is confirmed without the weight, which moves kinks as well.
  const plain = lower.softened === undefined ? new ActiveLower(oracle) : undefined;
  const plainMerit = (point: Vector): number | undefined => {
    const y = plain?.solve(point, lower.y, 0, exhausted)?.y;
    if (y === undefined) return undefined;
    const c = new Float64Array(center.c.length);
    if (c.length > 0) oracle.upper.constraints.value(point, y, c);
    return merit({ phi: oracle.upper.value(point, y), c, known: true, y });
  };
  const limit = SLOPE * scale;
  let steepest = 0;
  let tried = 0;
  let restart: (Restart & { readonly merit: number }) | undefined;
  const active = rows.filter((_, r) => isActive(oracle, center.c, r));
  for (const direction of directions(n, residual, active, random)) {
    for (const reach of [1e-3, 1e-5]) {
      if (exhausted()) break;
      const point = x.map((v, i) => v + reach * (1 + Math.abs(v)) * direction[i]);
      oracle.domainX.project(point);
      const step = norm(point.map((v, i) => (v - x[i]) / (1 + Math.abs(x[i]))));
      if (!(step > 0.01 * reach)) continue;
      tried++;
      yield;
      const noise = accuracy * (1 + Math.abs(base)) + 1e-7 * scale * step;
      const sample = at(point);
      const there = merit(sample);
      let slope = (base - there - noise) / step;
      if (slope > limit) {
        const here = others.length === 0 ? plainMerit(x) : undefined;
        const beside = here === undefined ? undefined : plainMerit(point);
        if (here !== undefined && beside !== undefined)
          slope = Math.min(slope, (Math.min(here, ownMerit) - beside - noise) / step);
      }
      if (slope > steepest) steepest = slope;
      if (slope > 0 && there < (restart?.merit ?? base)) restart = { x: point, y: sample.y, merit: there };
    }
  }
  const holds = steepest <= limit;
  checks.add(
    "hypergradient",
    norm(residual),
    Math.max(tolerance, 1e-5) * scale,
    smooth || holds,
    smooth
      ? "The hypergradient is balanced by the active constraints."
      : holds
        ? `The hyper-objective has a kink at x (differences leave ${short(norm(residual))}), and none of ${tried} neighbours is better.`
        : `The hypergradient less the active constraints' part is ${short(norm(residual))}: x is not stationary.`,
  );
  checks.add(
    "neighbours",
    steepest,
    limit,
    holds,
    holds
      ? `None of ${tried} neighbouring x is better.`
      : "A neighbouring x that is feasible has a clearly lower upper objective.",
  );
  if (exhausted()) checks.skip("time", true, "The time was used up before all neighbours were compared.");
  return holds ? undefined : restart;
}

/** Central differences (one-sided at bounds) of phi and of every upper constraint row along the axes; the slopes' scale, and that of f's own. */
function differences(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  at: (x: Vector) => Sample,
  center: Sample,
): { gradient: Vector; rows: Vector[]; scale: number; slopes: number } {
  const { n, domainX } = oracle;
  const gradient = new Float64Array(n);
  const rows = Array.from(center.c, () => new Float64Array(n));
  const sides = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const ends = [1, -1].map((sign) => {
      const point = x.slice();
      point[i] += sign * 1e-5 * (1 + Math.abs(x[i]));
      domainX.project(point);
      const sample = at(point);
      return sample.known ? { t: point[i], sample } : { t: x[i], sample: center };
    });
    const width = ends[0].t - ends[1].t;
    if (!(width > 0)) continue;
    const unit = (1 + Math.abs(x[i])) / width;
    gradient[i] = (ends[0].sample.phi - ends[1].sample.phi) * unit;
    // The slope on the flatter side: a jump on the other one is no measure of slopes.
    const [up, down] = ends.map(({ t, sample }) =>
      t === x[i] ? Number.NaN : (Math.abs(sample.phi - center.phi) / Math.abs(t - x[i])) * (1 + Math.abs(x[i])),
    );
    const flatter = Math.min(Number.isFinite(up) ? up : down, Number.isFinite(down) ? down : up);
    sides[i] = Math.abs(gradient[i]) > JUMP * flatter ? flatter : gradient[i];
    for (let r = 0; r < rows.length; r++) rows[r][i] = (ends[0].sample.c[r] - ends[1].sample.c[r]) * unit;
  }
  const slopes = upperSlopes(oracle, x, y, center.phi);
  return { gradient, rows, scale: Math.max(norm(sides), slopes), slopes };
}

/** -grad phi projected off the cone of the active rows and of the active bounds. */
function karushKuhnTucker(
  oracle: Oracle,
  x: Vector,
  center: Sample,
  gradient: Vector,
  rows: readonly Vector[],
): { residual: Vector; multipliers: readonly number[] } {
  const { n, domainX, upper } = oracle;
  const columns: Vector[] = [];
  const sign: boolean[] = [];
  rows.forEach((row, r) => {
    if (!isActive(oracle, center.c, r)) return;
    columns.push(row);
    sign.push(upper.constraints.equality[r] === 0);
  });
  const count = columns.length;
  for (let i = 0; i < n; i++) {
    const near = ACTIVE * (1 + Math.abs(x[i]));
    for (const side of [-1, 1]) {
      const bound = side < 0 ? domainX.lower[i] : domainX.upper[i];
      if (Math.abs(x[i] - bound) > near) continue;
      const column = new Float64Array(n);
      column[i] = side;
      columns.push(column);
      sign.push(true);
    }
  }
  const b = gradient.map((g) => -g);
  const z = nonNegativeLeastSquares(columns, b, sign);
  const residual = b.slice();
  columns.forEach((a, k) => {
    for (let i = 0; i < n; i++) residual[i] -= z[k] * a[i];
  });
  return { residual, multipliers: Array.from(z.slice(0, count), Math.abs) };
}

/** Directions of length at most 1 in every coordinate: the residual, axes, random ones, and all of them along the active rows. */
function directions(n: number, residual: Vector, active: readonly Vector[], random: Random): Vector[] {
  const raw: Vector[] = [residual.slice()];
  for (let i = 0; i < n; i++) {
    for (const side of [1, -1]) {
      const e = new Float64Array(n);
      e[i] = side;
      raw.push(e);
    }
  }
  for (let k = 0; n > 1 && k < 6 * n + 8; k++) raw.push(Float64Array.from({ length: n }, () => random.normal()));
  const along =
    active.length === 0
      ? []
      : raw.map((d) => {
          const z = nonNegativeLeastSquares(
            active,
            d,
            active.map(() => false),
          );
          return d.map((v, i) => active.reduce((s, a, k) => s - z[k] * a[i], v));
        });
  return [...raw, ...along].flatMap((d) => {
    const top = Math.max(...d.map(Math.abs));
    return top > 1e-9 ? [d.map((v) => v / top)] : [];
  });
}
