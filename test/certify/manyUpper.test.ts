/** Certificates of problems with constraints and more upper variables than are examined one by one. */
import { describe, expect, test } from "vitest";
import { asText, generator, linearBilevel } from "../../bench/linearBilevelProblems.mjs";
import { compile, type Problem, solve } from "../../src/api.js";
import { ActivePiece, lagrangianHessian, lowerDerivatives } from "../../src/certify/activePiece.js";
import { activePieces } from "../../src/certify/activePieces.js";
import { examine } from "../../src/certify/certificate.js";
import { type ActiveMember, linearKink } from "../../src/certify/linearKink.js";
import { ActiveLower } from "../../src/certify/lowerActive.js";
import { solveConstrained } from "../../src/certify/lowerConstrained.js";
import { nullSpace } from "../../src/certify/reducedCurvature.js";
import { solveSmall } from "../../src/methods/constrained/multiplierVertices.js";
import { nonNegativeLeastSquares } from "../../src/num/nonNegative.js";
import { createRandom } from "../../src/num/random.js";
import { dot, norm } from "../../src/num/vector.js";
import { compileOracle } from "../../src/oracle/compile.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}
const never = (): boolean => false;
const N = 24;
const numbers = (f: (i: number) => number): string =>
  `[${Array.from({ length: N }, (_, i) => f(i).toFixed(6)).join(", ")}]`;
const judge = (problem: Problem, x: Float64Array, y: Float64Array) =>
  examine(compileOracle(problem), x, y, { tolerance: 1e-6, random: createRandom(3), seconds: 20 });
const failed = (problem: Problem, x: Float64Array, y: Float64Array) =>
  judge(problem, x, y)
    .certificate.checks.filter((c) => !c.holds)
    .map((c) => c.name);
const filled = (value: number): Float64Array => new Float64Array(N).fill(value);

/** Bounds of x, an upper constraint on y, lower rows and bounds: all act at the answer. */
const coupled = `param t = ${numbers((i) => 0.9 * Math.sin(1 + 2 * i) + 0.3)}
param s = ${numbers((i) => 0.6 * Math.cos(3 * i))}
upper { var x[${N}] in [-1, 1]; minimize sumsq(x - t) + 0.5 * sumsq(y - s); subject to  cap: sum(y) <= 2.5 }
lower { var y[${N}] >= 0; minimize 0.5 * sumsq(y - x) + 0.01 * sum(y)^2; subject to  rows: y[2] + 2 * y[3] - 0.2 * x[2] <= 0.2 }`;

