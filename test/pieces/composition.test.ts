/** Compositions of surrogates, fields and sampling rules: the named methods bit for bit, what minibatches do, every refusal. */
import { describe, expect, it } from "vitest";
import { BloError } from "../../src/base/diagnostic.js";
import { bicGaffa } from "../../src/methods/constrained/bicGaffa.js";
import { lvHba } from "../../src/methods/constrained/lvHba.js";
import type { Method, ParameterValue } from "../../src/methods/method.js";
import { gPbgd } from "../../src/methods/penalty/gPbgd.js";
import { meha } from "../../src/methods/penalty/meha.js";
import { vPbgd } from "../../src/methods/penalty/vPbgd.js";
import { composeIds, type PieceIds, pieces } from "../../src/methods/pieces/catalogue.js";
import type { Composition } from "../../src/methods/pieces/compose.js";
import { compose } from "../../src/methods/pieces/compose.js";
import { runMethod } from "../../src/methods/run.js";
import { withStart } from "../../src/methods/start.js";
import { mrbo } from "../../src/methods/stochastic/mrbo.js";
import { saba } from "../../src/methods/stochastic/saba.js";
import { soba } from "../../src/methods/stochastic/soba.js";
import { srba } from "../../src/methods/stochastic/srba.js";
import { sustain } from "../../src/methods/stochastic/sustain.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { acceptanceSource, compiledOracle } from "../support/compiledOracle.js";

type Options = Readonly<Record<string, ParameterValue>>;

const P1 = acceptanceSource("P1");
/** Ridge regression, the weight of the penalty chosen on other data; read by minibatches. */
const sums = `param A = [[1, 2], [3, -4], [0.5, 1], [-1, 0.3], [0.9, 1], [2, 0.1], [1, 1], [-2, 0.4]]
param t = [1, -1, 1, 1, -1, 1, -1, 0.5]
upper { var x[2] ; minimize mean(i in 1..6 batch 2: (A[i, :] * w - 2t[i])^2) + 0.1 * sumsq(x) }
lower { var w[2] ; minimize mean(i in 1..8 batch 2: (A[i, :] * w - t[i] * x[1])^2) + sumsq(w) + 0.5 * (w[1] - x[2])^2 }`;
/** Terms with the same Hessian: the adjoint of a minibatch has no bias. */
const alike = `param t = [1, -1, 1, 1, -1, 1, -1, 0.5]
upper { var x[2] ; minimize mean(i in 1..6 batch 2: (w[1] - 2t[i] - 1)^2 + w[2]^2 - t[i] * w[2]) + 0.3 * sumsq(x) }
lower { var w[2] ; minimize mean(i in 1..8 batch 2: (w[1] - t[i] - x[1])^2 + (w[2] - t[i] * x[1] - x[2])^2) + 0.2 * sumsq(w) }`;
/** The same terms, all of them equal: samples without noise. */
const equal = `upper { var x ; minimize mean(i in 1..6 batch 2: (x - 1)^2 + w^2) }
lower { var w ; minimize mean(i in 1..8 batch 2: (w - x)^2) }`;
const rows = acceptanceSource("C1");

function go(method: Method, oracle: Oracle, parameters: Options = {}, iterations = 60, seed = 3) {
  return runMethod(method as never, oracle.fork(), {
    now: () => 0,
    seed,
    parameters,
    limits: { iterations, calls: 2e6 },
  });
}

const bytes = (r: { readonly x: Float64Array; readonly y: Float64Array }): number[] => [...r.x, ...r.y];

