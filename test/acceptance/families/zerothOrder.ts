/** Acceptance rows of the zerothOrder family. */
import type { End, Row } from "../row.js";

/** Upper value of example 5.3 at the end point. */
const upper = { name: "f", of: ({ x, y }: End) => (x[0] - y[1]) ** 2 + (y[0] - 1) ** 2 };
const recorded = { name: "recorded", of: ({ extra }: End) => extra.recorded };
const within = (value: number, share: number) => ({ from: value * (1 - share), to: value * (1 + share) });
/** The published mean of all recorded points. */
const switching = { K0: 2000, K: 10_000, tau: 0.01, theta: 1e-3, suffix: 1 };
const descent = { delta: 1e-2, eta: 0.1, K0: 50, K: 200, tau: 0.05, theta: 1e-3 };

export const zerothOrder: readonly Row[] = [
  {
    method: "sgm",
    problem: "E53",
    start: { x: [1] },
    options: switching,
    iterations: 10_000,
    expected: {
      measures: [
        { ...upper, ...within(2.58e-5, 0.05) },
        { ...recorded, ...within(9846, 0.05) },
      ],
    },
  },
  {
    method: "sgm",
    problem: "E53",
    start: { x: [0] },
    options: switching,
    iterations: 10_000,
    expected: { measures: [{ ...upper, ...within(0.914, 0.002) }] },
    note: "phi(0) = 1: the relaxation 2 theta lets y1 move by sqrt(2 theta) = 0.045 towards 1",
  },
  {
    method: "sgm",
    problem: "E53",
    start: { x: [3] },
    options: switching,
    iterations: 10_000,
    expected: { measures: [{ ...upper, ...within(4.07, 0.002) }] },
    note: "phi(3) = 4: y2 lags in the mean of all recorded points",
  },
  {
    method: "igfm",
    problem: "E53",
    start: { x: [0] },
    options: descent,
    iterations: 300,
    seeds: [1, 2, 3],
    expected: { x: [0.9653], within: 0.05 },
    note: "bias of theta",
  },
  ...([
    [0.1, 2],
    [-0.3, -2],
    [0, 0],
  ].map(([from, to]) => ({
    method: "igfm",
    problem: "EX51",
    start: { x: [from] },
    options: descent,
    iterations: 300,
    seeds: [1, 2, 3],
    expected: { x: [to], within: 1e-9 },
    ...(from === 0 ? { note: "the symmetric difference at 0 is exactly 0, and 0 is Goldstein stationary" } : {}),
  })) satisfies Row[]),
  {
    method: "pzobo",
    problem: "P1",
    options: { Q: 10, smoothing: 0.01, eta: 0.02, K: 20 },
    iterations: 2000,
    seeds: [1, 2, 3],
    expected: { x: [7], within: 1.8 },
    note: "three standard deviations of the stationary spread, 0.58",
  },
];
