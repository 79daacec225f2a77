/** Constants against closed forms, against second differences at random points of the domains, and against smaller matrices. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConstantSymbol, Evidence } from "../../src/constants/constant.js";
import { type FoundConstants, findConstants } from "../../src/constants/find.js";
import { polyakLojasiewicz } from "../../src/constants/path.js";
import { normBound, spectrumBounds } from "../../src/constants/spectrum.js";
import { symmetricEigen } from "../../src/num/eigen.js";
import { createRandom } from "../../src/num/random.js";
import { norm } from "../../src/num/vector.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { compiledOracle } from "../support/compiledOracle.js";

const found = (oracle: Oracle): FoundConstants => findConstants(oracle, createRandom(1));

function expectConstant(c: FoundConstants, symbol: ConstantSymbol, evidence: Evidence, value: number): void {
  expect(c.get(symbol)?.evidence).toBe(evidence);
  expect(c.get(symbol)?.value).toBeCloseTo(value, 9);
}

test("quadratics: eigenvalues by hand", async () => {
  const c = found(
    await compiledOracle(`
upper { var x; minimize 7*x^2 - 12*x*y + 4*y^2 - 30*x + 4*y - 2 }
lower { var y; minimize 4*y^2 - 4*x*y + x^2 + 17 }`),
  );
  expectConstant(c, "L_g", "exact", 8);
  expectConstant(c, "mu", "exact", 8);
  expectConstant(c, "kappa", "exact", 1);
  expectConstant(c, "L_gx", "exact", 10);
  expectConstant(c, "L_f", "exact", 11 + Math.sqrt(153));
  expectConstant(c, "rho_g", "exact", 0);
});

test("a singular quadratic has mu = 0, not rounding, and the PL constant of its range", async () => {
  const c = found(
    await compiledOracle(`
upper { var x; minimize x^2 + y[1]^2 }
lower { var y[2] init 1; minimize 3*(y[1] + y[2] - x)^2 }`),
  );
  expectConstant(c, "mu", "exact", 0);
  expect(c.get("kappa")).toBeUndefined();
  // H has eigenvalues 0 and 12; along its range |grad|² = 2 * 12 (g - g*).
  expect(c.get("mu_PL")?.value).toBeCloseTo(12, 5);
});

test("a Hessian that depends on x: bounds over the box, attained at its ends", async () => {
  const c = found(
    await compiledOracle(`
upper { var x in [1, 3]; minimize (x - 2)^2 + y^2 }
lower { var y in [-2, 2]; minimize x*y^2 - y }`),
  );
  expectConstant(c, "L_g", "bound", 6);
  expectConstant(c, "mu", "bound", 2);
  expectConstant(c, "kappa", "bound", 3);
  expectConstant(c, "C_f", "bound", 4);
  // Third derivatives: g_xyy = 2 in three positions: Frobenius norm sqrt(12).
  expectConstant(c, "rho_g", "bound", Math.sqrt(12));
});

test("unbounded domains: estimates that say so, close to the truth near the start", async () => {
  const c = found(
    await compiledOracle(`
upper { var x; minimize x^2 + y^2 }
lower { var y init 1; minimize exp(y) - x*y + y^2 }`),
  );
  expect(c.get("L_g")?.evidence).toBe("estimate");
  expect(c.get("L_g")!.value).toBeGreaterThanOrEqual(2 + Math.E - 1e-9);
  expect(c.get("mu")!.value).toBeGreaterThanOrEqual(2);
});

test("large exact quadratics by columns", async () => {
  const c = found(
    await compiledOracle(`
param k = 60
upper { var x; minimize sum(i in 1..k: (y[i] - x)^2) }
lower { var y[k]; minimize sum(i in 1..k: i*(y[i] - x)^2) }`),
  );
  expectConstant(c, "L_g", "exact", 120);
  expectConstant(c, "mu", "exact", 2);
});

const families: readonly (readonly [string, string])[] = [
  ["logistic", "log(1 + exp(-2*y[1] + y[2])) + x*(y[1]^2 + y[2]^2)"],
  ["trigonometric", "sin(y[1] + x)*cos(y[2]) + 3*y[1]^2 + y[2]^2"],
  ["quartic", "(y[1]^2 + x*y[2])^2 + y[2]^2"],
  ["rational", "y[1]^2/(1 + x) + (y[2] - y[1])^2*(x + 2)"],
];

describe("bounds hold at random points of the domains, by second differences of values", () => {
  test.each(families)("%s", async (_, g) => {
    const oracle = await compiledOracle(`
upper { var x in [0.5, 2]; minimize x^2 + y[1]*y[2]^2 }
lower { var y[2] in [-1, 1.5]; minimize ${g} }`);
    const c = found(oracle);
    const value = (symbol: ConstantSymbol): number => {
      const constant = c.get(symbol);
      return constant?.evidence === "estimate" ? Number.NaN : (constant?.value ?? Number.NaN);
    };
    const random = createRandom(7);
    const between = (lo: number, hi: number): number => lo + (hi - lo) * random.uniform();
    let largestSeen = 0;
    let proved = 0;
    for (let k = 0; k < 60; k++) {
      const u = Float64Array.of(between(0.5, 2), between(-1, 1.5), between(-1, 1.5));
      const H = secondDifferences(oracle, u);
      const inY = symmetricEigen(Float64Array.of(H[4], H[5], H[7], H[8]), 2).values;
      const all = symmetricEigen(H, 3).values;
      const check = (actual: number, bound: number): void => {
        if (Number.isNaN(bound)) return;
        proved++;
        expect(actual).toBeLessThanOrEqual(bound + 1e-4);
      };
      check(Math.max(Math.abs(inY[0]), Math.abs(inY[1])), value("L_g"));
      check(Math.max(Math.abs(all[0]), Math.abs(all[2])), value("L_gx"));
      check(-inY[0], -value("mu"));
      const slope = new Float64Array(2);
      oracle.upper.gradY(u.subarray(0, 1), u.subarray(1), slope);
      check(norm(slope), value("C_f"));
      largestSeen = Math.max(largestSeen, Math.abs(inY[0]), Math.abs(inY[1]));
    }
    expect(proved).toBeGreaterThan(150);
    // Not vacuous: within a factor of what was seen.
    expect(value("L_g")).toBeLessThan(8 * largestSeen);
  });
});

function secondDifferences(oracle: Oracle, u: Float64Array): Float64Array {
  const h = 1e-4;
  const at = (du: readonly number[]): number => {
    const p = u.map((v, i) => v + du[i]);
    return oracle.lower.value(p.subarray(0, 1), p.subarray(1));
  };
  const e = (i: number, s: number): number[] => [0, 1, 2].map((k) => (k === i ? s * h : 0));
  const plus = (a: number[], b: number[]): number[] => a.map((v, k) => v + b[k]);
  const H = new Float64Array(9);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      H[i * 3 + j] =
        (at(plus(e(i, 1), e(j, 1))) -
          at(plus(e(i, 1), e(j, -1))) -
          at(plus(e(i, -1), e(j, 1))) +
          at(plus(e(i, -1), e(j, -1)))) /
        (4 * h * h);
  return H;
}

test("interval matrices: every symmetric matrix inside has its eigenvalues within the bounds", () => {
  const entry = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(
        fc.tuple(entry, fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
        {
          minLength: 15,
          maxLength: 15,
        },
      ),
      (k, entries) => {
        const [lo, hi, inside] = [new Float64Array(k * k), new Float64Array(k * k), new Float64Array(k * k)];
        let e = 0;
        for (let i = 0; i < k; i++)
          for (let j = i; j < k; j++) {
            const [c, r, t] = entries[e++];
            for (const at of [i * k + j, j * k + i]) {
              lo[at] = c - r;
              hi[at] = c + r;
              inside[at] = Math.min(c + r, Math.max(c - r, c + t * r));
            }
          }
        const bounds = spectrumBounds({ lo, hi, flags: new Float64Array(k * k) }, k, 0, k)!;
        const { values } = symmetricEigen(inside, k);
        expect(values[0]).toBeGreaterThanOrEqual(bounds.smallest - 1e-12);
        expect(values[k - 1]).toBeLessThanOrEqual(bounds.largest + 1e-12);
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test("entries without bounds or undefined ones give none", () => {
  const flags = new Float64Array(1);
  expect(spectrumBounds({ lo: Float64Array.of(-Infinity), hi: Float64Array.of(1), flags }, 1, 0, 1)).toBeUndefined();
  expect(
    spectrumBounds({ lo: Float64Array.of(0), hi: Float64Array.of(1), flags: Float64Array.of(1) }, 1, 0, 1),
  ).toBeUndefined();
  expect(normBound({ lo: Float64Array.of(-3, 0), hi: Float64Array.of(1, 4), flags: new Float64Array(2) })).toBeCloseTo(
    5,
    12,
  );
  expect(normBound({ lo: Float64Array.of(0), hi: Float64Array.of(1), flags: Float64Array.of(1) })).toBe(Infinity);
});

test("PL estimates: gaps of rounding size are left out", () => {
  expect(
    polyakLojasiewicz(
      [
        [8, 4],
        [2, 2],
      ],
      0,
    ),
  ).toBe(1);
  expect(
    polyakLojasiewicz(
      [
        [8, 4],
        [1e-14, 0],
      ],
      0,
    ),
  ).toBe(1);
  expect(polyakLojasiewicz([[1, 0]], 1)).toBeUndefined();
});

test("the same seed gives the same constants, and the oracle's counters stay", async () => {
  const oracle = await compiledOracle("upper { var x; minimize x^2 + sin(y) }\nlower { var y; minimize exp(y) - x*y }");
  const before = JSON.stringify(oracle.counts);
  expect(JSON.stringify(found(oracle).list)).toBe(JSON.stringify(found(oracle).list));
  expect(JSON.stringify(oracle.counts)).toBe(before);
});
