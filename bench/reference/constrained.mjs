/**
 * Brute-force reference for small bilevel problems with constraints at both levels. A problem is given by functions of
 * (x, y) and by a map y = lift(x, t) from a box of free lower coordinates t, so that equalities and sets without interior are
 * exact. The lower level is minimised globally for one x at a time: a grid over t, then shrinking grids around its best points.
 * The upper level is searched the same way over x. It shares nothing with Blo.
 */
import { random } from "./brute.mjs";

const TIE = 1e-7;
const KEEPS = 1e-8;

/** Points of a grid of `per` (odd) points a side around `center`, clipped to the box. */
function* around(center, step, per, lo, hi, point = new Float64Array(center.length), j = 0) {
  if (j === center.length) {
    yield point;
    return;
  }
  const half = (per - 1) / 2;
  for (let k = -half; k <= half; k++) {
    point[j] = Math.min(hi[j], Math.max(lo[j], center[j] + k * step[j]));
    yield* around(center, step, per, lo, hi, point, j + 1);
  }
}

function* grid(lo, hi, per, point = new Float64Array(lo.length), j = 0) {
  if (j === lo.length) {
    yield point;
    return;
  }
  for (let k = 0; k < per; k++) {
    point[j] = lo[j] + ((hi[j] - lo[j]) * k) / (per - 1);
    yield* grid(lo, hi, per, point, j + 1);
  }
}

/** Less violation first, then the lower value. */
const less = (a, b) => {
  const [p, q] = [a.violation <= KEEPS ? 0 : a.violation, b.violation <= KEEPS ? 0 : b.violation];
  return p === q ? a.value < b.value : p < q;
};

/** The best point of grids around the best point so far, which shrink until `least` of the box. */
function zoom(start, step, per, lo, hi, rate, least, at) {
  let best = start;
  let h = step.slice();
  const width = Math.max(...lo.map((l, j) => hi[j] - l), 1e-300);
  while (Math.max(...h) > least * width) {
    let next = best;
    for (const p of around(best.point, h, per, lo, hi)) {
      const s = at(p);
      if (less(s, next)) next = { ...s, point: p.slice() };
    }
    h = h.map((v) => v * (next === best ? rate : Math.sqrt(rate)));
    best = next;
  }
  return best;
}

/**
 * Random search with a step that grows and shrinks, for two and three coordinates: directions from a ball, half of them along
 * the rows that are nearly tight, so that edges and corners are followed.
 */
function wander(start, step, lo, hi, least, rows, at, next = random(7)) {
  let best = start;
  let h = 1;
  const q = step.length;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const point = new Float64Array(q);
  while (h > least) {
    const tight = [];
    for (const row of rows) {
      const here = row(best.point);
      const slope = step.map((s, j) => {
        const p = best.point.slice();
        p[j] += 1e-6 * s;
        return (row(p) - here) / 1e-6;
      });
      const size = Math.hypot(...slope);
      if (size > 0 && here > -h * size) tight.push(slope.map((v) => v / size));
    }
    let better = best;
    for (let k = 0; k < 10 + 12 * q; k++) {
      let d = step.map(() => normal());
      if (k < 2 * q) d = step.map((_, j) => (j === k >> 1 ? (k % 2 === 0 ? 1 : -1) : 0));
      else if (tight.length > 0 && k % 2 === 0) {
        const base = [];
        for (let i = 0; i < Math.min(q - 1, 1 + Math.floor(next() * q)); i++) {
          const t = tight[Math.floor(next() * tight.length)].slice();
          for (const b of base) {
            const s = t.reduce((sum, v, j) => sum + v * b[j], 0);
            for (let j = 0; j < q; j++) t[j] -= s * b[j];
          }
          const size = Math.hypot(...t);
          if (size > 1e-6) base.push(t.map((v) => v / size));
        }
        for (const b of base) {
          const s = d.reduce((sum, v, j) => sum + v * b[j], 0);
          d = d.map((v, j) => v - s * b[j]);
        }
      }
      const size = Math.hypot(...d) || 1;
      const reach = h * (k < 2 * q ? 1 : next());
      for (let j = 0; j < q; j++)
        point[j] = Math.min(hi[j], Math.max(lo[j], best.point[j] + (reach * step[j] * d[j]) / size));
      const s = at(point);
      if (less(s, better)) better = { ...s, point: point.slice() };
    }
    h *= better === best ? 0.5 : 1.1;
    if (h > 1) h = 1;
    best = better;
  }
  return best;
}

/** The best few of many samples that are apart from each other. */
function apart(samples, step, most, reach = 1.5) {
  samples.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
  const chosen = [];
  for (const s of samples) {
    if (chosen.length >= most) break;
    if (chosen.every((c) => c.point.some((v, j) => Math.abs(v - s.point[j]) > reach * step[j]))) chosen.push(s);
  }
  return chosen;
}

const sum = (rows, x, y) => rows.reduce((s, r) => s + Math.max(0, r(x, y)), 0);
const finite = (v) => (Number.isFinite(v) ? v : 1e300);

