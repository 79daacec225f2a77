/**
 * The tangent space of the lower domain at a solution, through the derivative D of its projection at p = y - alpha grad_y g.
 * The fixed point y = P_Y(y - alpha grad_y g) gives (I - (I - alpha H) D) u = b, v = alpha D u. Every block of D is s P with
 * P an orthogonal projector and 0 < s <= 1 (s = 1 for boxes and simplices, s = r / |p - c| outside a ball), so that v is
 * the solution in range(P) of the SYMMETRIC system
 *
 *   (P H P + rho) v = P b,     rho = (1/s - 1) / alpha     (the curvature that an active curved boundary adds)
 *
 * which is the Hessian of the Lagrangian on the tangent space. Free domains: P = I, rho = 0.
 */
import type { DomainOracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export class Tangent {
  private readonly point: Vector;
  private readonly probe: Vector;
  private readonly image: Vector;
  /** 1/s and rho by coordinate. */
  private readonly inverse: Vector;
  private readonly rho: Vector;
  /** Nothing is held and nothing is curved: P = I, rho = 0. */
  whole = true;
  curved = false;
  /** The largest rho. */
  curvature = 0;

  constructor(
    private readonly domain: DomainOracle,
    m: number,
  ) {
    this.point = new Float64Array(m);
    this.probe = new Float64Array(m);
    this.image = new Float64Array(m);
    this.inverse = new Float64Array(m).fill(1);
    this.rho = new Float64Array(m);
  }

  /** Reads the domain's tangent at y with lower gradient `gradient`; alpha as in the fixed point, about 1/L. */
  update(y: Vector, gradient: Vector, alpha: number): void {
    if (this.domain.free) return;
    const m = y.length;
    const { point, probe, image, inverse, rho } = this;
    for (let j = 0; j < m; j++) point[j] = y[j] - alpha * gradient[j];
    if (this.domain.boxes) {
      this.whole = true;
      for (let j = 0; j < m; j++) {
        if (point[j] <= this.domain.lower[j] || point[j] >= this.domain.upper[j]) this.whole = false;
      }
      return;
    }
    // p = D r and q = D p have q = s p block by block; the largest |p| of equal ratios would do, each entry knows its own.
    for (let j = 0; j < m; j++) probe[j] = 1 + ((j * 0.6180339887498949) % 1);
    let size = 0;
    this.domain.projectTangent(point, probe);
    for (let j = 0; j < m; j++) {
      image[j] = probe[j];
      size = Math.max(size, Math.abs(probe[j]));
    }
    this.domain.projectTangent(point, image);
    this.whole = false;
    this.curved = false;
    this.curvature = 0;
    for (let j = 0; j < m; j++) {
      const s = Math.abs(probe[j]) > 1e-10 * size ? image[j] / probe[j] : 1;
      inverse[j] = s > 0 && s < 1 - 1e-12 ? 1 / s : 1;
      rho[j] = (inverse[j] - 1) / alpha;
      if (rho[j] !== 0) this.curved = true;
      if (rho[j] > this.curvature) this.curvature = rho[j];
    }
  }

  /** v <- P v */
  projectInto(v: Vector): void {
    if (this.whole) return;
    this.domain.projectTangent(this.point, v);
    if (this.curved) for (let j = 0; j < v.length; j++) v[j] *= this.inverse[j];
  }

  /** out <- P out + rho v for v in range(P) and out = H v: the reduced Hessian's product. */
  reduceInto(v: Vector, out: Vector): void {
    if (this.whole) return;
    this.projectInto(out);
    if (this.curved) for (let j = 0; j < v.length; j++) out[j] += this.rho[j] * v[j];
  }
}
