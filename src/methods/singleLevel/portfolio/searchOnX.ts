/**
 * Direct search on x over the optimistic lower solution: phi(x) = min f over lower solutions at x. It needs neither
 * multipliers nor a constraint qualification, so that it also finds solutions whose first-order conditions do not exist. For one
 * upper variable a grid, with tails in geometric steps where the variable has no bound, and zooms on its best points; for a
 * few the simplex method of Nelder and Mead (Comput. J. 7, 1965). What it finds is finished by a path.
 */
import { closePath, follow } from "./paths.js";
import { FEASIBLE, type Search } from "./search.js";
import { EvenSequence } from "./sequence.js";

type Vector = Float64Array;

const GRID = 41;
const TAILS = [1, 3, 10, 30, 100];
const ZOOMS = 4;
const ZOOM_POINTS = 9;
const ZOOM_ROUNDS = 6;
/** Evaluations of the simplex method from one start, for each of n + 1 vertices. */
const EVALUATIONS = 30;
const STARTS = 3;
/** Evaluations without a better vertex, for each of n + 1, that end a simplex; better by less than this share of 1 + |f| is not. */
const IDLE = 6;
const GAIN = 1e-7;
const SEEDS = 8;

/** x with the lower solution found there; feasible ones by f, the others by violation. */
interface Sample {
  readonly x: Vector;
  readonly y: Vector;
  readonly f: number;
  readonly violation: number;
}

function less(a: Sample, b: Sample): boolean {
  const [one, two] = [Math.max(0, a.violation - FEASIBLE), Math.max(0, b.violation - FEASIBLE)];
  return one === two ? a.f < b.f : one < two;
}

function clearlyLess(a: Sample, b: Sample): boolean {
  return less(a, b) && !(a.violation <= FEASIBLE && b.violation <= FEASIBLE && a.f > b.f - GAIN * (1 + Math.abs(b.f)));
}

/** phi at x, warm from y; every sample is offered as a candidate. */
function sample(search: Search, x: Vector, y: Vector): Sample {
  const { oracle, lower } = search;
  const worst = { x, y, f: Number.POSITIVE_INFINITY, violation: Number.POSITIVE_INFINITY };
  const lowest = search.lowest(x, y);
  if (lowest === undefined) return worst;
  const { y: preferred, leak } = lower.optimistic(x, lowest) ?? { y: lowest.y, leak: 0 };
  const f = oracle.upper.value(x, preferred);
  const violation = search.violation(x, preferred);
  if (!Number.isFinite(f) || !Number.isFinite(violation)) return worst;
  if (violation <= FEASIBLE && search.promising(f + leak))
    search.offer(x, preferred, undefined, Math.max(leak, Number.MIN_VALUE));
  return { x, y: preferred, f, violation };
}

export function* searchOnX(search: Search): Generator<void> {
  const samples = search.oracle.n === 1 ? yield* grid(search) : yield* simplices(search);
  const { model } = search;
  for (const { x, y, violation } of samples.slice(0, 2)) {
    if (violation > 1e-2) continue;
    follow(search, model.start(x, y), closePath, "scholtes");
    yield;
  }
}

function* grid(search: Search): Generator<void, Sample[], void> {
  const { box, oracle } = search;
  const low = box.lower[0];
  const high = box.upper[0];
  const width = Math.max(high - low, 1e-9);
  const points: number[] = [];
  if (box.openBelow[0] === 1) for (const t of TAILS) points.push(low - t * width);
  for (let k = 0; k < GRID; k++) points.push(low + (width * k) / (GRID - 1));
  if (box.openAbove[0] === 1) for (const t of TAILS) points.push(high + t * width);
  if (search.best !== undefined) points.push(search.best.x[0]);
  points.sort((a, b) => a - b);
  const samples: Sample[] = [];
  let y: Vector = oracle.startY;
  for (const point of points) {
    const x = Float64Array.of(point);
    search.projectX(x);
    const found = sample(search, x, y);
    if (Number.isFinite(found.f)) y = found.y;
    samples.push(found);
    yield;
  }
  const order = [...samples.keys()].sort((a, b) => (less(samples[a], samples[b]) ? -1 : 1));
  const refined: Sample[] = [];
  for (const k of order.slice(0, ZOOMS)) {
    let best = samples[k];
    let left = points[Math.max(0, k - 1)];
    let right = points[Math.min(points.length - 1, k + 1)];
    for (let round = 0; round < ZOOM_ROUNDS && right - left > 1e-9 * (1 + Math.abs(left)); round++) {
      const before = best;
      for (let i = 1; i <= ZOOM_POINTS; i++) {
        const x = Float64Array.of(left + ((right - left) * i) / (ZOOM_POINTS + 1));
        search.projectX(x);
        const found = sample(search, x, best.y);
        if (less(found, best)) best = found;
        yield;
      }
      const reach = (right - left) / (ZOOM_POINTS + 1);
      left = Math.max(left, best.x[0] - reach);
      right = Math.min(right, best.x[0] + reach);
      // nothing gained on what is known: not worth more
      if (best === before && round > 1 && !nearBest(search, best)) break;
    }
    refined.push(best);
  }
  return refined.sort((a, b) => (less(a, b) ? -1 : 1));
}

