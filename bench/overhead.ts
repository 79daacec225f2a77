/**
 * The cost of an iteration of every deterministic method's published loop on a problem of hardly any arithmetic
 * (deterministic.ts), inside the one loop, against the same numbers of oracle queries alone, and the bytes it leaves on the
 * heap. Each method runs in processes of its own, so that call sites see what they see in use.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Method, MethodState } from "../src/methods/method.js";
import { compileOracle } from "../src/oracle/compile.js";
import { bytesOf, heapFlags, queriesOf, total } from "./allocation.js";
import { type Case, caseOf, deterministic, leftOut, Runs } from "./deterministic.js";
import { cpuSeconds } from "./measure.js";
import { replay } from "./replay.js";

const PROCESSES = 3;
const ROUNDS = 40;
const SECONDS = 0.01;
/** Seconds of short runs one after another: their few steps are in machine code late. */
const WARM = 1;
/** The bar: nanoseconds of an iteration, or of each query where an iteration asks so many that this is more. */
const BAR = 1000;
const BAR_OF_A_QUERY = 20;

interface Cost {
  readonly id: string;
  readonly problem: string;
  readonly iteration: number;
  readonly queries: number;
  readonly count: number;
  readonly calls: string;
  readonly restarts: boolean;
  /** Iterations that take a hundredth of a second. */
  readonly iterations: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** The least of `rounds` measurements: what other programs on the machine add is never negative. */
function least(measure: () => number, rounds: number): number {
  let found = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) found = Math.min(found, measure());
  return found;
}

/** Nanoseconds of `count` runs of something, in CPU time. */
function cpuNanoseconds(run: (count: number) => void, count: number): number {
  const before = cpuSeconds();
  run(count);
  return (1e9 * (cpuSeconds() - before)) / count;
}

function timesFor(run: (count: number) => void, seconds: number): number {
  let count = 256;
  while (1e-9 * cpuNanoseconds(run, count) * count < seconds) count *= 2;
  return count;
}

/**
 * Where a method remembers that it is done, runs follow each other, and their beginnings cost more than their few steps: so
 * each step is timed by itself, and the k-th steps of many runs give one number, their lower quartile. A clock that is read
 * twice, and nothing in between, is subtracted; what the loop does besides the step is added from runs of steps that do nothing.
 */
class StepClock {
  private samples: number[][] = [];
  private k = 0;
  readonly watch = (method: Method): Method => ({
    ...method,
    init: (context) => {
      this.k = 0;
      return method.init(context);
    },
    step: (state: MethodState, context) => {
      const before = performance.now();
      method.step(state, context);
      const after = performance.now();
      const list = (this.samples[this.k++] ??= []);
      if (list.length < 10_000) list.push(1e6 * (after - before));
    },
  });

  clear(): void {
    this.samples = [];
  }

  /** Of one step, averaged over the steps of a run. */
  get nanoseconds(): number {
    const clock = lowerQuartile(
      Array.from({ length: 10_000 }, () => {
        const before = performance.now();
        return 1e6 * (performance.now() - before);
      }),
    );
    return this.samples.reduce((sum, list) => sum + lowerQuartile(list), 0) / this.samples.length - clock;
  }
}

function lowerQuartile(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 2];
}

function stepsAlone(given: Case): number {
  const clock = new StepClock();
  const runs = new Runs(given, compileOracle(given.problem), true, clock.watch);
  const iterate = (count: number): void => void runs.iterate(count);
  timesFor(iterate, WARM);
  clock.clear();
  timesFor(iterate, WARM);
  const idle = new Runs(given, compileOracle(given.problem), false, (method) => ({ ...method, step: () => {} }));
  const loop = (count: number): void => void idle.iterate(count);
  const times = timesFor(loop, SECONDS);
  return clock.nanoseconds + least(() => cpuNanoseconds(loop, times), ROUNDS);
}

function inTheLoop(given: Case): number {
  const runs = new Runs(given, compileOracle(given.problem), false);
  const iterate = (count: number): void => void runs.iterate(count);
  timesFor(iterate, 20 * SECONDS);
  const times = timesFor(iterate, SECONDS);
  return least(() => cpuNanoseconds(iterate, times), ROUNDS);
}

async function timeOf(method: Method): Promise<Cost | null> {
  const given = await caseOf(method, root);
  if (given === undefined) return null;
  const { calls, restarts } = queriesOf(given, () => compileOracle(given.problem));
  const iteration = restarts ? stepsAlone(given) : inTheLoop(given);
  const passes = replay(compileOracle(given.problem), calls);
  const times = timesFor(passes, SECONDS);
  return {
    id: method.id,
    problem: given.name,
    iteration,
    queries: least(() => cpuNanoseconds(passes, times), ROUNDS),
    restarts,
    count: total(calls),
    calls: [...calls].map(([key, n]) => `${Number(n.toFixed(2))} ${key}`).join(", "),
    iterations: Math.ceil((1e9 * SECONDS) / iteration),
  };
}

async function bytesOfMethod(method: Method, iterations: number): Promise<number> {
  const given = await caseOf(method, root);
  if (given === undefined) return Number.NaN;
  const { restarts } = queriesOf(given, () => compileOracle(given.problem));
  return bytesOf(given, restarts, 2 * iterations, iterations);
}

const heading = `Nanoseconds of an iteration, of its oracle queries alone, and what the loop and the method add to them ("above"); bytes that it
leaves on the heap. The least of ${ROUNDS} rounds in CPU time, in ${PROCESSES} processes; step by step, the lower quartile over many runs, for methods that end after
a few steps. The bar: ${BAR} ns an iteration; where an iteration is a loop of its own of more than ${BAR / BAR_OF_A_QUERY} queries (inner steps, power
iterations, Newton's method), ${BAR_OF_A_QUERY} ns for each query ("a query"). What is above it is marked with "!". Not listed: ${leftOut.join(", ")}
(random, or an iteration is the solve of a program).

method            on     ns/iteration   queries alone     above   a query   bytes   queries of an iteration
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
    const costs = Array.from({ length: PROCESSES }, () => child("--time", id) as Cost | null);
    const cost = costs.reduce((a, b) => (a && b && b.iteration - b.queries < a.iteration - a.queries ? b : a));
    if (cost === null) {
      process.stdout.write(`${id.padEnd(14)} no acceptance row\n`);
      continue;
    }
    const bytes = child(
      "--bytes",
      id,
      String(Math.min(10 * cost.iterations, cost.restarts ? 2000 : 100_000)),
    ) as number;
    const above = cost.iteration - cost.queries;
    const numbers = [cost.iteration, cost.queries, above].map((ns, k) => ns.toFixed(0).padStart([14, 16, 10][k]));
    const each = (cost.count * BAR_OF_A_QUERY > BAR ? (above / cost.count).toFixed(1) : "").padStart(10);
    const columns = `${numbers.join("")}${each}${bytes.toFixed(bytes < 10 ? 1 : 0).padStart(8)}`;
    const mark = above > Math.max(BAR, BAR_OF_A_QUERY * cost.count) ? "!" : " ";
    process.stdout.write(`${id.padEnd(18)}${cost.problem.padEnd(4)}${columns} ${mark} ${cost.calls}\n`);
  }
}