describe("surrogates", () => {
  const cases: readonly (readonly [string, Method, Options, Options, string])[] = [
    ["value-gap", vPbgd, { alpha: 0.1, gamma: 20, T: 3 }, { stepX: 0.1, gamma: 20, T: 3 }, P1],
    ["value-gap", vPbgd, { alpha: 0.1, ramp: 20 }, { stepX: 0.1, stepY: 0.1, ramp: 20 }, P1],
    ["squared-gradient", gPbgd, { alpha: 0.05, gamma: 5 }, { stepX: 0.05, gamma: 5 }, P1],
    ["moreau", meha, { alpha: 0.04, beta: 0.03, c0: 2 }, { stepX: 0.04, stepY: 0.03, c0: 2 }, P1],
    ["proximal-lagrangian", lvHba, { alpha: 0.02, p: 0 }, { stepX: 0.02, p: 0 }, rows],
    ["regularised-gap", bicGaffa, { alpha: 0.02, c0: 3 }, { stepX: 0.02, c0: 3 }, rows],
  ];
  it.each(cases)("%s with gradient steps is a published loop, bit for bit", async (surrogate, named, a, b, text) => {
    const oracle = await compiledOracle(text);
    const wanted = go(named, oracle, a);
    const found = go(composeIds({ surrogate }), oracle, b);
    expect(found.iterations).toBeGreaterThan(10);
    expect(bytes(found)).toEqual(bytes(wanted));
  });

  it("y inside the surrogate: the penalty's x is that of the penalised problem in closed form", async () => {
    // f + λ (g - g*) on P1 with z = x/2: minimised over y at y = (12x - 4 + 4λx)/(8 + 8λ); x at dL/dx = 0.
    const lambda = 50;
    const slope = (x: number) => {
      const y = (12 * x - 4 + 4 * lambda * x) / (8 + 8 * lambda);
      return 14 * x - 12 * y - 30 + lambda * (2 * x - 4 * y);
    };
    const wanted = -slope(0) / (slope(1) - slope(0));
    const oracle = await compiledOracle(P1);
    for (const outer of ["gradient", "adam"]) {
      const { x, reason } = go(composeIds({ surrogate: "penalty", outer }), oracle, { lambda, K: 60 }, 4000);
      expect(Math.abs(x[0] - wanted), reason).toBeLessThan(1e-5);
    }
  });

  it("the joint surrogates reach the same point by either order and by every outer rule", async () => {
    const oracle = await compiledOracle(P1);
    const ends: number[] = [];
    for (const order of ["together", "after-x"])
      for (const outer of ["gradient", "adaptive", "adam"])
        ends.push(go(composeIds({ surrogate: "value-gap", outer }), oracle, { order, gamma: 10 }, 20_000).x[0]);
    // min over x and y of f + 10 (g - g*), g - g* = (2y - x)²: x and y solve a system of two linear equations.
    const y = (x: number) => (12 * x - 4 + 40 * x) / 88;
    const wanted = -(-12 * y(0) - 30 - 40 * y(0)) / (14 + 20 - 52 * (y(1) - y(0)));
    for (const x of ends) expect(Math.abs(x - wanted)).toBeLessThan(1e-4);
  });

  it("what a surrogate can keep is what the composition can keep", () => {
    for (const piece of pieces.surrogate) {
      const { requirements } = compose({ surrogate: piece });
      expect([requirements.order, requirements.lowerDomain, requirements.lowerConstraints]).toEqual([
        piece.order,
        piece.projects,
        piece.constraints,
      ]);
    }
    const changed = compose({ surrogate: pieces.surrogate[1], id: "mine", title: "Mine", defaults: { gamma: 7 } });
    expect([changed.id, changed.title, changed.parameters.find((p) => p.name === "gamma")?.default]).toEqual([
      "mine",
      "Mine",
      7,
    ]);
  });
});

describe("fields and sampling rules", () => {
  const cases: readonly (readonly [string, string, Method])[] = [
    ["joint", "minibatch", soba],
    ["joint", "saga", saba],
    ["joint", "spider", srba],
    ["neumann", "storm", mrbo],
    ["random-neumann", "storm", sustain],
  ];
  it.each(cases)("%s x %s is a named method, bit for bit, in both modes", async (field, sampling, named) => {
    const oracle = await compiledOracle(sums);
    const method = composeIds({ field, sampling });
    const options = (m: Method) => new Map(m.parameters.map((p) => [p.name, p.default]));
    expect(options(method)).toEqual(options(named));
    for (const options of [{}, { rho: 0.05, gamma: 0.02, batch: 3 }] as const) {
      expect(bytes(go(method, oracle, options, 40))).toEqual(bytes(go(named, oracle, options, 40)));
    }
  });
});

