/** Each operator's rule of curvature and its bounds of all entries, against values at random arguments within random bounds. */
import { describe, expect, it, test } from "vitest";
import { sizeOf } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";
import type { Bounds } from "../../src/ops/curvature.js";
import { operatorOf, operators } from "../../src/ops/registry.js";
import { cases } from "../ops/cases.js";
import { generator } from "../ops/numeric.js";

const corners = [-6, -Math.PI, -2, -1.5, -1, -0.5, 0, 0, 0.25, 1, 1, 1.5, 2, Math.PI, 6];

function draw(random: () => number): Bounds {
  const pick = (): number => corners[Math.floor(random() * corners.length)];
  const [a, b] = [pick(), pick()];
  // now and then a point, as exponents and constants are
  return random() < 0.2 ? { lo: a, hi: a, flags: 0 } : { lo: Math.min(a, b), hi: Math.max(a, b), flags: 0 };
}

const within = ({ lo, hi }: Bounds, random: () => number): number =>
  random() < 0.1 ? (random() < 0.5 ? lo : hi) : lo + (hi - lo) * random();

describe.each(cases)("$name", ({ make, op, name }) => {
  const random = generator(name.length * 131 + name.charCodeAt(name.length - 1) * 7 + 5);
  const node = make(new Builder());
  const operator = operatorOf(node);
  const sizes = node.args.map((a) => sizeOf(a.shape));
  const valueAt = (args: readonly Float64Array[]): Float64Array => {
    const out = new Float64Array(sizeOf(node.shape));
    operator.evaluateInto(out, args, node);
    return out;
  };

  it("bends and changes as its rule says, and stays within its hull", () => {
    // the builder may write one operator by another: the rule looked at is that of the node
    if (operators.get(op)?.family === "elementwise") expect(node.op).toBe(op);
    const seen = new Set<string>();
    for (let round = 0; round < 120; round++) {
      const bounds = sizes.map(() => draw(random));
      const varies = sizes.map(() => random() < 0.7);
      if (!varies.includes(true)) varies[Math.floor(random() * varies.length)] = true;
      const { bend, trends } = operator.curvature(bounds, varies, node);
      seen.add(bend);
      const hull = operator.hull(bounds, node);
      const first = sizes.map((n, i) => Float64Array.from({ length: n }, () => within(bounds[i], random)));
      const last = first.map((v, i) => (varies[i] ? v.map(() => within(bounds[i], random)) : v));
      const middle = first.map((v, i) => v.map((e, k) => e / 2 + last[i][k] / 2));
      const [f, m, l] = [first, middle, last].map(valueAt);
      const holds = (truth: boolean, ...more: unknown[]): void => {
        if (truth) return;
        expect.fail(JSON.stringify({ bounds, varies, bend, trends, first: first.map((v) => [...v]), more }));
      };
      f.forEach((_, k) => {
        if (Number.isFinite(f[k])) holds(f[k] >= hull.lo - 1e-9 && f[k] <= hull.hi + 1e-9);
        const size = 1e-9 * (1 + Math.abs(f[k]) + Math.abs(m[k]) + Math.abs(l[k]));
        if (!Number.isFinite(f[k]) || !Number.isFinite(l[k])) return;
        if (bend === "convex" || bend === "affine") holds(m[k] <= f[k] / 2 + l[k] / 2 + size);
        if (bend === "concave" || bend === "affine") holds(m[k] >= f[k] / 2 + l[k] / 2 - size);
      });
      // each argument in turn grows in all its entries
      trends.forEach((trend, i) => {
        if (!varies[i] || trend === "none") return;
        const more = first.map((v, j) => (j === i ? v.map((e) => e + (bounds[j].hi - e) * random()) : v));
        const g = valueAt(more);
        f.forEach((_, k) => {
          if (!Number.isFinite(f[k]) || !Number.isFinite(g[k])) return;
          const size = 1e-9 * (1 + Math.abs(f[k]) + Math.abs(g[k]));
          if (trend !== "decreasing") holds(g[k] >= f[k] - size, i, trend);
          if (trend !== "increasing") holds(g[k] <= f[k] + size, i, trend);
        });
      });
    }
    expect(seen.size).toBeGreaterThan(0);
  });
});

