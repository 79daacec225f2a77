/**
 * Hand-written closures for g = sum log(1 + exp(-a_i'y)) + exp(x) |y|^2 (labels folded into the rows of A): value with
 * both gradients, and H v, each in one pass over A, four rows at a time.
 */
type Vector = Float64Array;

const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const sigmoid = (z: number) => {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
};
const slope = (z: number) => {
  const s = sigmoid(-z);
  return s * (1 - s);
};

export function logisticGradient(n: number, d: number, A: Vector) {
  const w = n - (n % 4);
  return (x: Vector, y: Vector, value: Vector, gx: Vector, gy: Vector): number => {
    const lambda = Math.exp(x[0]);
    let norm = 0;
    for (let k = 0; k < d; k++) {
      norm += y[k] * y[k];
      gy[k] = 2 * lambda * y[k];
    }
    let loss = 0;
    let i = 0;
    for (; i < w; i += 4) {
      const r0 = i * d;
      const r1 = r0 + d;
      const r2 = r1 + d;
      const r3 = r2 + d;
      let z0 = 0;
      let z1 = 0;
      let z2 = 0;
      let z3 = 0;
      for (let k = 0; k < d; k++) {
        const t = y[k];
        z0 += A[r0 + k] * t;
        z1 += A[r1 + k] * t;
        z2 += A[r2 + k] * t;
        z3 += A[r3 + k] * t;
      }
      loss += softplus(-z0) + softplus(-z1) + softplus(-z2) + softplus(-z3);
      const s0 = -sigmoid(-z0);
      const s1 = -sigmoid(-z1);
      const s2 = -sigmoid(-z2);
      const s3 = -sigmoid(-z3);
      for (let k = 0; k < d; k++) gy[k] += A[r0 + k] * s0 + A[r1 + k] * s1 + A[r2 + k] * s2 + A[r3 + k] * s3;
    }
    for (; i < n; i++) {
      let z = 0;
      for (let k = 0; k < d; k++) z += A[i * d + k] * y[k];
      loss += softplus(-z);
      const s = -sigmoid(-z);
      for (let k = 0; k < d; k++) gy[k] += A[i * d + k] * s;
    }
    gx[0] = lambda * norm;
    value[0] = loss + lambda * norm;
    return value[0];
  };
}

export function logisticProduct(n: number, d: number, A: Vector) {
  const w = n - (n % 4);
  return (x: Vector, y: Vector, v: Vector, out: Vector): number => {
    const lambda = Math.exp(x[0]);
    for (let k = 0; k < d; k++) out[k] = 2 * lambda * v[k];
    let i = 0;
    for (; i < w; i += 4) {
      const r0 = i * d;
      const r1 = r0 + d;
      const r2 = r1 + d;
      const r3 = r2 + d;
      let z0 = 0;
      let z1 = 0;
      let z2 = 0;
      let z3 = 0;
      let u0 = 0;
      let u1 = 0;
      let u2 = 0;
      let u3 = 0;
      for (let k = 0; k < d; k++) {
        const s = y[k];
        const t = v[k];
        const a0 = A[r0 + k];
        const a1 = A[r1 + k];
        const a2 = A[r2 + k];
        const a3 = A[r3 + k];
        z0 += a0 * s;
        z1 += a1 * s;
        z2 += a2 * s;
        z3 += a3 * s;
        u0 += a0 * t;
        u1 += a1 * t;
        u2 += a2 * t;
        u3 += a3 * t;
      }
      u0 *= slope(z0);
      u1 *= slope(z1);
      u2 *= slope(z2);
      u3 *= slope(z3);
      for (let k = 0; k < d; k++) out[k] += A[r0 + k] * u0 + A[r1 + k] * u1 + A[r2 + k] * u2 + A[r3 + k] * u3;
    }
    for (; i < n; i++) {
      let z = 0;
      let u = 0;
      for (let k = 0; k < d; k++) {
        z += A[i * d + k] * y[k];
        u += A[i * d + k] * v[k];
      }
      u *= slope(z);
      for (let k = 0; k < d; k++) out[k] += A[i * d + k] * u;
    }
    return 0;
  };
}