describe("a convex quadratic lower level", () => {
  test("a plain run is certified, and points beside its answer are not", async () => {
    const problem = await problemOf(coupled);
    const { status, x, y } = await solve(problem, { seconds: 20 });
    expect(status).toBe("converged");
    // whatever a method proved of it
    const { certificate } = judge(problem, x, y);
    expect(certificate.certified, certificate.sentence).toBe(true);
    expect(certificate.checks.find((c) => c.name === "neighbours")?.words).toContain("Descent was looked for at");
    const oracle = compileOracle(problem);
    const away = x.map((v, i) => Math.min(1, Math.max(-1, v + (i % 5 === 1 ? 0.01 : 0))));
    const moved = new ActiveLower(oracle).solve(away, y, 0, never);
    if (moved === undefined) throw new Error("no lower solution beside x");
    expect(failed(problem, away, moved.y)).toContain("hypergradient");
    expect(judge(problem, away, moved.y).restart).toBeDefined();
    const wrong = y.map((v) => (v > 0.1 ? v - 0.01 : v));
    expect(failed(problem, x, wrong)).toContain("value gap");
  });

  test("derivatives along the active set agree with differences of re-solved lower problems", async () => {
    const oracle = compileOracle(await problemOf(coupled));
    const x = Float64Array.from({ length: N }, (_, i) => 0.5 * Math.sin(i) + 0.3);
    const lower = new ActiveLower(oracle);
    const at = lower.solve(x, filled(0.2), 0, never);
    if (at === undefined) throw new Error("no lower solution");
    const { found, gap } = activePieces(oracle, x, at.y, 10, never);
    expect(gap).toBeUndefined();
    expect(found.length).toBe(1);
    expect(found[0].piece.held.rows[0]).toBe(1);
    const weights = Float64Array.from({ length: N }, (_, j) => Math.cos(2 * j));
    const slope = found[0].piece.along(new Float64Array(N), weights);
    const ofRow = found[0].piece.rowMultiplier(0);
    const bound = found[0].piece.held.bounds.indexOf(-1);
    const ofBound = found[0].piece.boundMultiplier(bound);
    const valuesAt = (i: number, h: number) => {
      const moved = x.slice();
      moved[i] += h;
      const there = lower.solve(moved, at.y, 0, never);
      if (there === undefined) throw new Error("no lower solution");
      const g = new Float64Array(N);
      oracle.lower.gradY(moved, there.y, g);
      const push = new Float64Array(N);
      oracle.lower.constraints.vjp(moved, there.y, there.multipliers, new Float64Array(N), push);
      return [dot(weights, there.y), there.multipliers[0], g[bound] + push[bound]];
    };
    for (let i = 0; i < N; i++) {
      const [up, down] = [valuesAt(i, 1e-4), valuesAt(i, -1e-4)];
      [slope[i], ofRow[i], ofBound[i]].forEach((d, k) => {
        expect(d).toBeCloseTo((up[k] - down[k]) / 2e-4, 6);
      });
    }
  });

  test("a saddle point is refused by its curvature", async () => {
    const problem =
      await problemOf(`upper { var x[${N}] in [-2, 2]; minimize sumsq(y) - 1.5 * y[7]^2; subject to  far: sum(y) <= 9 }
lower { var y[${N}]; minimize sumsq(y - x); subject to  room: y <= 3 }`);
    expect(failed(problem, filled(0), filled(0))).toEqual(["upper curvature", "neighbours"]);
  });
});

describe("kinks", () => {
  const kinked = (
    k: number,
    slope: number,
  ) => `upper { var x[${N}] in [-2, 2]; minimize sumsq(x) + ${slope} * (2 * sum(y[1:${k}]) - sum(x[1:${k}])) }
lower { var y[${N}]; minimize sumsq(y - x); subject to  floor: y[1:${k}] >= 0; roof: y <= 3 }`;

  test("minima of |x| in three variables: all eight pieces are balanced", async () => {
    const problem = await problemOf(kinked(3, 1));
    expect(activePieces(compileOracle(problem), filled(0), filled(0), 100, never).found.length).toBe(8);
    const { certificate } = judge(problem, filled(0), filled(0));
    expect(certificate.certified).toBe(true);
    expect(certificate.checks.find((c) => c.name === "hypergradient")?.words).toContain("kink");
  });

  test("a maximum of them is refused", async () => {
    const problem = await problemOf(kinked(3, -1));
    expect(failed(problem, filled(0), filled(0))).toEqual(["hypergradient", "neighbours"]);
  });
});

test("the pieces need a strict lower solution", async () => {
  const problem = await problemOf(`upper { var x[${N}] in [0, 1]; minimize sum(x) + sumsq(y) }
lower { var y[2] in [0, 1]; minimize -y[1] - y[2]; subject to  cap: y[1] + y[2] <= 1 + sum(x) / 100 }`);
  const y = Float64Array.from([0.5, 0.5]);
  const { certificate } = judge(problem, filled(0), y);
  expect(certificate.certified).toBe(false);
  expect(certificate.sentence).toContain("not strict");
});

