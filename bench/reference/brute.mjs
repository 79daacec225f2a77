/**
 * Brute-force reference for small bilevel problems: objectives are closures of 1-based arrays. The lower level is minimised by
 * nested golden sections (exact for convex objectives, kinks included) or, where it is not convex, from a grid; a small
 * share of the upper objective is added so that the optimistic solution is chosen. The upper level is searched on a grid.
 */
const golden = (Math.sqrt(5) - 1) / 2;

/** Interval of y_k given y_1 … y_(k-1) in a domain (entries of `y` are 1-based). */
function interval(domain, y, k) {
  if (domain.kind === "box") return [domain.lower[k - 1], domain.upper[k - 1]];
  if (domain.kind === "simplex") {
    let left = 1;
    for (let i = 1; i < k; i++) left -= y[i];
    return k === domain.size ? [left, left] : [0, Math.max(0, left)];
  }
  let left = domain.radius ** 2;
  for (let i = 1; i < k; i++) left -= (y[i] - domain.center[i - 1]) ** 2;
  const r = Math.sqrt(Math.max(0, left));
  return [domain.center[k - 1] - r, domain.center[k - 1] + r];
}

/** Minimises h over the domain (cut to `around` ± `reach` where given) by nested golden sections; y is overwritten. */
function nested(h, domain, y, k, steps, around, reach) {
  const size = domain.size;
  let [a, b] = interval(domain, y, k);
  if (around) {
    a = Math.min(Math.max(a, around[k] - reach[k]), b);
    b = Math.max(Math.min(b, around[k] + reach[k]), a);
  }
  const at = (t) => {
    y[k] = t;
    return k === size ? h(y) : nested(h, domain, y, k + 1, steps, around, reach);
  };
  if (a === b) return at(a);
  let c = b - golden * (b - a);
  let d = a + golden * (b - a);
  let fc = at(c);
  let fd = at(d);
  const [lo, hi] = [a, b];
  for (let i = 0; i < steps; i++) {
    if (fc <= fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - golden * (b - a);
      fc = at(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + golden * (b - a);
      fd = at(d);
    }
  }
  // The ends themselves: golden sections only approach them.
  let best = fc <= fd ? c : d;
  let value = Math.min(fc, fd);
  for (const end of [lo, hi]) {
    const v = at(end);
    if (v <= value) {
      value = v;
      best = end;
    }
  }
  return at(best) <= value ? value : at(best);
}

const clean = (v) => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v);

/** Lower solution at x: { y, g, f }. `near`: a point to refine around as well. */
export function lowerSolution(problem, x, steps, near, weight = problem.weight ?? 1e-7) {
  const { f, g, Y, sign } = problem;
  const h = (y) => clean(g(x, y)) + (weight === 0 ? 0 : weight * sign * f(x, y));
  const size = Y.size;
  const domain = Y;
  const y = new Float64Array(size + 1);
  let best = Number.POSITIVE_INFINITY;
  let found;
  const consider = (value) => {
    if (value < best || found === undefined) {
      best = value;
      found = y.slice();
    }
  };
  const width = Array.from({ length: size + 1 }, (_, k) => (k === 0 ? 0 : span(Y, k)));
  if (problem.multimodal) {
    const per = size === 1 ? 400 : size === 2 ? 40 : 14;
    const seeds = [];
    const grid = (k) => {
      if (k > size) {
        seeds.push([h(y), y.slice()]);
        return;
      }
      const [a, b] = interval(domain, y, k);
      const m = a === b ? 1 : per;
      for (let i = 0; i < m; i++) {
        y[k] = m === 1 ? a : a + ((b - a) * i) / (m - 1);
        grid(k + 1);
      }
    };
    grid(1);
    seeds.sort((p, q) => p[0] - q[0]);
    const chosen = [];
    for (const [, s] of seeds) {
      if (chosen.length >= 4) break;
      if (chosen.every((c) => c.some((v, k) => Math.abs(v - s[k]) > (3 * width[k]) / per))) chosen.push(s);
    }
    if (near) chosen.push(near);
    for (const s of chosen) {
      consider(
        nested(
          h,
          domain,
          y,
          1,
          steps,
          s,
          width.map((w) => (1.2 * w) / per),
        ),
      );
    }
  } else {
    consider(nested(h, domain, y, 1, steps));
    // Once more in a narrow box: the first pass is only as fine as the whole width allows.
    if (steps > 30) {
      const around = found.slice();
      consider(
        nested(
          h,
          domain,
          y,
          1,
          steps,
          around,
          width.map((w) => 1e-4 * w),
        ),
      );
      if (near)
        consider(
          nested(
            h,
            domain,
            y,
            1,
            steps,
            near,
            width.map((w) => 1e-4 * w),
          ),
        );
    }
  }
  return { y: found, g: g(x, found), f: f(x, found), h: best };
}

