/** Every lower map: reverse sweep = forward sweep = differences of f(x, y_K(x)), free and where projections are active. */
import { describe, expect, it } from "vitest";
import type { ParameterValue } from "../../src/methods/method.js";
import { gradient } from "../../src/methods/pieces/lower/gradient.js";
import type { LowerMapPiece } from "../../src/methods/pieces/piece.js";
import { problems, sweepsOf } from "./lowerMaps.js";

const maps: readonly (readonly [string, LowerMapPiece, Record<string, ParameterValue>])[] = [
  ["gradient", gradient, { alpha: 0.13 }],
];

for (const [name, piece, parameters] of maps) {
  describe(name, () => {
    for (const [where, p] of problems) {
      it(`${where}: reverse = forward = differences`, () => {
        for (const K of [1, 2, 7]) {
          const s = sweepsOf(piece, p, parameters, K);
          for (const [i, d] of s.differences.entries()) {
            expect(Math.abs(s.reverse[i] - s.forward[i]), `K ${K}`).toBeLessThan(1e-13);
            expect(Math.abs(s.reverse[i] - d), `K ${K}`).toBeLessThan(1e-8);
          }
          for (const [j, d] of s.startDifferences.entries())
            expect(Math.abs(s.start[j] - d), `y0 ${j}`).toBeLessThan(1e-8);
        }
      });
    }
  });
}
