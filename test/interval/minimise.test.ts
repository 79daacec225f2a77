/** The branch and bound on functions with known minima, with and without constraints, and against grids. */
import { describe, expect, it } from "vitest";
import { IntervalLevel } from "../../src/interval/level.js";
import { type MinimiseOptions, type Minimum, minimise } from "../../src/interval/minimise.js";
import { generator } from "../ops/numeric.js";
import * as f from "./functions.js";

function solve(
  m: number,
  make: f.Make,
  lo: number | readonly number[],
  hi: number | readonly number[],
  rows: readonly f.Rows[] = [],
  options: MinimiseOptions = {},
): Minimum {
  const level = new IntervalLevel(f.graphOf(m, make, rows));
  level.prepare([]);
  const ends = (v: number | readonly number[]): Float64Array =>
    typeof v === "number" ? new Float64Array(m).fill(v) : Float64Array.from(v);
  return minimise(level, { lo: ends(lo), hi: ends(hi) }, options);
}

const named: readonly (readonly [string, number, f.Make, number, number, number, number, number])[] = [
  // name, m, function, lo, hi, minimum, minimisers (groups), boxes at most
  ["Rastrigin 1", 1, f.rastrigin, -5.12, 6, 0, 1, 100],
  ["Rastrigin 2", 2, f.rastrigin, -5.12, 6, 0, 1, 1000],
  ["Rastrigin 3", 3, f.rastrigin, -5.12, 6, 0, 1, 5000],
  ["Himmelblau", 2, f.himmelblau, -6, 6.5, 0, 4, 1000],
  ["six-hump camel", 2, f.camel, -3, 3.5, -1.031628453489877, 2, 3000],
  ["Goldstein and Price", 2, f.goldsteinPrice, -2, 2.1, 3, 1, 30000],
  ["Ackley 1", 1, f.ackley, -5, 6, 0, 1, 300],
  ["Ackley 2", 2, f.ackley, -5, 6, 0, 1, 5000],
  ["Styblinski and Tang 1", 1, f.styblinskiTang, -5, 6, -39.16616570377142, 1, 100],
  ["Styblinski and Tang 4", 4, f.styblinskiTang, -5, 6, -4 * 39.16616570377142, 1, 5000],
  ["Branin", 2, f.branin, -5, 15, 0.39788735772973816, 3, 1000],
  ["Rosenbrock 2", 2, f.rosenbrock, -5, 5.5, 0, 1, 3000],
  ["Rosenbrock 3", 3, f.rosenbrock, -3, 3.5, 0, 1, 30000],
  ["Rosenbrock 4", 4, f.rosenbrock, -2, 2.5, 0, 1, 30000],
  ["sine of a product", 2, f.sineOfProduct, -3, 2, -1, 0, 3000],
];

describe("known minima", () => {
  it.each(named)("%s", (_, m, make, lo, hi, minimum, groups, most) => {
    const start = performance.now();
    const found = solve(m, make, lo, hi, [], { boxes: 100000, ...(groups > 0 ? { isolate: 1e-4 } : {}) });
    if (process.env.SHOW)
      console.log(_, found.status, found.boxes, found.minimisers.length, (performance.now() - start).toFixed(0));
    expect(found.status).toBe("proved");
    expect(found.lower).toBeLessThanOrEqual(minimum + 1e-12);
    expect(found.value).toBeGreaterThanOrEqual(minimum - 1e-12);
    expect(found.value - found.lower).toBeLessThanOrEqual(1.0000001e-6 * (1 + Math.abs(found.value)));
    if (groups > 0) expect(found.minimisers.length).toBe(groups);
    expect(found.boxes).toBeLessThan(most);
  });
});

const linear = (offset: number, ...slopes: number[]): f.Make =>
  f.polynomial([
    [offset, ...slopes.map(() => 0)],
    ...slopes.map((s, j): [number, ...number[]] => [s, ...slopes.map((_, k) => (k === j ? 1 : 0))]),
  ]);

/** The least value on a fine grid of [0, 1]. */
function least(count: number, value: (t: number) => number): number {
  let found = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= count; k++) found = Math.min(found, value(k / count));
  return found;
}
const rosenbrockAt = (p: number, q: number): number => 100 * (q - p * p) ** 2 + (1 - p) ** 2;

const constrained: readonly (readonly [string, number, f.Make, readonly f.Rows[], number, number, number, number])[] = [
  // name, m, function, rows, lo, hi, minimum, boxes at most
  [
    "a concave quadratic over a triangle",
    2,
    f.polynomial([
      [-1, 2, 0],
      [-1, 0, 2],
      [0.5, 1, 0],
    ]),
    [{ kind: "le", make: linear(-1, 1, 1) }],
    0,
    5,
    -1,
    200,
  ],
  [
    "Rosenbrock in a disc",
    2,
    f.rosenbrock,
    [
      {
        kind: "le",
        make: f.polynomial([
          [1, 2, 0],
          [1, 0, 2],
          [-0.5, 0, 0],
        ]),
      },
    ],
    -1.5,
    1.5,
    least(1e6, (t) => rosenbrockAt(Math.SQRT1_2 * Math.cos(2 * Math.PI * t), Math.SQRT1_2 * Math.sin(2 * Math.PI * t))),
    5000,
  ],
  [
    "a product on a circle",
    2,
    f.polynomial([[1, 1, 1]]),
    [
      {
        kind: "eq",
        make: f.polynomial([
          [1, 2, 0],
          [1, 0, 2],
          [-2, 0, 0],
        ]),
      },
    ],
    -2,
    2.2,
    -1,
    5000,
  ],
  [
    "outside a disc, towards its centre",
    2,
    f.polynomial([
      [1, 2, 0],
      [2, 0, 2],
    ]),
    [
      {
        kind: "le",
        make: f.polynomial([
          [1, 0, 0],
          [-1, 2, 0],
          [-1, 0, 2],
        ]),
      },
    ],
    -2,
    2.2,
    1,
    5000,
  ],
  [
    "Himmelblau on a line",
    2,
    f.himmelblau,
    [{ kind: "eq", make: linear(-1, 1, 1) }],
    -6,
    6.5,
    // on the line it is (t - 10)² + (t - 6)² with t = y1² - y1
    8,
    12000,
  ],
  [
    "a sine under a sine",
    1,
    (b, [y]) => b.mul(y, b.apply("sin", [y])),
    [{ kind: "le", make: (b, [y]) => b.sub(b.apply("cos", [y]), b.constant(0.5)) }],
    -1,
    12,
    least(1e6, (t) => (Math.cos(13 * t - 1) <= 0.5 ? (13 * t - 1) * Math.sin(13 * t - 1) : 0)),
    500,
  ],
];

