/**
 * Symmetric equilibration D A D (Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, RAL-TR-2001-034):
 * three rounds of division by square roots of the rows' largest entries, which leaves these near 1.
 */
type Vector = Float64Array;

/** LD holds the lower triangle, row-major k x k, and is overwritten by D A D; returns the diagonal of D. Empty rows stay. */
export function equilibrateInto(LD: Vector, k: number): Vector {
  const scale = new Float64Array(k).fill(1);
  const top = new Float64Array(k);
  for (let round = 0; round < 3; round++) {
    top.fill(0);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        const v = Math.abs(LD[i * k + j]);
        if (v > top[i]) top[i] = v;
        if (v > top[j]) top[j] = v;
      }
    }
    for (let i = 0; i < k; i++) top[i] = top[i] > 0 ? 1 / Math.sqrt(top[i]) : 1;
    for (let i = 0; i < k; i++) {
      scale[i] *= top[i];
      for (let j = 0; j <= i; j++) LD[i * k + j] *= top[i] * top[j];
    }
  }
  return scale;
}
