/**
 * Jumps and steep places of the hyper-objective phi(x) = f(x, y*(x)) along each upper variable: phi on a grid, and where a step
 * is least like its neighbours, bisection into the half with the larger change. A jump keeps its change; where the slope grows by
 * orders of magnitude while the change falls, phi does not look Lipschitz.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { optimistic } from "../certify/pessimistic.js";
import { narrowJump, type Step } from "../methods/zerothOrder/jump.js";
import type { Variable } from "../model/problem.js";
import type { LintContext } from "./context.js";

type Vector = Float64Array;

/** Upper variables that are walked along, and points on each walk. */
const MOST_VARIABLES = 3;
const POINTS = 25;
/** Points among which one is looked for that is allowed. */
const TRIES = 101;
/** How far walks go where there are no bounds, in units of 1 + |x|. */
const REACH = 3;
/** Changes below this, relative to the range of phi on the walk, are not followed. */
const SMALL = 1e-3;
/** Jumps below this, relative to the same, may be what flat lower levels leave of the solver's digits. */
const LARGE = 1e-2;
/** Width of the last interval relative to the walk's step, and the growth of the slope that counts. */
const NARROW = 1e-7;
const STEEPER = 100;
/** The part of a step's change that a jump in it must have. */
const WHOLE = 0.1;
/** The part of a jump that must be left where both sides take the lower solution that is best for the upper level. */
const LASTING = 0.3;
/** Width of the steepest part relative to the step: there a root of x is steeper than on the step by STEEPER. */
const STEEP = 3e-5;
/** How far to both sides of a jump phi is read: its value at the jump itself may be any between them. */
const BESIDE = 1e-4;

export function rough(context: LintContext): readonly Diagnostic[] {
  const { problem, oracle, samples } = context;
  if (!context.small || samples.length === 0 || oracle.n > MOST_VARIABLES) return [];
  const { x: center, y: known } = samples[0];
  const upper = oracle.fork().upper;
  return problem.upper.variables.flatMap((variable) =>
    Array.from({ length: variable.size }, (_, k) => k).flatMap((k) => {
      const i = variable.offset + k;
      const at = center.slice();
      let near = known;
      const phi = (t: number): number => {
        at[i] = t;
        const found = context.lowerSolution(at, [oracle.startY, near]);
        if (found === undefined) return Number.NaN;
        near = found.y;
        return upper.value(at, found.y);
      };
      const best = (t: number): number => {
        const value = phi(t);
        const better = Number.isFinite(value) && optimistic(oracle, at, near, context.random("beside a jump"));
        return better ? better.objective : value;
      };
      return alongOne(context, variable, k, center, phi, best);
    }),
  );
}

function alongOne(
  context: LintContext,
  variable: Variable,
  entry: number,
  center: Vector,
  phi: (t: number) => number,
  best: (t: number) => number,
): readonly Diagnostic[] {
  const walk = walkOf(context, center, variable.offset + entry);
  if (walk === undefined) return [];
  const [from, to] = walk;
  const { problem, oracle } = context;
  const grid = Array.from({ length: POINTS }, (_, k) => from + ((to - from) * k) / (POINTS - 1));
  const values = grid.map(phi);
  const finite = values.filter(Number.isFinite);
  const range = Math.max(...finite) - Math.min(...finite);
  const change = (s: Step): number => Math.abs(s.right - s.left);
  const steps = grid.slice(1).map((t, k): Step => ({ from: grid[k], to: t, left: values[k], right: values[k + 1] }));
  const steepest = steps
    .map((step, k) => ({ step, apart: Math.abs(rise(steps, k) - expectedRise(steps, k)) }))
    .filter(({ apart }) => apart > SMALL * range)
    .sort((a, b) => b.apart - a.apart)
    .slice(0, 3)
    .map(({ step }) => step);
  const width = (to - from) / (POINTS - 1);
  const others = oracle.n > 1 ? "the other upper variables at their start" : undefined;
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const name = variable.shape.length === 0 ? variable.name : `${variable.name}[${entry + 1}]`;
  for (const step of steepest) {
    const jump = narrowJump(phi, step, NARROW * width, 1e-6 * range);
    // what is left of a step that was steep all over is rounding
    if (jump && Math.abs(jump.right - jump.left) > WHOLE * change(step)) {
      const at = tidy(jump.at, width);
      const [left, right] = [-BESIDE, BESIDE].map((beside) =>
        best(Math.min(to, Math.max(from, jump.at + beside * width))),
      );
      // what the solver makes of several solutions may jump where the best of them does not
      const least = Math.max(LARGE * range, LASTING * Math.abs(jump.right - jump.left));
      if (!(Math.abs(right - left) > least)) continue;
      const shown = (v: number): number => sign * rounded(v, Math.abs(right - left));
      const sides = { left: shown(left), right: shown(right) };
      return [diagnostic("BLO1002", { variable: name, at, ...sides, others }, { span: variable.span })];
    }
    const end = steepestPart(phi, step, STEEP * width);
    const slope = change(end) / (end.to - end.from);
    const typical = range / (to - from);
    // a flat lower level leaves its solution, and phi, with few digits: what is below those is no slope
    if (change(end) > SMALL * range && slope > STEEPER * Math.max(typical, change(step) / width)) {
      if (!(Math.abs(best(end.to) - best(end.from)) > LASTING * change(end))) continue;
      const at = tidy(0.5 * (end.from + end.to), width);
      return [diagnostic("BLO1003", { variable: name, at, slope, typical, others }, { span: variable.span })];
    }
  }
  return [];
}

