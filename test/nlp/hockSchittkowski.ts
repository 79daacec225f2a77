/**
 * Problems of W. Hock and K. Schittkowski, Test Examples for Nonlinear Programming Codes, Lecture Notes in Economics and
 * Mathematical Systems 187, Springer 1981, from the published starts. `best` is the published optimum, in closed form where
 * the book gives one. `correction` replaces a printed optimum that is not one, with the reason. `other` names another
 * first-order point that the published start leads to; from the start `near` the published one is reached.
 */
import type { TextProblem } from "./textProgram.js";

export interface PublishedProblem extends TextProblem {
  readonly best: number;
  readonly correction?: { readonly f: number; readonly reason: string };
  readonly other?: { readonly f: number; readonly reason: string; readonly near: readonly number[] };
  /** What is reached where no multipliers exist at the solution. */
  readonly degenerate?: { readonly tolerance: number; readonly reason: string };
}

const repeat = (value: number, count: number): number[] => Array(count).fill(value);
const free = Number.POSITIVE_INFINITY;
const rosenbrock = "100 * (x2 - x1^2)^2 + (1 - x1)^2";
const sum = (terms: readonly string[]): string => terms.join(" + ");
const sumOfSquares5 = "x1^2 + x2^2 + x3^2 + x4^2 + x5^2 - 10";
const rows52 = ["x1 + 3 * x2", "x3 + x4 - 2 * x5", "x2 - x5"];
const rows78 = [sumOfSquares5, "x2 * x3 - 5 * x4 * x5", "x1^3 + x2^3 + 1"];
const box80 = [2.3, 2.3, 3.2, 3.2, 3.2];
const product5 = "x1 * x2 * x3 * x4 * x5";
// Stationary points of problem 2 on x2 = 1.5: roots of 400 x1^3 - 598 x1 - 2 = 0 in Viète's form.
const amplitude = Math.sqrt(598 / 1200);
const root2 = (turn: number): number =>
  2 * amplitude * Math.cos((Math.acos(1 / (400 * amplitude ** 3)) + 2 * Math.PI * turn) / 3);
const value2 = (x: number): number => 100 * (1.5 - x * x) ** 2 + (1 - x) ** 2;
const angleA = Math.asin(Math.sqrt(1 / 4.2));
const angleB = Math.asin(Math.sqrt(5 / 7.2));

const chemical = [-6.089, -17.164, -34.054, -5.914, -24.721, -14.986, -24.1, -10.708, -26.662, -22.179];
const chemicalRows = (x: (j: number) => string): string[] => [
  `${x(1)} + 2 * ${x(2)} + 2 * ${x(3)} + ${x(6)} + ${x(10)} - 2`,
  `${x(4)} + 2 * ${x(5)} + ${x(6)} + ${x(7)} - 1`,
  `${x(3)} + ${x(7)} + ${x(8)} + 2 * ${x(9)} + ${x(10)} - 1`,
];

// Data of Colville's first problem, shared by 86 and its dual 117.
const colville = {
  e: [-15, -27, -36, -18, -12],
  d: [4, 8, 10, 6, 2],
  b: [-40, -2, -0.25, -4, -4, -1, -40, -60, 5, 1],
  c: [
    [30, -20, -10, 32, -10],
    [-20, 39, -6, -31, 32],
    [-10, -6, 10, -6, -10],
    [32, -31, -6, 39, -20],
    [-10, 32, -10, -20, 30],
  ],
  a: [
    [-16, 2, 0, 1, 0],
    [0, -2, 0, 0.4, 2],
    [-3.5, 0, 2, 0, 0],
    [0, -2, 0, -4, -1],
    [0, -9, -2, 1, -2.8],
    [2, 0, -4, 0, 0],
    [-1, -1, -1, -1, -1],
    [-1, -2, -3, -2, -1],
    [1, 2, 3, 4, 5],
    [1, 1, 1, 1, 1],
  ],
};
const quadratic = (first: number): string =>
  sum(colville.c.flatMap((row, k) => row.map((c, j) => `(${c}) * x${first + k} * x${first + j}`)));

/** 74 and 75 differ in the width of the angle's range. */
const flow = (a: number): Omit<PublishedProblem, "best"> => ({
  start: [0, 0, 0, 0],
  f: "3 * x1 + 1e-6 * x1^3 + 2 * x2 + 2e-6 / 3 * x2^3",
  ge: [`x4 - x3 + ${a}`, `x3 - x4 + ${a}`],
  eq: [
    "1000 * sin(-x3 - 0.25) + 1000 * sin(-x4 - 0.25) + 894.8 - x1",
    "1000 * sin(x3 - 0.25) + 1000 * sin(x3 - x4 - 0.25) + 894.8 - x2",
    "1000 * sin(x4 - 0.25) + 1000 * sin(x4 - x3 - 0.25) + 1294.8",
  ],
  lower: [0, 0, -a, -a],
  upper: [1200, 1200, a, a],
});

