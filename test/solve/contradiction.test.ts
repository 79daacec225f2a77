/** Constraints that contradict each other end a plain run before its first method, with the irreducible conflict. */
import { describe, expect, test } from "vitest";
import { compile, solve } from "../../src/api.js";
import type { Result } from "../../src/methods/result.js";

async function run(text: string, options = {}): Promise<Result> {
  const { problem } = await compile(text);
  return solve(problem!, options);
}

const lower = "lower { var y in [0, 9]; minimize (y - x)^2; subject to cap: y <= 8 }";

describe("contradicting constraints", () => {
  test("a nonlinear one against a domain", async () => {
    const result = await run(
      `upper { var x in [0, 1]; minimize x; subject to\n far: exp(x) >= 3\n other: x <= 0.9 }\n${lower.replace("[0, 9]", "[0, 5]")}`,
    );
    expect(result).toMatchObject({ status: "infeasible", iterations: 0, obstruction: { proved: true } });
    // either bound of x is enough, and constraints are tried first
    expect(result.obstruction?.constraints).toEqual(["far", "bounds of x"]);
    expect(result.reason).toContain("contradict each other");
    expect(result.warnings.filter((w) => w.code === "BLO0910")).toHaveLength(1);
  });

  test("of both levels, free variables", async () => {
    const result = await run(`upper { var x ; minimize x^2; subject to
      one: x * y >= 10
      two: x^2 <= 1
      three: y <= 3
      four: x + y >= 0 }
      lower { var y ; minimize (y - x)^2; subject to cap: y >= x - 3 }`);
    expect(result).toMatchObject({ status: "infeasible", iterations: 0 });
    const names = result.obstruction?.constraints ?? [];
    // x = y = 0 keeps all but the first; x = 4, y = 3 all but the second; x = 1, y = 10 all but the third
    expect(names).toEqual(expect.arrayContaining(["one", "two", "three"]));
    // x = -1, y = -10 keeps these three
    expect(names).toHaveLength(4);
  });

  test("equations", async () => {
    const result = await run(
      `upper { var x in [-1, 1]; minimize x^2; subject to round: x^2 + y^2 == 9 }\nlower { var y in [-2, 2]; minimize (y - x)^4 }`,
    );
    expect(result.obstruction?.constraints).toEqual(["round", "bounds of x", "bounds of y"]);
  });

  test("small affine ones by rows and sides", async () => {
    const result = await run(
      "upper { var x in [0, 1]; minimize exp(x); subject to far: x + y >= 7 }\nlower { var y in [0, 5]; minimize sin(y) * x }",
    );
    expect(result).toMatchObject({ status: "infeasible", iterations: 0 });
    expect(result.obstruction?.constraints).toEqual(["far", "upper bound of x", "upper bound of y"]);
  });

  test("many affine rows by constraints", async () => {
    const result = await run(
      "upper { var x[300] in [0, 1]; minimize sum(x); subject to far: sum(x) >= 400 }\nlower { var y[300] in [0, 9]; minimize dot(y - x, y - x); subject to cap: y + x <= 8 }",
    );
    expect(result.obstruction?.constraints).toEqual(["far", "bounds of x"]);
  });

  test("not by less than the tolerance", async () => {
    const text = `upper { var x in [0, 0.9999999]; minimize exp(x); subject to far: x >= 1 }\n${lower}`;
    expect((await run(text)).status).toBe("converged");
    expect((await run(text, { tolerance: 1e-9 })).status).toBe("infeasible");
  });
});
