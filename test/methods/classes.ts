/**
 * Seeded classes of random bilevel problems as hand-written oracles (exactHypergradient.ts measures how well a point solves them).
 *
 *   C1   g = ½ yᵀHy - yᵀ(Ax + b), condition of H up to 1e4; f a least-squares fit, for half the instances plus cosines
 *   C1b  the same with every variable scaled by 1e-3 … 1e3
 *   C2   g = mean loss(Ty - b) + ½ sum exp(x) y²; f = mean loss on other data; loss logistic, softplus-smoothed or log-cosh
 *   C4   C1 with boxes at both levels
 */
import { symmetricEigen } from "../../src/num/eigen.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { dot, matvecInto, matvecTransposedInto } from "../../src/num/vector.js";
import { box, type HandLevel, type HandProblem } from "./handOracle.js";

type Vector = Float64Array;

export interface Instance {
  readonly label: string;
  readonly problem: HandProblem;
  /** Scale of each variable: u = x / scaleX is even. */
  readonly scaleX: Vector;
  readonly scaleY: Vector;
}

const SIZES: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 3],
  [3, 8],
  [5, 15],
  [10, 30],
  [20, 50],
];

function normals(k: number, random: Random, scale = 1): Vector {
  return Float64Array.from({ length: k }, () => scale * random.normal());
}

/** Symmetric with eigenvalues spread evenly in logarithm over [kappa^-½, kappa^½] and random vectors. */
function conditioned(m: number, kappa: number, random: Random): Vector {
  const S = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) S[i * m + j] = S[j * m + i] = random.normal();
  const { vectors } = symmetricEigen(S, m);
  const H = new Float64Array(m * m);
  for (let k = 0; k < m; k++) {
    const lambda = m === 1 ? 1 : kappa ** (k / (m - 1) - 0.5);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < m; j++) H[i * m + j] += lambda * vectors[i * m + k] * vectors[j * m + k];
  }
  return H;
}

interface Quadratic {
  readonly f: HandLevel;
  readonly g: HandLevel;
}

