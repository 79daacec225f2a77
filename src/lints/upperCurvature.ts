/**
 * Second derivatives of phi(x) = f(x, y*(x)) along each upper variable at the first sampled point,
 *
 *   d²phi/dx_i² ~ f_xx[i, i] + 2 f_xy[i, :] s + s' f_yy s,      s = dy* / dx_i = -H^-1 J[i, :]'
 *
 * without the curvature of y* itself: the smallest one is therefore confirmed by a second difference of phi.
 */

import { interpreted } from "../codegen/backend.js";
import { curvatureOf } from "../curvature/index.js";
import { hessian } from "../diff/index.js";
import { choleskyInto, choleskySolveInto } from "../num/cholesky.js";
import type { LintContext, LowerSample } from "./context.js";

/** Upper variables at most, and the step of second differences relative to 1 + |x_i|. */
const MOST = 30;
const STEP = 1e-2;
/** Slack below which a bound counts as active: then y* moves along it, and nothing is said. */
const INSIDE = 1e-4;

/** Empty where nothing can be said; entries are not negative. `ratio` is what the caller looks for. */
export function upperCurvatures(context: LintContext, ratio: number): readonly number[] {
  const { oracle, samples, problem } = context;
  const { n } = oracle;
  if (!context.small || n < 2 || n > MOST || samples.length === 0) return [];
  if (oracle.lower.constraints.rows > 0 || !isInside(context, samples[0])) return [];
  if (curvatureOf(problem).lower.strong === undefined) return [];
  const found = alongUpper(context, samples[0]);
  if (found === undefined) return [];
  const top = Math.max(...found);
  const least = found.reduce((i, v, k) => (v < found[i] ? k : i), 0);
  if (!(top >= ratio * found[least])) return [];
  return confirmed(context, samples[0], least, top / Math.sqrt(ratio)) ? found : [];
}

function isInside({ oracle: { domainY, m } }: LintContext, { y }: LowerSample): boolean {
  if (!domainY.boxes) return false;
  const slack = (j: number): number => Math.min(y[j] - domainY.lower[j], domainY.upper[j] - y[j]);
  return Array.from({ length: m }, (_, j) => slack(j)).every((s, j) => s > INSIDE * (1 + Math.abs(y[j])));
}

function alongUpper({ oracle, problem }: LintContext, { x, y }: LowerSample): readonly number[] | undefined {
  const { n, m } = oracle;
  const { upper, lower } = oracle.fork();
  const L = new Float64Array(m * m);
  lower.hessianYY(x, y, L);
  if (choleskyInto(L, m) >= 0) return undefined;
  const fxx = new Float64Array(n * n);
  const { builder: b, upper: model } = problem;
  interpreted.compile({
    name: "upper",
    inputs: [problem.x, problem.y],
    outputs: [hessian(b, model.objective, problem.x)],
  })(x, y, fxx);
  const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, ui, i) => sum + ui * v[i], 0);
  return Array.from({ length: n }, (_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    const s = new Float64Array(m);
    lower.jvpYX(x, y, unit, s);
    choleskySolveInto(L, m, s);
    for (let j = 0; j < m; j++) s[j] = -s[j];
    const fxy = new Float64Array(m);
    upper.jvpYX(x, y, unit, fxy);
    const fs = new Float64Array(m);
    upper.hvpYY(x, y, s, fs);
    return Math.abs(fxx[i * n + i] + 2 * dot(fxy, s) + dot(s, fs));
  });
}

/** Whether the second difference of phi along variable i, too, is below `most`. */
function confirmed(context: LintContext, { x, y }: LowerSample, i: number, most: number): boolean {
  const { upper } = context.oracle.fork();
  const h = STEP * (1 + Math.abs(x[i]));
  const phi = (step: number): number => {
    const at = x.slice();
    at[i] += step;
    const found = context.lowerSolution(at, [y]);
    return found === undefined ? Number.NaN : upper.value(at, found.y);
  };
  return Math.abs(phi(h) - 2 * phi(0) + phi(-h)) <= most * h * h;
}
