/** Hand-written closure for g = 1/2 y'Qy + x'Py + c'y (Q symmetric): value, both gradients and Q v, four rows at a time. */
type Vector = Float64Array;
export type Quadratic = (x: Vector, y: Vector, v: Vector, value: Vector, gx: Vector, gy: Vector, hv: Vector) => number;

export function quadratic(d: number, Q: Vector, P: Vector, c: Vector): Quadratic {
  const w = d - (d % 4);
  function rows(A: Vector, v: Vector, out: Vector): void {
    let i = 0;
    for (; i < w; i += 4) {
      const r0 = i * d;
      const r1 = r0 + d;
      const r2 = r1 + d;
      const r3 = r2 + d;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < d; k++) {
        const t = v[k];
        s0 += A[r0 + k] * t;
        s1 += A[r1 + k] * t;
        s2 += A[r2 + k] * t;
        s3 += A[r3 + k] * t;
      }
      out[i] = s0;
      out[i + 1] = s1;
      out[i + 2] = s2;
      out[i + 3] = s3;
    }
    for (; i < d; i++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += A[i * d + k] * v[k];
      out[i] = s;
    }
  }
  function addColumns(A: Vector, u: Vector, out: Vector): void {
    let i = 0;
    for (; i < w; i += 4) {
      const r0 = i * d;
      const r1 = r0 + d;
      const r2 = r1 + d;
      const r3 = r2 + d;
      const u0 = u[i];
      const u1 = u[i + 1];
      const u2 = u[i + 2];
      const u3 = u[i + 3];
      for (let k = 0; k < d; k++) out[k] += A[r0 + k] * u0 + A[r1 + k] * u1 + A[r2 + k] * u2 + A[r3 + k] * u3;
    }
    for (; i < d; i++) for (let k = 0; k < d; k++) out[k] += A[i * d + k] * u[i];
  }
  return (x, y, v, value, gx, gy, hv) => {
    rows(P, y, gx);
    rows(Q, y, gy);
    rows(Q, v, hv);
    let s = 0;
    for (let i = 0; i < d; i++) {
      s += 0.5 * y[i] * gy[i] + x[i] * gx[i] + c[i] * y[i];
      gy[i] += c[i];
    }
    addColumns(P, x, gy);
    value[0] = s;
    return s;
  };
}

/** The same for a small fixed d, unrolled by hand: numbers are literals, entries are locals. */
export function quadraticUnrolled(d: number, Q: Vector, P: Vector, c: Vector): Quadratic {
  const n = (v: number) => (v < 0 ? `(${v})` : String(v));
  const range = Array.from({ length: d }, (_, i) => i);
  const lines = range.map((i) => `const x${i} = x[${i}], y${i} = y[${i}], v${i} = v[${i}];`);
  for (const i of range) {
    const row = (A: Vector, w: string) => range.map((k) => `${n(A[i * d + k])} * ${w}${k}`).join(" + ");
    const column = range.map((k) => `${n(P[k * d + i])} * x${k}`).join(" + ");
    lines.push(`const q${i} = ${row(Q, "y")}, p${i} = ${row(P, "y")};`);
    lines.push(`hv[${i}] = ${row(Q, "v")}; gx[${i}] = p${i}; gy[${i}] = q${i} + ${n(c[i])} + ${column};`);
  }
  lines.push(`const s = ${range.map((i) => `0.5 * y${i} * q${i} + x${i} * p${i} + ${n(c[i])} * y${i}`).join(" + ")};`);
  const text = `${lines.join("\n")}\nvalue[0] = s;\nreturn s;`;
  return new Function("x", "y", "v", "value", "gx", "gy", "hv", text) as Quadratic;
}