export const hockSchittkowski: Readonly<Record<number, PublishedProblem>> = {
  1: { start: [-2, 1], f: rosenbrock, lower: [-free, -1.5], best: 0 },
  2: {
    start: [-2, 1],
    f: rosenbrock,
    lower: [-free, 1.5],
    best: value2(root2(0)),
    other: { f: value2(root2(1)), reason: "the other root of the cubic on x2 = 1.5, x1 = -1.221", near: [1, 2] },
  },
  3: { start: [10, 1], f: "x2 + 1e-5 * (x2 - x1)^2", lower: [-free, 0], best: 0 },
  4: { start: [1.125, 0.125], f: "(x1 + 1)^3 / 3 + x2", lower: [1, 0], best: 8 / 3 },
  5: {
    start: [0, 0],
    f: "sin(x1 + x2) + (x1 - x2)^2 - 1.5 * x1 + 2.5 * x2 + 1",
    lower: [-1.5, -3],
    upper: [4, 3],
    best: -Math.sqrt(3) / 2 - Math.PI / 3,
  },
  6: { start: [-1.2, 1], f: "(1 - x1)^2", eq: ["10 * (x2 - x1^2)"], best: 0 },
  7: { start: [2, 2], f: "log(1 + x1^2) - x2", eq: ["(1 + x1^2)^2 + x2^2 - 4"], best: -Math.sqrt(3) },
  8: { start: [2, 1], f: "-1", eq: ["x1^2 + x2^2 - 25", "x1 * x2 - 9"], best: -1 },
  9: { start: [0, 0], f: "sin(pi * x1 / 12) * cos(pi * x2 / 16)", eq: ["4 * x1 - 3 * x2"], best: -0.5 },
  10: { start: [-10, 10], f: "x1 - x2", ge: ["-3 * x1^2 + 2 * x1 * x2 - x2^2 + 1"], best: -1 },
  11: { start: [4.9, 0.1], f: "(x1 - 5)^2 + x2^2 - 25", ge: ["-x1^2 + x2"], best: -8.498464223 },
  12: {
    start: [0, 0],
    f: "0.5 * x1^2 + x2^2 - x1 * x2 - 7 * x1 - 7 * x2",
    ge: ["25 - 4 * x1^2 - x2^2"],
    best: -30,
  },
  13: {
    start: [-2, -2],
    f: "(x1 - 2)^2 + x2^2",
    ge: ["(1 - x1)^3 - x2"],
    lower: 0,
    best: 1,
    degenerate: { tolerance: 1e-3, reason: "no constraint qualification at (1, 0): multipliers grow without limit" },
  },
  14: {
    start: [2, 2],
    f: "(x1 - 2)^2 + (x2 - 1)^2",
    ge: ["1 - x1^2 / 4 - x2^2"],
    eq: ["x1 - 2 * x2 + 1"],
    best: 9 - 2.875 * Math.sqrt(7),
  },
  15: { start: [-2, 1], f: rosenbrock, ge: ["x1 * x2 - 1", "x1 + x2^2"], upper: [0.5, free], best: 306.5 },
  16: {
    start: [-2, 1],
    f: rosenbrock,
    ge: ["x1 + x2^2", "x1^2 + x2"],
    lower: [-0.5, -free],
    upper: [0.5, 1],
    best: 0.25,
  },
  17: {
    start: [-2, 1],
    f: rosenbrock,
    ge: ["x2^2 - x1", "x1^2 - x2"],
    lower: [-0.5, -free],
    upper: [0.5, 1],
    best: 1,
  },
  18: {
    start: [2, 2],
    f: "0.01 * x1^2 + x2^2",
    ge: ["x1 * x2 - 25", "x1^2 + x2^2 - 25"],
    lower: [2, 0],
    upper: 50,
    best: 5,
  },
  19: {
    start: [20.1, 5.84],
    f: "(x1 - 10)^3 + (x2 - 20)^3",
    ge: ["(x1 - 5)^2 + (x2 - 5)^2 - 100", "-(x2 - 5)^2 - (x1 - 6)^2 + 82.81"],
    lower: [13, 0],
    upper: 100,
    best: -6961.81381,
  },
  20: {
    start: [-2, 1],
    f: rosenbrock,
    ge: ["x1 + x2^2", "x1^2 + x2", "x1^2 + x2^2 - 1"],
    lower: [-0.5, -free],
    upper: [0.5, free],
    best: 81.5 - 25 * Math.sqrt(3),
    other: {
      f: 100 * (Math.sqrt(3) / 2 - 0.25) ** 2 + 2.25,
      reason: "the mirror vertex x = (-1/2, sqrt(3)/2)",
      near: [0.4, 0.9],
    },
  },
  21: {
    start: [-1, -1],
    f: "0.01 * x1^2 + x2^2 - 100",
    ge: ["10 * x1 - x2 - 10"],
    lower: [2, -50],
    upper: 50,
    best: -99.96,
  },
  22: { start: [2, 2], f: "(x1 - 2)^2 + (x2 - 1)^2", ge: ["-x1 - x2 + 2", "-x1^2 + x2"], best: 1 },
  23: {
    start: [3, 1],
    f: "x1^2 + x2^2",
    ge: ["x1 + x2 - 1", "x1^2 + x2^2 - 1", "9 * x1^2 + x2^2 - 9", "x1^2 - x2", "x2^2 - x1"],
    lower: -50,
    upper: 50,
    best: 2,
  },
  24: {
    start: [1, 0.5],
    f: "((x1 - 3)^2 - 9) * x2^3 / (27 * sqrt(3))",
    ge: ["x1 / sqrt(3) - x2", "x1 + sqrt(3) * x2", "-x1 - sqrt(3) * x2 + 6"],
    lower: 0,
    best: -1,
  },
  26: {
    start: [-2.6, 2, 2],
    f: "(x1 - x2)^2 + (x2 - x3)^4",
    eq: ["(1 + x2^2) * x1 + x3^4 - 3"],
    best: 0,
  },
  27: { start: [2, 2, 2], f: "0.01 * (x1 - 1)^2 + (x2 - x1^2)^2", eq: ["x1 + x3^2 + 1"], best: 0.04 },
  28: { start: [-4, 1, 1], f: "(x1 + x2)^2 + (x2 + x3)^2", eq: ["x1 + 2 * x2 + 3 * x3 - 1"], best: 0 },
  29: {
    start: [1, 1, 1],
    f: "-x1 * x2 * x3",
    ge: ["-x1^2 - 2 * x2^2 - 4 * x3^2 + 48"],
    best: -16 * Math.SQRT2,
  },
  30: {
    start: [1, 1, 1],
    f: "x1^2 + x2^2 + x3^2",
    ge: ["x1^2 + x2^2 - 1"],
    lower: [1, -10, -10],
    upper: 10,
    best: 1,
  },
  31: {
    start: [1, 1, 1],
    f: "9 * x1^2 + x2^2 + 9 * x3^2",
    ge: ["x1 * x2 - 1"],
    lower: [-10, 1, -10],
    upper: [10, 10, 1],
    best: 6,
  },
  32: {
    start: [0.1, 0.7, 0.2],
    f: "(x1 + 3 * x2 + x3)^2 + 4 * (x1 - x2)^2",
    ge: ["6 * x2 + 4 * x3 - x1^3 - 3"],
    eq: ["1 - x1 - x2 - x3"],
    lower: 0,
    best: 1,
  },
  33: {
    start: [0, 0, 3],
    f: "(x1 - 1) * (x1 - 2) * (x1 - 3) + x3",
    ge: ["x3^2 - x2^2 - x1^2", "x1^2 + x2^2 + x3^2 - 4"],
    lower: 0,
    upper: [free, free, 5],
    best: Math.SQRT2 - 6,
  },
  34: {
    start: [0, 1.05, 2.9],
    f: "-x1",
    ge: ["x2 - exp(x1)", "x3 - exp(x2)"],
    lower: 0,
    upper: [100, 100, 10],
    best: -Math.log(Math.log(10)),
  },
  35: {
    start: [0.5, 0.5, 0.5],
    f: "9 - 8 * x1 - 6 * x2 - 4 * x3 + 2 * x1^2 + 2 * x2^2 + x3^2 + 2 * x1 * x2 + 2 * x1 * x3",
    ge: ["3 - x1 - x2 - 2 * x3"],
    lower: 0,
    best: 1 / 9,
  },
  36: {
    start: [10, 10, 10],
    f: "-x1 * x2 * x3",
    ge: ["72 - x1 - 2 * x2 - 2 * x3"],
    lower: 0,
    upper: [20, 11, 42],
    best: -3300,
  },
  37: {
    start: [10, 10, 10],
    f: "-x1 * x2 * x3",
    ge: ["72 - x1 - 2 * x2 - 2 * x3", "x1 + 2 * x2 + 2 * x3"],
    lower: 0,
    upper: 42,
    best: -3456,
  },
  38: {
    start: [-3, -1, -3, -1],
    f: `${rosenbrock} + 90 * (x4 - x3^2)^2 + (1 - x3)^2 + 10.1 * ((x2 - 1)^2 + (x4 - 1)^2) + 19.8 * (x2 - 1) * (x4 - 1)`,
    lower: -10,
    upper: 10,
    best: 0,
  },
  39: { start: [2, 2, 2, 2], f: "-x1", eq: ["x2 - x1^3 - x3^2", "x1^2 - x2 - x4^2"], best: -1 },
  40: {
    start: repeat(0.8, 4),
    f: "-x1 * x2 * x3 * x4",
    eq: ["x1^3 + x2^2 - 1", "x1^2 * x4 - x3", "x4^2 - x2"],
    best: -0.25,
  },
  41: {
    start: [2, 2, 2, 2],
    f: "2 - x1 * x2 * x3",
    eq: ["x1 + 2 * x2 + 2 * x3 - x4"],
    lower: 0,
    upper: [1, 1, 1, 2],
    best: 52 / 27,
  },
  42: {
    start: [1, 1, 1, 1],
    f: "(x1 - 1)^2 + (x2 - 2)^2 + (x3 - 3)^2 + (x4 - 4)^2",
    eq: ["x1 - 2", "x3^2 + x4^2 - 2"],
    best: 28 - 10 * Math.SQRT2,
  },
  43: {
    start: [0, 0, 0, 0],
    f: "x1^2 + x2^2 + 2 * x3^2 + x4^2 - 5 * x1 - 5 * x2 - 21 * x3 + 7 * x4",
    ge: [
      "8 - x1^2 - x2^2 - x3^2 - x4^2 - x1 + x2 - x3 + x4",
      "10 - x1^2 - 2 * x2^2 - x3^2 - 2 * x4^2 + x1 + x4",
      "5 - 2 * x1^2 - x2^2 - x3^2 - 2 * x1 + x2 + x4",
    ],
    best: -44,
  },
  44: {
    start: [0, 0, 0, 0],
    f: "x1 - x2 - x3 - x1 * x3 + x1 * x4 + x2 * x3 - x2 * x4",
    ge: [
      "8 - x1 - 2 * x2",
      "12 - 4 * x1 - x2",
      "12 - 3 * x1 - 4 * x2",
      "8 - 2 * x3 - x4",
      "8 - x3 - 2 * x4",
      "5 - x3 - x4",
    ],
    lower: 0,
    best: -15,
  },
  45: { start: repeat(2, 5), f: `2 - ${product5} / 120`, lower: 0, upper: [1, 2, 3, 4, 5], best: 1 },
  46: {
    start: [Math.SQRT1_2, 1.75, 0.5, 2, 2],
    f: "(x1 - x2)^2 + (x3 - 1)^2 + (x4 - 1)^4 + (x5 - 1)^6",
    eq: ["x1^2 * x4 + sin(x4 - x5) - 1", "x2 + x3^4 * x4^2 - 2"],
    best: 0,
  },
  48: {
    start: [3, 5, -3, 2, -2],
    f: "(x1 - 1)^2 + (x2 - x3)^2 + (x4 - x5)^2",
    eq: ["x1 + x2 + x3 + x4 + x5 - 5", "x3 - 2 * (x4 + x5) + 3"],
    best: 0,
  },
  49: {
    start: [10, 7, 2, -3, 0.8],
    f: "(x1 - x2)^2 + (x3 - 1)^2 + (x4 - 1)^4 + (x5 - 1)^6",
    eq: ["x1 + x2 + x3 + 4 * x4 - 7", "x3 + 5 * x5 - 6"],
    best: 0,
  },
  50: {
    start: [35, -31, 11, 5, -5],
    f: "(x1 - x2)^2 + (x2 - x3)^2 + (x3 - x4)^4 + (x4 - x5)^2",
    eq: ["x1 + 2 * x2 + 3 * x3 - 6", "x2 + 2 * x3 + 3 * x4 - 6", "x3 + 2 * x4 + 3 * x5 - 6"],
    best: 0,
  },
  51: {
    start: [2.5, 0.5, 2, -1, 0.5],
    f: "(x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2",
    eq: ["x1 + 3 * x2 - 4", "x3 + x4 - 2 * x5", "x2 - x5"],
    best: 0,
  },
  52: {
    start: repeat(2, 5),
    f: "(4 * x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2",
    eq: rows52,
    best: 1859 / 349,
  },
  53: {
    start: repeat(2, 5),
    f: "(x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2",
    eq: rows52,
    lower: -10,
    upper: 10,
    best: 176 / 43,
  },
  55: {
    start: [1, 2, 0, 0, 0, 2],
    f: "x1 + 2 * x2 + 4 * x5 + exp(x1 * x4)",
    eq: [
      "x1 + 2 * x2 + 5 * x5 - 6",
      "x1 + x2 + x3 - 3",
      "x4 + x5 + x6 - 2",
      "x1 + x4 - 1",
      "x2 + x5 - 2",
      "x3 + x6 - 2",
    ],
    lower: 0,
    upper: [1, free, free, 1, free, free],
    best: 19 / 3,
    other: { f: 20 / 3, reason: "the concave exponential has a second vertex", near: [0.1, 1.3, 1.6, 0.9, 0.7, 0.4] },
  },
  56: {
    start: [1, 1, 1, angleA, angleA, angleA, angleB],
    f: "-x1 * x2 * x3",
    eq: [
      "x1 - 4.2 * sin(x4)^2",
      "x2 - 4.2 * sin(x5)^2",
      "x3 - 4.2 * sin(x6)^2",
      "x1 + 2 * x2 + 2 * x3 - 7.2 * sin(x7)^2",
    ],
    best: -3.456,
  },
  60: {
    start: [2, 2, 2],
    f: "(x1 - 1)^2 + (x1 - x2)^2 + (x2 - x3)^4",
    eq: ["x1 * (1 + x2^2) + x3^4 - 4 - 3 * sqrt(2)"],
    lower: -10,
    upper: 10,
    best: 0.03256820025,
  },
  61: {
    start: [0, 0, 0],
    f: "4 * x1^2 + 2 * x2^2 + 2 * x3^2 - 33 * x1 + 16 * x2 - 24 * x3",
    eq: ["3 * x1 - 2 * x2^2 - 7", "4 * x1 - x3^2 - 11"],
    best: -143.6461422,
  },
  62: {
    start: [0.7, 0.2, 0.1],
    f:
      "-32.174 * (255 * log((x1 + x2 + x3 + 0.03) / (0.09 * x1 + x2 + x3 + 0.03)) + " +
      "280 * log((x2 + x3 + 0.03) / (0.07 * x2 + x3 + 0.03)) + 290 * log((x3 + 0.03) / (0.13 * x3 + 0.03)))",
    eq: ["x1 + x2 + x3 - 1"],
    lower: 0,
    upper: 1,
    best: -26272.51448,
  },
  63: {
    start: [2, 2, 2],
    f: "1000 - x1^2 - 2 * x2^2 - x3^2 - x1 * x2 - x1 * x3",
    eq: ["8 * x1 + 14 * x2 + 7 * x3 - 56", "x1^2 + x2^2 + x3^2 - 25"],
    lower: 0,
    best: 961.7151721,
  },
  64: {
    start: [1, 1, 1],
    f: "5 * x1 + 50000 / x1 + 20 * x2 + 72000 / x2 + 10 * x3 + 144000 / x3",
    ge: ["1 - 4 / x1 - 32 / x2 - 120 / x3"],
    lower: 1e-5,
    best: 6299.842428,
  },
  65: {
    start: [-5, 5, 0],
    f: "(x1 - x2)^2 + (x1 + x2 - 10)^2 / 9 + (x3 - 5)^2",
    ge: ["48 - x1^2 - x2^2 - x3^2"],
    lower: [-4.5, -4.5, -5],
    upper: [4.5, 4.5, 5],
    best: 0.9535288567,
  },
  66: {
    start: [0, 1.05, 2.9],
    f: "0.2 * x3 - 0.8 * x1",
    ge: ["x2 - exp(x1)", "x3 - exp(x2)"],
    lower: 0,
    upper: [100, 100, 10],
    best: 0.5181632741,
  },
  71: {
    start: [1, 5, 5, 1],
    f: "x1 * x4 * (x1 + x2 + x3) + x3",
    ge: ["x1 * x2 * x3 * x4 - 25"],
    eq: ["x1^2 + x2^2 + x3^2 + x4^2 - 40"],
    lower: 1,
    upper: 5,
    best: 17.0140173,
  },
  72: {
    start: [1, 1, 1, 1],
    f: "1 + x1 + x2 + x3 + x4",
    ge: [
      "0.0401 - 4 / x1 - 2.25 / x2 - 1 / x3 - 0.25 / x4",
      "0.010085 - 0.16 / x1 - 0.36 / x2 - 0.64 / x3 - 0.64 / x4",
    ],
    lower: 0.001,
    upper: [4e5, 3e5, 2e5, 1e5],
    best: 727.67937,
  },
  73: {
    start: [1, 1, 1, 1],
    f: "24.55 * x1 + 26.75 * x2 + 39 * x3 + 40.5 * x4",
    ge: [
      "2.3 * x1 + 5.6 * x2 + 11.1 * x3 + 1.3 * x4 - 5",
      "12 * x1 + 11.9 * x2 + 41.8 * x3 + 52.1 * x4 - 21 - 1.645 * sqrt(0.28 * x1^2 + 0.19 * x2^2 + 20.5 * x3^2 + 0.62 * x4^2)",
    ],
    eq: ["x1 + x2 + x3 + x4 - 1"],
    lower: 0,
    best: 29.89437816,
  },
  74: { ...flow(0.55), best: 5126.4981 },
  75: { ...flow(0.48), best: 5174.4129 },
  76: {
    start: repeat(0.5, 4),
    f: "x1^2 + 0.5 * x2^2 + x3^2 + 0.5 * x4^2 - x1 * x3 + x3 * x4 - x1 - 3 * x2 + x3 - x4",
    ge: ["5 - x1 - 2 * x2 - x3 - x4", "4 - 3 * x1 - x2 - 2 * x3 + x4", "x2 + 4 * x3 - 1.5"],
    lower: 0,
    best: -4.681818181,
  },
  77: {
    start: repeat(2, 5),
    f: "(x1 - 1)^2 + (x1 - x2)^2 + (x3 - 1)^2 + (x4 - 1)^4 + (x5 - 1)^6",
    eq: ["x1^2 * x4 + sin(x4 - x5) - 2 * sqrt(2)", "x2 + x3^4 * x4^2 - 8 - sqrt(2)"],
    best: 0.24150513,
  },
  78: { start: [-2, 1.5, 2, -1, -1], f: product5, eq: rows78, best: -2.91970041 },
  79: {
    start: repeat(2, 5),
    f: "(x1 - 1)^2 + (x1 - x2)^2 + (x2 - x3)^2 + (x3 - x4)^4 + (x4 - x5)^4",
    eq: ["x1 + x2^2 + x3^3 - 2 - 3 * sqrt(2)", "x2 - x3^2 + x4 + 2 - 2 * sqrt(2)", "x1 * x5 - 2"],
    best: 0.0787768209,
  },
  80: {
    start: [-2, 2, 2, -1, -1],
    f: `exp(${product5})`,
    eq: rows78,
    lower: box80.map((b) => -b),
    upper: box80,
    best: 0.0539498478,
  },
  81: {
    start: [-2, 2, 2, -1, -1],
    f: `exp(${product5}) - 0.5 * (x1^3 + x2^3 + 1)^2`,
    eq: rows78,
    lower: box80.map((b) => -b),
    upper: box80,
    best: 0.0539498478,
  },
  83: {
    start: [78, 33, 27, 27, 27],
    f: "5.3578547 * x3^2 + 0.8356891 * x1 * x5 + 37.293239 * x1 - 40792.141",
    ge: [
      ["85.334407 + 0.0056858 * x2 * x5 + 0.0006262 * x1 * x4 - 0.0022053 * x3 * x5", 0, 92],
      ["80.51249 + 0.0071317 * x2 * x5 + 0.0029955 * x1 * x2 + 0.0021813 * x3^2", 90, 110],
      ["9.300961 + 0.0047026 * x3 * x5 + 0.0012547 * x1 * x3 + 0.0019085 * x3 * x4", 20, 25],
    ].flatMap(([text, low, high]) => [`${text} - ${low}`, `${high} - (${text})`]),
    lower: [78, 33, 27, 27, 27],
    upper: [102, 45, 45, 45, 45],
    best: -30665.53867,
  },
  86: {
    start: [0, 0, 0, 0, 1],
    f: `${sum(colville.e.map((e, j) => `(${e}) * x${j + 1}`))} + ${quadratic(1)} + ${sum(colville.d.map((d, j) => `${d} * x${j + 1}^3`))}`,
    ge: colville.a.map((row, i) => `${sum(row.map((a, j) => `(${a}) * x${j + 1}`))} - (${colville.b[i]})`),
    lower: 0,
    best: -32.34867897,
  },
  93: {
    start: [5.54, 4.4, 12.02, 11.82, 0.702, 0.852],
    f:
      "0.0204 * x1 * x4 * (x1 + x2 + x3) + 0.0187 * x2 * x3 * (x1 + 1.57 * x2 + x4) + " +
      "0.0607 * x1 * x4 * x5^2 * (x1 + x2 + x3) + 0.0437 * x2 * x3 * x6^2 * (x1 + 1.57 * x2 + x4)",
    ge: [
      "0.001 * x1 * x2 * x3 * x4 * x5 * x6 - 2.07",
      "1 - 0.00062 * x1 * x4 * x5^2 * (x1 + x2 + x3) - 0.00058 * x2 * x3 * x6^2 * (x1 + 1.57 * x2 + x4)",
    ],
    lower: 0,
    best: 135.075961,
  },
  100: {
    start: [1, 2, 0, 4, 0, 1, 1],
    f:
      "(x1 - 10)^2 + 5 * (x2 - 12)^2 + x3^4 + 3 * (x4 - 11)^2 + 10 * x5^6 + 7 * x6^2 + x7^4 " +
      "- 4 * x6 * x7 - 10 * x6 - 8 * x7",
    ge: [
      "127 - 2 * x1^2 - 3 * x2^4 - x3 - 4 * x4^2 - 5 * x5",
      "282 - 7 * x1 - 3 * x2 - 10 * x3^2 - x4 + x5",
      "196 - 23 * x1 - x2^2 - 6 * x6^2 + 8 * x7",
      "-4 * x1^2 - x2^2 + 3 * x1 * x2 - 2 * x3^2 - 5 * x6 + 11 * x7",
    ],
    best: 680.6300573,
  },
  104: {
    start: [6, 3, 0.4, 0.2, 6, 6, 1, 0.5],
    f: "0.4 * x1^0.67 * x7^(-0.67) + 0.4 * x2^0.67 * x8^(-0.67) + 10 - x1 - x2",
    ge: [
      "1 - 0.0588 * x5 * x7 - 0.1 * x1",
      "1 - 0.0588 * x6 * x8 - 0.1 * x1 - 0.1 * x2",
      "1 - 4 * x3 / x5 - 2 * x3^(-0.71) / x5 - 0.0588 * x3^(-1.3) * x7",
      "1 - 4 * x4 / x6 - 2 * x4^(-0.71) / x6 - 0.0588 * x4^(-1.3) * x8",
      "0.4 * x1^0.67 * x7^(-0.67) + 0.4 * x2^0.67 * x8^(-0.67) + 9 - x1 - x2",
      "4.2 - (0.4 * x1^0.67 * x7^(-0.67) + 0.4 * x2^0.67 * x8^(-0.67) + 10 - x1 - x2)",
    ],
    lower: 0.1,
    upper: 10,
    best: 3.9511634396,
  },
  106: {
    start: [5000, 5000, 5000, 200, 350, 150, 225, 425],
    f: "x1 + x2 + x3",
    ge: [
      "1 - 0.0025 * (x4 + x6)",
      "1 - 0.0025 * (x5 + x7 - x4)",
      "1 - 0.01 * (x8 - x5)",
      "x1 * x6 - 833.33252 * x4 - 100 * x1 + 83333.333",
      "x2 * x7 - 1250 * x5 - x2 * x4 + 1250 * x4",
      "x3 * x8 - 1250000 - x3 * x5 + 2500 * x5",
    ],
    lower: [100, 1000, 1000, 10, 10, 10, 10, 10],
    upper: [10000, 10000, 10000, 1000, 1000, 1000, 1000, 1000],
    best: 7049.330923,
    correction: {
      f: 7049.24802052867,
      reason: "the book's solution is exact to 1e-5 only; value of G10 in the CEC 2006 collection",
    },
  },
  108: {
    start: repeat(1, 9),
    f: "-0.5 * (x1 * x4 - x2 * x3 + x3 * x9 - x5 * x9 + x5 * x8 - x6 * x7)",
    ge: [
      "1 - x3^2 - x4^2",
      "1 - x9^2",
      "1 - x5^2 - x6^2",
      "1 - x1^2 - (x2 - x9)^2",
      "1 - (x1 - x5)^2 - (x2 - x6)^2",
      "1 - (x1 - x7)^2 - (x2 - x8)^2",
      "1 - (x3 - x5)^2 - (x4 - x6)^2",
      "1 - (x3 - x7)^2 - (x4 - x8)^2",
      "1 - x7^2 - (x8 - x9)^2",
      "x1 * x4 - x2 * x3",
      "x3 * x9",
      "-x5 * x9",
      "x5 * x8 - x6 * x7",
    ],
    lower: [...repeat(-free, 8), 0],
    best: -Math.sqrt(3) / 2,
    other: {
      f: -0.6749814281,
      reason: "one of the local optima of the largest hexagon of diameter 1",
      near: [0.88, 0.47, 0.04, 1, 0.88, 0.47, 0.04, 1, 0],
    },
  },
  110: {
    start: repeat(9, 10),
    f: `${sum(Array.from({ length: 10 }, (_, i) => `log(x${i + 1} - 2)^2 + log(10 - x${i + 1})^2`))} - (${Array.from({ length: 10 }, (_, i) => `x${i + 1}`).join(" * ")})^0.2`,
    lower: 2.001,
    upper: 9.999,
    best: -45.77846971,
  },
  111: {
    start: repeat(-2.3, 10),
    f: sum(
      chemical.map(
        (c, j) =>
          `exp(x${j + 1}) * (${c} + x${j + 1} - log(${sum(Array.from({ length: 10 }, (_, k) => `exp(x${k + 1})`))}))`,
      ),
    ),
    eq: chemicalRows((j) => `exp(x${j})`),
    lower: -100,
    upper: 100,
    best: -47.76109026,
  },
  112: {
    start: repeat(0.1, 10),
    f: sum(
      chemical.map(
        (c, j) => `x${j + 1} * (${c} + log(x${j + 1} / (${sum(Array.from({ length: 10 }, (_, k) => `x${k + 1}`))})))`,
      ),
    ),
    eq: chemicalRows((j) => `x${j}`),
    lower: 1e-6,
    best: -47.707579,
    correction: { f: -47.76109026, reason: "problem 111 in other variables, with a value that the book has there" },
  },
  113: {
    start: [2, 3, 5, 5, 1, 2, 7, 3, 6, 10],
    f:
      "x1^2 + x2^2 + x1 * x2 - 14 * x1 - 16 * x2 + (x3 - 10)^2 + 4 * (x4 - 5)^2 + (x5 - 3)^2 + 2 * (x6 - 1)^2 + " +
      "5 * x7^2 + 7 * (x8 - 11)^2 + 2 * (x9 - 10)^2 + (x10 - 7)^2 + 45",
    ge: [
      "105 - 4 * x1 - 5 * x2 + 3 * x7 - 9 * x8",
      "-10 * x1 + 8 * x2 + 17 * x7 - 2 * x8",
      "8 * x1 - 2 * x2 - 5 * x9 + 2 * x10 + 12",
      "-3 * (x1 - 2)^2 - 4 * (x2 - 3)^2 - 2 * x3^2 + 7 * x4 + 120",
      "-5 * x1^2 - 8 * x2 - (x3 - 6)^2 + 2 * x4 + 40",
      "-0.5 * (x1 - 8)^2 - 2 * (x2 - 4)^2 - 3 * x5^2 + x6 + 30",
      "-x1^2 - 2 * (x2 - 2)^2 + 2 * x1 * x2 - 14 * x5 + 6 * x6",
      "3 * x1 - 6 * x2 - 12 * (x9 - 8)^2 + 7 * x10",
    ],
    best: 24.3062091,
  },
  117: {
    start: [...repeat(0.001, 6), 60, ...repeat(0.001, 8)],
    f: `${sum(colville.b.map((b, j) => `(${-b}) * x${j + 1}`))} + ${quadratic(11)} + ${sum(colville.d.map((d, j) => `${2 * d} * x${11 + j}^3`))}`,
    ge: colville.e.map(
      (e, j) =>
        `2 * (${sum(colville.c.map((row, k) => `(${row[j]}) * x${11 + k}`))}) + ${3 * colville.d[j]} * x${11 + j}^2 + (${e}) - (${sum(colville.a.map((row, k) => `(${row[j]}) * x${k + 1}`))})`,
    ),
    lower: 0,
    best: 32.34867897,
  },
  118: {
    start: [20, 55, 15, 20, 60, 20, 20, 60, 20, 20, 60, 20, 20, 60, 20],
    f: sum(
      [0, 3, 6, 9, 12].map(
        (k) =>
          `2.3 * x${k + 1} + 0.0001 * x${k + 1}^2 + 1.7 * x${k + 2} + 0.0001 * x${k + 2}^2 + 2.2 * x${k + 3} + 0.00015 * x${k + 3}^2`,
      ),
    ),
    ge: [
      ...[3, 6, 9, 12].flatMap((k) => [
        `x${k + 1} - x${k - 2} + 7`,
        `6 - x${k + 1} + x${k - 2}`,
        `x${k + 2} - x${k - 1} + 7`,
        `7 - x${k + 2} + x${k - 1}`,
        `x${k + 3} - x${k} + 7`,
        `6 - x${k + 3} + x${k}`,
      ]),
      ...[60, 50, 70, 85, 100].map((b, i) => `x${3 * i + 1} + x${3 * i + 2} + x${3 * i + 3} - ${b}`),
    ],
    lower: [8, 43, 3, ...repeat(0, 12)],
    upper: [21, 57, 16, ...[0, 1, 2, 3].flatMap(() => [90, 120, 60])],
    best: 664.82045,
  },
};
