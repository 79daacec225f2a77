/**
 * The cost of an iteration of every deterministic method's published loop on a problem of hardly any arithmetic
 * (deterministic.ts), inside the one loop, against the same numbers of oracle queries alone, and the bytes it leaves on the
 * heap. Each method runs in processes of its own, so that call sites see what they see in use.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Method } from "../src/methods/method.js";
import { compileOracle } from "../src/oracle/compile.js";
import { bytesOf, heapFlags, queriesOf, total } from "./allocation.js";
import { caseOf, deterministic, leftOut, Runs } from "./deterministic.js";
import { cpuSeconds, median } from "./measure.js";
import { replay } from "./replay.js";

const ROUNDS = 5;
const SECONDS = 0.1;
/** Queries from which on an iteration is a loop of its own, whose steps are what is looked at. */
const MANY = 50;

interface Cost {
  readonly id: string;
  readonly problem: string;
  readonly iteration: number;
  readonly queries: number;
  readonly count: number;
  readonly calls: string;
  readonly restarts: boolean;
  /** Iterations that take a tenth of a second. */
  readonly iterations: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));

async function timeOf(method: Method): Promise<Cost | null> {
  const given = await caseOf(method, root);
  if (given === undefined) return null;
  const { calls, restarts } = queriesOf(given, () => compileOracle(given.problem));
  const runs = new Runs(given, compileOracle(given.problem), restarts);
  const iterate = (iterations: number): { all: number; steps: number } => {
    const before = cpuSeconds();
    const count = runs.iterate(iterations);
    const all = cpuSeconds() - before;
    runs.begin(count);
    return { all, steps: 2 * all - (cpuSeconds() - before) };
  };
  let iterations = 256;
  while (iterate(iterations).all < (restarts ? 4 : 1) * SECONDS) iterations *= 2;
  const passes = replay(compileOracle(given.problem), calls);
  let repeats = 1024;
  const replays = (): number => {
    const before = cpuSeconds();
    passes(repeats);
    return cpuSeconds() - before;
  };
  while (replays() < SECONDS) repeats *= 2;
  const ofIteration: number[] = [];
  const ofQueries: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ofIteration.push((1e9 * iterate(iterations).steps) / iterations);
    ofQueries.push((1e9 * replays()) / repeats);
  }
  return {
    id: method.id,
    problem: given.name,
    iteration: median(ofIteration),
    queries: median(ofQueries),
    restarts,
    count: total(calls),
    calls: [...calls].map(([key, n]) => `${Number(n.toFixed(2))} ${key}`).join(", "),
    iterations,
  };
}

async function bytesOfMethod(method: Method, iterations: number): Promise<number> {
  const given = await caseOf(method, root);
  if (given === undefined) return Number.NaN;
  const { restarts } = queriesOf(given, () => compileOracle(given.problem));
  return bytesOf(given, restarts, 2 * iterations, iterations);
}

const heading = `Nanoseconds of an iteration, of its oracle queries alone, and what the loop and the method add to them ("above"); bytes that it
leaves on the heap. Where an iteration is a loop of ${MANY} queries or more of its own (inner steps, power iterations, Newton's
method), "a query" is what is added to each of them. Not listed: ${leftOut.join(", ")} (random, or an iteration is
the solve of a program).

method         on       ns/iteration   queries alone     above   a query   bytes   queries of an iteration
`;

const child = (...args: string[]): unknown => {
  const flags = args[0] === "--bytes" ? heapFlags : [];
  const self = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [...flags, self, ...args], { encoding: "utf8", timeout: 60_000 }));
};

const [first, only, count] = process.argv.slice(2);
const method = deterministic.find(({ id }) => id === only);
if (first === "--time" && method) process.stdout.write(JSON.stringify(await timeOf(method)));
else if (first === "--bytes" && method)
  process.stdout.write(JSON.stringify(await bytesOfMethod(method, Number(count))));
else {
  const named = process.argv.slice(2);
  process.stdout.write(heading);
  for (const { id } of deterministic) {
    if (named.length > 0 && !named.includes(id)) continue;
    const cost = child("--time", id) as Cost | null;
    if (cost === null) {
      process.stdout.write(`${id.padEnd(14)} no acceptance row\n`);
      continue;
    }
    const bytes = child("--bytes", id, String(Math.min(cost.iterations, cost.restarts ? 2000 : 100_000))) as number;
    const above = cost.iteration - cost.queries;
    const numbers = [cost.iteration, cost.queries, above].map((ns, k) => ns.toFixed(0).padStart([14, 16, 10][k]));
    const each = (cost.count >= MANY ? (above / cost.count).toFixed(1) : "").padStart(10);
    const columns = `${numbers.join("")}${each}${bytes.toFixed(bytes < 10 ? 1 : 0).padStart(8)}`;
    process.stdout.write(`${id.padEnd(15)}${cost.problem.padEnd(7)}${columns}   ${cost.calls}\n`);
  }
}