function span(D, k) {
  if (D.kind === "box") return D.upper[k - 1] - D.lower[k - 1];
  return D.kind === "simplex" ? 1 : 2 * D.radius;
}

function project(D, x) {
  if (D.kind === "box") return x.map((v, i) => (i === 0 ? 0 : Math.min(D.upper[i - 1], Math.max(D.lower[i - 1], v))));
  if (D.kind === "ball") {
    const d = Math.hypot(...Array.from(x.slice(1), (v, i) => v - D.center[i]));
    const s = d > D.radius ? D.radius / d : 1;
    return x.map((v, i) => (i === 0 ? 0 : D.center[i - 1] + s * (v - D.center[i - 1])));
  }
  const sorted = Array.from(x.slice(1)).sort((a, b) => b - a);
  let sum = 0;
  let theta = 0;
  sorted.forEach((v, i) => {
    sum += v;
    if (v - (sum - 1) / (i + 1) > 0) theta = (sum - 1) / (i + 1);
  });
  return x.map((v, i) => (i === 0 ? 0 : Math.max(0, v - theta)));
}

/** Grid over the upper domain, entries 1-based. */
function* gridOf(D, per) {
  const x = new Float64Array(D.size + 1);
  function* level(k) {
    if (k > D.size) {
      yield x.slice();
      return;
    }
    const [a, b] = interval(D, x, k);
    const m = a === b ? 1 : per;
    for (let i = 0; i < m; i++) {
      x[k] = m === 1 ? a : a + ((b - a) * i) / (m - 1);
      yield* level(k + 1);
    }
  }
  yield* level(1);
}