describe("known minima under constraints", () => {
  it.each(constrained)("%s", (name, m, make, rows, lo, hi, minimum, most) => {
    const start = performance.now();
    const found = solve(m, make, lo, hi, rows, { boxes: 100000 });
    if (process.env.SHOW)
      console.log(name, found.status, found.boxes, found.value, (performance.now() - start).toFixed(0));
    expect(found.status).toBe("proved");
    expect(found.lower).toBeLessThanOrEqual(minimum + 1e-8);
    expect(found.value).toBeGreaterThanOrEqual(minimum - 1e-8);
    expect(found.value - found.lower).toBeLessThanOrEqual(1.0000001e-6 * (1 + Math.abs(found.value)));
    expect(found.boxes).toBeLessThan(most);
  });

  it("proves that nothing is feasible", () => {
    const rows: f.Rows[] = [
      {
        kind: "le",
        make: f.polynomial([
          [1, 2, 0],
          [1, 0, 2],
          [1e-3, 0, 0],
        ]),
      },
    ];
    const found = solve(2, f.camel, -3, 3.5, rows);
    expect(found.status).toBe("infeasible");
    expect(found.y).toBeUndefined();
  });

  it("takes bounds from constraints of one variable and chains of them", () => {
    const rows: f.Rows[] = [
      { kind: "le", make: linear(0, -1, 0) },
      { kind: "le", make: linear(0, 0, -2) },
      { kind: "le", make: linear(-6, 1, 2) },
    ];
    const found = solve(
      2,
      f.polynomial([
        [-1, 2, 0],
        [-1, 1, 1],
      ]),
      -Infinity,
      Infinity,
      rows,
    );
    expect(found.status).toBe("proved");
    expect(found.value).toBeCloseTo(-36, 6);
  });

  it("finds a compact box where half spaces beyond are worse or infeasible, and says where it finds none", () => {
    const bowl = solve(2, f.himmelblau, -Infinity, Infinity, [
      {
        kind: "le",
        make: f.polynomial([
          [1, 2, 0],
          [1, 0, 2],
          [-30, 0, 0],
        ]),
      },
    ]);
    expect(bowl.status).toBe("proved");
    expect(bowl.value).toBeLessThan(1e-9);
    const waves = solve(1, f.rastrigin, -Infinity, Infinity);
    expect(waves.status).toBe("proved");
    const quartic = solve(1, f.styblinskiTang, -Infinity, Infinity);
    expect(quartic.status).toBe("unbounded");
    expect(quartic.lower).toBe(-Infinity);
  });

  it("stops at a value below the target, at the limit of boxes, and says so", () => {
    const better = solve(2, f.camel, -3, 3.5, [], { target: -0.1 });
    expect(better.status).toBe("better");
    expect(better.value).toBeLessThan(-0.1);
    const short = solve(2, f.goldsteinPrice, -2, 2.1, [], { boxes: 20 });
    expect(short.status).toBe("budget");
    expect(short.lower).toBeLessThanOrEqual(3);
    expect(solve(2, f.goldsteinPrice, -2, 2.1, [], { cancelled: () => true }).status).toBe("budget");
  });
});

describe("random quartics against a grid", () => {
  const random = generator(20);
  it.each([1, 2, 3])("of %i variables", (m) => {
    for (let trial = 0; trial < (m === 3 ? 4 : 12); trial++) {
      const terms: [number, ...number[]][] = Array.from({ length: 4 + 3 * m }, () => {
        const powers = Array.from({ length: m }, () => 0);
        for (let degree = Math.floor(5 * random()); degree > 0; degree--) powers[Math.floor(m * random())]++;
        return [Math.round(20 * (2 * random() - 1)) / 4, ...powers];
      });
      const found = solve(m, f.polynomial(terms), -1.5, 2, [], { boxes: 50000 });
      const value = (y: readonly number[]): number =>
        terms.reduce((s, [k, ...n]) => s + n.reduce((p, d, j) => p * y[j] ** d, k), 0);
      const side = m === 1 ? 2000 : m === 2 ? 120 : 28;
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < (side + 1) ** m; at++) {
        const y = Array.from(
          { length: m },
          (_, j) => -1.5 + (3.5 * (Math.floor(at / (side + 1) ** j) % (side + 1))) / side,
        );
        least = Math.min(least, value(y));
      }
      expect(found.status).toBe("proved");
      expect(found.lower).toBeLessThanOrEqual(least);
      expect(found.value).toBeLessThanOrEqual(least + 1e-6 * (1 + Math.abs(least)));
      expect(value([...found.y!])).toBeCloseTo(found.value, 9);
    }
  });
});
