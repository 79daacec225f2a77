/**
 * Of the lower solutions at x, the one that keeps the upper constraints and that the upper level prefers. Where lower solutions form a
 * set, minimising g + w f picks one by f alone: one that upper constraints on y may exclude, though others keep them.
 *
 *   min_y f(x, y)   subject to   lower constraints, upper constraints, g(x, y) <= g* + 1e-9 (1 + |g*|)
 *
 * by an interior method from the nearest known solution, to the accuracy of its constraints. Where g is curved the slack alone lets y
 * move, by its square root: only moves d along which g is flat, dᵀ H d <= 1e-6 |H| |d|² with H its Hessian, are along a set of solutions.
 */
import { dependsOn } from "../expr/walk.js";
import { solveNonlinear } from "../nlp/solve.js";
import { choleskyInto } from "../num/cholesky.js";
import { dot } from "../num/vector.js";
import { backendOf } from "../oracle/backendOf.js";
import type { Oracle } from "../oracle/oracle.js";
import { compileProgram } from "../reform/compile.js";
import { optimisticProgram } from "../reform/lowerLevel.js";

type Vector = Float64Array;

/** Slack of g, relative to 1 + |g|. */
const SLACK = 1e-9;
/** Rows count as violated from the first, as kept up to the second. */
const VIOLATED = 1e-6;
const KEEPS = 1e-8;
/** Curvature along a set of lower solutions, as a share of the largest. */
const FLAT = 1e-6;
/** Lower variables and rows of problems for which this is tried. */
const MOST = 40;
const OPTIONS = { maxIterations: 100, feasibilityTolerance: 1e-10, elastic: false } as const;

/**
 * Solves from y where the lower value at x is g and c are the upper rows at (x, y), which are violated; undefined where no such lower
 * solution was found, where rows of x alone are violated, or where the problem is large. Writes the rows of what it returns to c.
 */
export function withinUpper(oracle: Oracle): (x: Vector, y: Vector, g: number, c: Vector) => Vector | undefined {
  const { problem, m, upper, lower } = oracle;
  const large = m > MOST || lower.constraints.rows > MOST || upper.constraints.rows > MOST;
  if (problem.builder === undefined || large || !problem.independentFollowers) return () => undefined;
  const moving = problem.upper.constraints.flatMap(({ body, rows }) => Array(rows).fill(dependsOn(body, problem.y)));
  if (!moving.includes(true)) return () => undefined;
  const { equality } = upper.constraints;
  const most = (c: Vector, from: boolean): number =>
    c.reduce((w, v, r) => (moving[r] === from ? Math.max(w, equality[r] === 1 ? Math.abs(v) : v) : w), 0);
  const H = new Float64Array(m * m);
  const shifted = new Float64Array(m * m);
  let program: ReturnType<typeof compileProgram> | undefined;
  return (x, y, g, c) => {
    if (most(c, false) > 0 || !(most(c, true) > VIOLATED)) return undefined;
    lower.hessianYY(x, y, H);
    const top = H.reduce((w, v) => Math.max(w, Math.abs(v)), 0);
    shifted.set(H);
    for (let j = 0; j < m; j++) shifted[j * m + j] -= FLAT * top;
    // strictly convex: there is no set of solutions
    if (top > 0 && choleskyInto(shifted, m) < 0) return undefined;
    program ??= compileProgram(optimisticProgram(problem), backendOf(oracle));
    program.parameters.set(x);
    program.parameters[x.length] = g + SLACK * (1 + Math.abs(g));
    const { status, u } = solveNonlinear(program, y, OPTIONS);
    if (status !== "solved" && status !== "acceptable") return undefined;
    const d = u.map((v, j) => v - y[j]);
    const bent = d.reduce((sum, v, i) => sum + v * dot(H.subarray(i * m, (i + 1) * m), d), 0);
    if (bent > FLAT * top * dot(d, d)) return undefined;
    const kept = c.slice();
    upper.constraints.value(x, u, kept);
    if (most(kept, true) > KEEPS) return undefined;
    c.set(kept);
    return u;
  };
}
