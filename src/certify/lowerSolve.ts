/**
 * The certificate's own minimiser of the lower level: projected Newton on free and box domains (leaving saddle points and
 * maxima along negative curvature), accelerated projected gradients with a Newton finish elsewhere.
 */
import { symmetricEigen } from "../num/eigen.js";
import { norm } from "../num/vector.js";
import { acceleratedSolve } from "./lowerAccelerated.js";
import { type LowerModel, stationarityOf } from "./lowerModel.js";
import { DENSE, type LowerSolution, newtonSteps } from "./lowerNewton.js";

type Vector = Float64Array;

/** Minimises from `start` to the limit of rounding (1e-14 of the gradient's size at the start; 1e-12 for large problems) or until `exhausted`. */
export function solveLower(model: LowerModel, start: Vector, exhausted: () => boolean, scale = 0): LowerSolution {
  const steps = solveLowerSteps(model, start, exhausted, scale);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** The same with pauses, about one for each Newton step. */
export function* solveLowerSteps(
  model: LowerModel,
  start: Vector,
  exhausted: () => boolean,
  scale = 0,
): Generator<void, LowerSolution, void> {
  const { domain, m } = model;
  const g = new Float64Array(m);
  model.valueGradient(start, g);
  const size = Math.max(scale, stationarityOf(domain, start, g, 1));
  const accuracy = m <= DENSE ? 1e-14 : 1e-12;
  const limits = { iterations: 200, tolerance: accuracy * Math.max(size, model.size), exhausted };
  if (!domain.boxes) return acceleratedSolve(model, start, { ...limits, iterations: 3000 });
  let solution = yield* newtonSteps(model, start, limits);
  for (let round = 0; round < 5 && m <= DENSE && !solution.unbounded && !exhausted(); round++) {
    const left = leaveSaddle(model, solution);
    if (left === undefined) break;
    solution = yield* newtonSteps(model, left, limits);
  }
  return solution;
}

/** A lower point along the most negative curvature of the free coordinates; undefined where there is none. */
function leaveSaddle(model: LowerModel, solution: LowerSolution): Vector | undefined {
  const { m, domain } = model;
  const { y, L, value } = solution;
  const g = new Float64Array(m);
  const H = new Float64Array(m * m);
  model.valueGradient(y, g);
  model.hessianInto(y, H);
  for (let j = 0; j < m; j++) {
    const held =
      (y[j] <= domain.lower[j] && g[j] > 1e-9 * L) ||
      (y[j] >= domain.upper[j] && g[j] < -1e-9 * L) ||
      domain.lower[j] === domain.upper[j];
    if (!held) continue;
    for (let i = 0; i < m; i++) H[i * m + j] = H[j * m + i] = 0;
  }
  for (const h of H) if (!Number.isFinite(h)) return undefined;
  const { values, vectors } = symmetricEigen(H, m);
  const top = Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
  if (!(values[0] < -1e-7 * top)) return undefined;
  const trial = new Float64Array(m);
  let best: Vector | undefined;
  let lowest = value;
  for (let t = 1e-3 * (1 + norm(y)); t < 1e3 * (1 + norm(y)); t *= 4) {
    for (const sign of [1, -1]) {
      for (let j = 0; j < m; j++) trial[j] = y[j] + sign * t * vectors[j * m];
      domain.project(trial);
      const next = model.value(trial);
      if (next < lowest - 1e-12 * Math.abs(value)) {
        lowest = next;
        best = trial.slice();
      }
    }
    if (best !== undefined) return best;
  }
  return best;
}
