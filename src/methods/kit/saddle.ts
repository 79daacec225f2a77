/**
 * The saddle-point operator of min over x max over y of f: F(z) = (grad_x f, -grad_y f) for z = (x, y) in one vector, with
 * the projection onto X x Y. What gradient descent-ascent and extragradient methods iterate on.
 */
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export class Saddle {
  readonly size: number;
  private readonly oracle: Oracle;
  private readonly x: Vector;
  private readonly y: Vector;
  private readonly gx: Vector;
  private readonly gy: Vector;
  /** Upper objective at the last point evaluated. */
  value = Number.NaN;

  constructor(oracle: Oracle) {
    this.oracle = oracle;
    this.size = oracle.n + oracle.m;
    this.x = new Float64Array(oracle.n);
    this.y = new Float64Array(oracle.m);
    this.gx = new Float64Array(oracle.n);
    this.gy = new Float64Array(oracle.m);
  }

  evaluate(z: Vector, F: Vector): void {
    const { n, m } = this.oracle;
    this.read(z);
    this.value = this.oracle.upper.valueGrad(this.x, this.y, this.gx, this.gy);
    for (let i = 0; i < n; i++) F[i] = this.gx[i];
    for (let j = 0; j < m; j++) F[n + j] = -this.gy[j];
  }

  project(z: Vector): void {
    const { domainX, domainY } = this.oracle;
    if (domainX.free && domainY.free) return;
    this.read(z);
    if (!domainX.free) domainX.project(this.x);
    if (!domainY.free) domainY.project(this.y);
    z.set(this.x);
    z.set(this.y, this.oracle.n);
  }

  /** |z - P(z - eta F)| / eta */
  residual(z: Vector, F: Vector, eta: number, scratch: Vector): number {
    let sum = 0;
    if (this.oracle.domainX.free && this.oracle.domainY.free) {
      for (let i = 0; i < F.length; i++) sum += F[i] * F[i];
      return Math.sqrt(sum);
    }
    for (let i = 0; i < z.length; i++) scratch[i] = z[i] - eta * F[i];
    this.project(scratch);
    for (let i = 0; i < z.length; i++) sum += (z[i] - scratch[i]) ** 2;
    return Math.sqrt(sum) / eta;
  }

  /** A secant estimate of the operator's Lipschitz constant at z, for a first step size. */
  secant(z: Vector, F: Vector): number {
    let sizeZ = 0;
    let sizeF = 0;
    for (let i = 0; i < z.length; i++) {
      sizeZ += z[i] * z[i];
      sizeF += F[i] * F[i];
    }
    if (sizeF === 0) return 1;
    const h = (1e-4 * (1 + Math.sqrt(sizeZ))) / Math.sqrt(sizeF);
    const other = new Float64Array(z.length);
    const Fo = new Float64Array(z.length);
    for (let i = 0; i < z.length; i++) other[i] = z[i] - h * F[i];
    this.project(other);
    this.evaluate(other, Fo);
    let dz = 0;
    let dF = 0;
    for (let i = 0; i < z.length; i++) {
      dz += (other[i] - z[i]) ** 2;
      dF += (Fo[i] - F[i]) ** 2;
    }
    return dz > 0 && dF > 0 ? Math.sqrt(dF / dz) : 1;
  }

  private read(z: Vector): void {
    const { n, m } = this.oracle;
    for (let i = 0; i < n; i++) this.x[i] = z[i];
    for (let j = 0; j < m; j++) this.y[j] = z[n + j];
  }
}
