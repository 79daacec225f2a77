/** Lower solutions as formulas: goldens, against numeric lower solves, and what stands in the way of one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { presolveTopic } from "../../src/explain/topics/presolve.js";
import { simplestOf } from "../../src/expr/polynomialNode.js";
import { textOf } from "../../src/expr/polynomialText.js";
import type { Problem } from "../../src/model/problem.js";
import { provedDefinite } from "../../src/num/definite.js";
import { symmetricEigen } from "../../src/num/eigen.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { lowerFormula, type WholeFormula } from "../../src/presolve/lowerFormula.js";
import { namesIn } from "../../src/presolve/names.js";
import { rebuilt } from "../../src/presolve/rebuild.js";
import { root } from "../structure/source.js";

const seed = { seed: 20240612 };

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

function found(problem: Problem): WholeFormula {
  const formula = lowerFormula(problem);
  if (typeof formula === "string") throw new Error(formula);
  return formula;
}

/** The lower solution entry by entry, and what the upper level sees. */
function shown(problem: Problem): readonly string[] {
  const { builder: b, y, upper } = problem;
  const { solution } = found(problem);
  const names = namesIn(problem);
  const value = rebuilt(b, [upper.objective], new Map([[y, solution]]))[0];
  return [...simplestOf(solution, names)!, ...simplestOf(value, names)!].map((p) => textOf(p, names));
}

describe("goldens", () => {
  test("the quadratic example", async () => {
    const problem = await problemOf(readFileSync(join(root, "examples", "seed", "quadratic.blo"), "utf8"));
    expect(shown(problem)).toEqual(["x/2", "2x^2 - 28x - 2"]);
    const section = presolveTopic({ problem, seed: 1 })!;
    expect(section.blocks.slice(0, 2)).toEqual([
      { kind: "formula", name: "lower solution", formula: { text: "y = x/2", tex: "y^{*}(x) = \\frac{x}{2}" } },
      {
        kind: "formula",
        name: "what the upper level sees",
        formula: { text: "F = 2x^2 - 28x - 2", tex: "F(x) = 2 x^{2} - 28 x - 2" },
      },
    ]);
  });

  test.each([
    [
      "maximised followers, decimal coefficients",
      "upper { var x ; minimize (y - 0.3)^2 + x^2 }\nlower { var y ; maximize 0.1x*y - 0.5y^2 }",
      ["0.1x", "1.01x^2 - 0.06x + 0.09"],
    ],
    [
      "coupled variables",
      "upper { var x[2] ; minimize y[1] + y[2] + x[1]^2 }\nlower { var y[2] ; minimize y[1]^2 + y[1]*y[2] + y[2]^2 - x[1]*y[1] - x[2]*y[2] }",
      ["2x[1]/3 - x[2]/3", "-x[1]/3 + 2x[2]/3", "x[1]^2 + x[1]/3 + x[2]/3"],
    ],
    [
      "an equality",
      "upper { var x ; minimize y[1]^2 + (x - 1)^2 }\nlower { var y[2] ; minimize y[1]^2 + y[2]^2 - x*y[1]\nsubject to\n y[1] + y[2] == 1 }",
      ["x/4 + 0.5", "-x/4 + 0.5", "1.0625x^2 - 1.75x + 1.25"],
    ],
    [
      "curvature that depends on x",
      "upper { var x ; minimize y^2 + x }\nlower { var y ; minimize (1 + x^2)*y^2 - 2x*y }",
      ["x/(x^2 + 1)", "x + x^2/(x^2 + 1)^2"],
    ],
    [
      "two followers",
      "upper { var x ; minimize p*q }\nlower a { var p ; minimize (p - x)^2 }\nlower b { var q ; minimize (q - 2)^2 + x*q }",
      ["x", "-x/2 + 2", "-x^2/2 + 2x"],
    ],
  ])("%s", async (_, text, expected) => {
    expect(shown(await problemOf(text))).toEqual(expected);
  });
});

