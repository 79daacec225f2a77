/** The problems of the experiments (those of the acceptance matrix, or text of their own) and runs of methods on them. */
import { readFileSync } from "node:fs";
import { compile, type Problem } from "../../src/api.js";
import type { ParameterValue } from "../../src/methods/method.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { resolveParameters } from "../../src/methods/params.js";
import { methodOf } from "../../src/methods/registry.js";
import { runMethod } from "../../src/methods/run.js";
import { withStart } from "../../src/methods/start.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import type { NoiseModel } from "../../src/oracle/sampledNoise.js";
import { withNoise } from "../../src/oracle/sampledOracle.js";

type Params = NonNullable<Parameters<typeof compile>[1]>["params"];

/** A file of test/acceptance/problems, without `.blo`. */
export function acceptanceProblem(name: string, params?: Params): Promise<Problem> {
  const folder = new URL("../../test/acceptance/problems/", import.meta.url);
  return problemOf(readFileSync(new URL(`${name}.blo`, folder), "utf8"), params);
}

export async function problemOf(text: string, params?: Params): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { params });
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

export interface Setting {
  readonly method: string;
  readonly options?: Readonly<Record<string, ParameterValue>> | undefined;
  readonly iterations: number;
  readonly start?: { readonly x: readonly number[]; readonly y: readonly number[] } | undefined;
  readonly seed?: number;
  readonly tolerance?: number;
  readonly noise?: NoiseModel | undefined;
  /** At the start and after every iteration: its number, the oracle calls so far, the point (arrays of the method). */
  readonly watch?: (iteration: number, calls: number, x: Float64Array, y: Float64Array) => void;
}

/** The method alone, inside the one loop, without a certificate. */
export function run(problem: Problem, setting: Setting): { readonly outcome: RunOutcome; readonly oracle: Oracle } {
  const { method: id, options = {}, iterations, start, seed = 1, tolerance = 1e-12, noise, watch } = setting;
  const method = methodOf(id);
  const { values, diagnostics } = resolveParameters(method, options);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join("; "));
  const oracle = compileOracle(problem);
  const seen = noise === undefined ? oracle : withNoise(oracle, noise, createRandom(seed).split("noise"));
  const outcome = runMethod(method, start === undefined ? seen : withStart(seen, start.x, start.y), {
    parameters: values,
    seed,
    tolerance,
    limits: { iterations },
    now: () => 0,
    traceRows: 0,
    onIteration: watch && ((row, x, y) => watch(row.iteration, row.calls, x, y)),
  });
  return { outcome, oracle };
}
