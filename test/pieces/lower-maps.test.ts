/** Every lower map: reverse sweep = forward sweep = differences of f(x, y_K(x)), free and where projections are active. */
import { describe, expect, it } from "vitest";
import type { ParameterValue } from "../../src/methods/method.js";
import { aggregation } from "../../src/methods/pieces/lower/aggregation.js";
import { gradient } from "../../src/methods/pieces/lower/gradient.js";
import { heavyBall } from "../../src/methods/pieces/lower/heavyBall.js";
import { lowerMaps } from "../../src/methods/pieces/lower/index.js";
import { growingMomentum } from "../../src/methods/pieces/lower/momentum.js";
import { MomentumMap } from "../../src/methods/pieces/lower/momentumMap.js";
import { nesterov } from "../../src/methods/pieces/lower/nesterov.js";
import { proximal } from "../../src/methods/pieces/lower/proximal.js";
import { GradientField } from "../../src/methods/pieces/lower/stepField.js";
import type { LowerMapPiece } from "../../src/methods/pieces/piece.js";
import { handOracle } from "../support/handOracle.js";
import { base, contextOf, problems, sweepsOf } from "./lowerMaps.js";

const maps: readonly (readonly [string, LowerMapPiece, Record<string, ParameterValue>])[] = [
  ["gradient", gradient, { alpha: 0.13 }],
  ["nesterov, constant", nesterov, { alpha: 0.13, momentum: 0.6 }],
  ["nesterov, growing", nesterov, { alpha: 0.13, schedule: "growing" }],
  ["heavy ball", heavyBall, { alpha: 0.13, momentum: 0.4 }],
  ["aggregation", aggregation, { mu: 0.7, su: 0.2, sl: 0.13 }],
  ["proximal", proximal, { alpha: 0.13, rho: 1.5, inner: 4 }],
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
    it("with its own constants it leads to the lower solution", () => {
      const oracle = handOracle(base);
      const map = piece.make(contextOf(oracle));
      const y = oracle.startY.slice();
      map.run(oracle.startX, y, 300, false);
      expect(map.residual(oracle.startX, y)).toBeLessThan(piece === aggregation ? 0.1 : 1e-10);
    });
    it("a kept path ends where the one without does, and begins at the start", () => {
      const oracle = handOracle(base);
      const map = piece.make(contextOf(oracle, parameters));
      const [a, b] = [oracle.startY.slice(), oracle.startY.slice()];
      map.run(oracle.startX, a, 9, true);
      expect(Array.from(map.iterate(0))).toEqual(base.y);
      expect(Array.from(map.iterate(9))).toEqual(Array.from(a));
      map.run(oracle.startX, b, 9, false);
      expect(Array.from(b)).toEqual(Array.from(a));
      expect(map.steps).toBe(9);
    });
  });
}

describe("long paths are run again segment by segment", () => {
  for (const [where, p] of problems) {
    for (const K of [1, 16, 23]) {
      it(`${where}, K = ${K}: the same numbers bit for bit`, () => {
        const oracle = handOracle(p);
        const { n, m, startX: x, domainY } = oracle;
        const results = [Number.POSITIVE_INFINITY, 0].map((most) => {
          const field = new GradientField(oracle.lower, m, 0.13);
          const map = new MomentumMap(n, m, domainY, field, growingMomentum(), most);
          const y = oracle.startY.slice();
          map.run(x, y, K, true);
          const G = new Float64Array(n);
          const a = new Float64Array(m);
          oracle.upper.valueGrad(x, y, G, a);
          map.pullInto(x, a, G, K, 0);
          const t = new Float64Array(m);
          map.pushInto(x, Float64Array.of(1, 2), t);
          const path = Array.from({ length: K + 1 }, (_, k) => Array.from(map.iterate(k)));
          return { y: Array.from(y), G: Array.from(G), a: Array.from(a), t: Array.from(t), path };
        });
        expect(results[1]).toEqual(results[0]);
      });
    }
  }
});

it("a sweep over part of the steps leaves dF/dy_to", () => {
  const oracle = handOracle(base);
  const { startX: x } = oracle;
  const map = gradient.make(contextOf(oracle, { alpha: 0.13 }));
  const y = oracle.startY.slice();
  map.run(x, y, 8, true);
  const whole = [new Float64Array(3), new Float64Array(2)];
  oracle.upper.valueGrad(x, y, whole[1], whole[0]);
  const parts = whole.map((v) => v.slice());
  map.pullInto(x, whole[0], whole[1], 8, 0);
  map.pullInto(x, parts[0], parts[1], 8, 3);
  map.pullInto(x, parts[0], parts[1], 3, 0);
  expect(parts).toEqual(whole);
});

it("shrink halves the step", () => {
  const oracle = handOracle(base);
  const map = gradient.make(contextOf(oracle, { alpha: 0.2 }));
  const half = gradient.make(contextOf(oracle, { alpha: 0.1 }));
  const [a, b] = [oracle.startY.slice(), oracle.startY.slice()];
  map.shrink();
  map.run(oracle.startX, a, 3, false);
  half.run(oracle.startX, b, 3, false);
  expect(a).toEqual(b);
});

it("ids are unique", () => {
  expect(new Set(lowerMaps.map((m) => m.id)).size).toBe(lowerMaps.length);
});