function quadratic(n: number, m: number, kappa: number, waves: number, random: Random): Quadratic {
  const H = conditioned(m, kappa, random);
  const A = normals(m * n, random, 1 / Math.sqrt(n));
  const b = normals(m, random);
  const xt = normals(n, random);
  const yt = normals(m, random);
  const t = new Float64Array(m);
  const f: HandLevel = {
    value(x, y) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += 0.5 * (x[i] - xt[i]) ** 2 + waves * Math.cos(2 * x[i]);
      for (let j = 0; j < m; j++) sum += 0.5 * (y[j] - yt[j]) ** 2 + waves * Math.cos(y[j]);
      return sum;
    },
    gradX(x, _y, out) {
      for (let i = 0; i < n; i++) out[i] = x[i] - xt[i] - 2 * waves * Math.sin(2 * x[i]);
    },
    gradY(_x, y, out) {
      for (let j = 0; j < m; j++) out[j] = y[j] - yt[j] - waves * Math.sin(y[j]);
    },
  };
  const g: HandLevel = {
    value(x, y) {
      matvecInto(H, y, t);
      let sum = 0.5 * dot(y, t) - dot(y, b);
      matvecInto(A, x, t);
      sum -= dot(y, t);
      return sum;
    },
    gradX(_x, y, out) {
      matvecTransposedInto(A, y, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
    gradY(x, y, out) {
      matvecInto(H, y, out);
      matvecInto(A, x, t);
      for (let j = 0; j < m; j++) out[j] -= t[j] + b[j];
    },
    hvpYY(_x, _y, v, out) {
      matvecInto(H, v, out);
    },
    jvpXY(_x, _y, v, out) {
      matvecTransposedInto(A, v, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
    jvpYX(_x, _y, u, out) {
      matvecInto(A, u, out);
      for (let j = 0; j < m; j++) out[j] = -out[j];
    },
  };
  return { f, g };
}

/** The level in variables x' = sx x, y' = sy y. */
function rescaled(level: HandLevel, sx: Vector, sy: Vector): HandLevel {
  const u = new Float64Array(sx.length);
  const w = new Float64Array(sy.length);
  const v = new Float64Array(sy.length);
  const to = (x: Vector, y: Vector): void => {
    for (let i = 0; i < u.length; i++) u[i] = x[i] / sx[i];
    for (let j = 0; j < w.length; j++) w[j] = y[j] / sy[j];
  };
  const by = (s: Vector, out: Vector): void => {
    for (let i = 0; i < s.length; i++) out[i] /= s[i];
  };
  return {
    value(x, y) {
      to(x, y);
      return level.value(u, w);
    },
    gradX(x, y, out) {
      to(x, y);
      level.gradX(u, w, out);
      by(sx, out);
    },
    gradY(x, y, out) {
      to(x, y);
      level.gradY(u, w, out);
      by(sy, out);
    },
    hvpYY(x, y, d, out) {
      to(x, y);
      for (let j = 0; j < v.length; j++) v[j] = d[j] / sy[j];
      level.hvpYY?.(u, w, v, out);
      by(sy, out);
    },
    jvpXY(x, y, d, out) {
      to(x, y);
      for (let j = 0; j < v.length; j++) v[j] = d[j] / sy[j];
      level.jvpXY?.(u, w, v, out);
      by(sx, out);
    },
  };
}

interface Loss {
  readonly name: string;
  readonly value: (t: number) => number;
  readonly first: (t: number) => number;
  readonly second: (t: number) => number;
}
const sigma = (t: number): number => 1 / (1 + Math.exp(-t));
const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
const losses: readonly Loss[] = [
  { name: "logistic", value: (t) => softplus(-t), first: (t) => -sigma(-t), second: (t) => sigma(t) * sigma(-t) },
  {
    name: "softplus",
    value: (t) => softplus(t - 1) + softplus(-t - 1),
    first: (t) => sigma(t - 1) - sigma(-t - 1),
    second: (t) => sigma(t - 1) * sigma(1 - t) + sigma(-t - 1) * sigma(t + 1),
  },
  {
    name: "log-cosh",
    value: (t) => Math.abs(t) + Math.log1p(Math.exp(-2 * Math.abs(t))) - Math.LN2,
    first: (t) => Math.tanh(t),
    second: (t) => 1 - Math.tanh(t) ** 2,
  },
];

function learning(n: number, m: number, loss: Loss, random: Random): Quadratic {
  const rows = 4 * m + 10;
  const truth = normals(m, random);
  const data = (): { T: Vector; c: Vector } => {
    const T = normals(rows * m, random);
    const c = new Float64Array(rows);
    matvecInto(T, truth, c);
    for (let i = 0; i < rows; i++) {
      const noisy = c[i] + 0.5 * random.normal();
      if (loss.name !== "logistic") {
        c[i] = noisy;
        continue;
      }
      // Labels go into the rows: the margin of row i is label (row · y).
      const label = noisy >= 0 ? 1 : -1;
      for (let j = 0; j < m; j++) T[i * m + j] *= label;
      c[i] = 0;
    }
    return { T, c };
  };
  const train = data();
  const held = data();
  const r = new Float64Array(rows);
  const meanLoss = ({ T, c }: { T: Vector; c: Vector }, y: Vector): number => {
    matvecInto(T, y, r);
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += loss.value(r[i] - c[i]);
    return sum / rows;
  };
  const slope = ({ T, c }: { T: Vector; c: Vector }, y: Vector, out: Vector): void => {
    matvecInto(T, y, r);
    for (let i = 0; i < rows; i++) r[i] = loss.first(r[i] - c[i]) / rows;
    matvecTransposedInto(T, r, out);
  };
  const w = new Float64Array(rows);
  const f: HandLevel = {
    value: (_x, y) => meanLoss(held, y),
    gradX: (_x, _y, out) => {
      out.fill(0);
    },
    gradY: (_x, y, out) => slope(held, y, out),
  };
  const g: HandLevel = {
    value(x, y) {
      let sum = meanLoss(train, y);
      for (let j = 0; j < m; j++) sum += 0.5 * Math.exp(x[j % n]) * y[j] * y[j];
      return sum;
    },
    gradX(x, y, out) {
      out.fill(0);
      for (let j = 0; j < m; j++) out[j % n] += 0.5 * Math.exp(x[j % n]) * y[j] * y[j];
    },
    gradY(x, y, out) {
      slope(train, y, out);
      for (let j = 0; j < m; j++) out[j] += Math.exp(x[j % n]) * y[j];
    },
    hvpYY(x, y, v, out) {
      const { T, c } = train;
      matvecInto(T, y, r);
      matvecInto(T, v, w);
      for (let i = 0; i < rows; i++) w[i] *= loss.second(r[i] - c[i]) / rows;
      matvecTransposedInto(T, w, out);
      for (let j = 0; j < m; j++) out[j] += Math.exp(x[j % n]) * v[j];
    },
    jvpXY(x, y, v, out) {
      out.fill(0);
      for (let j = 0; j < m; j++) out[j % n] += Math.exp(x[j % n]) * y[j] * v[j];
    },
  };
  return { f, g };
}

export type ClassName = "C1" | "C1b" | "C2" | "C4";

/** Instance `index` of a class; the same in any process. */
export function instance(name: ClassName, index: number): Instance {
  const random = createRandom(7).split(`${name === "C1b" ? "C1" : name} ${index}`);
  const [n, m] = SIZES[index % SIZES.length];
  const ones = (k: number): Vector => new Float64Array(k).fill(1);
  if (name === "C2") {
    const loss = losses[index % losses.length];
    const groups = index % 2 === 0 ? 1 : Math.min(n, m);
    const levels = learning(groups, m, loss, random);
    // Weak but not vanishing ridge keeps every optimum at finite x.
    const blocksX = [box(new Float64Array(groups).fill(-8), new Float64Array(groups).fill(4))];
    const startX = new Float64Array(groups).fill(-1);
    const problem = { name: `C2 ${index}`, n: groups, m, ...levels, startX, blocksX };
    return { label: `C2 ${index} ${loss.name} ${groups}+${m}`, problem, scaleX: ones(groups), scaleY: ones(m) };
  }
  const kappa = 10 ** (4 * random.uniform());
  const levels = quadratic(n, m, kappa, index % 2 === 0 ? 0 : 1, random);
  const label = `${name} ${index} ${n}+${m} kappa ${kappa.toPrecision(2)}${index % 2 === 0 ? "" : " nonconvex"}`;
  if (name === "C4") {
    const blocksX = [box(new Float64Array(n).fill(-1), new Float64Array(n).fill(0.5))];
    const blocksY = [box(new Float64Array(m).fill(-1), new Float64Array(m).fill(1))];
    return { label, problem: { name: label, n, m, ...levels, blocksX, blocksY }, scaleX: ones(n), scaleY: ones(m) };
  }
  if (name === "C1") return { label, problem: { name: label, n, m, ...levels }, scaleX: ones(n), scaleY: ones(m) };
  const spread = random.split("scales");
  const scaleX = Float64Array.from({ length: n }, () => 10 ** (6 * spread.uniform() - 3));
  const scaleY = Float64Array.from({ length: m }, () => 10 ** (6 * spread.uniform() - 3));
  const problem = {
    name: label,
    n,
    m,
    f: rescaled(levels.f, scaleX, scaleY),
    g: rescaled(levels.g, scaleX, scaleY),
  };
  return { label, problem, scaleX, scaleY };
}
