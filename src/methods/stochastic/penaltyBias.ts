/**
 * How far the hypergradient of the penalty lambda is from its limit: with e = y - z, of order 1 / lambda,
 *
 *   bias ~ |grad_x f(x, y) - grad_x f(x, z)| + lambda |grad_x g(x, z + e) - 2 grad_x g(x, z) + grad_x g(x, z - e)| / 2
 *          + the answer of y to the same in grad_y,  |e| |grad_y f(x, y) - grad_y f(x, z)| / |grad_y f| as a share of lambda |grad_x g(y) - grad_x g(z)|
 *
 * An estimate of its size, not a bound; relative to the largest direction seen. Five gradients.
 */
import { axpyInto, distance, norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export class PenaltyBias {
  private largest = 0;

  constructor(private readonly oracle: Oracle) {}

  /** Takes in the size of a direction of x. */
  see(size: number): void {
    if (size > this.largest) this.largest = size;
  }

  share(x: Vector, z: Vector, y: Vector, lambda: number): number {
    const { n, m, upper, lower } = this.oracle;
    const mirrored = new Float64Array(m);
    for (let j = 0; j < m; j++) mirrored[j] = 2 * z[j] - y[j];
    const [fxY, fxZ, gxY, gxZ] = [0, 1, 2, 3].map(() => new Float64Array(n));
    const [fyY, fyZ] = [0, 1].map(() => new Float64Array(m));
    upper.valueGrad(x, y, fxY, fyY);
    upper.valueGrad(x, z, fxZ, fyZ);
    lower.gradX(x, y, gxY);
    lower.gradX(x, z, gxZ);
    const adjoint = lambda * distance(gxY, gxZ);
    axpyInto(-2, gxZ, gxY);
    lower.gradX(x, mirrored, gxZ);
    axpyInto(1, gxZ, gxY);
    const slope = norm(fyZ);
    const answer = slope > 0 ? (adjoint * distance(fyY, fyZ)) / slope : 0;
    const bias = distance(fxY, fxZ) + 0.5 * lambda * norm(gxY) + answer;
    return this.largest > 0 ? bias / this.largest : 0;
  }
}
