/**
 * Seeded random linear bilevel problems
 *
 *     min  c·x + d·y   over 0 <= x (<= top), C x + D y <= h,  and y in argmin { e·y : A x + B y <= b, 0 <= y (<= top) }
 *
 * with n upper variables, m lower variables and `rows` lower constraints. Families:
 *   sparse   As in Bard and Moore (SIAM J. Sci. Stat. Comput. 11, 1990) and Hansen, Jaumard and Savard (SIAM J. Sci. Stat.
 *            Comput. 13, 1992): entries of A and B are nonzero with probability 0.4 and then uniform in [-15, 45], costs uniform
 *            in [-20, 20], b uniform in [0, 50] times the share of nonzeros in a row; the last row, with entries in [1, 45],
 *            keeps all variables bounded. x = 0, y = 0 is feasible. Lower variables are bounded below only.
 *   box      x and y in [0, 10]; entries nonzero with probability 0.4 and then uniform in [-10, 10], costs uniform in [-10, 10];
 *            b = A x° + B y° + s at a point (x°, y°) uniform in the boxes, s uniform in [0, 10 sqrt(0.4 (n + m))]
 *   dense    as box, every entry nonzero
 *   unit     every entry uniform in [-1, 1], costs too, b uniform in [0, 1], x and y in [0, 1]
 *   packing  integers: entries 0 to 10, costs -10 to 10, b 100 to 1000; bounded below only
 *   integer  integers -10 to 10 with probability 0.5, costs -10 to 10; b as in box with s an integer in 0 to 20; a last row that
 *            bounds the sum of all; bounded below only
 *   thin     as unit, nonzero with probability 0.1, x and y in [0, 10], b uniform in [0, 10]
 *   linked   as unit with probability 0.5, x and y in [0, 10]; 20 upper constraints on x and y (0.5 too) that leave the point
 *            (x°, y°) of box room, where y° is a lower solution for x°
 *   upper    normal entries with probability 0.25, x in [0, 10], y bounded below only; e = -Bᵀ z + w for random z, w >= 0, so that
 *            the lower level is never unbounded; 20 upper constraints on x alone; b and h as in box
 *   cover    integers: entries 0 to 10 with probability 0.25, rows A x + B y >= b, costs 1 to 20; x and y in [0, 10]
 * The upper polyhedron is bounded; lower levels are feasible for some x, not for all.
 */

/** mulberry32: uniform in [0, 1). */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const none = Number.POSITIVE_INFINITY;
const ranges = {
  sparse: { density: 0.4, entry: [-15, 45], cost: [-20, 20], top: none },
  box: { density: 0.4, entry: [-10, 10], cost: [-10, 10], top: 10 },
  dense: { density: 1, entry: [-10, 10], cost: [-10, 10], top: 10 },
  unit: { density: 1, entry: [-1, 1], cost: [-1, 1], top: 1, limit: [0, 1] },
  packing: { density: 1, entry: [0, 10], cost: [-10, 10], top: none, limit: [100, 1000], integer: true },
  integer: { density: 0.5, entry: [-10, 10], cost: [-10, 10], top: none, slack: [0, 20], integer: true, total: true },
  thin: { density: 0.1, entry: [-1, 1], cost: [-1, 1], top: 10, limit: [0, 10] },
  linked: { density: 0.5, entry: [-1, 1], cost: [-1, 1], top: 10, slack: [0, 5], upperRows: 20, linked: true },
  upper: { density: 0.25, normal: true, cost: [-10, 10], top: 10, open: true, slack: [0, 10], upperRows: 20 },
  cover: { density: 0.25, entry: [-10, 0], cost: [1, 20], top: 10, limit: [-200, -50], integer: true },
};

export const families = Object.keys(ranges);

const dot = (u, v) => u.reduce((sum, a, j) => sum + a * v[j], 0);
// three decimals: the same numbers in the text as in the data
const short = (v) => Math.round(v * 1000) / 1000;

