/**
 * The cost of an iteration of every deterministic method's published loop on P1 (one variable on each level: all bookkeeping,
 * hardly any arithmetic), inside the one loop, against the same numbers of oracle queries alone. Settings are those of the
 * method's first acceptance row on P1; methods without one (minimax, kernels, constraints) run on the problem of their first
 * row. Each method runs in a process of its own, so that call sites see what they see in use.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "../src/api.js";
import { families } from "../src/methods/builtin.js";
import type { Method, MethodState } from "../src/methods/method.js";
import { defaultsOf } from "../src/methods/params.js";
import { runMethod } from "../src/methods/run.js";
import { compileOracle } from "../src/oracle/compile.js";
import type { Oracle } from "../src/oracle/oracle.js";
import { rows } from "../test/acceptance/rows.js";
import { cpuSeconds, median } from "./measure.js";
import { type Calls, recorded, replay } from "./replay.js";

const ROUNDS = 3;
const SECONDS = 0.1;
const WINDOW = 64;

interface Cost {
  readonly id: string;
  readonly problem: string;
  readonly iteration: number;
  readonly queries: number;
  readonly calls: string;
}

/** Never done: where the method has finished, x goes back to the start and it goes on. */
function endless(method: Method, start: Float64Array): Method {
  return {
    ...method,
    step: (state: MethodState, context) => {
      method.step(state, context);
      if (state.finished === "no") return;
      state.finished = "no";
      state.x.set(start);
    },
  };
}

async function measure(method: Method): Promise<Cost | undefined> {
  const all = rows.filter(({ method: id }) => id === method.id);
  const row = all.find(({ problem }) => problem === "P1") ?? all[0];
  if (row === undefined) return undefined;
  const source = readFileSync(new URL(`../test/acceptance/problems/${row.problem}.blo`, import.meta.url), "utf8");
  const { problem } = await compile(source);
  if (problem === undefined) throw new Error(`${row.problem} does not compile`);
  const parameters = { ...defaultsOf(method), ...row.options };
  const run = (oracle: Oracle, iterations: number): number => {
    const before = cpuSeconds();
    const options = { parameters, tolerance: 1e-12, limits: { iterations }, now: () => 0, traceRows: 0 };
    const outcome = runMethod(endless(method, oracle.startX), oracle, options);
    if (outcome.iterations !== iterations)
      throw new Error(`${method.id}: ${outcome.status} after ${outcome.iterations}`);
    return cpuSeconds() - before;
  };
  const few = recorded(compileOracle(problem));
  run(few.oracle, WINDOW);
  const many = recorded(compileOracle(problem));
  run(many.oracle, 2 * WINDOW);
  const window: Calls = new Map([...many.calls].map(([key, n]) => [key, n - (few.calls.get(key) ?? 0)]));

  const oracle = compileOracle(problem);
  let iterations = 256;
  while (run(oracle, iterations) < SECONDS) iterations *= 2;
  const passes = replay(compileOracle(problem), window);
  let repeats = 16;
  const replays = (): number => {
    const before = cpuSeconds();
    passes(repeats);
    return cpuSeconds() - before;
  };
  while (replays() < SECONDS) repeats *= 2;
  const ofIteration: number[] = [];
  const ofQueries: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ofIteration.push((1e9 * run(oracle, iterations)) / iterations);
    ofQueries.push((1e9 * replays()) / (repeats * WINDOW));
  }
  const calls = [...window].filter(([, n]) => n > 0).map(([key, n]) => `${Number((n / WINDOW).toFixed(2))} ${key}`);
  return {
    id: method.id,
    problem: row.problem,
    iteration: median(ofIteration),
    queries: median(ofQueries),
    calls: calls.join(", "),
  };
}

const deterministic = families
  .flatMap(({ methods }) => methods)
  .filter(({ requirements }) => requirements.stochastic !== true);
const [first, only] = process.argv.slice(2);
if (first === "--child") {
  const method = deterministic.find(({ id }) => id === only);
  process.stdout.write(JSON.stringify((method && (await measure(method))) ?? null));
} else {
  const named = process.argv.slice(2);
  process.stdout.write("method         on       ns/iteration   queries alone     above   queries of an iteration\n");
  for (const { id } of deterministic) {
    if (named.length > 0 && !named.includes(id)) continue;
    const self = fileURLToPath(import.meta.url);
    const text = execFileSync(process.execPath, [self, "--child", id], { encoding: "utf8" });
    const cost = JSON.parse(text) as Cost | null;
    if (cost === null) {
      process.stdout.write(`${id.padEnd(14)} no acceptance row\n`);
      continue;
    }
    const numbers = [cost.iteration, cost.queries, cost.iteration - cost.queries];
    const columns = numbers.map((ns, k) => ns.toFixed(0).padStart([14, 16, 10][k])).join("");
    process.stdout.write(`${id.padEnd(15)}${cost.problem.padEnd(7)}${columns}   ${cost.calls}\n`);
  }
}
