/** Points at which a bound of the lower level becomes active: a kink is a solution only where no side is lower. */
import { expect, test } from "vitest";
import { certify, compile, solve } from "../../src/api.js";

async function problemOf(source: string) {
  const { problem, diagnostics } = await compile(source);
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return problem;
}

/** y = max(x, 0) up to 5: flat to the left of 0, falling to its right. */
const edge = "upper { var x in [-10, 10] ; minimize (y - 3)^2 }\nlower { var y in [0, 5] ; minimize (y - x)^2 }";
/** The same y, and a valley whose bottom is at the kink. */
const valley = "upper { var x in [-10, 10] ; minimize 3y - x }\nlower { var y in [0, 5] ; minimize (y - x)^2 }";

test("the edge of a plateau from which it goes down is not certified", async () => {
  const problem = await problemOf(edge);
  expect((await certify(problem, { x: 0, y: 0 })).certified).toBe(false);
  expect((await certify(problem, { x: 3, y: 3 })).certified).toBe(true);
});

test("a run that starts at the edge does not end there with a certificate", async () => {
  const result = await solve(await problemOf(edge));
  if (result.status === "converged") expect(result.values.x).toBeCloseTo(3, 4);
  else expect(result.certificate?.certified).toBe(false);
});

test("a kink that is a minimum is certified, the slope beside it is not", async () => {
  const problem = await problemOf(valley);
  expect((await certify(problem, { x: 0, y: 0 })).certified).toBe(true);
  expect((await certify(problem, { x: 0.5, y: 0.5 })).certified).toBe(false);
});

test.each([
  ["a pole of the upper objective", "(x + 3)^2 + log(y)", "(y - x)^2", 1],
  ["a pole beside a curved lower level", "(x + 2)^2 + y^2 + log(x + 1)", "exp(y - x) - y", 1],
])("%s is no solution", async (_, f, g, init) => {
  const { problem } = await compile(
    `upper { var x init ${init} ; minimize ${f} }\nlower { var y init 2 ; minimize ${g} }`,
  );
  const result = await solve(problem!);
  expect(result.status).not.toBe("converged");
  expect(result.certificate?.certified ?? false).toBe(false);
});
