/**
 * Jumps and steep places of the hyper-objective phi(x) = f(x, y*(x)) along each upper variable: phi on a grid, and where a step
 * is least like its neighbours, bisection into the half with the larger change. A jump keeps its change; where the slope grows by
 * orders of magnitude while the change falls, phi does not look Lipschitz.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { narrowJump, type Step } from "../methods/zerothOrder/jump.js";
import type { Variable } from "../model/problem.js";
import type { LintContext } from "./context.js";

type Vector = Float64Array;

/** Upper variables that are walked along, and points on each walk. */
const MOST_VARIABLES = 3;
const POINTS = 25;
/** How far walks go where there are no bounds, in units of 1 + |x|. */
const REACH = 3;
/** Changes below this, relative to the range of phi on the walk, are not followed. */
const SMALL = 1e-3;
/** Width of the last interval relative to the walk's step, and the growth of the slope that counts. */
const NARROW = 1e-7;
const STEEPER = 100;
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
      return alongOne(context, variable, k, center, phi);
    }),
  );
}

function alongOne(
  { problem, oracle }: LintContext,
  variable: Variable,
  entry: number,
  center: Vector,
  phi: (t: number) => number,
): readonly Diagnostic[] {
  const i = variable.offset + entry;
  const reach = REACH * (1 + Math.abs(center[i]));
  const from = Math.max(oracle.domainX.lower[i], center[i] - reach);
  const to = Math.min(oracle.domainX.upper[i], center[i] + reach);
  if (!(to > from)) return [];
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
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const name = variable.shape.length === 0 ? variable.name : `${variable.name}[${entry + 1}]`;
  for (const step of steepest) {
    const jump = narrowJump(phi, step, NARROW * width, 1e-6 * range);
    if (jump) {
      const at = tidy(jump.at, width);
      const sides = { left: sign * phi(jump.at - BESIDE * width), right: sign * phi(jump.at + BESIDE * width) };
      return [diagnostic("BLO1002", { variable: name, at, ...sides }, { span: variable.span })];
    }
    const end = steepestPart(phi, step, 1e-5 * width);
    const slope = change(end) / (end.to - end.from);
    const typical = range / (to - from);
    if (slope > STEEPER * Math.max(typical, change(step) / width)) {
      const at = tidy(0.5 * (end.from + end.to), width);
      return [diagnostic("BLO1003", { variable: name, at, slope, typical }, { span: variable.span })];
    }
  }
  return [];
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
