/**
 * C3: seeded bilevel problems with singular convex quadratic lower levels and their solutions by elimination.
 *
 *   C3   g = ½ (y - A x - b)ᵀ H (y - A x - b),  H = Q diag(d) Qᵀ, d from 1 down to 1/kappa on the range, zero on the kernel
 *        f = ½|x - s|² + ½|y - t|² + xᵀ C y     the last term couples x to the kernel (and keeps f convex)
 *   C3n  g = sum h(r_i) - rᵀ(B x + c),  r = R y with orthogonal rows of lengths 1 … 100,  h(r) = ½ r² + log cosh r
 *        f as in C3
 *
 * Lower solutions of C3: y = P(A x + b) + K w, P the projection on the range, K a basis of the kernel; then f is a quadratic in (x, w).
 */
import { symmetricEigen } from "../../src/num/eigen.js";
import { factorSymmetric, symmetricSolveInto } from "../../src/num/ldlt.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { axpyInto, dot, matvecInto, matvecTransposedInto, norm } from "../../src/num/vector.js";
import type { HandLevel, HandProblem } from "./handOracle.js";

type Vector = Float64Array;

const SIZES: readonly (readonly [n: number, m: number, kernel: number])[] = [
  [1, 2, 1],
  [2, 4, 2],
  [3, 8, 3],
  [5, 15, 5],
  [10, 30, 12],
  [20, 50, 10],
];

export interface SingularInstance {
  readonly problem: HandProblem;
  readonly x: Vector;
  readonly y: Vector;
}

function normals(k: number, random: Random, scale = 1): Vector {
  return Float64Array.from({ length: k }, () => scale * random.normal());
}

function orthogonal(m: number, random: Random): Vector {
  const S = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) S[i * m + j] = S[j * m + i] = random.normal();
  return symmetricEigen(S, m).vectors;
}

/** f = ½|x - s|² + ½|y - t|² + xᵀ C y */
function coupledFit(n: number, m: number, random: Random): HandLevel {
  const s = normals(n, random);
  const t = normals(m, random);
  const C = normals(n * m, random);
  // |C| < 1 keeps [I C; Cᵀ I] positive definite; the Frobenius norm bounds it.
  const shrink = 0.9 / norm(C);
  for (let k = 0; k < C.length; k++) C[k] *= shrink;
  const w = new Float64Array(n);
  return {
    value(x, y) {
      matvecInto(C, y, w);
      let sum = dot(x, w);
      for (let i = 0; i < n; i++) sum += 0.5 * (x[i] - s[i]) ** 2;
      for (let j = 0; j < m; j++) sum += 0.5 * (y[j] - t[j]) ** 2;
      return sum;
    },
    gradX(x, y, out) {
      matvecInto(C, y, out);
      for (let i = 0; i < n; i++) out[i] += x[i] - s[i];
    },
    gradY(x, y, out) {
      matvecTransposedInto(C, x, out);
      for (let j = 0; j < m; j++) out[j] += y[j] - t[j];
    },
  };
}

