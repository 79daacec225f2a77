/** Parameters by theory: they are parameters of their methods, runs with them arrive, and the bounds they rest on hold. */
import { expect, test } from "vitest";
import { solve } from "../../src/api.js";
import { findConstants } from "../../src/constants/find.js";
import { methods } from "../../src/methods/registry.js";
import { hyperSmoothness, type TheoryFacts, theoryFacts } from "../../src/methods/theory.js";
import { createRandom } from "../../src/num/random.js";
import { compiledOracle, problemFrom } from "../support/compiledOracle.js";

const quadratic = `
upper { var x init 3; minimize 7*x^2 - 12*x*y + 4*y^2 - 30*x + 4*y - 2 }
lower { var y; minimize 4*y^2 - 4*x*y + x^2 + 17 }`;
const saddle = `
minimax {
  minimize var x init 2
  maximize var y
  objective x^2 + 2*x*y - y^2
}`;

async function factsOf(source: string): Promise<TheoryFacts> {
  const found = findConstants(await compiledOracle(source), createRandom(1));
  const facts = theoryFacts(found, found.path.distance, 1e-6);
  if (typeof facts === "string") throw new Error(facts);
  return facts;
}

const analysed = methods().filter((m) => m.theory !== undefined);

test.each(analysed.map((m) => [m.id, m] as const))("%s: names and ranges of its own parameters", async (_, method) => {
  const facts = await factsOf(quadratic);
  for (const { name, theory, value } of method.theory!(facts)) {
    const parameter = method.parameters.find((p) => p.name === name);
    expect(parameter, name).toBeDefined();
    expect(Number.isFinite(theory)).toBe(true);
    if (parameter?.type === "integer") expect(Number.isInteger(value)).toBe(true);
    expect(value).toBeGreaterThanOrEqual(parameter?.min ?? Number.NEGATIVE_INFINITY);
    expect(value).toBeLessThanOrEqual(parameter?.max ?? Number.POSITIVE_INFINITY);
  }
});

test("the smoothness bound of Ghadimi and Wang: phi'' = 4 on the quadratic, and differences of the hypergradient of another", async () => {
  expect(hyperSmoothness(await factsOf(quadratic))).toBeGreaterThanOrEqual(4);
  // phi(x) = x²/2 + sin(y), y = x/(2 + cos(x)) for g = (1 + cos(x)/2) y² - x y.
  const facts = await factsOf(`
upper { var x in [-1, 1]; minimize x^2/2 + sin(y) }
lower { var y in [-2, 2]; minimize (1 + cos(x)/2)*y^2 - x*y }`);
  const phi = (x: number): number => x ** 2 / 2 + Math.sin(x / (2 + Math.cos(x)));
  const h = 1e-4;
  for (let x = -1; x <= 1; x += 0.1) {
    const curvature = (phi(x + h) - 2 * phi(x) + phi(x - h)) / h ** 2;
    expect(Math.abs(curvature)).toBeLessThanOrEqual(hyperSmoothness(facts));
  }
});

const onQuadratic = analysed.filter((m) => !m.requirements.minimaxOnly);
test.each(onQuadratic.map((m) => m.id))("%s runs with theory's parameters to x = 7", async (id) => {
  const problem = await problemFrom(quadratic);
  const result = await solve(problem, { method: id, theory: true, iterations: 20000 });
  const lambda = Number(result.options.lambda);
  // The penalty's own solution is 7 + 13/(lambda - 1).
  const expected = Number.isFinite(lambda) ? 7 + 13 / (lambda - 1) : 7;
  expect(result.values.x).toBeCloseTo(expected, 4);
});

test("gda with theory's steps reaches the saddle point", async () => {
  const problem = await problemFrom(saddle);
  const result = await solve(problem, { method: "gda", theory: true, iterations: 20000 });
  expect(result.values.x).toBeCloseTo(0, 4);
});

test("given options win over theory's", async () => {
  const problem = await problemFrom(quadratic);
  const result = await solve(problem, { method: "f2ba", theory: true, options: { lambda: 50 }, iterations: 10 });
  expect(result.options.lambda).toBe(50);
  expect(result.options.alpha).toBe(0.125);
});
