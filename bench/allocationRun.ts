/**
 * What an iteration of each deterministic method leaves on the heap, all methods one after the other in this one process, a line
 * of JSON each:  node <heapFlags of allocation.ts> <this, bundled> <folder of the repository> [method …]
 */
import { compileOracle } from "../src/oracle/compile.js";
import { bytesOf, queriesOf, total } from "./allocation.js";
import { caseOf, deterministic } from "./deterministic.js";

export interface Allocation {
  readonly id: string;
  /** Bytes and oracle queries of an iteration. */
  readonly bytes: number;
  readonly queries: number;
}

const STEPS = 400_000;
const MOST = 20_000;

const [root, ...named] = process.argv.slice(2);
for (const method of deterministic) {
  if (named.length > 0 && !named.includes(method.id)) continue;
  const given = await caseOf(method, root);
  if (given === undefined) continue;
  const { calls, restarts } = queriesOf(given, () => compileOracle(given.problem));
  const queries = total(calls);
  const iterations = Math.min(restarts ? MOST / 10 : MOST, Math.ceil(STEPS / Math.max(1, queries)));
  const line: Allocation = { id: method.id, bytes: bytesOf(given, restarts, iterations, iterations), queries };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
