/** Noise on what a method sees, through the library and the command line; fractional counts in documents. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compile, type Problem, type SolveOptions, solve } from "../../src/api.js";
import { BloError } from "../../src/base/diagnostic.js";
import { resultSchema } from "../../src/report/schema.js";
import { blo } from "../cli/inMemory.js";
import { expectGolden } from "../diagnostics/golden.js";

const text = `param s = [-1, -0.5, 0.5, 1]
upper { var x ; minimize mean(i in 1..4 batch 3: (x - 2)^2 + y^2 + s[i] * x * y) }
lower { var y ; minimize mean(i in 1..4 batch 1: (y - x)^2 + s[i] * y) }`;
const folder = mkdtempSync(join(tmpdir(), "blo-noise-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "noisy.blo");
writeFileSync(path, text);

async function problemOf(): Promise<Problem> {
  const { problem } = await compile(text);
  if (!problem) throw new Error("does not compile");
  return problem;
}
const run = async (options: SolveOptions) => solve(await problemOf(), { seed: 4, ...options });

test("a method sees the noise, its certificate does not", async () => {
  const options = { method: "aid-cg", options: { K: 5, eta: 0.05 }, iterations: 200 };
  const exact = await run(options);
  const noisy = await run({ ...options, noise: { upper: 0.3, lower: 0.3 } });
  expect(exact.values.x).toBeCloseTo(1, 6);
  const distance = Math.abs(Number(noisy.values.x) - 1);
  expect(distance).toBeGreaterThan(1e-4);
  expect(distance).toBeLessThan(0.5);
  // the same verdict on the same point without noise
  expect(noisy.certificate?.certified).toBe(false);
  expect(noisy.upper.objective).toBeCloseTo((Number(noisy.values.x) - 2) ** 2 + Number(noisy.values.y) ** 2, 12);
  expect((await run({ ...options, noise: { upper: 0.3, lower: 0.3 } })).values).toEqual(noisy.values);
  expect((await run({ ...options, noise: {} })).values).toEqual(exact.values);
});

test("tables do not remove additive noise, steps that decay do in part", async () => {
  const noise = { upper: 0.05, lower: 0.05 };
  const exact = await run({ method: "saba", options: { rho: 0.1, gamma: 0.05 }, iterations: 2000 });
  expect(exact.values.x).toBeCloseTo(1, 7);
  const noisy = await run({ method: "saba", options: { rho: 0.1, gamma: 0.05 }, iterations: 2000, noise });
  expect(Math.abs(Number(noisy.values.x) - 1)).toBeGreaterThan(1e-6);
  const averaged = await run({ method: "soba", iterations: 4000, noise });
  expect(Math.abs(Number(averaged.values.x) - 1)).toBeLessThan(0.05);
});

test("BLO0909: noise that makes no sense", async () => {
  const problem = await problemOf();
  try {
    await solve(problem, { noise: { lower: -1 } });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(BloError);
    expectGolden("BLO0909", (error as BloError).diagnostics, problem.source);
  }
});

test("counts are fractions where minibatches are read, and limits hold", async () => {
  const fractions: number[] = [];
  for (const limit of [33, 34, 35]) {
    const { code, out } = await blo(...["run", path, "--method", "soba", "--calls", String(limit), "--json", "-q"]);
    expect(code).toBe(6);
    const document = resultSchema.parse(JSON.parse(out));
    expect(document.status).toBe("call-limit");
    const { counts: c } = document;
    expect(c.lowerGradient % 0.25).toBe(0);
    expect(c.upperGradient).toBe(3 * c.lowerGradient);
    fractions.push(c.lowerGradient % 1);
    const spent = c.upperGradient + c.lowerGradient + 2 * (c.lowerHvp + c.lowerJvp + c.upperProduct);
    expect(spent).toBeGreaterThanOrEqual(limit);
    expect(spent).toBeLessThan(limit + 2.5);
  }
  // a step reads a quarter of the terms: not all ends can be whole numbers of passes
  expect(fractions.some((f) => f > 0)).toBe(true);
  const shown = await blo(...["run", path, "--method", "soba", "--calls", "30", "-q"]);
  expect(shown.out).toMatch(/\d+(\.\d{1,3})? oracle calls \(/);
});

test("--noise", async () => {
  const noisy = ["run", path, "--method", "aid-cg", "--opt", "eta=0.05", "--iterations", "50", "--json", "-q"];
  const { out } = await blo(...[...noisy, "--noise", "upper=0.1,lower=0.1,products=0"]);
  const again = await blo(...[...noisy, "--noise", "lower=0.1, upper=0.1, products=0"]);
  const values = (text: string): unknown => resultSchema.parse(JSON.parse(text)).values;
  expect(values(out)).toEqual(values(again.out));
  expect(values(out)).not.toEqual(values((await blo(...noisy)).out));
  for (const [wrong, said] of [
    ["0.1", "LEVEL=SIGMA"],
    ["middle=1", "upper, lower or products"],
    ["upper=-1", "a number from 0"],
  ]) {
    const { code, err } = await blo(...["run", path, "--noise", wrong]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  }
});
