/** Before a dense search: limits that the others imply, and an optimal basis, both by HiGHS. */
import type { DenseSimplex } from "./denseSimplex.js";
import type { QuadraticProgram } from "./quadratic.js";
import { modelOf } from "./smallModel.js";

const inf = Number.POSITIVE_INFINITY;
/** Implied limits are widened by this share of their size. */
const WIDER = 1e-6;
/** Borrowed limits are this many times the largest limit away. */
const FAR = 1e3;

function asProgram(lp: DenseSimplex): QuadraticProgram {
  const { n, rows, matrix, cost } = lp.data;
  const at = [...matrix.keys()].filter((e) => matrix[e] !== 0);
  return {
    n,
    rows,
    cost,
    offset: 0,
    hessian: undefined,
    matrix: {
      rows: Int32Array.from(at, (e) => Math.floor(e / n)),
      columns: Int32Array.from(at, (e) => e % n),
      values: Float64Array.from(at, (e) => matrix[e]),
    },
    lower: lp.lower.slice(0, n),
    upper: lp.upper.slice(0, n),
    rowLower: lp.lower.slice(n),
    rowUpper: lp.upper.slice(n),
  };
}

/**
 * Finite limits for all variables and rows. No feasible point is lost, but for limits that are borrowed, as nothing implies
 * any: these are far away, and returned as 1 (lower) and 2 (upper). Undefined where there are none.
 */
export function implyLimits(lp: DenseSimplex): Uint8Array | undefined {
  const { n, rows, matrix } = lp.data;
  const { lower, upper } = lp;
  const borrowed = new Uint8Array(n + rows);
  const sizes = [...lower, ...upper].filter(Number.isFinite).map(Math.abs);
  const far = FAR * sizes.reduce((a, b) => Math.max(a, b), 1);
  const open = Array.from({ length: n }, (_, j) => j).filter((j) => lower[j] === -inf || upper[j] === inf);
  if (open.length > 0) {
    const cost = new Float64Array(n);
    const model = modelOf({ ...asProgram(lp), cost });
    for (const j of open) {
      for (const sign of [1, -1]) {
        if (Number.isFinite(sign > 0 ? lower[j] : upper[j])) continue;
        cost[j] = sign;
        model.setCost(cost);
        const known = model.solve() === "optimal";
        const least = known ? model.objective : -far;
        const limit = sign * (least - WIDER * (1 + Math.abs(least)));
        if (!known) borrowed[j] |= sign > 0 ? 1 : 2;
        if (sign > 0) lower[j] = limit;
        else upper[j] = limit;
      }
      cost[j] = 0;
    }
    model.dispose();
  }
  for (let i = 0; i < rows; i++) {
    let sides = 0;
    let low = 0;
    let high = 0;
    for (let j = 0; j < n; j++) {
      const a = matrix[i * n + j];
      if (a === 0) continue;
      const b = borrowed[j];
      sides |= a > 0 ? b : ((b & 1) << 1) | (b >> 1);
      low += a > 0 ? a * lower[j] : a * upper[j];
      high += a > 0 ? a * upper[j] : a * lower[j];
    }
    if (lower[n + i] === -inf) borrowed[n + i] |= sides & 1;
    if (upper[n + i] === inf) borrowed[n + i] |= sides & 2;
    if (lower[n + i] === -inf) lower[n + i] = Math.min(low, upper[n + i]) - WIDER * (1 + Math.abs(low));
    if (upper[n + i] === inf) upper[n + i] = Math.max(high, lower[n + i]) + WIDER * (1 + Math.abs(high));
  }
  return borrowed.some((b) => b !== 0) ? borrowed : undefined;
}

/** Loads an optimal basis. False where there is none. */
export function loadOptimal(lp: DenseSimplex): boolean {
  const model = modelOf(asProgram(lp));
  const basis = model.solve() === "optimal" ? model.basis() : undefined;
  model.dispose();
  return basis !== undefined && lp.load(basis);
}
