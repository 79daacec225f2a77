/** Quadratic forms by their matrices: eigenvalues that are known by construction, in numbers of variables that no Hessian is formed for. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { leastEigenvalue } from "../../src/curvature/definite.js";
import { curvatureOf } from "../../src/curvature/index.js";
import { createRandom } from "../../src/num/random.js";

/** shift I + v v' + w w': the smallest eigenvalue is the shift. */
function matrix(m: number, shift: number): number[][] {
  const random = createRandom(m).split("matrix");
  const [v, w] = [0, 1].map(() => Array.from({ length: m }, () => random.normal()));
  return v.map((p, i) => v.map((q, j) => p * q + w[i] * w[j] + (i === j ? shift : 0)));
}

async function lower(m: number, Q: number[][], objective: string) {
  const source = `param Q = [[1]]
upper { var x[2] in [-1, 3]; minimize sumsq(y) + sumsq(x) }
lower { var y[${m}]; minimize ${objective} }`;
  const { problem, diagnostics } = await compile(source, { params: { Q } });
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return curvatureOf(problem).lower;
}

describe("quadratic forms of matrices", () => {
  it.each([5, 130, 220])(
    "with %i variables: the modulus is the smallest eigenvalue, to the accuracy of its proof",
    async (m) => {
      const level = await lower(m, matrix(m, 0.3), "2 * quadform(Q, y) + softplus(x[1] * y[1])");
      const mu = level.strong?.mu ?? 0;
      expect(mu).toBeLessThanOrEqual(4 * 0.3);
      expect(mu).toBeGreaterThan(m > 160 ? 1 : 4 * 0.3 - 1e-6);
      expect(level.objective.own.shape).toBe("convex");
    },
  );

  it("one negative eigenvalue: nothing is claimed, and samples find it", async () => {
    const level = await lower(130, matrix(130, -0.01), "quadform(Q, y) + softplus(y[1])");
    expect(level.strong).toBeUndefined();
    expect(level.objective.own.shape).not.toBe("convex");
  });

  it("weights of single entries in a product with a vector", async () => {
    const source = `upper { var x[150] in [-1, 3]; minimize sumsq(y) + sumsq(x) }
lower { var y[150]; minimize softplus(sum(y)) + dot(exp(x), y.^2) }`;
    const { problem } = await compile(source);
    expect(curvatureOf(problem!).lower.strong?.mu).toBeCloseTo(2 * Math.exp(-1), 6);
  });
});

describe("the smallest eigenvalue of large matrices", () => {
  it.each([
    [1, 200],
    [1e-4, 200],
    [-1e-3, 170],
  ])("%f: bounded from below, to within an eighth where it is positive", (shift, k) => {
    const flat = Float64Array.from(matrix(k, shift).flat());
    const bound = leastEigenvalue(flat, flat, k);
    expect(bound).toBeLessThanOrEqual(shift);
    if (shift > 0) expect(bound).toBeGreaterThan(0.85 * shift);
  });
});
