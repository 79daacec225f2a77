/**
 * Second-order forward differentiation for tests: a number with its gradient and Hessian over all variables. Slow, short,
 * and sharing nothing with the compiler, so that methods and certificates can be tested on exact derivatives.
 */
export class Jet {
  constructor(
    readonly v: number,
    readonly g: Float64Array,
    readonly h: Float64Array,
  ) {}

  static variable(value: number, index: number, count: number): Jet {
    const g = new Float64Array(count);
    g[index] = 1;
    return new Jet(value, g, new Float64Array(count * count));
  }

  /** phi(this) from phi, phi', phi'' at this value. */
  map(value: number, d1: number, d2: number): Jet {
    const k = this.g.length;
    const g = this.g.map((a) => d1 * a);
    const h = new Float64Array(k * k);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) h[i * k + j] = d1 * this.h[i * k + j] + d2 * this.g[i] * this.g[j];
    return new Jet(value, g, h);
  }
  add(o: Jet | number): Jet {
    if (typeof o === "number") return new Jet(this.v + o, this.g, this.h);
    return new Jet(
      this.v + o.v,
      this.g.map((a, i) => a + o.g[i]),
      this.h.map((a, i) => a + o.h[i]),
    );
  }
  mul(o: Jet | number): Jet {
    if (typeof o === "number") return this.map(this.v * o, o, 0);
    const k = this.g.length;
    const g = this.g.map((a, i) => a * o.v + this.v * o.g[i]);
    const h = new Float64Array(k * k);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++)
        h[i * k + j] = this.h[i * k + j] * o.v + this.v * o.h[i * k + j] + this.g[i] * o.g[j] + this.g[j] * o.g[i];
    return new Jet(this.v * o.v, g, h);
  }
  sub(o: Jet | number): Jet {
    return this.add(typeof o === "number" ? -o : o.mul(-1));
  }
  sq(): Jet {
    return this.map(this.v * this.v, 2 * this.v, 2);
  }
  sin(): Jet {
    return this.map(Math.sin(this.v), Math.cos(this.v), -Math.sin(this.v));
  }
  exp(): Jet {
    const e = Math.exp(this.v);
    return this.map(e, e, e);
  }
  /** log(1 + exp(this)) */
  softplus(): Jet {
    const s = 1 / (1 + Math.exp(-this.v));
    return this.map(Math.max(this.v, 0) + Math.log1p(Math.exp(-Math.abs(this.v))), s, s * (1 - s));
  }
}
