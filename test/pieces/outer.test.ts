/** Outer rules against their recurrences in closed form, and on a restricted variable. */
import { describe, expect, it } from "vitest";
import type { MethodContext, ParameterValue } from "../../src/methods/method.js";
import { adam } from "../../src/methods/pieces/outer/adam.js";
import { adaptive } from "../../src/methods/pieces/outer/adaptive.js";
import { gradientStep } from "../../src/methods/pieces/outer/gradient.js";
import { outerRules } from "../../src/methods/pieces/outer/index.js";
import { momentum } from "../../src/methods/pieces/outer/momentum.js";
import { relaxed } from "../../src/methods/pieces/outer/relaxed.js";
import type { OuterPiece } from "../../src/methods/pieces/piece.js";
import { createRandom } from "../../src/num/random.js";
import type { DomainOracle } from "../../src/oracle/oracle.js";
import { boxDomain, freeDomain, handOracle } from "../support/handOracle.js";
import { P1 } from "../support/handProblems.js";

function make(piece: OuterPiece, size: number, options: Readonly<Record<string, ParameterValue>> = {}) {
  const defaults = Object.fromEntries(piece.parameters.map((p) => [p.name, p.default]));
  const context: MethodContext = {
    oracle: handOracle(P1),
    parameters: { ...defaults, ...options },
    tolerance: 1e-6,
    random: createRandom(1),
    exhausted: () => false,
  };
  return piece.make(context, size);
}

/** x after some steps with the gradient of ½ Σ a_i (x_i - 1)². */
function descend(
  piece: OuterPiece,
  options: Readonly<Record<string, ParameterValue>>,
  a: readonly number[],
  steps: number,
  domain: DomainOracle = freeDomain(a.length),
): { x: Float64Array; measured: number } {
  const x = Float64Array.from(a, () => 3);
  const G = new Float64Array(a.length);
  const rule = make(piece, a.length, options);
  let measured = Number.NaN;
  for (let t = 0; t < steps; t++) {
    for (const [i, c] of a.entries()) G[i] = c * (x[i] - 1);
    measured = rule.measure(domain, x, G);
    rule.take(domain, x, G);
  }
  return { x, measured };
}

describe("outer rules", () => {
  it("gradient: x_t - 1 = (1 - eta a)^t 2", () => {
    const { x } = descend(gradientStep, { eta: 0.1 }, [3, 0.5], 7);
    expect(x[0]).toBeCloseTo(1 + 2 * 0.7 ** 7, 13);
    expect(x[1]).toBeCloseTo(1 + 2 * 0.95 ** 7, 13);
  });

  it("relaxed: x_t - 1 = (1 - theta eta a)^t 2 where nothing is projected; theta of the way to the projected point", () => {
    expect(descend(relaxed, { eta: 0.1, relaxation: 0.5 }, [3], 7).x[0]).toBeCloseTo(1 + 2 * 0.85 ** 7, 13);
    // P(3 - 1 * 6) = 2.5: half of the way from 3.
    expect(descend(relaxed, { eta: 1, relaxation: 0.5 }, [3], 1, boxDomain([2.5], [9])).x[0]).toBeCloseTo(2.75, 14);
  });

  it("momentum: the powers of [[beta, (1 - beta) a], [-eta beta, 1 - eta (1 - beta) a]]", () => {
    const [eta, beta, a] = [0.2, 0.7, 3];
    let [m, e] = [0, 2];
    for (let t = 0; t < 9; t++) {
      [m, e] = [beta * m + (1 - beta) * a * e, -eta * beta * m + (1 - eta * (1 - beta) * a) * e];
    }
    expect(descend(momentum, { eta, outerMomentum: beta }, [a], 9).x[0]).toBeCloseTo(1 + e, 13);
    expect(descend(momentum, { eta, outerMomentum: 0 }, [a], 9).x[0]).toBeCloseTo(1 + 2 * 0.4 ** 9, 13);
  });

  it("adam: the first step has length eta; two steps by hand; constant gradients give eta t", () => {
    const options = { eta: 0.25, adamEpsilon: 0 };
    expect(descend(adam, options, [3, 0.01], 1).x).toEqual(Float64Array.of(2.75, 2.75));
    const [g1, g2] = [3 * 2, 3 * 1.75];
    const m = (0.9 * 0.1 * g1 + 0.1 * g2) / (1 - 0.9 ** 2);
    const s = (0.999 * 0.001 * g1 * g1 + 0.001 * g2 * g2) / (1 - 0.999 ** 2);
    expect(descend(adam, options, [3], 2).x[0]).toBeCloseTo(2.75 - (0.25 * m) / Math.sqrt(s), 13);
    const rule = make(adam, 1, options);
    const x = Float64Array.of(0);
    for (let t = 0; t < 50; t++) rule.take(freeDomain(1), x, Float64Array.of(-7));
    expect(x[0]).toBeCloseTo(12.5, 11);
  });

  it("adaptive: eta follows the two bounds", () => {
    const rule = make(adaptive, 1);
    const domain = freeDomain(1);
    const x = Float64Array.of(3);
    const etas: number[] = [];
    for (let t = 0; t < 30; t++) {
      const G = Float64Array.of(4 * (x[0] - 1));
      rule.measure(domain, x, G);
      etas.push(rule.eta);
      rule.take(domain, x, G);
    }
    // A quadratic with curvature 4: at most 1/(2 * 4), grown to by the factors sqrt(1 + eta_{k-1} / eta_{k-2}).
    expect(etas[29]).toBeCloseTo(1 / 8, 12);
    for (let t = 2; t < 30; t++) {
      const growth = etas[t - 1] * Math.sqrt(1 + (t > 2 ? etas[t - 1] / etas[t - 2] : Number.POSITIVE_INFINITY));
      expect(etas[t]).toBeLessThanOrEqual(Math.min(growth, 1 / 8) * (1 + 1e-12));
    }
  });

  for (const piece of outerRules) {
    it(`${piece.id}: keeps a box, measures zero only at its stationary point, and comes to it`, () => {
      const domain = boxDomain([2], [9]);
      const { x, measured } = descend(piece, {}, [3], 3000, domain);
      expect(Math.abs(x[0] - 2)).toBeLessThan(1e-9);
      expect(measured).toBeLessThan(1e-8);
      const free = descend(piece, {}, [3, 40], 3000);
      expect(Math.max(Math.abs(free.x[0] - 1), Math.abs(free.x[1] - 1))).toBeLessThan(1e-6);
    });
    it(`${piece.id}: shrinking halves the step`, () => {
      const rule = make(piece, 1, piece.parameters.some((p) => p.name === "eta") ? { eta: 0.5 } : {});
      const x = Float64Array.of(3);
      rule.measure(freeDomain(1), x, Float64Array.of(2));
      const before = rule.eta;
      rule.shrink();
      expect(rule.eta).toBeCloseTo(before / 2, 15);
    });
  }
});
