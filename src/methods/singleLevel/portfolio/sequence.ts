/**
 * Points that fill a box evenly: the additive recurrence  p_k = frac(1/2 + k a),  a_j = phi^-(j + 1),  phi the positive root
 * of phi^(d + 1) = phi + 1 (Roberts 2018, after Kronecker and Weyl). Deterministic, any dimension, any number of points.
 */
export class EvenSequence {
  private readonly steps: Float64Array;

  constructor(d: number) {
    let phi = 2;
    for (let k = 0; k < 60; k++) phi = (1 + phi) ** (1 / (d + 1));
    this.steps = Float64Array.from({ length: d }, (_, j) => phi ** -(j + 1));
  }

  /** out = the k-th point (k = 0: the middle) of the box. */
  into(k: number, lower: Float64Array, upper: Float64Array, out: Float64Array): void {
    for (let j = 0; j < out.length; j++) {
      const share = (0.5 + k * this.steps[j]) % 1;
      out[j] = lower[j] + share * (upper[j] - lower[j]);
    }
  }
}