/** Where variable i may go from the center: its bounds, and a stretch on which constraints of x alone hold, where there is one. */
function walkOf({ oracle, allowed }: LintContext, center: Vector, i: number): readonly [number, number] | undefined {
  const reach = REACH * (1 + Math.abs(center[i]));
  const ends = [
    Math.max(oracle.domainX.lower[i], center[i] - reach),
    Math.min(oracle.domainX.upper[i], center[i] + reach),
  ] as const;
  const at = center.slice();
  const may = (t: number): boolean => {
    at[i] = t;
    return allowed(at);
  };
  const tries = Array.from({ length: TRIES }, (_, k) => ends[0] + ((ends[1] - ends[0]) * k) / (TRIES - 1));
  const inside = [center[i], ...tries].find(may);
  const [from, to] = inside === undefined ? ends : ends.map((end) => lastAllowed(may, inside, end));
  return to > from ? [from, to] : undefined;
}

/** The last point that is allowed on the way from `inside` to `end`, by bisection. */
function lastAllowed(may: (t: number) => boolean, inside: number, end: number): number {
  if (may(end)) return end;
  let [good, bad] = [inside, end];
  for (let k = 0; k < 60; k++) {
    const middle = 0.5 * (good + bad);
    if (may(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function rise(steps: readonly Step[], k: number): number {
  const { left, right } = steps[Math.min(Math.max(k, 0), steps.length - 1)];
  return right - left;
}

/** What the neighbours of a step would have it be: their mean is exact for quadratics. */
function expectedRise(steps: readonly Step[], k: number): number {
  if (k === 0) return 2 * rise(steps, 1) - rise(steps, 2);
  if (k === steps.length - 1) return 2 * rise(steps, k - 1) - rise(steps, k - 2);
  return 0.5 * (rise(steps, k - 1) + rise(steps, k + 1));
}

/** A number as close to zero as bisection can tell from it is zero. */
function tidy(at: number, width: number): number {
  return Math.abs(at) < 1e-5 * width ? 0 : at;
}

/** Values beside a jump are not those at it: digits that are small beside the jump say nothing. */
function rounded(value: number, jump: number): number {
  const unit = 10 ** (Math.floor(Math.log10(jump)) - 2);
  return Number.isFinite(value) && unit > 0 ? Number((Math.round(value / unit) * unit).toPrecision(12)) : value;
}

/** The steepest part of a step, by bisection into the half with the larger change. */
function steepestPart(phi: (t: number) => number, step: Step, width: number): Step {
  let part = step;
  while (part.to - part.from > width) {
    const middle = 0.5 * (part.from + part.to);
    const value = phi(middle);
    if (!Number.isFinite(value)) break;
    const leftHalf = Math.abs(value - part.left) > Math.abs(part.right - value);
    part = leftHalf ? { ...part, to: middle, right: value } : { ...part, from: middle, left: value };
  }
  return part;
}
