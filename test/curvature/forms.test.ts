/** Quadratic forms, moduli, blocks, slopes, minimax, kinks: against closed forms and numbers. */
import { describe, expect, test } from "vitest";
import { exactlySemidefinite, leastEigenvalue } from "../../src/curvature/definite.js";
import { curvatureOf } from "../../src/curvature/index.js";
import { symmetricEigen } from "../../src/num/eigen.js";
import { createRandom } from "../../src/num/random.js";
import { problemOf, valuesAt } from "../elaborate/compile.js";

const text = (objective: string, extra = "", upper = "x + sum(y) + u"): string => `param P = [[2, -1], [-1, 2]]
param b = [3, -4]
upper {
  var x in [1, 2]
  var u
  minimize ${upper}
}
lower {
  var y[2]
  var t
  minimize ${objective}${extra}
}
`;

describe("quadratic forms", () => {
  test("H, slope and constant are nodes over x, and give the function back", async () => {
    const problem = await problemOf(
      text("x * quadform(P, y) + u * t^2 - x^2 * dot(b, y) + t * y[1] + exp(x) * t + sin(u)"),
    );
    const { lower } = curvatureOf(problem);
    const q = lower.quadratic!;
    expect([q.size, q.constantHessian, q.matrix, lower.objective.degree.own]).toEqual([3, false, undefined, 2]);
    expect(lower.objective.degree.joint).toBe(Number.POSITIVE_INFINITY);
    const random = createRandom(3);
    for (let k = 0; k < 20; k++) {
      const x = [1 + random.uniform(), random.normal()];
      const y = [random.normal(), random.normal(), random.normal()];
      // y in the nodes must not matter
      const [H, slope, [constant]] = valuesAt(problem, [q.hessian!, q.slope, q.constant], x, [9, 9, 9]);
      let value = constant;
      for (let i = 0; i < 3; i++) {
        value += slope[i] * y[i];
        for (let j = 0; j < 3; j++) value += (H[i * 3 + j] * y[i] * y[j]) / 2;
      }
      const [[expected]] = valuesAt(problem, [problem.lowers[0].objective], x, y);
      expect(value).toBeCloseTo(expected, 10);
    }
  });

  test("jointly: the matrix as numbers", async () => {
    const { lower } = curvatureOf(await problemOf(text("(y[1] - x)^2 + 3 * (t - u)^2 + y[2]^2 + x * t")));
    const q = lower.jointQuadratic!;
    expect(q.size).toBe(5);
    // x, u, y1, y2, t
    expect(Array.from(q.matrix!, (v) => v + 0)).toEqual([
      2, 0, -2, 0, 1, 0, 6, 0, 0, -6, -2, 0, 2, 0, 0, 0, 0, 0, 2, 0, 1, -6, 0, 0, 6,
    ]);
    expect(lower.quadratic!.matrix).toEqual(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 6));
  });
});

describe("moduli", () => {
  /** Objective, and mu: the least second derivative over x in [1, 2] (undefined: no proof). */
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["4 * sumsq(y) + t^2", 2],
    ["quadform(P, y) + t^2", 2],
    ["x * sumsq(y) + 3 * t^2 + exp(t)", 2],
    ["sumsq(y) + t", undefined],
    ["sumsq(y) + cosh(t)", 1],
    ["sumsq(y) + t^2 - 0.5 * cos(t)", 1.5],
    ["sumsq(y) + t^2 + norm1(y) + max(t, y[1])", 2],
    ["(y[1] + y[2])^2 + t^2", undefined],
    ["x * y[1] * y[2] + 2 * sumsq(y) + t^2", 2],
    ["log(exp(y[1]) + exp(t)) + 0.5 * sumsq(y) + 0.5 * t^2", 1],
  ];
  test.each(cases)("%s: %s", async (objective, mu) => {
    const { strong } = curvatureOf(await problemOf(text(objective))).lower;
    if (mu === undefined) expect(strong).toBeUndefined();
    else {
      // a proved number: below the true one, and close to it
      expect(strong!.mu!).toBeLessThanOrEqual(mu);
      expect(strong!.mu!).toBeGreaterThan(mu * (1 - 1e-9));
    }
  });

  test("a weight that is positive without a positive bound", async () => {
    const { strong, word } = curvatureOf(await problemOf(text("exp(u) * (sumsq(y) + t^2)"))).lower;
    expect([strong !== undefined, strong?.mu, word]).toEqual([true, undefined, "convex quadratic"]);
  });
});

