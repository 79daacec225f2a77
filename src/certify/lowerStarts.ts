/**
 * Starts for the search of a lower value of the lower objective by multi level single linkage (Rinnooy Kan and Timmer,
 * Stochastic global optimization methods, part II, Mathematical Programming 39, 1987): many values at random points, and a
 * local solve only from points without a better one nearby. Points are drawn over the box; where it is not finite, around y
 * at distances from a tenth to ten times its size.
 */
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { LowerModel } from "./lowerModel.js";

type Vector = Float64Array;

/** Sample points per lower variable, the most variables for which that is enough to be worth it, and starts at most. */
const SAMPLES = 300;
const FEW_LOWER = 8;
const STARTS = 16;
/** The paper's sigma. */
const SIGMA = 4;

interface Sample {
  readonly point: Vector;
  /** The point in coordinates that fill about the unit cube. */
  readonly unit: Vector;
  readonly value: number;
}

/** The best first; none for many lower variables. */
export function linkedStarts(model: LowerModel, y: Vector, random: Random, exhausted: () => boolean): Vector[] {
  const { m, domain } = model;
  if (m > FEW_LOWER) return [];
  const count = SAMPLES * m;
  const samples: Sample[] = [];
  const size = 1 + norm(y) / Math.sqrt(m);
  for (let k = 0; k < count && !exhausted(); k++) {
    const point = new Float64Array(m);
    const unit = new Float64Array(m);
    const reach = size * 10 ** (2 * random.uniform() - 1);
    for (let j = 0; j < m; j++) {
      const lo = domain.lower[j];
      const width = domain.upper[j] - lo;
      const bounded = domain.boxes && width < Number.POSITIVE_INFINITY;
      // A quarter of the entries at bounds: minima in corners have small basins.
      const share = Math.min(1, Math.max(0, (4 * random.uniform() - 0.5) / 3));
      point[j] = bounded ? lo + width * share : y[j] + reach * random.normal();
    }
    domain.project(point);
    for (let j = 0; j < m; j++) {
      const width = domain.upper[j] - domain.lower[j];
      const bounded = domain.boxes && width < Number.POSITIVE_INFINITY;
      // Distances around y on a scale that grows slowly far out.
      const offset = (point[j] - y[j]) / size;
      unit[j] = bounded ? (point[j] - domain.lower[j]) / (width > 0 ? width : 1) : Math.asinh(offset) / 3;
    }
    const value = model.value(point);
    if (Number.isFinite(value)) samples.push({ point, unit, value });
  }
  samples.sort((a, b) => a.value - b.value);
  const radius = linkRadius(m, count);
  const starts: Vector[] = [];
  for (let k = 0; k < samples.length && starts.length < STARTS; k++) {
    let linked = false;
    for (let i = 0; i < k && !linked; i++) linked = near(samples[i].unit, samples[k].unit, radius);
    if (!linked) starts.push(samples[k].point);
  }
  return starts;
}

/** pi^(-1/2) (Gamma(1 + m/2) sigma log N / N)^(1/m) in the unit cube. */
function linkRadius(m: number, count: number): number {
  let gamma = m % 2 === 0 ? 1 : Math.sqrt(Math.PI) / 2;
  for (let k = m % 2 === 0 ? 1 : 1.5; k <= m / 2; k++) gamma *= k;
  return ((gamma * SIGMA * Math.log(count)) / count) ** (1 / m) / Math.sqrt(Math.PI);
}

function near(a: Vector, b: Vector, radius: number): boolean {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum < radius * radius;
}
