/**
 * Runs one acceptance row: the problem file is compiled, the method takes the row's iterations inside the one loop (which
 * may end earlier when the method claims convergence), and what it came to is held against what is expected.
 */
import { readFileSync } from "node:fs";
import { compile, type Problem } from "../../src/api.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { resolveParameters } from "../../src/methods/params.js";
import { methodOf } from "../../src/methods/registry.js";
import { runMethod } from "../../src/methods/run.js";
import { withStart } from "../../src/methods/start.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls } from "../../src/oracle/oracle.js";
import type { Row } from "./row.js";

export interface Verdict {
  readonly seed: number;
  readonly outcome: RunOutcome;
  readonly calls: number;
  /** What was reached, in a few words. */
  readonly reached: string;
  /** What does not hold; empty where all does. */
  readonly misses: readonly string[];
}

const problems = new Map<string, Promise<Problem>>();

async function problemOf({ problem: name, params = {} }: Row): Promise<Problem> {
  const key = `${name} ${JSON.stringify(params)}`;
  let found = problems.get(key);
  if (found === undefined) {
    const source = readFileSync(new URL(`./problems/${name}.blo`, import.meta.url), "utf8");
    found = compile(source, { params }).then(({ problem, diagnostics }) => {
      if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
      return problem;
    });
    problems.set(key, found);
  }
  return found;
}

export async function runRow(row: Row): Promise<readonly Verdict[]> {
  const problem = await problemOf(row);
  const method = methodOf(row.method);
  const { values, diagnostics } = resolveParameters(method, row.options);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join("; "));
  await method.prepare?.(problem);
  return (row.seeds ?? [1]).map((seed) => {
    const fresh = compileOracle(problem);
    const { x = fresh.startX, y = fresh.startY } = row.start ?? {};
    const outcome = runMethod(method, withStart(fresh, x, y), {
      parameters: values,
      seed,
      tolerance: 1e-12,
      limits: { iterations: row.iterations },
      now: () => 0,
      traceRows: 0,
    });
    return judge(row, seed, outcome, calls(fresh.counts));
  });
}

function judge({ expected }: Row, seed: number, outcome: RunOutcome, spent: number): Verdict {
  const { x, y, extra, multipliers, status } = outcome;
  const misses: string[] = [];
  if ((status === "diverged" || status === "not-finite") !== (expected.diverges === true)) misses.push(status);
  for (const [name, at, wanted] of [
    ["x", x, expected.x],
    ["y", y, expected.y],
  ] as const) {
    wanted?.forEach((value, i) => {
      if (!(Math.abs(at[i] - value) <= (expected.within ?? 0)))
        misses.push(`${name}[${i + 1}] = ${at[i]}, not ${value}`);
    });
  }
  for (const { name, of, from, to } of expected.measures ?? []) {
    const value = of({ x, y, extra, multipliers });
    if (!(value >= from && value <= to)) misses.push(`${name} = ${value}, not in [${from}, ${to}]`);
  }
  return { seed, outcome, calls: spent, reached: reached(x, y), misses };
}

function reached(x: Float64Array, y: Float64Array): string {
  const words = (v: Float64Array): string => Array.from(v, (a) => String(Number(a.toPrecision(9)))).join(", ");
  return `(${words(x)}; ${words(y)})`;
}
