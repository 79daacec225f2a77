/**
 * Seeded random linear bilevel problems
 *
 *     min  c·x + d·y   over x >= 0 and y in argmin { e·y : A x + B y <= b, y >= 0 (y <= 10) }
 *
 * with n upper variables, m lower variables and `rows` lower constraints. Families:
 *   sparse  As in Bard and Moore (SIAM J. Sci. Stat. Comput. 11, 1990) and Hansen, Jaumard and Savard (SIAM J. Sci. Stat.
 *           Comput. 13, 1992): entries of A and B are nonzero with probability 0.4 and then uniform in [-15, 45], costs uniform
 *           in [-20, 20], b uniform in [0, 50] times the share of nonzeros in a row; the last row, with entries in [1, 45],
 *           keeps all variables bounded. x = 0, y = 0 is feasible. Lower variables are bounded below only.
 *   box     x and y in [0, 10]; entries nonzero with probability 0.4 and then uniform in [-10, 10], costs uniform in [-10, 10];
 *           b = A x° + B y° + s at a point (x°, y°) uniform in the boxes, s uniform in [0, 10 sqrt(0.4 (n + m))]
 *   dense   as box, every entry nonzero
 * The upper polyhedron and the lower level are bounded; lower levels are feasible for some x, not for all.
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

const ranges = {
  sparse: { density: 0.4, entry: [-15, 45], cost: [-20, 20], top: Number.POSITIVE_INFINITY },
  box: { density: 0.4, entry: [-10, 10], cost: [-10, 10], top: 10 },
  dense: { density: 1, entry: [-10, 10], cost: [-10, 10], top: 10 },
};

export const families = Object.keys(ranges);

/** Data: A (rows × n), B (rows × m), b, c, d, e, top (upper bound of all variables, or Infinity). */
export function linearBilevel({ family = "sparse", n, m, rows, seed }) {
  const { density, entry, cost, top } = ranges[family];
  const random = generator(seed * 7919 + n * 101 + m * 11 + rows);
  // three decimals: the same numbers in the text as in the data
  const uniform = ([low, high]) => Math.round((low + (high - low) * random()) * 1000) / 1000;
  const row = (size) => Array.from({ length: size }, () => (random() < density ? uniform(entry) : 0));
  const A = Array.from({ length: rows }, () => row(n));
  const B = Array.from({ length: rows }, () => row(m));
  const costs = (size) => Array.from({ length: size }, () => uniform(cost));
  const [c, d, e] = [costs(n), costs(m), costs(m)];
  let b;
  if (family === "sparse") {
    A[rows - 1] = A[rows - 1].map(() => uniform([1, 45]));
    B[rows - 1] = B[rows - 1].map(() => uniform([1, 45]));
    b = Array.from({ length: rows }, () => uniform([0, 50 * density * (n + m) * 0.1]));
  } else {
    const x = Array.from({ length: n }, () => 10 * random());
    const y = Array.from({ length: m }, () => 10 * random());
    const dot = (u, v) => u.reduce((sum, a, j) => sum + a * v[j], 0);
    const slack = [0, 10 * Math.sqrt(density * (n + m))];
    b = Array.from(
      { length: rows },
      (_, i) => Math.round((dot(A[i], x) + dot(B[i], y) + uniform(slack)) * 1000) / 1000,
    );
  }
  return { name: `${family} ${n}+${m}/${rows} #${seed}`, n, m, rows, A, B, b, c, d, e, top };
}

/** The problem in the language. */
export function asText({ n, m, A, B, b, c, d, e, top }) {
  const domain = Number.isFinite(top) ? `in [0, ${top}]` : ">= 0";
  const list = (v) => `[${v.join(", ")}]`;
  return [
    `param A = [${A.map(list).join(", ")}]`,
    `param B = [${B.map(list).join(", ")}]`,
    `param b = ${list(b)}`,
    `param c = ${list(c)}`,
    `param d = ${list(d)}`,
    `param g = ${list(e)}`,
    `upper { var x[${n}] ${domain}; minimize dot(c, x) + dot(d, y) }`,
    `lower { var y[${m}] ${domain}; minimize dot(g, y); subject to  rows: A * x + B * y <= b }`,
  ].join("\n");
}
