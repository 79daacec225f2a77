/** Seeded random bilevel problems with constraints, each as .blo text and as functions made from the same formulas. */
import { Draw, names } from "./constrainedDraw.mjs";

function toFunction(formula, n, m) {
  const args = [...names("x", n), ...names("y", m)];
  const body = `const { exp, sin, cos, log, sqrt, tanh } = Math; return (${formula.replaceAll("^", "**")});`;
  const made = new Function(...args, body);
  if (n + m > 6) throw new Error("too many variables");
  return (x, y) => made(...x, ...y);
}

const boxes = (d, k) => {
  const lo = Array.from({ length: k }, () => d.pick([0, -1, -2, d.number(-2, 0)]));
  return { lo, hi: lo.map((l) => l + d.pick([1, 2, 3, d.number(1, 4)])) };
};

/** Bounds as domains or as constraints. */
function assemble(
  d,
  { n, m, f, g, upper = [], lower = [], X, Y, equalities = [], free, lift, ties, followers, equilibrium },
) {
  const [xs, ys] = [names("x", n), names("y", m)];
  const asDomain = d.chance(0.5);
  const place = (v, b, j) => (asDomain ? `  var ${v} in [${b.lo[j]}, ${b.hi[j]}]` : `  var ${v} init ${b.lo[j]}`);
  const rowsOf = (v, b, j) => (asDomain ? [] : [`${b.lo[j]} - (${v})`, `${v} - (${b.hi[j]})`]);
  const xRows = [...xs.flatMap((v, j) => rowsOf(v, X, j)), ...upper];
  const section = (vars, b, offset, objective, rows, equal) =>
    [
      ...vars.map((v, j) => place(v, b, offset + j)),
      `  minimize ${objective}`,
      ...(rows.length + equal.length > 0 ? ["  subject to"] : []),
      ...rows.map((r) => `    ${r} <= 0`),
      ...equal.map((r) => `    ${r} == 0`),
    ].join("\n");
  const text = [
    'problem "trial"',
    `upper {\n${section(xs, X, 0, f, xRows, [])}\n}`,
    ...(followers
      ? ys.map((v, j) => `lower p${j + 1} {\n${section([v], Y, j, followers[j], rowsOf(v, Y, j), [])}\n}`)
      : [`lower {\n${section(ys, Y, 0, g, [...ys.flatMap((v, j) => rowsOf(v, Y, j)), ...lower], equalities)}\n}`]),
  ].join("\n");
  const made = (formula) => toFunction(formula, n, m);
  const within = ys.flatMap((_, j) => [(_x, y) => Y.lo[j] - y[j], (_x, y) => y[j] - Y.hi[j]]);
  const q = free ?? m;
  const T = { lo: Y.lo.slice(0, q), hi: Y.hi.slice(0, q) };
  return {
    text,
    n,
    m,
    xLo: X.lo,
    xHi: X.hi,
    tLo: T.lo,
    tHi: T.hi,
    lift: lift ?? ((_x, t) => Array.from(t)),
    f: made(f),
    g: made(g),
    upper: upper.map(made),
    lower: [...lower.map(made), ...within],
    exact: equalities.map(made),
    ties: ties === true,
    equilibrium,
  };
}

const sizes = (d, most = 4) => {
  const n = d.pick([1, 1, 2, 2, 3]);
  return [n, d.integer(1, Math.max(1, Math.min(3, most - n)))];
};

function plain(d, lowerObjective, { rows = d.integer(0, 2), coupled = d.chance(0.4), most = 4 } = {}) {
  const [n, m] = sizes(d, most);
  const [xs, ys] = [names("x", n), names("y", m)];
  const [X, Y] = [boxes(d, n), boxes(d, m)];
  return assemble(d, {
    n,
    m,
    X,
    Y,
    f: d.upper(xs, ys),
    g: lowerObjective(xs, ys),
    upper: coupled ? [d.linear([...xs, ...ys], 1)] : [],
    lower: Array.from({ length: rows }, () => d.linear([...xs, ...ys], 1, 1.5)),
  });
}