/** Data: A (rows × n), B (rows × m), b, c, d, e, C, D, h (upper rows), top, topY (upper bounds of variables, or Infinity). */
export function linearBilevel({ family = "sparse", n, m, rows, seed }) {
  const {
    density,
    entry,
    cost,
    top,
    limit,
    integer,
    normal,
    open,
    total,
    upperRows = 0,
    linked,
    slack,
  } = ranges[family];
  const random = generator(seed * 7919 + n * 101 + m * 11 + rows);
  const uniform = ([low, high]) => {
    const v = low + (high - low) * random();
    return integer ? Math.round(v) : short(v);
  };
  const gauss = () => short(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  const value = normal ? gauss : () => uniform(entry);
  const row = (size) => Array.from({ length: size }, () => (random() < density ? value() : 0));
  const A = Array.from({ length: rows }, () => row(n));
  const B = Array.from({ length: rows }, () => row(m));
  const costs = (size) => Array.from({ length: size }, () => uniform(cost));
  const [c, d] = [costs(n), costs(m)];
  let e = costs(m);
  const [C, D, h] = [[], [], []];
  let b;
  if (family === "sparse") {
    A[rows - 1] = A[rows - 1].map(() => uniform([1, 45]));
    B[rows - 1] = B[rows - 1].map(() => uniform([1, 45]));
    b = Array.from({ length: rows }, () => uniform([0, 50 * density * (n + m) * 0.1]));
  } else if (limit !== undefined) {
    b = Array.from({ length: rows }, () => uniform(limit));
  } else {
    const highest = Math.min(top, 10);
    const x = Array.from({ length: n }, () => highest * random());
    const y = Array.from({ length: m }, () => highest * random());
    const room = slack ?? [0, 10 * Math.sqrt(density * (n + m))];
    const beyond = (p, q) =>
      integer ? Math.round(dot(p, x) + dot(q, y)) + uniform(room) : short(dot(p, x) + dot(q, y) + uniform(room));
    b = Array.from({ length: rows }, (_, i) => beyond(A[i], B[i]));
    if (total) {
      A[rows - 1].fill(1);
      B[rows - 1].fill(1);
      b[rows - 1] = 10 * (n + m);
    }
    if (open) {
      const z = Array.from({ length: rows }, random);
      e = e.map((_, j) => short(-B.reduce((sum, r, i) => sum + r[j] * z[i], 0) + random()));
    }
    for (let i = 0; i < upperRows; i++) {
      C.push(row(n));
      D.push(linked ? row(m) : new Array(m).fill(0));
      h.push(beyond(C[i], D[i]));
    }
  }
  return {
    name: `${family} ${n}+${m}/${rows} #${seed}`,
    n,
    m,
    rows,
    A,
    B,
    b,
    c,
    d,
    e,
    C,
    D,
    h,
    top,
    topY: open ? none : top,
  };
}

/** The problem in the language. */
export function asText({ n, m, A, B, b, c, d, e, C, D, h, top, topY }) {
  const domain = (limit) => (Number.isFinite(limit) ? `in [0, ${limit}]` : ">= 0");
  const list = (v) => `[${v.join(", ")}]`;
  const linked = D.some((r) => r.some((v) => v !== 0));
  const upper = C.length === 0 ? "" : `; subject to  limits: C * x${linked ? " + D * y" : ""} <= h`;
  return [
    `param A = [${A.map(list).join(", ")}]`,
    `param B = [${B.map(list).join(", ")}]`,
    `param b = ${list(b)}`,
    `param c = ${list(c)}`,
    `param d = ${list(d)}`,
    `param g = ${list(e)}`,
    ...(C.length > 0 ? [`param C = [${C.map(list).join(", ")}]`, `param h = ${list(h)}`] : []),
    ...(linked ? [`param D = [${D.map(list).join(", ")}]`] : []),
    `upper { var x[${n}] ${domain(top)}; minimize dot(c, x) + dot(d, y)${upper} }`,
    `lower { var y[${m}] ${domain(topY)}; minimize dot(g, y); subject to  rows: A * x + B * y <= b }`,
  ].join("\n");
}
