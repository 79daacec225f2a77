/** The oracle of a problem in source text, and a context for pieces and methods on it. */
import { readFileSync } from "node:fs";
import { compile } from "../../src/api.js";
import type { MethodContext, ParameterValue } from "../../src/methods/method.js";
import type { Problem } from "../../src/model/problem.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";

export async function problemFrom(source: string, params: Record<string, number> = {}): Promise<Problem> {
  const { problem, diagnostics } = await compile(source, { params });
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

export async function compiledOracle(source: string, params: Record<string, number> = {}): Promise<Oracle> {
  return compileOracle(await problemFrom(source, params));
}

/** A problem of the acceptance matrix. */
export function acceptanceSource(name: string): string {
  return readFileSync(new URL(`../acceptance/problems/${name}.blo`, import.meta.url), "utf8");
}

export function contextOn(oracle: Oracle, parameters: Record<string, ParameterValue> = {}): MethodContext {
  return { oracle, parameters, tolerance: 1e-6, random: createRandom(1), exhausted: () => false };
}