test("null spaces: orthonormal, orthogonal to the normals, of the right dimension", () => {
  const random = createRandom(5);
  const normals = Array.from({ length: 4 }, () => Float64Array.from({ length: 9 }, () => random.normal()));
  normals.push(normals[0].map((v, i) => v + 2 * normals[1][i]));
  const basis = nullSpace(normals, 9);
  expect(basis.length).toBe(5);
  basis.forEach((q, k) => {
    for (const a of normals) expect(Math.abs(dot(a, q))).toBeLessThan(1e-12 * norm(a) + 1e-12);
    basis.forEach((r, l) => {
      expect(dot(q, r)).toBeCloseTo(k === l ? 1 : 0, 12);
    });
  });
});

test("curvature of lower rows enters by their multipliers", async () => {
  const oracle = compileOracle(
    await problemOf(`upper { var x[${N}]; minimize sumsq(x) + sumsq(y) }
lower { var y[2]; minimize -y[1] - 2 * y[2] + x[1] * y[1]; subject to  disc: sumsq(y) <= 1 + x[2] }`),
  );
  const x = filled(0);
  const y = Float64Array.from([1 / Math.sqrt(5), 2 / Math.sqrt(5)]);
  const at = lowerDerivatives(oracle, x, y);
  const z = Float64Array.from([Math.sqrt(5) / 2]);
  const piece = new ActivePiece(
    at,
    lagrangianHessian(at, z),
    { rows: new Uint8Array([1]), bounds: new Int8Array(2) },
    z,
  );
  expect(piece.strict).toBe(true);
  // y = r (1 - x1, 2) / |(1 - x1, 2)| with r = sqrt(1 + x2)
  const slope = piece.along(new Float64Array(N), Float64Array.from([1, 0]));
  expect(slope[0]).toBeCloseTo(-4 / Math.sqrt(125), 10);
  expect(slope[1]).toBeCloseTo(0.5 / Math.sqrt(5), 10);
});

describe("vertices of linear lower levels", () => {
  test.each(["dense", "unit", "linked"])(
    "%s: 22 upper variables, by branches over what stays active",
    async (family) => {
      const problem = await problemOf(asText(linearBilevel({ family, n: 22, m: 8, rows: 10, seed: 1 })));
      const { x, y } = await solve(problem, { seconds: 20 });
      const { certificate } = judge(problem, x, y);
      expect(certificate.certified, certificate.sentence).toBe(true);
      expect(certificate.sentence).toContain("stationary for the upper level; beyond that");
      // Next to it lower solutions are as good, x is not.
      const away = x.map((v, i) => (i % 3 === 0 ? 0.99 * v + 0.002 : v));
      const moved = solveConstrained(compileOracle(problem), away, y, never);
      expect(judge(problem, away, moved.y).certificate.certified).toBe(false);
    },
  );

  test("the branches agree with all bases gone through one by one", () => {
    const random = createRandom(11);
    const [n, m, k] = [3, 3, 6];
    const counts = { none: 0, descent: 0 };
    for (let trial = 0; trial < 120; trial++) {
      const draw = (size: number) => Float64Array.from({ length: size }, () => random.normal());
      const members = Array.from({ length: k }, () => ({ x: draw(n), y: draw(m), equality: false }));
      const down = new Float64Array(m);
      for (const { y } of members) {
        const z = random.uniform();
        for (let j = 0; j < m; j++) down[j] += z * y[j];
      }
      // x >= 0, with costs of x such that about half of the vertices are minima
      const bounds = Array.from({ length: n }, (_, i) => {
        const e = new Float64Array(n + m);
        e[i] = -1;
        return e;
      });
      const target = draw(n + m).map((v, i) => (i < n ? 2 * v - 3 : v));
      const found = linearKink(target, bounds, [true, true, true], members, down, 1e-7, never);
      expect(found.kind).toBe(byBases(target, members, down) ? "descent" : "none");
      if (found.kind !== "open") counts[found.kind]++;
    }
    expect(counts.none).toBeGreaterThan(20);
    expect(counts.descent).toBeGreaterThan(20);
  });
});

