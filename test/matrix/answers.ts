/**
 * The known answers of the acceptance problems, as tests of an end point; each is derived in a word. Examples carry theirs in
 * `expect` blocks.
 */
type Vector = Float64Array;

/** What does not hold at (x, y) within `slack` times the tolerance; empty where the answer is met. */
export type Answer = (x: Vector, y: Vector, slack: number) => readonly string[];

const TOLERANCE = 1e-5;

/** Each named number within 1e-5 (times the slack), relative to its size where that is above 1. */
function near(
  wanted: readonly (readonly [name: string, found: number, wanted: number])[],
  slack: number,
): readonly string[] {
  return wanted
    .filter(([, found, value]) => !(Math.abs(found - value) <= slack * TOLERANCE * Math.max(1, Math.abs(value))))
    .map(([name, found, value]) => `${name} = ${found}, not ${value}`);
}

const point =
  (x: readonly number[], y: readonly number[]): Answer =>
  (atX, atY, slack) =>
    near(
      [
        ...x.map((v, i) => [`x[${i + 1}]`, atX[i], v] as const),
        ...y.map((v, i) => [`y[${i + 1}]`, atY[i], v] as const),
      ],
      slack,
    );

/** One answer of the lower level for all x of a region, where phi is constant. */
const plateau =
  (y: readonly number[], within: (x: number) => boolean): Answer =>
  (atX, atY, slack) => [...point([], y)(atX, atY, slack), ...(within(atX[0]) ? [] : [`x = ${atX[0]} is elsewhere`])];

/** phi of PBGD: the lower level has the only solution y = -x on [0, 3], since 2u + x sin(2u) vanishes at u = 0 only. */
const phi = (x: number): number =>
  Math.cos(2 - 4 * x) / (1 + Math.exp(2 - 4 * x)) + 0.5 * Math.log((4 * x - 2) ** 2 + 1);

/** Local minimisers of a function on [a, b], best first: a grid, then golden sections around its lowest points. */
function localMinimisers(of: (x: number) => number, a: number, b: number, cells: number): readonly number[] {
  const at = (i: number): number => a + ((b - a) * i) / cells;
  const found: number[] = [];
  for (let i = 0; i <= cells; i++) {
    const below = (j: number): boolean => j < 0 || j > cells || of(at(i)) <= of(at(j));
    if (!below(i - 1) || !below(i + 1)) continue;
    let [low, high] = [at(Math.max(i - 1, 0)), at(Math.min(i + 1, cells))];
    const golden = (Math.sqrt(5) - 1) / 2;
    while (high - low > 1e-7) {
      const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
      if (of(left) < of(right)) high = right;
      else low = left;
    }
    found.push((low + high) / 2);
  }
  return found.sort((u, v) => of(u) - of(v));
}
const [best, ...others] = localMinimisers(phi, 0, 3, 600);

export const answers: Readonly<Record<string, Answer>> = {
  P1: point([7], [3.5]),
  /** phi = 2x² - 28x - 2 with x + x/2 <= 6. */
  P1C: point([4], [2]),
  S1: point([7], [3.5]),
  E1: ([x], [u, v], slack) =>
    near(
      [
        ["x", x, 0.5],
        ["x + y1 - sin y2", x + u - Math.sin(v), 0],
      ],
      slack,
    ),
  E53: point([1], [1, 1]),
  M1: point([0.5], [1.5]),
  M2: point([0], [0]),
  C1: point([1.5], [1.5]),
  C2: point([2], [1]),
  C3: point([-0.3, -0.3], [0.7, 0.7, -0.4, -0.4]),
  EX41: point([0], [-1]),
  EX51: ([x], [y], slack) =>
    near(
      [
        ["|x|", Math.abs(x), 2],
        ["xy", x * y, -2],
      ],
      slack,
    ),
  EX54: ([a, b], _, slack) =>
    near(
      [
        ["x1", a, 4 / 3],
        ["x2", b, 7 / 3],
      ],
      slack,
    ),
  /** phi(x) = -x² with y = x. */
  PROP41: ([x], [y], slack) =>
    near(
      [
        ["|x|", Math.abs(x), 1],
        ["y - x", y - x, 0],
      ],
      slack,
    ),
  /** The lowest value of x + xy where sin(xy) = 1 is at xy = -11π/2, y = -2. */
  SIN: point([(11 * Math.PI) / 4], [-2]),
  /** The lowest minimum of phi on [0, 3]. */
  PBGD: point([best], [-best]),
};

/** examples/stackelberg/prices.blo: groups by size and by what they would pay for each product. */
const groups: readonly (readonly [size: number, values: readonly number[]])[] = [
  [3, [11, 5, 6]],
  [2, [9, 10, 4]],
  [4, [4, 8, 9]],
  [1, [7, 7, 12]],
  [2, [12, 9, 3]],
  [3, [5, 11, 8]],
  [2, [6, 3, 10]],
  [5, [8, 8, 8]],
];

/** What prices earn, each group taking the dearest of its choices that are best up to a thousandth. */
function earned(prices: readonly number[]): number {
  return groups.reduce((sum, [size, values]) => {
    const surplus = values.map((v, j) => v - prices[j]);
    const top = Math.max(0, ...surplus);
    const chosen = prices.filter((_, j) => surplus[j] >= top - 1e-3);
    return sum + size * Math.max(top <= 1e-3 ? 0 : Number.NEGATIVE_INFINITY, ...chosen);
  }, 0);
}

/** Prices whose neighbours, a hundredth away, all earn less, and sales that earn as much. */
const localPrices: Answer = (x, buys, slack) => {
  const prices = [...x];
  const here = earned(prices);
  const shifts = Array.from({ length: 27 }, (_, k) => [k % 3, Math.floor(k / 3) % 3, Math.floor(k / 9)]);
  const around = shifts.map((d) => earned(prices.map((p, j) => p + 1e-2 * (d[j] - 1))));
  const sold = buys.reduce((sum, q, e) => sum + groups[Math.floor(e / 3)][0] * prices[e % 3] * q, 0);
  return near(
    [
      ["gain of neighbours", Math.max(0, ...around.map((v) => v - here)), 0],
      ["earned", sold, here],
    ],
    slack,
  );
};

/**
 * Minimisers of the hyper-objective among their neighbours that are not its lowest ones (plateaus among them): what local
 * methods may come to, and a first-order certificate confirms.
 */
export const localAnswers: Readonly<Record<string, readonly Answer[]>> = {
  PBGD: others.map((x) => point([x], [-x])),
  // On [1, 3π/4) all lower solutions have xy = π/2, and phi = x + π/2; on [3π/4, 11π/4) phi = x - 3π/2.
  SIN: [point([1], [Math.PI / 2]), point([(3 * Math.PI) / 4], [-2])],
  // Below 40 the bid is not the price: the capacity of 80 is sold at 40 whatever the bid, for (40 - 10) 80 = 2400.
  "stackelberg/market": [plateau([80, 20, 0], (bid) => bid < 40)],
  "stackelberg/prices": [localPrices],
  // From a toll of 2 on nobody takes the bridge: routes 1 and 2 take 10.5 minutes with 5 each, route 3 takes 8.5 and the toll.
  "stackelberg/toll": [plateau([5, 5, 0], (toll) => toll >= 2 - TOLERANCE)],
};
