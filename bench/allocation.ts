/**
 * Bytes that an iteration leaves on the heap: iterations in machine code with so large a young generation that nothing is
 * collected. Wants the flags below: compiled
 * synchronously, so that what is in machine code when depends on no other program.
 */
import { getHeapStatistics } from "node:v8";
import type { Method, MethodState } from "../src/methods/method.js";
import { compileOracle } from "../src/oracle/compile.js";
import type { Oracle } from "../src/oracle/oracle.js";
import { type Case, Runs } from "./deterministic.js";
import { recorded } from "./replay.js";

export const heapFlags: readonly string[] = [
  "--expose-gc",
  "--min-semi-space-size=512",
  "--max-semi-space-size=512",
  "--no-concurrent-recompilation",
];

const ROUNDS = 4;
const WINDOW = 64;

function used(): number {
  return getHeapStatistics().used_heap_size;
}

/** Queries of `WINDOW` iterations, by kind; `restarts` is true for methods that remember that they are done. */
export function queriesOf(given: Case, oracle: () => Oracle): { calls: Map<string, number>; restarts: boolean } {
  for (const restarts of [false, true]) {
    const few = recorded(oracle());
    const many = recorded(oracle());
    if (restarts) {
      const runs = new Runs(given, many.oracle, true).iterate(2 * WINDOW);
      new Runs(given, few.oracle, true).begin(runs);
    } else {
      new Runs(given, few.oracle, false).iterate(2 * WINDOW);
      new Runs(given, many.oracle, false).iterate(4 * WINDOW);
    }
    const calls = new Map([...many.calls].map(([key, n]) => [key, (n - (few.calls.get(key) ?? 0)) / (2 * WINDOW)]));
    for (const [key, n] of calls) if (n === 0) calls.delete(key);
    if (calls.size > 0 || restarts) return { calls, restarts };
  }
  throw new Error("unreachable");
}

/** Queries that move no numbers out count as well: all that goes through the oracle. */
export function total(calls: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [key, n] of calls) sum += n * (key.includes("Into ") ? Number(key.split(" ")[1]) : 1);
  return sum;
}

/** The bytes of steps alone, summed up: what runs leave besides (their beginnings) is not counted. */
class StepBytes {
  total = 0;
  readonly watch = (method: Method): Method => ({
    ...method,
    step: (state: MethodState, context) => {
      const before = used();
      method.step(state, context);
      const after = used();
      // what a look at the heap leaves by itself
      const own = used() - after;
      this.total += after - before - own;
    },
  });
}

/**
 * Bytes of an iteration after `warm` of them: the least of a few rounds of `iterations`. Where runs follow each other those of
 * steps alone, else all that a run leaves, less what its beginning leaves.
 */
export function bytesOf(given: Case, restarts: boolean, warm: number, iterations: number): number {
  // once: a collection throws away machine code that holds on to objects of runs that are over
  globalThis.gc?.();
  const steps = new StepBytes();
  const runs = new Runs(given, compileOracle(given.problem), restarts, restarts ? steps.watch : undefined);
  for (let k = 0; k < 8; k++) runs.iterate(Math.ceil(warm / 8));
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    steps.total = 0;
    const before = used();
    const count = runs.iterate(iterations);
    const after = used();
    runs.begin(count);
    least = Math.min(least, restarts ? steps.total : after - before - (used() - after));
  }
  return least / iterations;
}

/**
 * Bytes of arrays of more than eight numbers that an iteration makes: these lie beside the heap and are counted at once, by
 * machine code and interpreter alike, so that the number depends on nothing else. The difference of a run and one three
 * times as long: what is made once, at the beginning or when it is first wanted, is not counted.
 */
export function arrayBytesOf(given: Case, restarts: boolean, iterations: number): number {
  const runs = new Runs(given, compileOracle(given.problem), restarts);
  const made = (count: number): number => {
    const before = process.memoryUsage().arrayBuffers;
    const begun = runs.iterate(count);
    const after = process.memoryUsage().arrayBuffers;
    if (restarts) runs.begin(begun);
    return after - before - (restarts ? process.memoryUsage().arrayBuffers - after : 0);
  };
  made(4);
  return (made(3 * iterations) - made(iterations)) / (2 * iterations);
}
