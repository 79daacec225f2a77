/** The functions of the finite sums of test/support/finiteSums.ts once more, with derivatives by hand. */
import { CLASSES, type Cleaning, type Logistic, type Matrix, type NetworkCleaning } from "../../support/finiteSums.js";
import { dot, type Rows, type Vector, zeros } from "./algebra.js";
import type { Levels } from "./levels.js";

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
/** ln(1 + exp(v)) */
const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

/** Mean of softplus(-t_i a_i w) over rows of A: value, gradient; Hessian added to H where given. */
function logisticLoss(A: Matrix, t: readonly number[], w: Vector, H?: Rows): { value: number; gradient: Vector } {
  const gradient = w.map(() => 0);
  let value = 0;
  A.forEach((a, i) => {
    const margin = t[i] * dot(a, w);
    value += softplus(-margin) / A.length;
    const p = sigmoid(-margin);
    for (let j = 0; j < w.length; j++) {
      gradient[j] -= (t[i] * p * a[j]) / A.length;
      if (H) for (let k = 0; k < w.length; k++) H[j][k] += (p * (1 - p) * a[j] * a[k]) / A.length;
    }
  });
  return { value, gradient };
}

/** x = rho */
export function logisticLevels({ A, t, B, s }: Logistic): Levels {
  return {
    box: [-12, 4],
    lower: ([rho], w) => logisticLoss(A, t, w).value + 0.5 * Math.exp(rho) * dot(w, w),
    lowerGradient: ([rho], w) => logisticLoss(A, t, w).gradient.map((g, j) => g + Math.exp(rho) * w[j]),
    lowerHessian: ([rho], w) => {
      const H = zeros(w.length, w.length);
      logisticLoss(A, t, w, H);
      for (let j = 0; j < w.length; j++) H[j][j] += Math.exp(rho);
      return H;
    },
    cross: ([rho], w, v) => [Math.exp(rho) * dot(w, v)],
    upper: (w) => logisticLoss(B, s, w).value,
    upperGradient: (w) => logisticLoss(B, s, w).gradient,
  };
}

/** Softmax probabilities of scores, and the cross-entropy of class `label` (from 1). */
function entropy(scores: Vector, label: number): { value: number; p: Vector } {
  const top = Math.max(...scores);
  const e = scores.map((z) => Math.exp(z - top));
  const sum = e.reduce((a, b) => a + b);
  return { value: top + Math.log(sum) - scores[label - 1], p: e.map((v) => v / sum) };
}

/** Scores a W with W stored by rows: W[j][c] = w[3j + c]. */
const linearScores = (a: readonly number[], w: Vector, from = 0): Vector =>
  Array.from({ length: CLASSES }, (_, c) => a.reduce((s, v, j) => s + v * w[from + CLASSES * j + c], 0));

/** Cross-entropy of one row and its gradient in W, for softmax regression. */
function softmaxTerm(a: readonly number[], label: number, w: Vector): { value: number; p: Vector; gradient: Vector } {
  const { value, p } = entropy(linearScores(a, w), label);
  const gradient = a.flatMap((v) => p.map((q, c) => v * (q - (c === label - 1 ? 1 : 0))));
  return { value, p, gradient };
}

interface Term {
  readonly value: number;
  readonly gradient: Vector;
}

/** The levels of a cleaning problem whose model gives value and gradient of one row's loss in y. */
function cleaningLevels(
  { A, label, B, target, ridge }: Cleaning,
  term: (a: readonly number[], label: number, y: Vector) => Term,
  hessian: (levels: Pick<Levels, "lowerGradient">, x: Vector, y: Vector) => Rows,
): Levels {
  const lowerGradient = (x: Vector, y: Vector): Vector => {
    const out = y.map((v) => 2 * ridge * v);
    A.forEach((a, i) => {
      const { gradient } = term(a, label[i], y);
      const weight = sigmoid(x[i]) / A.length;
      for (let j = 0; j < out.length; j++) out[j] += weight * gradient[j];
    });
    return out;
  };
  return {
    box: [-5, 5],
    lower: (x, y) =>
      A.reduce((s, a, i) => s + (sigmoid(x[i]) * term(a, label[i], y).value) / A.length, ridge * dot(y, y)),
    lowerGradient,
    lowerHessian: (x, y) => hessian({ lowerGradient }, x, y),
    cross: (x, y, v) =>
      A.map((a, i) => {
        const weight = sigmoid(x[i]);
        return (weight * (1 - weight) * dot(term(a, label[i], y).gradient, v)) / A.length;
      }),
    upper: (y) => B.reduce((s, b, j) => s + term(b, target[j], y).value / B.length, 0),
    upperGradient: (y) => {
      const out = y.map(() => 0);
      B.forEach((b, j) => {
        const { gradient } = term(b, target[j], y);
        for (let k = 0; k < out.length; k++) out[k] += gradient[k] / B.length;
      });
      return out;
    },
  };
}

export function softmaxLevels(data: Cleaning): Levels {
  const { A, label, ridge } = data;
  return cleaningLevels(data, softmaxTerm, (_, x, w) => {
    const H = zeros(w.length, w.length);
    for (let j = 0; j < w.length; j++) H[j][j] = 2 * ridge;
    A.forEach((a, i) => {
      const { p } = softmaxTerm(a, label[i], w);
      const weight = sigmoid(x[i]) / A.length;
      for (let c = 0; c < CLASSES; c++) {
        for (let d = 0; d < CLASSES; d++) {
          const curvature = weight * p[c] * ((c === d ? 1 : 0) - p[d]);
          for (let j = 0; j < a.length; j++) {
            const row = H[CLASSES * j + c];
            for (let k = 0; k < a.length; k++) row[CLASSES * k + d] += curvature * a[j] * a[k];
          }
        }
      }
    });
    return H;
  });
}

/** y = (V by rows, W by rows); the Hessian by differences of fourth order of the gradient, about ten digits. */
export function networkLevels(data: NetworkCleaning): Levels {
  const { hidden } = data;
  const features = data.A[0].length;
  const from = features * hidden;
  const term = (a: readonly number[], label: number, y: Vector): Term => {
    const z = Array.from({ length: hidden }, (_, h) => Math.tanh(a.reduce((s, v, j) => s + v * y[hidden * j + h], 0)));
    const { value, p } = entropy(linearScores(z, y, from), label);
    const q = p.map((v, c) => v - (c === label - 1 ? 1 : 0));
    const back = z.map((v, h) => (1 - v * v) * q.reduce((s, r, c) => s + r * y[from + CLASSES * h + c], 0));
    return { value, gradient: [...a.flatMap((v) => back.map((r) => v * r)), ...z.flatMap((v) => q.map((r) => v * r))] };
  };
  return cleaningLevels(data, term, ({ lowerGradient }, x, y) => {
    const h = 1e-3;
    const H = y.map((v, j) => {
      const at = (k: number): Vector => lowerGradient(x, y.with(j, v + k * h));
      const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
      return a.map((_, k) => (a[k] - 8 * b[k] + 8 * c[k] - d[k]) / (12 * h));
    });
    return H.map((row, j) => row.map((v, k) => 0.5 * (v + H[k][j])));
  });
}
