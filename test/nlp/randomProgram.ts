/**
 * Small nonconvex programs with a known feasible point and every degeneracy at once: a quartic objective over indefinite
 * quadratic rows, about half of them active at the point, repeated rows, fixed variables, bounds that touch the point.
 */
import type { NonlinearProgram } from "../../src/nlp/program.js";
import { createRandom } from "../../src/num/random.js";

export function randomProgram(seed: number): { program: NonlinearProgram; start: Float64Array } {
  const random = createRandom(seed);
  const chance = (p: number): boolean => random.uniform() < p;
  const pick = (k: number): number => Math.floor(random.uniform() * k);
  const n = 1 + pick(8);
  const m = pick(6);
  const normals = (scale: number): Float64Array => Float64Array.from({ length: n }, () => scale * random.normal());
  const symmetric = (scale: number): Float64Array => {
    const Q = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) Q[i * n + j] = Q[j * n + i] = scale * random.normal();
    return Q;
  };
  const point = normals(2);
  const Q = [symmetric(1)];
  const q = [normals(1)];
  const equality: boolean[] = [];
  for (let i = 0; i < m; i++) {
    if (i > 0 && chance(0.2)) {
      const k = pick(i);
      Q.push(Q[k + 1].map((v) => 2 * v));
      q.push(q[k + 1].map((v) => 2 * v));
      equality.push(equality[k]);
    } else {
      Q.push(symmetric(chance(0.4) ? 0 : 1));
      q.push(normals(1));
      equality.push(chance(0.4));
    }
  }
  const gradientInto = (k: number, u: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      out[i] = q[k][i];
      for (let j = 0; j < n; j++) out[i] += Q[k][i * n + j] * u[j];
    }
  };
  const g = new Float64Array(n);
  const value = (k: number, u: Float64Array): number => {
    gradientInto(k, u, g);
    return u.reduce((s, v, i) => s + 0.5 * v * (g[i] + q[k][i]), 0);
  };

  const lower = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let j = 0; j < n; j++) {
    const kind = random.uniform();
    if (kind < 0.1) lower[j] = upper[j] = point[j];
    else if (kind < 0.5) lower[j] = point[j] - (chance(0.3) ? 0 : random.uniform());
    if (kind > 0.3 && kind < 0.7) upper[j] = point[j] + (chance(0.2) ? 0 : 2 * random.uniform());
  }
  const at = equality.map((_, i) => value(i + 1, point));
  const rowUpper = Float64Array.from(at, (v, i) => (equality[i] || chance(0.5) ? v : v + random.uniform()));
  const rowLower = Float64Array.from(at, (v, i) =>
    equality[i] ? v : chance(0.3) ? v - 3 * random.uniform() : Number.NEGATIVE_INFINITY,
  );
  const triangle: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) triangle.push([i, j]);
  const program: NonlinearProgram = {
    n,
    lower,
    upper,
    rows: m,
    rowLower,
    rowUpper,
    value: (u) => value(0, u) + u.reduce((s, v) => s + 0.05 * v ** 4, 0),
    gradientInto(u, out) {
      gradientInto(0, u, out);
      for (let j = 0; j < n; j++) out[j] += 0.2 * u[j] ** 3;
    },
    constraintsInto(u, out) {
      for (let i = 0; i < m; i++) out[i] = value(i + 1, u);
    },
    jacobian: {
      rows: Int32Array.from({ length: m * n }, (_, e) => Math.floor(e / n)),
      columns: Int32Array.from({ length: m * n }, (_, e) => e % n),
    },
    jacobianInto(u, values) {
      for (let i = 0; i < m; i++) gradientInto(i + 1, u, values.subarray(i * n, i * n + n));
    },
    hessian: { rows: Int32Array.from(triangle, ([i]) => i), columns: Int32Array.from(triangle, ([, j]) => j) },
    hessianInto(u, sigma, z, values) {
      triangle.forEach(([i, j], e) => {
        let v = sigma * (Q[0][i * n + j] + (i === j ? 0.6 * u[i] ** 2 : 0));
        for (let a = 0; a < m; a++) v += z[a] * Q[a + 1][i * n + j];
        values[e] = v;
      });
    },
  };
  return { program, start: normals(3) };
}