/** The optimistic lower solution at x: { y, g, value and violation of the upper level }; undefined where there is none. */
export function lowerAt(problem, x, fine = true) {
  const { lift, tLo, tHi, g, lower, f, upper, ties, equilibrium } = problem;
  if (equilibrium) {
    const y = equilibrium(x);
    return { y, g: 0, value: finite(f(x, y)), violation: sum(upper, x, y) };
  }
  const q = tLo.length;
  const at = (t) => {
    const y = lift(x, t);
    return { value: finite(g(x, y)), violation: sum(lower, x, y) };
  };
  const per = [121, 41, 15][q - 1];
  const step = tLo.map((l, j) => (tHi[j] - l) / (per - 1));
  const samples = [];
  for (const t of grid(tLo, tHi, per)) samples.push({ ...at(t), point: t.slice() });
  const seeds = apart(samples, step, ties ? 12 : fine ? 6 : 3, ties ? 4 : 1.5);
  const rows = lower.map((r) => (t) => r(x, lift(x, t)));
  const solved = seeds.map((s) =>
    q === 1
      ? zoom(s, step, 9, tLo, tHi, 0.45, fine ? 1e-10 : 1e-7, at)
      : wander(s, step, tLo, tHi, fine ? 1e-9 : 1e-6, rows, at),
  );
  const feasible = solved.filter((s) => s.violation <= KEEPS);
  if (feasible.length === 0) return undefined;
  const least = Math.min(...feasible.map((s) => s.value));
  const slack = (fine ? TIE : 1e-5) * (1 + Math.abs(least));
  const chosen = (t) => {
    const y = lift(x, t);
    const late = Math.max(0, g(x, y) - least - slack) + Math.max(0, sum(lower, x, y) - 2 * KEEPS);
    return { value: finite(f(x, y)), violation: late > 0 ? 1e6 + late : sum(upper, x, y) };
  };
  const tied = feasible.filter((s) => s.value <= least + slack).map((s) => ({ ...chosen(s.point), point: s.point }));
  let best;
  for (const s of ties ? apart(tied, step, fine ? 3 : 1, 0.5) : tied) {
    const moving = [...rows, ...upper.map((r) => (t) => r(x, lift(x, t))), (t) => g(x, lift(x, t)) - least];
    const end = ties ? wander(s, step, tLo, tHi, fine ? 1e-7 : 1e-4, moving, chosen) : s;
    if (best === undefined || less(end, best)) best = end;
  }
  return { y: lift(x, best.point), g: least, value: best.value, violation: best.violation };
}

/** { value, x, y } of the best point found, undefined where none is feasible. */
export function bruteForce(problem) {
  const { xLo, xHi, tLo, ties } = problem;
  const n = xLo.length;
  const none = { value: 1e300, violation: 1e300 };
  const rough = (x) => lowerAt(problem, x, false) ?? none;
  const exact = (x) => lowerAt(problem, x, true) ?? none;
  const cheap = tLo.length + n <= 3 && !ties;
  const per = [cheap ? 161 : 81, cheap ? 31 : ties ? 11 : 19, 9][n - 1];
  const step = xLo.map((l, j) => (xHi[j] - l) / (per - 1));
  const samples = [];
  for (const x of grid(xLo, xHi, per)) samples.push({ ...rough(x), point: x.slice() });
  let best;
  for (const s of apart(samples, step, ties ? 2 : 3)) {
    const middle = zoom(s, step, n === 1 ? 7 : n === 2 ? 5 : 3, xLo, xHi, 0.5, 1e-4, rough);
    const h = step.map((v) => v / 500);
    const end = zoom({ ...exact(middle.point), point: middle.point }, h, 3, xLo, xHi, 0.4, 1e-7, exact);
    if (best === undefined || less(end, best)) best = end;
  }
  if (best === undefined || best.violation > 1e-6) return undefined;
  return { value: best.value, x: [...best.point], y: [...exact(best.point).y] };
}

/**
 * What an answer is worth: its `gap` to the lower value at its x (0 where it is no worse), largest `violation` of any row,
 * `value` of the upper level, and `descent`: how much better a neighbour of x at 1e-3 of the box is, per unit of that distance.
 */
export function judge(problem, x, y) {
  const { f, g, lower, upper, xLo, xHi, equilibrium } = problem;
  const violation = Math.max(0, ...[...lower, ...upper].map((r) => r(x, y)));
  const own = lowerAt(problem, x);
  // where the search itself is beaten by the answer it says nothing
  const beaten = own !== undefined && violation <= KEEPS && g(x, y) < own.g - 1e-6 * (1 + Math.abs(own.g));
  let gap = own === undefined ? 0 : Math.max(0, (g(x, y) - own.g) / (1 + Math.abs(own.g)));
  if (equilibrium) gap = Math.max(...own.y.map((v, j) => Math.abs(v - y[j])));
  const value = f(x, y);
  let descent = 0;
  const reach = xLo.map((l, j) => 1e-3 * (xHi[j] - l));
  for (const p of around(x, reach, 3, xLo, xHi)) {
    const there = lowerAt(problem, p);
    if (there && there.violation <= KEEPS) descent = Math.max(descent, (value - there.value) / 1e-3);
  }
  return { value, violation, gap, descent, beaten };
}
