/** Hand-written closure for f = sum_{i<n} (y[i+1] - sin(y[i]))^2 + exp(-y[i]^2) cos(y[i+1]) + 0.1 y[i]^2: value and gradient. */
type Vector = Float64Array;

export function chain(n: number) {
  return (y: Vector, value: Vector, g: Vector): number => {
    g.fill(0);
    let f = 0;
    for (let i = 0; i < n - 1; i++) {
      const a = y[i];
      const b = y[i + 1];
      const r = b - Math.sin(a);
      const e = Math.exp(-a * a);
      const c = Math.cos(b);
      f += r * r + e * c + 0.1 * a * a;
      g[i] += -2 * r * Math.cos(a) - 2 * a * e * c + 0.2 * a;
      g[i + 1] += 2 * r - e * Math.sin(b);
    }
    value[0] = f;
    return f;
  };
}
