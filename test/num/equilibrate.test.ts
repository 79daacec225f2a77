/** Equilibration: the scaled matrix is D A D, and its rows' largest entries are near 1 whatever the units. */
import { expect, it } from "vitest";
import { equilibrateInto } from "../../src/num/equilibrate.js";

it("scales a badly scaled symmetric matrix by a diagonal", () => {
  const A = [
    [1e6, 3e2, 0],
    [3e2, 1e-4, 2e-3],
    [0, 2e-3, 0],
  ];
  const LD = new Float64Array(9);
  for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) LD[3 * i + j] = A[i][j];
  const d = equilibrateInto(LD, 3);
  for (let i = 0; i < 3; i++) {
    let top = 0;
    for (let j = 0; j < 3; j++) {
      const scaled = LD[3 * Math.max(i, j) + Math.min(i, j)];
      expect(scaled).toBeCloseTo(A[i][j] * d[i] * d[j], 12);
      top = Math.max(top, Math.abs(scaled));
    }
    expect(top).toBeGreaterThan(0.4);
    expect(top).toBeLessThan(2.1);
  }
});
