/** Fused gradient steps against a loop over gradients. */
import { describe, expect, it } from "vitest";
import { compileDescent } from "../../src/codegen/descent.js";
import { gradient } from "../../src/diff/index.js";
import { Builder } from "../../src/ops/build.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { generator } from "./randomGraph.js";

describe("gradient steps in one kernel", () => {
  for (const m of [1, 2, 5]) {
    it(`are those of a loop, ${m} variables`, () => {
      const random = generator(m);
      const b = new Builder();
      const [x, y] = [
        { name: "x", size: 2 },
        { name: "y", size: m },
      ];
      const matrix = b.tensor({ shape: [m, 2], values: Float64Array.from({ length: 2 * m }, random) });
      const r = b.sub(b.apply("sin", [b.input(y)]), b.matvec(matrix, b.input(x)));
      const g = b.add(b.sum(b.square(r)), b.sum(b.apply("softplus", [b.input(y)])));
      const [slope] = gradient(b, g, [y]);
      const steps = compileDescent({ name: "steps", inputs: [x, y], moving: y, gradient: slope })!;
      const at = Float64Array.of(0.3, -0.7);
      const moved = Float64Array.from({ length: m }, random);
      const wanted = moved.slice();
      const last = new Float64Array(m);
      let before: Float64Array = last;
      for (let k = 0; k < 7; k++) {
        [before] = evaluate(
          [slope],
          new Map([
            [x, at],
            [y, wanted],
          ]),
        );
        for (let j = 0; j < m; j++) wanted[j] -= 0.05 * before[j];
      }
      steps(Float64Array.of(0.05), 7, at, moved, last);
      for (let j = 0; j < m; j++) {
        expect(Math.abs(moved[j] - wanted[j])).toBeLessThan(1e-13);
        expect(Math.abs(last[j] - before[j])).toBeLessThan(1e-13);
      }
      const kept = moved.slice();
      steps(Float64Array.of(0.05), 0, at, moved, last);
      expect(moved).toEqual(kept);
    });
  }

  it("are left to a loop where the problem is not small", () => {
    const b = new Builder();
    const y = { name: "y", size: 9 };
    const [slope] = gradient(b, b.sum(b.square(b.input(y))), [y]);
    expect(compileDescent({ name: "steps", inputs: [y], moving: y, gradient: slope })).toBeUndefined();
  });
});