/** Rules that decide nothing are right as well: what must be decided, with bounds of the first argument. */
const decided: readonly (readonly [
  string,
  readonly (readonly [number, number])[],
  readonly boolean[],
  string,
  string,
])[] = [
  ["exp", [[-9, 9]], [true], "convex", "increasing"],
  ["log", [[0, 9]], [true], "concave", "increasing"],
  ["sqrt", [[-1, 9]], [true], "concave", "increasing"],
  ["square", [[0, 9]], [true], "convex", "increasing"],
  ["abs", [[-1, 9]], [true], "convex", "none"],
  ["sin", [[0, 3]], [true], "concave", "none"],
  ["sin", [[-1.5, 0]], [true], "convex", "increasing"],
  ["sin", [[0, Math.PI]], [true], "concave", "none"],
  ["cos", [[-1.5, 1.5]], [true], "concave", "none"],
  ["cos", [[3.2, 6.2]], [true], "none", "increasing"],
  ["tan", [[0, 1.5]], [true], "convex", "increasing"],
  ["asin", [[0, 1]], [true], "convex", "increasing"],
  ["acos", [[-1, 0]], [true], "convex", "decreasing"],
  ["atan", [[-9, 0]], [true], "convex", "increasing"],
  ["tanh", [[0, 9]], [true], "concave", "increasing"],
  ["sigmoid", [[-9, 9]], [true], "none", "increasing"],
  ["softplus", [[-9, 9]], [true], "convex", "increasing"],
  ["erf", [[0, 9]], [true], "concave", "increasing"],
  ["relu", [[-9, -1]], [true], "affine", "constant"],
  ["step", [[1, 2]], [true], "affine", "constant"],
  [
    "pow",
    [
      [0, 9],
      [3, 3],
    ],
    [true, false],
    "convex",
    "increasing",
  ],
  [
    "pow",
    [
      [-9, 0],
      [3, 3],
    ],
    [true, false],
    "concave",
    "increasing",
  ],
  [
    "pow",
    [
      [-9, 9],
      [4, 4],
    ],
    [true, false],
    "convex",
    "none",
  ],
  [
    "pow",
    [
      [0, 9],
      [0.5, 0.5],
    ],
    [true, false],
    "concave",
    "increasing",
  ],
  [
    "pow",
    [
      [0, 9],
      [-2, -2],
    ],
    [true, false],
    "convex",
    "decreasing",
  ],
  [
    "pow",
    [
      [-9, 0],
      [-1, -1],
    ],
    [true, false],
    "concave",
    "decreasing",
  ],
  [
    "mul",
    [
      [-9, 9],
      [-2, -1],
    ],
    [true, false],
    "affine",
    "decreasing",
  ],
  [
    "mul",
    [
      [-9, 9],
      [-2, 1],
    ],
    [true, false],
    "affine",
    "none",
  ],
  [
    "div",
    [
      [1, 1],
      [0, 9],
    ],
    [false, true],
    "convex",
    "none",
  ],
  [
    "max",
    [
      [-9, 9],
      [-9, 9],
    ],
    [true, true],
    "convex",
    "increasing",
  ],
  [
    "max",
    [
      [5, 9],
      [-9, 5],
    ],
    [true, true],
    "affine",
    "increasing",
  ],
  [
    "min",
    [
      [-9, 9],
      [-9, 9],
    ],
    [true, true],
    "concave",
    "increasing",
  ],
  [
    "lt",
    [
      [-9, 9],
      [0, 0],
    ],
    [true, false],
    "none",
    "decreasing",
  ],
  [
    "select",
    [
      [0, 0],
      [0, 1],
      [0, 1],
    ],
    [true, true, true],
    "affine",
    "constant",
  ],
];

test.each(decided)("%s on %j, varying %j: %s, %s", (name, ranges, varies, bend, trend) => {
  const b = new Builder();
  const inputs = ranges.map((_, i) => b.reshape(b.input({ name: `a${i}`, size: 1 }), []));
  const node = b.raw(name, inputs);
  const bounds = ranges.map(([lo, hi]) => ({ lo, hi, flags: 0 }));
  const found = operatorOf(node).curvature(bounds, varies, node);
  expect([found.bend, found.trends[0]]).toEqual([bend, name === "div" ? found.trends[0] : trend]);
});

test("every operator with arguments has been looked at", () => {
  const covered = new Set(cases.map((c) => c.op));
  expect([...operators.values()].filter((o) => o.family !== "leaf" && !covered.has(o.name))).toEqual([]);
});