describe("lower map, estimator and outer rule on minibatches", () => {
  const ids = { lower: "gradient", estimator: "reverse", sampling: "minibatch" };

  it("full, and sums whose terms are equal, are the loop on all terms", async () => {
    const oracle = await compiledOracle(sums);
    const options = { K: 5, alpha: 0.04, eta: 0.05 };
    const all = go(composeIds({ lower: "gradient", estimator: "cg" }), oracle, options);
    expect(bytes(go(composeIds({ lower: "gradient", estimator: "cg", sampling: "full" }), oracle, options))).toEqual(
      bytes(all),
    );
    const even = await compiledOracle(equal);
    for (const estimator of ["direct", "cg", "neumann", "reverse", "forward", "zeroth-order"]) {
      const wanted = go(composeIds({ estimator }), even, options, 30);
      const found = go(composeIds({ estimator, sampling: "minibatch" }), even, { ...options, power: 0 }, 30);
      for (const i of [0, 1]) expect(bytes(found)[i], estimator).toBeCloseTo(bytes(wanted)[i], 12);
    }
  });

  it("the reverse sweep differentiates the path that was taken: central differences over the same samples", async () => {
    const oracle = await compiledOracle(sums);
    for (const lower of ["gradient", "nesterov", "heavy-ball", "proximal", "aggregation"]) {
      const one = (x: readonly number[]) => {
        const moved = withStart(oracle, x, oracle.startY);
        const options = { K: 6, eta: 1, power: 0, warm: false, average: false };
        return go(composeIds({ ...ids, lower }), moved, options, 1, 9);
      };
      const at = [0.4, -0.7];
      // x_1 = x_0 - G, and `value` is f(x_0, y_K(x_0)) on the samples of the seed.
      const G = at.map((v, i) => v - one(at).x[i]);
      for (const i of [0, 1]) {
        const e = 1e-5;
        const shift = (by: number) => one(at.map((v, k) => (k === i ? v + by : v))).trace.at(-1)!.value;
        expect(Math.abs((shift(e) - shift(-e)) / (2 * e) - G[i]), `${lower} ${i}`).toBeLessThan(1e-6);
      }
    }
  });

  it("a fresh sample per lower step and per estimate; the same seed gives the same bytes, another one others", async () => {
    const oracle = await compiledOracle(sums);
    const method = composeIds(ids);
    const options = { K: 4, eta: 0.02 };
    const counts = (iterations: number) => go(method, oracle, options, iterations).counts;
    const [one, two] = [counts(1), counts(2)];
    // 4 steps and the residual, 2 of 8 terms each; the upper gradient reads 2 of 6.
    expect(two.lowerGradient - one.lowerGradient).toBeCloseTo(5 / 4, 12);
    expect(two.upperGradient - one.upperGradient).toBeCloseTo(1 / 3, 12);
    expect(bytes(go(method, oracle, options))).toEqual(bytes(go(method, oracle, options)));
    expect(bytes(go(method, oracle, options))).not.toEqual(bytes(go(method, oracle, options, 60, 4)));
  });

  it("comes near the solution without step sizes, and claims nothing where noise stays", async () => {
    for (const [text, estimator, outer, within] of [
      [sums, "reverse", "gradient", 0.1],
      [sums, "reverse", "adam", 0.1],
      [alike, "cg", "gradient", 0.1],
      [alike, "cg", "momentum", 0.1],
    ] as const) {
      const oracle = await compiledOracle(text);
      const exact = go(composeIds({}), oracle, {}, 500);
      expect(exact.status).toBe("converged");
      const r = go(composeIds({ estimator, outer, sampling: "minibatch" }), oracle, { K: 80 }, 100_000);
      expect(r.status, r.reason).toBe("stalled");
      const apart = Math.hypot(r.x[0] - exact.x[0], r.x[1] - exact.x[1]);
      expect(apart, `${estimator} ${outer}`).toBeLessThan(within);
    }
    const implicit = go(composeIds({ sampling: "minibatch" }), await compiledOracle(sums), {}, 3);
    expect(implicit.remark).toMatch(/equation of one minibatch/);
  });
});