export const classes = {
  linear: (d) => plain(d, (_, ys) => d.linear(ys, 1)),
  quadratic: (d) => plain(d, (xs, ys) => d.bowl(ys, xs)),
  convex: (d) =>
    plain(d, (xs, ys) => `${d.bowl(ys, xs, 0.1)} + exp(${d.linear([...ys, ...xs], 1)}) + 0.1*${d.pick(ys)}^4`),
  curved: (d) => {
    // convex rows in both levels' variables
    const [n, m] = sizes(d);
    const [xs, ys] = [names("x", n), names("y", m)];
    const [X, Y] = [boxes(d, n), boxes(d, m)];
    const disc = `${ys.map((v) => `(${v} - (${d.number(-1, 1)}))^2`).join(" + ")} - (${d.number(0.5, 2)}) - (${d.number(0, 0.5)})*${xs[0]}^2`;
    return assemble(d, { n, m, X, Y, f: d.upper(xs, ys), g: d.linear(ys, 1), lower: [disc] });
  },
  nonconvex1: (d) => {
    const [X, Y] = [boxes(d, 1), boxes(d, 1)];
    const all = ["x1", "y1"];
    const g = `${d.waves(all, 2)} + ${d.wave(["y1"])}`;
    return assemble(d, {
      n: 1,
      m: 1,
      X,
      Y,
      f: d.upper(["x1"], ["y1"]),
      g,
      upper: d.chance(0.3) ? [d.linear(all, 1)] : [],
    });
  },
  nonconvex: (d) => plain(d, (xs, ys) => `${d.waves([...xs, ...ys], 3)} + ${d.waves(ys, 2)}`),
  doubleWell: (d) =>
    plain(
      d,
      (xs, ys) =>
        `${ys.map((v) => `(${v}^2 - (${d.number(0.2, 1.5)}))^2 + (${d.number(-1, 1)})*${d.pick(xs)}*${v}`).join(" + ")}`,
      { rows: 0 },
    ),
  moving: (d) => plain(d, (xs, ys) => d.waves([...xs, ...ys], 2), { rows: 2 }),
  thin: (d) => {
    // y1 = a(x) written as a square, or as a pair of opposite rows: no interior
    const n = d.integer(1, 2);
    const m = d.integer(1, 2);
    const [xs, ys] = [names("x", n), names("y", m)];
    const [X, Y] = [boxes(d, n), boxes(d, m)];
    const slopes = xs.map(() => d.number(-0.5, 0.5));
    const a = [...xs.map((v, i) => `(${slopes[i]})*${v}`), "0"].join(" + ");
    for (let k = 0; k < 1; k++) {
      let [lo, hi] = [0, 0];
      slopes.forEach((s, i) => {
        lo += Math.min(s * X.lo[i], s * X.hi[i]);
        hi += Math.max(s * X.lo[i], s * X.hi[i]);
      });
      Y.lo[0] = Math.floor(lo) - 1;
      Y.hi[0] = Math.ceil(hi) + 1;
    }
    const square = d.chance(0.5);
    const row = `y1 - (${a})`;
    const at = (x) => slopes.reduce((s, c, i) => s + c * x[i], 0);
    const g = m === 1 ? d.linear(["y1"]) : d.chance(0.5) ? d.bowl(ys, xs) : d.waves([...ys, ...xs], 2);
    const turned = m === 1 ? Y : { lo: [Y.lo[1], Y.lo[0]], hi: [Y.hi[1], Y.hi[0]] };
    const p = assemble(d, {
      n,
      m,
      X,
      Y,
      f: d.upper(xs, ys),
      g,
      lower: square ? [`(${row})^2`] : [row, `-(${row})`],
    });
    // the free coordinate is y2; where y1 is all there is, a coordinate that does nothing
    return {
      ...p,
      tLo: [turned.lo[0]],
      tHi: [m === 1 ? turned.lo[0] + 1 : turned.hi[0]],
      lift: (x, t) => (m === 1 ? [at(x)] : [at(x), t[0]]),
      thin: square,
    };
  },
  rays: (d) => {
    // y >= 0 and y1 y2 = 0, as rows or with one inequality: no constraint qualification at 0
    const n = d.integer(1, 2);
    const xs = names("x", n);
    const X = boxes(d, n);
    const Y = { lo: [0, 0], hi: [d.pick([1, 2]), d.pick([1, 2])] };
    const g = d.chance(0.5) ? d.bowl(["y1", "y2"], xs) : `${d.linear(["y1", "y2"])} + ${d.wave([...xs, "y1", "y2"])}`;
    const p = assemble(d, { n, m: 2, X, Y, f: d.upper(xs, ["y1", "y2"]), g, lower: ["y1*y2"] });
    const [a, b] = Y.hi;
    return { ...p, tLo: [-b], tHi: [a], lift: (_x, [t]) => (t >= 0 ? [t, 0] : [0, -t]) };
  },
  equality: (d) => {
    // the last lower variable by an affine equality
    const n = d.integer(1, 2);
    const m = d.integer(2, 3);
    const [xs, ys] = [names("x", n), names("y", m)];
    const X = boxes(d, n);
    const Y = boxes(d, m);
    Y.lo[m - 1] = -4;
    Y.hi[m - 1] = 4;
    const last = d.linear([...ys.slice(0, -1), ...xs], 0.8);
    const of = toFunction(last, n, m);
    const g = d.chance(0.5) ? d.bowl(ys, xs) : d.waves([...ys, ...xs], 3);
    return assemble(d, {
      n,
      m,
      X,
      Y,
      f: d.upper(xs, ys),
      g,
      equalities: [`${ys[m - 1]} - (${last})`],
      upper: d.chance(0.3) ? [d.linear([...xs, ...ys], 1)] : [],
      free: m - 1,
      lift: (x, t) => [...t, of(x, [...t, 0])],
    });
  },
  circle: (d) => {
    // a curved equality in y alone: y on a circle that x moves
    const n = d.integer(1, 2);
    const xs = names("x", n);
    const X = boxes(d, n);
    const r = d.number(0.6, 1.6);
    const slope = d.number(-0.4, 0.4);
    const Y = { lo: [-6, -6], hi: [6, 6] };
    const g = `${d.linear(["y1", "y2"])} + ${d.wave([...xs, "y1", "y2"])}`;
    const row = `(y1 - (${slope})*x1)^2 + y2^2 - (${(r * r).toFixed(4)})`;
    const radius = Math.sqrt(Number((r * r).toFixed(4)));
    const p = assemble(d, { n, m: 2, X, Y, f: d.upper(xs, ["y1", "y2"]), g, equalities: [row] });
    return {
      ...p,
      tLo: [-Math.PI],
      tHi: [Math.PI],
      lift: (x, [t]) => [slope * x[0] + radius * Math.cos(t), radius * Math.sin(t)],
    };
  },
  ties: (d) => {
    // the lower level leaves a direction free
    const n = d.integer(1, 2);
    const [xs, ys] = [names("x", n), ["y1", "y2"]];
    const [X, Y] = [boxes(d, n), boxes(d, 2)];
    const inner = d.chance(0.5) ? d.linear(["y1", ...xs], 1) : d.linear(["y1", "y2", ...xs], 1);
    const g = d.pick([`(${inner})^2`, inner, `((${inner})^2 - 0.3)^2`]);
    return assemble(d, {
      n,
      m: 2,
      X,
      Y,
      f: d.upper(xs, ys),
      g,
      upper: d.chance(0.3) ? [d.linear([...xs, ...ys], 1)] : [],
      ties: true,
    });
  },
  game: (d) => {
    // two followers, strongly convex each, that mind each other a little: best replies contract
    const n = d.integer(1, 2);
    const xs = names("x", n);
    const [X, Y] = [boxes(d, n), boxes(d, 2)];
    const of = (j) => {
      const pull = [d.number(-1, 1), d.number(-0.6, 0.6), d.number(-1, 1)];
      return { pull, text: `(y${j} - ((${pull[0]})*x1 + (${pull[1]})*y${3 - j} + (${pull[2]})))^2` };
    };
    const [a, b] = [of(1), of(2)];
    const clip = (v, j) => Math.min(Y.hi[j], Math.max(Y.lo[j], v));
    const equilibrium = (x) => {
      let y = [0, 0];
      for (let k = 0; k < 100; k++) {
        const first = clip(a.pull[0] * x[0] + a.pull[1] * y[1] + a.pull[2], 0);
        y = [first, clip(b.pull[0] * x[0] + b.pull[1] * first + b.pull[2], 1)];
      }
      return y;
    };
    return assemble(d, {
      n,
      m: 2,
      X,
      Y,
      f: d.upper(xs, ["y1", "y2"]),
      g: a.text,
      followers: [a.text, b.text],
      equilibrium,
    });
  },
};

/** The index-th problem of a class. */
export function generate(name, index, seed = 1) {
  let hash = 17 + seed * 7919;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  return classes[name](new Draw((hash + index * 104729) >>> 0));
}
