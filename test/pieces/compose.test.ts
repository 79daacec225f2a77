/** Compositions as methods: facts, both modes, refusals, and what biased ones say. */
import { describe, expect, it } from "vitest";
import { BloError } from "../../src/base/diagnostic.js";
import { certify } from "../../src/certify/certificate.js";
import type { ParameterValue } from "../../src/methods/method.js";
import { composeIds, pieces } from "../../src/methods/pieces/catalogue.js";
import { type Composition, compose } from "../../src/methods/pieces/compose.js";
import { cg } from "../../src/methods/pieces/estimators/cg.js";
import { neumann } from "../../src/methods/pieces/estimators/neumann.js";
import { reverse } from "../../src/methods/pieces/estimators/reverse.js";
import { aggregation } from "../../src/methods/pieces/lower/aggregation.js";
import { gradient } from "../../src/methods/pieces/lower/gradient.js";
import { relaxed } from "../../src/methods/pieces/outer/relaxed.js";
import { runMethod } from "../../src/methods/run.js";
import { createRandom } from "../../src/num/random.js";
import { type HandProblem, handOracle } from "../support/handOracle.js";
import { C2, E53, P1 } from "../support/handProblems.js";
import { base } from "./lowerMaps.js";

type Options = Readonly<Record<string, ParameterValue>>;

const fits = (estimator: (typeof pieces.estimator)[number], lower: (typeof pieces.lower)[number]): boolean =>
  estimator.maps === "all" || (estimator.maps === "plain" ? !lower.readsUpper : estimator.maps.includes(lower.id));

function run(method: ReturnType<typeof compose>, problem: HandProblem, parameters: Options = {}, iterations = 2000) {
  return runMethod(method, handOracle(problem), { now: () => 0, parameters, limits: { iterations, calls: 60_000 } });
}

describe("facts", () => {
  it("every pair that fits composes, with each option once; every other pair is refused with the reason", () => {
    let refused = 0;
    for (const lower of pieces.lower)
      for (const estimator of pieces.estimator)
        for (const outer of pieces.outer) {
          if (!fits(estimator, lower)) {
            refused++;
            expect(() => compose({ lower, estimator, outer })).toThrow(BloError);
            continue;
          }
          const method = compose({ lower, estimator, outer });
          const names = method.parameters.map((p) => p.name);
          expect(new Set(names).size).toBe(names.length);
          for (const piece of [lower, estimator, outer])
            for (const p of piece.parameters) expect(names).toContain(p.name);
          expect(method.id).toBe(`${lower.id}+${estimator.id}+${outer.id}`);
          expect(method.requirements.order).toBe(Math.max(1, lower.order, estimator.order));
          expect(method.requirements.lowerDomain).toBe(lower.projects);
          for (const line of estimator.formulas) expect(method.formulas).toContain(line);
        }
    expect(refused).toBeGreaterThan(0);
    expect(() => compose({ lower: aggregation, estimator: cg })).toThrow(/mix in the upper objective/);
  });

  it("ids of pieces are unique within their kind; unknown ones are refused with the nearest", () => {
    for (const list of Object.values(pieces)) expect(new Set(list.map((p) => p.id)).size).toBe(list.length);
    expect(() => composeIds({ lower: "nestrov" })).toThrow(/did you mean "nesterov"/);
    expect(() => composeIds({ estimator: "gc" })).toThrow(/estimator/);
    expect(composeIds({}).id).toBe("gradient+cg+gradient");
  });

  it("two pieces with the same option are a mistake of the pieces", () => {
    const twin = { ...gradient, parameters: [...gradient.parameters, ...cg.parameters] };
    expect(() => compose({ lower: twin, estimator: cg })).toThrow(
      /two pieces of gradient\+cg\+gradient have an option M/,
    );
  });
});

describe("automatic mode", () => {
  const plain = pieces.lower.filter((p) => !p.readsUpper);
  const exact = pieces.estimator.filter((p) => p.bias === undefined);
  const wanted = [1.0910267, 0.8435708];
  for (const lower of plain) {
    it(`${lower.id}: every exact estimator comes to the solution of P1 and C2`, () => {
      for (const estimator of exact) {
        const method = compose({ lower, estimator });
        for (const [problem, x] of [
          [P1, 7],
          [C2, 2],
        ] as const) {
          const r = run(method, problem);
          expect(r.status, `${method.id}: ${r.reason}`).toBe("converged");
          expect(Math.abs(r.x[0] - x), method.id).toBeLessThan(1e-6);
        }
      }
    });
  }
  it("a nonquadratic problem: implicit and reverse estimators agree", () => {
    for (const lower of ["gradient", "nesterov"])
      for (const estimator of [
        "direct",
        "cg",
        "fixed-point",
        "neumann",
        "minimum-norm",
        "shadow",
        "clipped",
        "reverse",
      ]) {
        const r = run(composeIds({ lower, estimator }), base);
        expect(r.status, `${r.reason} ${lower} ${estimator}`).toBe("converged");
        for (const i of [0, 1]) expect(Math.abs(r.x[i] - wanted[i]), `${lower} ${estimator}`).toBeLessThan(1e-5);
      }
  });
  it("every outer rule, with its own step sizes", () => {
    for (const outer of pieces.outer) {
      const r = run(composeIds({ lower: "nesterov", estimator: "cg", outer: outer.id }), P1);
      expect(r.status, `${outer.id}: ${r.reason}`).toBe("converged");
      expect(Math.abs(r.x[0] - 7), outer.id).toBeLessThan(1e-6);
    }
  });
  it("maps that mix in the upper objective end near the solution, as 1/K allows", () => {
    const r = run(compose({ lower: aggregation, estimator: reverse }), P1, {}, 60);
    expect(Math.abs(r.x[0] - 7)).toBeLessThan(0.2);
  });
  it("biased estimates end where their formulas vanish, and say so; the certificate refuses them", () => {
    const xi = 1 / (1.05 * 8);
    // With y = x/2: f_x = 8x - 30 and f_y = 4 - 8x; the virtual step adds 4 xi f_y.
    for (const [estimator, x] of [
      ["dropped", 30 / 8],
      ["difference", (30 - 16 * xi) / (8 - 32 * xi)],
    ] as const) {
      const oracle = handOracle(P1);
      const r = runMethod(composeIds({ estimator }), oracle, { now: () => 0 });
      expect(Math.abs(r.x[0] - x), estimator).toBeLessThan(1e-6);
      expect(r.remark).toMatch(/The estimate of the hypergradient (ignores|looks)/);
      expect(certify(oracle, r.x, r.y, { tolerance: 1e-6, random: createRandom(1) }).certified).toBe(false);
    }
  });
});

