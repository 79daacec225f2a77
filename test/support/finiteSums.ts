/**
 * Seeded finite-sum problems in the language, with their data: logistic regression with a validated ridge, cleaning of
 * corrupted labels (softmax regression, and a network of two layers), adversarial training. What they minimise is written a
 * second time, with derivatives by hand, under test/matrix/reference.
 */
import { createRandom, type Random } from "../../src/num/random.js";

export type Matrix = readonly (readonly number[])[];

export interface Sizes {
  /** Training rows; as many again for validation. */
  readonly rows: number;
  readonly features: number;
  readonly seed: number;
  /** Terms in a minibatch; default 32. */
  readonly batch?: number;
}

export interface FiniteSum {
  readonly source: string;
  readonly params: Readonly<Record<string, number | number[] | number[][]>>;
}

const normals = (random: Random, rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));

const product = (row: readonly number[], w: readonly number[]): number => row.reduce((s, a, k) => s + a * w[k], 0);

export interface Logistic extends FiniteSum {
  readonly A: Matrix;
  readonly t: readonly number[];
  readonly B: Matrix;
  readonly s: readonly number[];
}

/** Labels +1 and -1 of a linear model with noise; rho is the logarithm of the ridge. */
export function logisticSum({ rows, features, seed, batch = 32 }: Sizes): Logistic {
  const random = createRandom(seed).split("logistic");
  const truth = Array.from({ length: features }, (_, k) => random.normal() / (1 + 0.3 * k));
  const labels = (X: Matrix): number[] => X.map((row) => (product(row, truth) + 1.5 * random.normal() > 0 ? 1 : -1));
  const A = normals(random, rows, features);
  const t = labels(A);
  const B = normals(random, rows, features);
  const s = labels(B);
  const source = `problem "Logistic regression, validated ridge"
param A
param t
param B
param s
upper {
  var rho in [-12, 4]
  minimize mean(j in 1..rows(B) batch ${batch}: softplus(-s[j] * (B[j, :] * w)))
}
lower {
  var w[cols(A)]
  minimize mean(i in 1..rows(A) batch ${batch}: softplus(-t[i] * (A[i, :] * w))) + 0.5 * exp(rho) * sumsq(w)
}
`;
  return { source, params: { A, t, B, s }, A, t, B, s };
}

export interface Cleaning extends FiniteSum {
  readonly A: Matrix;
  /** From 1; some replaced by another class. */
  readonly label: readonly number[];
  readonly corrupted: readonly boolean[];
  readonly B: Matrix;
  readonly target: readonly number[];
  readonly ridge: number;
}

export const CLASSES = 3;

/** Points around one centre per class; `share` of the training labels replaced by one of the other classes. */
function clusters({ rows, features, seed }: Sizes, share: number): Omit<Cleaning, "source" | "params" | "ridge"> {
  const random = createRandom(seed).split("cleaning");
  const centres = normals(random, CLASSES, features).map((c) => c.map((v) => 0.5 * v));
  const draw = (): { point: number[]; of: number } => {
    const of = random.integer(CLASSES);
    return { point: centres[of].map((c) => c + 0.7 * random.normal()), of: of + 1 };
  };
  const training = Array.from({ length: rows }, draw);
  const validation = Array.from({ length: rows }, draw);
  const corrupted = training.map(() => random.uniform() < share);
  const label = training.map(({ of }, i) => (corrupted[i] ? ((of + random.integer(CLASSES - 1)) % CLASSES) + 1 : of));
  return {
    A: training.map((p) => p.point),
    label,
    corrupted,
    B: validation.map((p) => p.point),
    target: validation.map((p) => p.of),
  };
}

/** Weights sigmoid(x_i) of training rows, as in Shen and Chen 2023 and Xiao, Lu and Chen 2023; softmax regression below. */
export function cleaningSum(sizes: Sizes, share = 0.4, ridge = 0.01): Cleaning {
  const { batch = 32 } = sizes;
  const data = clusters(sizes, share);
  const source = `problem "Hyper-cleaning"
param A
param label
param B
param target
upper {
  var x[rows(A)] in [-5, 5]
  minimize mean(j in 1..rows(B) batch ${batch}: crossentropy(B[j, :] * W, target[j]))
}
lower {
  var W[cols(A), ${CLASSES}]
  minimize mean(i in 1..rows(A) batch ${batch}: sigmoid(x[i]) * crossentropy(A[i, :] * W, label[i])) + ${ridge} * sumsq(W)
}
`;
  return { ...data, ridge, source, params: paramsOf(data) };
}

export interface NetworkCleaning extends Cleaning {
  readonly hidden: number;
}

/** The same with a network tanh(a V) W below; its start breaks the symmetry between hidden units. */
export function networkCleaningSum(sizes: Sizes, hidden = 5, share = 0.4, ridge = 0.02): NetworkCleaning {
  const { batch = 32, features, seed } = sizes;
  const data = clusters(sizes, share);
  const random = createRandom(seed).split("network");
  const V0 = normals(random, features, hidden).map((row) => row.map((v) => v / Math.sqrt(features)));
  const W0 = normals(random, hidden, CLASSES);
  const source = `problem "Hyper-cleaning, two layers"
param A
param label
param B
param target
param V0
param W0
upper {
  var x[rows(A)] in [-5, 5]
  minimize mean(j in 1..rows(B) batch ${batch}: crossentropy(tanh(B[j, :] * V) * W, target[j]))
}
lower {
  var V[cols(A), ${hidden}] init V0
  var W[${hidden}, ${CLASSES}] init W0
  minimize mean(i in 1..rows(A) batch ${batch}: sigmoid(x[i]) * crossentropy(tanh(A[i, :] * V) * W, label[i])) +
      ${ridge} * (sumsq(V) + sumsq(W))
}
`;
  return { ...data, ridge, hidden, source, params: { ...paramsOf(data), V0, W0 } };
}

function paramsOf({ A, label, B, target }: Pick<Cleaning, "A" | "label" | "B" | "target">): FiniteSum["params"] {
  const copy = (X: Matrix): number[][] => X.map((row) => [...row]);
  return { A: copy(A), label: [...label], B: copy(B), target: [...target] };
}

export interface Adversarial extends FiniteSum {
  readonly A: Matrix;
  readonly b: readonly number[];
  readonly care: readonly number[];
}

/** Example 5.4 of Chen, Xu and Zhang 2023; `idle`: the share of targets the adversary does not care about. */
export function adversarialSum({ rows, features, seed, batch = 32 }: Sizes, idle = 0): Adversarial {
  const random = createRandom(seed).split("adversarial");
  const A = normals(random, rows, features);
  const truth = Array.from({ length: features }, () => random.normal());
  const b = A.map((row) => product(row, truth) + 0.5 * random.normal());
  const care = A.map((_, i) => (i < idle * rows ? 0 : 0.25 + 0.75 * random.uniform()));
  const source = `problem "Adversarial training"
param A
param b
param care
upper {
  var x[cols(A)]
  minimize 0.5 * mean(i in 1..rows(A) batch ${batch}: (A[i, :] * x - y[i])^2)
}
lower {
  var y[rows(A)]
  minimize mean(i in 1..rows(A) batch ${batch}: care[i] * ((y[i] - A[i, :] * x)^2 + (y[i] - b[i])^2))
}
`;
  return { source, params: { A, b, care }, A, b, care };
}