describe("against numbers", () => {
  test("the lower gradient vanishes, with multipliers where there are rows", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 2 }),
        async (k, constrained, x) => {
          const [a, b, c, d, e, f, g, h, i, p, q, r] = k.map((v) => v / 10);
          const row = constrained ? `\nsubject to\n  row: ${p}*y[1] + ${q}*y[2] + y[3] == ${r}*x[1] + 1` : "";
          // (B'B + I) is positive definite
          const text = `upper { var x[2] ; minimize y[1] + x[1]^2 }
lower {
  var y[3]
  minimize (${a}*y[1] + ${b}*y[2] + ${c}*y[3])^2 + (${d}*y[1] + ${e}*y[2])^2 + y[1]^2 + y[2]^2 + y[3]^2 - (${f}*x[1] + ${g})*y[1] - ${h}*x[1]*x[2]*y[2] - ${i}*x[2]^2*y[3]${row}
}`;
          const problem = await problemOf(text);
          const { solution, parts } = found(problem);
          const at = Float64Array.from(x);
          const inputs = new Map([[problem.x, at]]);
          const [y] = evaluate([solution], inputs);
          const { lower } = compileOracle(problem);
          const slope = new Float64Array(3);
          lower.gradY(at, y, slope);
          if (constrained) {
            const [z] = evaluate([parts[0].multipliers!], inputs);
            const [outX, outY] = [new Float64Array(2), new Float64Array(3)];
            lower.constraints.vjp(at, y, z, outX, outY);
            outY.forEach((v, j) => {
              slope[j] += v;
            });
            const rows = new Float64Array(1);
            lower.constraints.value(at, y, rows);
            expect(Math.abs(rows[0])).toBeLessThan(1e-9);
          }
          for (const v of slope) expect(Math.abs(v)).toBeLessThan(1e-9);
        },
      ),
      { ...seed, numRuns: 40 },
    );
  });

  test("more variables: the inverse in floating point, and a system where H depends on x", async () => {
    for (const weight of ["1", "exp(x)"]) {
      const problem = await problemOf(
        `upper { var x in [-2, 2] ; minimize sum(i in 1..12: y[i]^2) + x^2 }
lower { var y[12] ; minimize sum(i in 1..11: (y[i] - y[i+1])^2) + ${weight} * sum(i in 1..12: (y[i] - i*x)^2) }`,
      );
      const { solution, parts } = found(problem);
      expect(parts[0].form).toBe(weight === "1" ? "matrix" : "system");
      const at = Float64Array.of(0.7);
      const [y] = evaluate([solution], new Map([[problem.x, at]]));
      const slope = new Float64Array(12);
      compileOracle(problem).lower.gradY(at, y, slope);
      for (const v of slope) expect(Math.abs(v)).toBeLessThan(1e-10);
    }
  });
});

test.each([
  ["minimize (y[1] + y[2] - x)^2", "is not positive definite: the lower solution is not unique"],
  ["minimize y[1]^2 - y[2]^2 + x*y[1]", "is not positive definite"],
  ["minimize exp(y[1]) + y[2]^2 + x*y[1]", "not quadratic"],
  ["minimize y[1]^2 + x*y[2]^2", "could not be proved positive definite"],
  ["minimize y[1]^2 + y[2]^2 + x*y[1]\n subject to\n  cap: y[1] + y[2] <= x", "cap is an inequality"],
  ["minimize y[1]^2 + y[2]^2\n subject to\n  a: y[1] + y[2] == x\n  b: 2y[1] + 2y[2] == 2x", "are dependent"],
  ["minimize y[1]^2 - y[2]^2\n subject to\n  a: y[1] == x + y[2]", "on the null space of the constraints"],
])("no formula: %s", async (text, words) => {
  const formula = lowerFormula(await problemOf(`upper { var x ; minimize x^2 + y[1] }\nlower { var y[2]\n ${text} }`));
  expect(formula).toEqual(expect.stringContaining(words));
});

test("an indefinite Hessian is enough where the constraints leave a curved line", async () => {
  const text =
    "upper { var x ; minimize x^2 + y[1] }\nlower { var y[2]\n minimize 2y[1]^2 - y[2]^2 + x*y[1]\n subject to\n  a: y[1] == y[2] }";
  expect(shown(await problemOf(text))).toEqual(["-x/2", "-x/2", "x^2 - x/2"]);
});

test("proofs of definiteness: never for a matrix with an eigenvalue at or below 0, and sharp", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
      fc.integer({ min: -18, max: 0 }),
      (entries, exponent) => {
        // B B' with B 4 x 3 has rank 3: its smallest eigenvalue is 0, up to the rounding of the product
        const k = 4;
        const A = new Float64Array(k * k);
        for (let i = 0; i < k; i++)
          for (let j = 0; j < k; j++)
            for (let p = 0; p < 3; p++)
              A[i * k + j] += Math.fround(entries[i * 4 + p]) * Math.fround(entries[j * 4 + p]);
        const shift = 10 ** exponent;
        const moved = (by: number): Float64Array => A.map((v, at) => (at % (k + 1) === 0 ? v + by : v));
        expect(provedDefinite(moved(-shift), k)).toBe(false);
        const { values } = symmetricEigen(moved(shift), k);
        if (provedDefinite(moved(shift), k)) expect(values[0]).toBeGreaterThan(-1e-15);
        if (values[0] > 1e-12 * Math.max(1, values[3])) expect(provedDefinite(moved(shift), k)).toBe(true);
      },
    ),
    { ...seed, numRuns: 300 },
  );
});