describe("published loop", () => {
  it("takes K lower steps and M iterations an outer step, and no more", () => {
    const method = compose({ lower: gradient, estimator: neumann });
    const counts = (iterations: number) => run(method, P1, { alpha: 1 / 16, K: 7, M: 4, eta: 0.01 }, iterations).counts;
    const [one, two] = [counts(5), counts(6)];
    // K steps and the residual; the series; J v.
    expect(two.lowerGradient - one.lowerGradient).toBe(8);
    expect(two.upperGradient - one.upperGradient).toBe(1);
    expect(two.lowerHvp - one.lowerHvp).toBe(4);
    expect(two.lowerJvp - one.lowerJvp).toBe(1);
  });

  const steps = { alpha: 1 / 16, K: 20, eta: 0.1 };
  const published = (parts: Composition, options: Options, iterations: number) =>
    run(compose(parts), P1, options, iterations);
  it("cold starts, warm starts, and a start that is moved", () => {
    const parts = { lower: gradient, estimator: reverse };
    expect(published({ ...parts, start: "cold" }, steps, 200).x[0]).toBeCloseTo(6.99998713, 7);
    expect(published(parts, { ...steps, warm: false }, 200).x[0]).toBeCloseTo(6.99998713, 7);
    // Moved: y_20 = x/2 + 2^-20 (y_0 - x/2), and the same fixed point as cold, since dy_20/dy_0 is tiny.
    const moved = published({ ...parts, start: "moved" }, { ...steps, eta: 0.05, etaStart: 0.05 }, 800);
    expect(Math.abs(moved.x[0] - 6.999987)).toBeLessThan(1e-5);
    expect(Math.abs(moved.y[0] - 3.49999)).toBeLessThan(1e-5);
  });

  it("simultaneous: both levels move from the same point, relaxed by the same share", () => {
    const r = published(
      { lower: gradient, estimator: cg, outer: relaxed, simultaneous: true, K: 1 },
      { alpha: 1 / 16, eta: 0.1, relaxation: 0.5 },
      1,
    );
    // At (0, 0): g_y = 0, f_x = -30, f_y = 4, v = 1/2, J = -4, G = -28.
    expect(r.x[0]).toBeCloseTo(0.5 * 2.8, 13);
    expect(r.y[0]).toBe(0);
    const two = published(
      { lower: gradient, estimator: cg, outer: relaxed, simultaneous: true, K: 1 },
      { alpha: 1 / 16, eta: 0.1, relaxation: 0.5 },
      2,
    );
    // y <- 0 + 1/2 (-(1/16) g_y(1.4, 0)), g_y = -4 * 1.4.
    expect(two.y[0]).toBeCloseTo((0.5 * 4 * 1.4) / 16, 13);
  });

  it("ends stalled where the steps vanish before the estimate's own equation is solved", () => {
    const r = published({ lower: gradient, estimator: neumann }, { ...steps, K: 10, M: 10 }, 1000);
    expect([r.status, r.x[0].toFixed(6)]).toEqual(["stalled", "6.996828"]);
    expect(r.reason).toMatch(/relative residual of 9\.8e-4/);
    const kernel = run(compose({ lower: gradient, estimator: cg }), E53, { alpha: 0.4, K: 10, eta: 0.2 }, 1000);
    expect(kernel.status).toBe("stalled");
  });

  it("the same seed gives the same bytes; another seed other draws", () => {
    const method = composeIds({ estimator: "random-neumann" });
    const x = (seed: number) =>
      runMethod(method, handOracle(P1), {
        now: () => 0,
        seed,
        parameters: { eta: 0.01, K: 5, adjointStep: 0.05 },
        limits: { iterations: 40 },
      }).x[0];
    expect(x(3)).toBe(x(3));
    expect(x(3)).not.toBe(x(4));
  });
});