function nearBest(search: Search, { f }: Sample): boolean {
  const { best } = search;
  return best === undefined || f <= best.f + 1e-2 * (1 + Math.abs(best.f));
}

function* simplices(search: Search): Generator<void, Sample[], void> {
  const { oracle, box } = search;
  const { n } = oracle;
  const lower = box.lower.subarray(0, n);
  const upper = box.upper.subarray(0, n);
  const sequence = new EvenSequence(n + oracle.m);
  const seeds: Sample[] = [];
  if (search.best !== undefined) seeds.push(sample(search, search.best.x.slice(), search.best.y));
  const point = new Float64Array(n + oracle.m);
  for (let k = 0; k < SEEDS; k++) {
    sequence.into(k, box.lower, box.upper, point);
    box.nearest(point);
    seeds.push(sample(search, point.slice(0, n), point.slice(n)));
    yield;
  }
  seeds.sort((a, b) => (less(a, b) ? -1 : 1));
  const found: Sample[] = [];
  for (const seed of seeds.slice(0, STARTS)) {
    found.push(
      yield* nelderMead(
        search,
        seed,
        upper.map((h, j) => 0.1 * (h - lower[j])),
      ),
    );
  }
  return found.sort((a, b) => (less(a, b) ? -1 : 1));
}

/** Reflection 1, expansion 2, contraction 1/2, shrinking 1/2. */
function* nelderMead(search: Search, seed: Sample, edges: Vector): Generator<void, Sample, void> {
  const { oracle } = search;
  const { n } = oracle;
  let left = EVALUATIONS * (n + 1);
  const at = (x: Vector, y: Vector): Sample => {
    left--;
    search.projectX(x);
    return sample(search, x, y);
  };
  const vertices = [seed];
  for (let j = 0; j < n; j++) {
    const x = seed.x.slice();
    x[j] += edges[j] > 0 ? edges[j] : 0.1;
    search.projectX(x);
    if (x[j] === seed.x[j]) x[j] -= edges[j];
    vertices.push(at(x, seed.y));
    yield;
  }
  let mark: { readonly best: Sample; readonly left: number } | undefined;
  while (left > 0) {
    vertices.sort((a, b) => (less(a, b) ? -1 : 1));
    const [best] = vertices;
    if (mark === undefined || clearlyLess(best, mark.best)) mark = { best, left };
    else if (mark.left - left > IDLE * (n + 1)) break;
    const worst = vertices[n];
    const size = Math.max(...vertices.map((v) => Math.hypot(...v.x.map((c, j) => c - vertices[0].x[j]))));
    if (size <= 1e-7 * (1 + Math.hypot(...vertices[0].x))) break;
    const center = new Float64Array(n);
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) center[j] += vertices[k].x[j] / n;
    const along = (t: number): Vector => center.map((c, j) => c + t * (worst.x[j] - c));
    const reflected = at(along(-1), vertices[0].y);
    yield;
    if (less(reflected, vertices[0])) {
      const expanded = at(along(-2), reflected.y);
      vertices[n] = less(expanded, reflected) ? expanded : reflected;
    } else if (less(reflected, vertices[n - 1])) vertices[n] = reflected;
    else {
      const contracted = less(reflected, worst) ? at(along(-0.5), reflected.y) : at(along(0.5), worst.y);
      if (less(contracted, worst) && !less(reflected, contracted)) vertices[n] = contracted;
      else {
        for (let k = 1; k <= n; k++) {
          const x = vertices[k].x.map((c, j) => 0.5 * (c + vertices[0].x[j]));
          vertices[k] = at(x, vertices[0].y);
          yield;
        }
      }
    }
    yield;
  }
  return vertices.reduce((a, b) => (less(b, a) ? b : a));
}