describe("every combination on P1", () => {
  const kinds = Object.keys(pieces) as (keyof typeof pieces)[];
  const choices = (kind: keyof typeof pieces): readonly (string | undefined)[] => [
    undefined,
    ...pieces[kind].map((p) => p.id),
  ];

  it("makes a method that ends without a NaN called an answer, or is refused with the reason", async () => {
    const oracle = await compiledOracle(P1);
    const count = { made: 0, refused: 0 };
    const attempt = (ids: PieceIds): void => {
      let method: ReturnType<typeof compose>;
      try {
        method = composeIds(ids);
      } catch (error) {
        if (!(error instanceof BloError)) throw error;
        expect(error.diagnostics.map((d) => d.code)).toEqual(["BLO0806"]);
        expect(error.message).toMatch(/ makes no sense with .+: .{20,}/);
        count.refused++;
        return;
      }
      count.made++;
      const small = method.parameters.some((p) => p.name === "K") ? { K: 5 } : {};
      const r = runMethod(method, oracle.fork(), {
        now: () => 0,
        parameters: small,
        limits: { iterations: 6, calls: 600 },
      });
      expect(["failed", "invalid"], `${method.id}: ${r.reason}`).not.toContain(r.status);
      for (const v of bytes(r)) expect(Number.isFinite(v), method.id).toBe(true);
      if (r.status === "converged") expect(Number.isFinite(r.trace.at(-1)!.value), method.id).toBe(true);
    };
    for (const lower of choices("lower").slice(1))
      for (const estimator of choices("estimator").slice(1))
        for (const outer of choices("outer").slice(1))
          for (const sampling of choices("sampling")) attempt({ lower, estimator, outer, sampling });
    for (const surrogate of choices("surrogate").slice(1))
      for (const outer of choices("outer")) attempt({ surrogate, outer });
    for (const field of choices("field").slice(1))
      for (const sampling of choices("sampling")) attempt({ field, sampling });
    // Two kinds that exclude each other.
    for (const a of ["surrogate", "field"] as const)
      for (const b of kinds) if (a !== b) attempt({ [a]: pieces[a][0].id, [b]: pieces[b][0].id });
    const { length: maps } = pieces.lower;
    const all =
      maps * pieces.estimator.length * pieces.outer.length * (pieces.sampling.length + 1) +
      pieces.surrogate.length * (pieces.outer.length + 1) +
      pieces.field.length * (pieces.sampling.length + 1) +
      2 * (kinds.length - 1);
    expect(count.made + count.refused).toBe(all);
    expect(count.made).toBeGreaterThan(900);
  }, 60_000);

  it("sensible pairs are refused for what they lack", () => {
    const refused = (ids: PieceIds): string => {
      try {
        composeIds(ids);
      } catch (error) {
        if (error instanceof BloError) return error.diagnostics[0].message;
        throw error;
      }
      return "";
    };
    expect(refused({ field: "neumann", sampling: "saga" })).toContain("no table can keep its values");
    expect(refused({ field: "joint", sampling: "full" })).toContain("nothing would be sampled");
    expect(refused({ lower: "gradient", sampling: "saga" })).toContain("each lower step has a field of its own");
    expect(refused({ estimator: "minimum-norm", sampling: "minibatch" })).toContain("a kernel of its own");
    expect(refused({ outer: "adaptive", sampling: "minibatch" })).toContain("mostly their noise");
    expect(refused({ surrogate: "moreau", estimator: "cg" })).toContain("one function of x and y");
    expect(refused({ field: "joint", outer: "adam" })).toContain("a step rule of its own");
    const deaf = { ...pieces.lower[0], stepwise: undefined } as unknown as (typeof pieces.lower)[number];
    const parts: Composition = { lower: deaf, estimator: pieces.estimator[1], sampling: pieces.sampling[1] };
    expect(() => compose(parts)).toThrow(/does not say when a step begins/);
  });
});