/** A small generator of its own (mulberry32). */
export function random(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const one = (v) => Float64Array.from([0, ...v]);

/** What a claim (x, y, value of f as written) is worth. */
export function judge(problem, xs, ys, claimed) {
  const { f, g, X, Y, sign } = problem;
  const steps = Y.size === 3 ? 40 : 50;
  const x = one(xs);
  const y = one(ys);
  const away = Math.max(
    ...project(X, x).map((v, i) => Math.abs(v - x[i])),
    ...project(Y, y).map((v, i) => Math.abs(v - y[i])),
  );
  if (away > 1e-6) return wrong(`the point is ${away} outside its domains`);
  const said = f(x, y);
  if (!(Math.abs(said - claimed) <= 1e-9 * (1 + Math.abs(said)))) return wrong(`objective ${claimed}, not ${said}`);
  const phi = (z, s = steps, near) => sign * lowerSolution(problem, z, s, near).f;

  // Values of phi over the upper domain: the reference's optimum and a scale.
  const per = X.size === 1 ? 101 : X.size === 2 ? 15 : 6;
  const coarse = Y.size === 1 ? 30 : Y.size === 2 ? 22 : 14;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const seeds = [];
  for (const z of gridOf(X, per)) {
    const v = phi(z, coarse);
    if (!Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
    seeds.push([v, z]);
  }
  const spread = Math.max(high - low, 1e-12);
  const here = lowerSolution(problem, x, steps, y);
  const exact = lowerSolution(problem, x, steps, y, 0);
  const gHere = g(x, y);
  const gScale = 1 + Math.abs(exact.g);
  if (gHere - exact.g > 1e-5 * gScale)
    return wrong(`y is not lower optimal: g ${gHere}, best ${exact.g} at ${exact.y}`);
  const phiHere = sign * here.f;
  const gain = sign * said - phiHere;
  if (gain > 1e-4 * spread + 1e-5 * Math.abs(phiHere)) {
    return wrong(`not optimistic: f ${said}, but ${here.f} at ${here.y} (g ${gHere} and ${here.g})`);
  }
  if (gain < -1e-3 * spread - 1e-4 * Math.abs(phiHere))
    return wrong(`y is too good: f ${said}, at the lower solution ${here.f}`);

  // Neighbours: first-order descent is a wrong claim, second-order descent a saddle point.
  const uniform = random(12345);
  const directions = [];
  for (let i = 1; i <= X.size; i++) {
    for (const s of [1, -1]) directions.push(x.map((_, k) => (k === i ? s : 0)));
  }
  if (X.size > 1) {
    for (let k = 0; k < 24; k++) {
      const d = x.map((_, i) => (i === 0 ? 0 : 2 * uniform() - 1));
      directions.push(d.map((v) => v / Math.hypot(...d)));
    }
  }
  let first = 0;
  let where;
  let second = 0;
  for (const d of directions) {
    let half = 0;
    for (const r of [3e-4, 3e-3, 1e-2]) {
      const z = project(
        X,
        x.map((v, i) => (i === 0 ? 0 : v + r * span(X, i) * d[i])),
      );
      const moved = Math.hypot(...z.map((v, i) => (i === 0 ? 0 : (v - x[i]) / span(X, i))));
      if (moved < 0.05 * r) continue;
      const drop = phiHere - phi(z, steps, y);
      if (r < 1e-3) {
        if (drop / moved > first) {
          first = drop / moved;
          where = z;
        }
      } else if (r < 1e-2) half = drop;
      // A decrease that was not there nearer by is a jump of phi, behind which another local solution may lie.
      else if (half > 0.05 * drop) second = Math.max(second, drop);
    }
  }
  if (first > 3e-3 * spread)
    return wrong(`x is not stationary: slope ${-first} towards ${where.slice(1)}, spread ${spread}`);
  if (second > 1e-4 * spread) return { verdict: "saddle", detail: `lower by ${second} at a hundredth of the width` };

  // The global value: compass search on phi from the three best grid points.
  seeds.sort((a, b) => a[0] - b[0]);
  let best = phiHere;
  for (const [, z0] of seeds.slice(0, 2)) {
    let z = z0;
    let v = phi(z, coarse + 10);
    for (let r = 1 / per, tries = 0; r > 1e-4 && tries < 120; ) {
      let better = false;
      for (let i = 1; i <= X.size && !better; i++) {
        for (const s of [1, -1]) {
          const t = project(
            X,
            z.map((c, k) => (k === i ? c + s * r * span(X, k) : c)),
          );
          const w = phi(t, coarse + 10);
          tries++;
          if (w < v - 1e-9 * spread) {
            z = t;
            v = w;
            better = true;
            break;
          }
        }
      }
      if (!better) r /= 2;
    }
    best = Math.min(best, phi(z));
  }
  const off = phiHere - best;
  return off <= 1e-4 * Math.max(Math.abs(best), spread)
    ? { verdict: "solved" }
    : { verdict: "local", detail: `${phiHere} against ${best}` };
}

function wrong(detail) {
  return { verdict: "WRONG", detail };
}

/**
 * Is (x, y) an equilibrium of the players, one variable of y each? Every player's objective on a fine grid of its own variable,
 * the others held. Nothing is said about x.
 */
export function judgeGame({ f, players, X, Y }, xs, ys, claimed) {
  const x = one(xs);
  const y = one(ys);
  const inside = [...project(X, x).map((v, i) => v - x[i]), ...project(Y, y).map((v, i) => v - y[i])];
  if (inside.some((d) => Math.abs(d) > 1e-6)) return wrong("the point is outside its domains");
  const said = f(x, y);
  if (!(Math.abs(said - claimed) <= 1e-9 * (1 + Math.abs(said)))) return wrong(`objective ${claimed}, not ${said}`);
  for (const [k, cost] of players.entries()) {
    const own = cost(x, y);
    for (let i = 0; i <= 4000; i++) {
      const other = y.slice();
      other[k + 1] = Y.lower[k] + (i / 4000) * (Y.upper[k] - Y.lower[k]);
      const gain = own - cost(x, other);
      if (gain > 1e-6 * (1 + Math.abs(own))) return wrong(`player ${k + 1} gains ${gain} at ${other[k + 1]}`);
    }
  }
  return { verdict: "local" };
}