/** Whether f falls on the cone of some dual feasible basis, x >= 0. */
function byBases(target: Float64Array, members: readonly ActiveMember[], down: Float64Array): boolean {
  const m = down.length;
  const n = target.length - m;
  for (let a = 0; a < members.length; a++)
    for (let b = a + 1; b < members.length; b++)
      for (let c = b + 1; c < members.length; c++) {
        const basis = [a, b, c];
        const z = solveSmall(
          Array.from({ length: m }, (_, j) => basis.map((i) => members[i].y[j])),
          [...down],
        );
        if (z === undefined || z.some((v) => v < 0)) continue;
        // columns of dv/dd
        const V = Array.from({ length: n }, (_, l) =>
          solveSmall(
            basis.map((i) => [...members[i].y]),
            basis.map((i) => -members[i].x[l]),
          ),
        );
        const p = Float64Array.from(V, (v, l) => target[l] + (v ?? []).reduce((s, d, j) => s + d * target[n + j], 0));
        const rows = members.map(({ x, y }) =>
          Float64Array.from(V, (v, l) => x[l] + (v ?? []).reduce((s, d, j) => s + d * y[j], 0)),
        );
        const cone = [
          ...rows.filter((_, i) => !basis.includes(i)),
          ...Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, l) => (l === i ? -1 : 0))),
        ];
        const weights = nonNegativeLeastSquares(
          cone,
          p,
          cone.map(() => true),
        );
        const left = p.map((v, l) => v - cone.reduce((s, row, i) => s + weights[i] * row[l], 0));
        if (norm(left) > 1e-7) return true;
      }
  return false;
}

test("few upper variables, a large linear lower level at a kink: what is not known is not compared", async () => {
  const [customers, routes] = [80, 8];
  const uniform = generator(1);
  const whole = (most: number): number => 1 + Math.floor(most * uniform());
  const demand = Array.from({ length: customers }, () => whole(20));
  const cost = Array.from({ length: customers }, () => Array.from({ length: routes }, () => whole(12)));
  const problem = await problemOf(`param d[${customers}] = ${JSON.stringify(demand)}
param c[${customers}, ${routes}] = ${JSON.stringify(cost)}
upper {
  var t[${routes}] in [0, 12]
  maximize sum(k in 1..${customers}, r in 1..${routes}: t[r] * x[k, r])
}
lower {
  var x[${customers}, ${routes}] >= 0
  var away[${customers}] >= 0
  minimize sum(k in 1..${customers}, r in 1..${routes}: (c[k, r] + t[r]) * x[k, r]) + 14 * sum(away)
  subject to
    demand: forall k in 1..${customers}: sum(r in 1..${routes}: x[k, r]) + away[k] == d[k]
}`);
  const prices = [12, 10, 11, 12, 11, 11, 12, 11];
  // the cheapest route, the dearest price of those; staying away costs 14
  const y = new Float64Array(customers * (routes + 1));
  cost.forEach((row, k) => {
    const least = Math.min(14, ...row.map((c, r) => c + prices[r]));
    const chosen = prices.reduce(
      (best, p, r) => (row[r] + p === least && (best < 0 || p > prices[best]) ? r : best),
      -1,
    );
    y[chosen < 0 ? customers * routes + k : k * routes + chosen] = demand[k];
  });
  // two who take what is as cheap and pays the upper level less: a lower solution, not the optimistic one
  y[12 * routes + 2] = 0;
  y[12 * routes + 1] = demand[12];
  y[62 * routes + 1] = 0;
  y[customers * routes + 62] = demand[62];
  const { checks, certified } = judge(problem, Float64Array.from(prices), y).certificate;
  expect(certified).toBe(false);
  expect(checks.find((c) => c.name === "value gap")?.holds).toBe(true);
  for (const { words, value } of checks) {
    expect(words).not.toContain("NaN");
    expect(Number.isNaN(value) && !words.includes("active sets")).toBe(false);
  }
});
