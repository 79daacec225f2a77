/** Hand-written closure for `iterations` outer iterations of F2BA on the scalar quadratic of problems/scalar.blo. */
export interface F2baSteps {
  readonly K: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly tau: number;
  readonly eta: number;
}

export function f2ba(x: number, y: number, iterations: number, { K, lambda, alpha, tau, eta }: F2baSteps): number {
  let z = y;
  for (let t = 0; t < iterations; t++) {
    for (let k = 0; k < K; k++) z -= alpha * (8 * z - 4 * x);
    for (let k = 0; k < K; k++) y -= tau * (8 * y - 12 * x + 4 + lambda * (8 * y - 4 * x));
    x -= eta * (14 * x - 12 * y - 30 + lambda * (2 * x - 4 * y - (2 * x - 4 * z)));
  }
  return x + y + z;
}
