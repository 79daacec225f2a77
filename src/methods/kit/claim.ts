/**
 * When a method may claim to have converged: its projected hypergradient has fallen below 1e-3 of the tolerance asked for
 * (never below 1e-11), relative to the largest one seen, so that the certificate, which measures by itself, agrees.
 */
export function claimTolerance(tolerance: number): number {
  return Math.max(1e-11, 1e-3 * tolerance);
}

/** Running maximum of a residual and the test against it. */
export class RelativeStop {
  largest = 0;
  readonly tolerance: number;
  constructor(tolerance: number) {
    this.tolerance = tolerance;
  }

  /** Takes a residual into account; true if it is small against the largest, or at most `floor` (its rounding error). */
  passes(residual: number, floor = 0): boolean {
    if (residual > this.largest) this.largest = residual;
    return residual <= this.tolerance * this.largest || residual <= floor;
  }
}