/** Instance `index`, the same in any process; `size` overrides the sizes it would have. */
export function singularInstance(index: number, size = SIZES[index % SIZES.length]): SingularInstance {
  const random = createRandom(11).split(`C3 ${index}`);
  const [n, m, kernel] = size;
  const rank = m - kernel;
  const kappa = index % 3 === 0 ? 1e4 : 10 ** (4 * random.uniform());
  const Q = orthogonal(m, random);
  const H = new Float64Array(m * m);
  for (let e = 0; e < rank; e++) {
    const d = rank === 1 ? 1 : kappa ** (-e / (rank - 1));
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) H[i * m + j] += d * Q[i * m + e] * Q[j * m + e];
  }
  const A = normals(m * n, random, 1 / Math.sqrt(n));
  const b = normals(m, random);
  const f = coupledFit(n, m, random);
  const r = new Float64Array(m);
  const Hr = new Float64Array(m);
  const u = new Float64Array(m);
  const rest = (x: Vector, y: Vector): void => {
    matvecInto(A, x, r);
    for (let j = 0; j < m; j++) r[j] = y[j] - r[j] - b[j];
    matvecInto(H, r, Hr);
  };
  const g: HandLevel = {
    value(x, y) {
      rest(x, y);
      return 0.5 * dot(r, Hr);
    },
    gradX(x, y, out) {
      rest(x, y);
      matvecTransposedInto(A, Hr, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
    gradY(x, y, out) {
      rest(x, y);
      out.set(Hr);
    },
    hvpYY: (_x, _y, v, out) => matvecInto(H, v, out),
    jvpXY(_x, _y, v, out) {
      matvecInto(H, v, u);
      matvecTransposedInto(A, u, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
    jvpYX(_x, _y, v, out) {
      matvecInto(A, v, u);
      matvecInto(H, u, out);
      for (let j = 0; j < m; j++) out[j] = -out[j];
    },
  };
  const name = `C3 ${index} ${n}+${m} kernel ${kernel} kappa ${kappa.toPrecision(2)}`;
  const solution = eliminate();
  return { problem: { name, n, m, f, g }, ...solution };

  /** Minimises f over x and w with y = P(A x + b) + K w: f in u = (x, w) is ½ uᵀ M u + cᵀ u by the columns of y = Y u + y0. */
  function eliminate(): { x: Vector; y: Vector } {
    const k = n + kernel;
    const project = (v: Vector): Vector => {
      const out = new Float64Array(m);
      for (let e = 0; e < rank; e++) {
        let c = 0;
        for (let i = 0; i < m; i++) c += Q[i * m + e] * v[i];
        for (let i = 0; i < m; i++) out[i] += c * Q[i * m + e];
      }
      return out;
    };
    const columns = Array.from({ length: k }, (_, c) =>
      c < n
        ? project(Float64Array.from({ length: m }, (_, j) => A[j * n + c]))
        : Float64Array.from({ length: m }, (_, j) => Q[j * m + rank + c - n]),
    );
    const y0 = project(b);
    const M = new Float64Array(k * k);
    const c = new Float64Array(k);
    // f's gradient in u is affine: c at u = 0, and the columns of M by unit steps.
    const gradient = (unit: number): Vector => {
      const x = new Float64Array(n);
      const y = y0.slice();
      if (unit >= 0) {
        if (unit < n) x[unit] = 1;
        axpyInto(1, columns[unit], y);
      }
      const fx = new Float64Array(n);
      const fy = new Float64Array(m);
      f.gradX(x, y, fx);
      f.gradY(x, y, fy);
      return Float64Array.from({ length: k }, (_, p) => (p < n ? fx[p] : 0) + dot(columns[p], fy));
    };
    c.set(gradient(-1));
    for (let q = 0; q < k; q++) {
      gradient(q).forEach((v, p) => {
        M[p * k + q] = v - c[p];
      });
    }
    const solved = c.map((v) => -v);
    symmetricSolveInto(factorSymmetric(M, k), solved);
    const y = y0.slice();
    columns.forEach((column, q) => {
      axpyInto(solved[q], column, y);
    });
    return { x: solved.slice(0, n), y };
  }
}

export interface CurvedInstance {
  readonly problem: HandProblem;
  /**
   * How far (x, y) is from being a solution, by scalar Newton solves: the lower equation, the kernel part of grad_y f, and the
   * gradient in x of f along the lower solutions with the kernel part held; `scale` is that of the gradients.
   */
  residuals(x: Vector, y: Vector): { lower: number; kernel: number; reduced: number; scale: number };
}

/** Instance `index` of C3n. */
export function curvedInstance(index: number): CurvedInstance {
  const random = createRandom(12).split(`C3n ${index}`);
  const [n, m, kernel] = SIZES[index % SIZES.length];
  const rank = m - kernel;
  const Q = orthogonal(m, random);
  const R = new Float64Array(rank * m);
  const length = (e: number): number => (rank === 1 ? 1 : 100 ** (e / (rank - 1)));
  for (let e = 0; e < rank; e++) for (let j = 0; j < m; j++) R[e * m + j] = length(e) * Q[j * m + e];
  const B = normals(rank * n, random, 1 / Math.sqrt(n));
  const c = normals(rank, random);
  const f = coupledFit(n, m, random);
  const r = new Float64Array(rank);
  const t = new Float64Array(rank);
  const first = (v: number): number => v + Math.tanh(v);
  const second = (v: number): number => 2 - Math.tanh(v) ** 2;
  const pull = (x: Vector): void => {
    matvecInto(B, x, t);
    for (let e = 0; e < rank; e++) t[e] += c[e];
  };
  const g: HandLevel = {
    value(x, y) {
      matvecInto(R, y, r);
      pull(x);
      let sum = -dot(r, t);
      for (let e = 0; e < rank; e++) {
        const size = Math.abs(r[e]);
        sum += 0.5 * r[e] * r[e] + size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
      }
      return sum;
    },
    gradX(_x, y, out) {
      matvecInto(R, y, r);
      matvecTransposedInto(B, r, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
    gradY(x, y, out) {
      matvecInto(R, y, r);
      pull(x);
      for (let e = 0; e < rank; e++) t[e] = first(r[e]) - t[e];
      matvecTransposedInto(R, t, out);
    },
    hvpYY(_x, y, v, out) {
      matvecInto(R, y, r);
      matvecInto(R, v, t);
      for (let e = 0; e < rank; e++) t[e] *= second(r[e]);
      matvecTransposedInto(R, t, out);
    },
    jvpXY(_x, _y, v, out) {
      matvecInto(R, v, t);
      matvecTransposedInto(B, t, out);
      for (let i = 0; i < n; i++) out[i] = -out[i];
    },
  };
  return {
    problem: { name: `C3n ${index} ${n}+${m} kernel ${kernel}`, n, m, f, g },
    residuals(x, y) {
      pull(x);
      const wanted = t.map((goal) => {
        let v = goal / 2;
        for (let k = 0; k < 50; k++) v -= (first(v) - goal) / second(v);
        return v;
      });
      matvecInto(R, y, r);
      const lower = norm(r.map((v, e) => v - wanted[e]));
      const fx = new Float64Array(n);
      const fy = new Float64Array(m);
      f.gradX(x, y, fx);
      f.gradY(x, y, fy);
      const column = (e: number): Vector => Float64Array.from({ length: m }, (_, j) => Q[j * m + e]);
      const kernelPart = Float64Array.from({ length: kernel }, (_, e) => dot(column(rank + e), fy));
      // y = sum q_e r_e / length_e + kernel part, dr_e/dx = B_e / h''(r_e)
      const G = fx.slice();
      for (let e = 0; e < rank; e++) {
        const slope = dot(column(e), fy) / (length(e) * second(wanted[e]));
        for (let i = 0; i < n; i++) G[i] += slope * B[e * n + i];
      }
      return { lower, kernel: norm(kernelPart), reduced: norm(G), scale: 1 + norm(x) + norm(y) };
    },
  };
}