describe("definiteness", () => {
  test("bounds are below the eigenvalues of matrices inside, and close where there is no radius", () => {
    const random = createRandom(5);
    for (let k = 1; k <= 12; k++) {
      const A = new Float64Array(k * k);
      for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) A[i * k + j] = A[j * k + i] = random.normal();
      const [least] = symmetricEigen(A, k).values;
      const sharp = leastEigenvalue(A, A, k);
      expect(sharp).toBeLessThanOrEqual(least + 1e-14 * k);
      expect(sharp).toBeGreaterThan(least - 1e-10 * k);
      const radius = 0.1;
      const wide = leastEigenvalue(
        A.map((v) => v - radius),
        A.map((v) => v + radius),
        k,
      );
      for (let trial = 0; trial < 20; trial++) {
        const inside = A.slice();
        for (let i = 0; i < k; i++)
          for (let j = 0; j <= i; j++) inside[j * k + i] = inside[i * k + j] += radius * (2 * random.uniform() - 1);
        expect(symmetricEigen(inside, k).values[0]).toBeGreaterThanOrEqual(wide);
      }
    }
    expect(leastEigenvalue(Float64Array.of(0), Float64Array.of(0), 1)).toBe(0);
    expect(
      leastEigenvalue(Float64Array.of(1, 0, 0, 1), Float64Array.of(Number.POSITIVE_INFINITY, 0, 0, 1), 2),
    ).toBeCloseTo(1);
  });

  test("exactly: Gram matrices of whole numbers of any rank, and one unit less", () => {
    const random = createRandom(6);
    for (let k = 1; k <= 8; k++) {
      const rank = Math.max(1, random.integer(k));
      const B = Array.from({ length: rank * k }, () => random.integer(9) - 4);
      const G = new Float64Array(k * k);
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) for (let r = 0; r < rank; r++) G[i * k + j] += B[r * k + i] * B[r * k + j];
      expect(exactlySemidefinite(G, k)).toBe(true);
      if (rank === k) continue;
      // a singular matrix with the least possible fraction taken off the diagonal
      const less = G.slice();
      for (let i = 0; i < k; i++) less[i * k + i] -= 2 ** -40;
      expect(exactlySemidefinite(less, k)).toBe(false);
    }
  });
});

describe("structure", () => {
  test("blocks, constraints that join them, what x moves", async () => {
    const problem = await problemOf(
      text("sumsq(y) + (t - x)^2", "\n  subject to\n    cap: y[1] + t <= u\n    own: y[2] >= -1"),
    );
    const { lower } = curvatureOf(problem);
    expect(lower.blocks.map((b) => b.map((v) => v.name))).toEqual([["y"], ["t"]]);
    expect(lower.separable.objective && !lower.separable.withConstraints).toBe(true);
    expect(lower.dependsOn.objective.map((v) => v.name)).toEqual(["x"]);
    expect(lower.dependsOn.constraints.map((v) => v.name)).toEqual(["u"]);
    expect(lower.constraints.map((c) => [c.set, c.dependsOnX])).toEqual([
      ["polyhedral", true],
      ["polyhedral", false],
    ]);
  });

  test("slopes and signs", async () => {
    const { lower } = curvatureOf(await problemOf(text("exp(y[1]) - 2 * t + x * y[2] + x^2 + relu(t)")));
    expect([...lower.objective.monotone.y!]).toEqual([1, 1, -1]);
    expect([...lower.objective.monotone.x!]).toEqual([0, 2]);
    const squares = curvatureOf(await problemOf(text("1 + sumsq(y) + exp(t)"))).lower.objective;
    expect([squares.values.lo, [...squares.monotone.y!]]).toEqual([1, [0, 0, 1]]);
  });

  test("kinks, jumps and steep parts, with their place", async () => {
    const problem = await problemOf(text("abs(t) + norm(y) + huber(t) + sign(y[1]) + max(y[1], 2) + sqrt(t^2 + 1)"));
    const parts = curvatureOf(problem).lower.rough.map((p) => [
      p.kind,
      problem.source.text.slice(p.span!.start, p.span!.end),
    ]);
    expect(parts.map((p) => p.join(" ")).sort()).toEqual([
      "bend huber(t)",
      "jump sign(y[1])",
      "kink abs(t)",
      "kink max(y[1], 2)",
      "kink norm(y)",
    ]);
  });

  test("minimax that is not declared as such", async () => {
    const f = "x * y[1] - sumsq(y) + u^2 - t^2 * exp(x)";
    expect(curvatureOf(await problemOf(text(`-(${f})`, "", f))).minimaxLike).toBe(true);
    expect(curvatureOf(await problemOf(text(`sumsq(y) + t^2 * exp(x) - u^2 - x * y[1]`, "", f))).minimaxLike).toBe(
      true,
    );
    expect(curvatureOf(await problemOf(text(`-(${f}) + t`, "", f))).minimaxLike).toBe(false);
    expect(curvatureOf(await problemOf(text("sumsq(y) + t^2", "", "x^2 + sumsq(y)"))).minimaxLike).toBe(false);
  });

  test("followers: each in its own variables", async () => {
    const problem = await problemOf(`upper {
  var x
  minimize x + a + c
}
lower first {
  var a
  minimize a^2 + a * c - x * a
}
lower second {
  var c
  minimize -c^2 + a * c + x
}
`);
    const { lowers } = curvatureOf(problem);
    expect(lowers.map((l) => [l.objective.own.shape, l.strong?.mu !== undefined])).toEqual([
      ["convex", true],
      ["concave", false],
    ]);
  });
});
