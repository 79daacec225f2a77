/**
 * What an iteration of each deterministic method leaves behind, a line of JSON each: on a problem with one variable on each
 * level the bytes of the heap, and with many variables those of arrays.
 *
 *   node <heapFlags of allocation.ts> <this, bundled> [method …]
 */
import { compileOracle } from "../src/oracle/compile.js";
import { arrayBytesOf, bytesOf, queriesOf, total } from "./allocation.js";
import { caseOfSize, deterministic } from "./deterministic.js";

/** Iterations on one variable: of so many queries in all, at most so many, and at most so many of runs that follow each other. */
const QUERIES = 50_000;
const MOST = 5000;
const MOST_RESTARTED = 500;
/** Variables, and iterations with them. */
const MANY = 64;
const ITERATIONS = 64;

for (const method of deterministic) {
  if (process.argv.length > 2 && !process.argv.includes(method.id)) continue;
  const one = await caseOfSize(method, 1);
  const many = await caseOfSize(method, MANY);
  if (one === undefined || many === undefined) continue;
  const { calls, restarts } = queriesOf(one, () => compileOracle(one.problem));
  const iterations = Math.ceil(Math.min(restarts ? MOST_RESTARTED : MOST, QUERIES / Math.max(1, total(calls))));
  let queries = 0;
  for (const count of calls.values()) queries += count;
  const bytes = bytesOf(one, restarts, 2 * iterations, iterations);
  const arrays = arrayBytesOf(many, restarts, ITERATIONS);
  process.stdout.write(`${JSON.stringify({ id: method.id, bytes, queries, arrays })}\n`);
}
