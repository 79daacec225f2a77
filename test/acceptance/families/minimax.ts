/** Acceptance rows of the minimax family. */
import type { End, Row } from "../row.js";

const norm = { name: "norm of (x, y)", of: ({ x, y }: End) => Math.hypot(x[0], y[0]) };
const saddle = { x: [0.5], y: [1.5], within: 1e-10 };

export const minimax: readonly Row[] = [
  { method: "gda", problem: "M1", options: { etaX: 0.1, etaY: 0.2 }, iterations: 200, expected: saddle },
  {
    method: "gda",
    problem: "M1",
    options: { etaX: 0.1, etaY: 0.2, order: "alternating" },
    iterations: 200,
    expected: saddle,
  },
  { method: "extragradient", problem: "M1", options: { eta: 0.1 }, iterations: 200, expected: saddle },
  { method: "ogda", problem: "M1", options: { eta: 0.1 }, iterations: 200, expected: saddle },
  { method: "tt-gda", problem: "M1", options: {}, iterations: 6000, expected: saddle },
  {
    method: "gda",
    problem: "M2",
    options: { etaX: 0.1, etaY: 0.1 },
    iterations: 100,
    expected: { measures: [{ ...norm, from: 2.1, to: 2.56 }] },
    note: "each step multiplies the norm by sqrt(1 + 0.01): 2.33 after 100",
  },
  {
    method: "extragradient",
    problem: "M2",
    options: { eta: 0.1 },
    iterations: 2000,
    expected: { measures: [{ ...norm, from: 6.3e-5, to: 7.7e-5 }] },
  },
  {
    method: "ogda",
    problem: "M2",
    options: { eta: 0.1 },
    iterations: 2000,
    expected: { measures: [{ ...norm, from: 5.4e-5, to: 5.7e-5 }] },
    note: "the step's eigenvalue has |λ|² = (1 + sqrt(1 - 4 eta²))²/4 + eta²: sqrt(2) |λ|^2000 = 5.5e-5, with half the gradients of extragradient",
  },
];
