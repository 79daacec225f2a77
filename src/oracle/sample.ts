/** Random points of a problem's domain near its start, at which both levels have finite values and gradients. */

import type { Random } from "../num/random.js";
import { allFinite } from "../num/vector.js";
import type { DomainOracle, Oracle } from "./oracle.js";

type Vector = Float64Array;

export interface Point {
  readonly x: Vector;
  readonly y: Vector;
}

/** Share of a bounded coordinate's range that is kept clear at each end, so that differences stay inside. */
const margin = 0.05;
const attempts = 30;

/**
 * Up to `count` points. The first lies close to the start; later ones spread wider (up to 2 (1 + |start|) per entry),
 * kept inside bounds by a margin. Points with values that are not finite are drawn again, at most 30 times each.
 */
export function samplePoints(oracle: Oracle, count: number, random: Random): readonly Point[] {
  const points: Point[] = [];
  for (let k = 0; k < count; k++) {
    const spread = count > 1 ? 0.05 + (1.95 * k) / (count - 1) : 0.5;
    for (let attempt = 0; attempt < attempts; attempt++) {
      // Repeated failures mean that the spread is too wide for the functions' domains.
      const reach = spread * 0.8 ** attempt;
      const point = {
        x: drawIn(oracle.domainX, oracle.startX, reach, random),
        y: drawIn(oracle.domainY, oracle.startY, reach, random),
      };
      if (finiteAt(oracle, point)) {
        points.push(point);
        break;
      }
    }
  }
  return points;
}

function drawIn(domain: DomainOracle, start: Vector, reach: number, random: Random): Vector {
  const at = start.map((s, i) => {
    const lo = domain.lower[i];
    const hi = domain.upper[i];
    const drawn = s + reach * (1 + Math.abs(s)) * (2 * random.uniform() - 1);
    if (Number.isFinite(lo) && Number.isFinite(hi)) {
      const gap = margin * (hi - lo);
      return Math.min(hi - gap, Math.max(lo + gap, drawn));
    }
    const gap = margin * (1 + Math.abs(s)) * (1 + random.uniform());
    return Math.min(hi - gap, Math.max(lo + gap, drawn));
  });
  if (!domain.boxes) domain.project(at);
  return at;
}

function finiteAt(oracle: Oracle, { x, y }: Point): boolean {
  const outX = new Float64Array(oracle.n);
  const outY = new Float64Array(oracle.m);
  return [oracle.upper, oracle.lower].every((level) => {
    const value = level.valueGrad(x, y, outX, outY);
    const rows = new Float64Array(level.constraints.rows);
    level.constraints.value(x, y, rows);
    return Number.isFinite(value) && allFinite(outX) && allFinite(outY) && allFinite(rows);
  });
}
