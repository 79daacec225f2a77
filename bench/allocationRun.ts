/**
 * What an iteration of each deterministic method leaves on the heap, a line of JSON each. All in one process: call sites
 * that see every method's functions are those that box most numbers.
 *
 *   node <heapFlags of allocation.ts> <this, bundled> <folder of the repository> [method …]
 */
import { compileOracle } from "../src/oracle/compile.js";
import { bytesOf, queriesOf, total } from "./allocation.js";
import { caseOf, deterministic } from "./deterministic.js";

interface Allocation {
  readonly id: string;
  /** Bytes of an iteration, and its oracle queries; the steps of one fused kernel are one query. */
  readonly bytes: number;
  readonly queries: number;
}

const STEPS = 200_000;
const MOST = 10_000;
const MOST_RESTARTED = 1500;

async function allocationOf(id: string, root: string): Promise<Allocation | undefined> {
  const method = deterministic.find((m) => m.id === id);
  const given = method && (await caseOf(method, root));
  if (given === undefined) return undefined;
  const { calls, restarts } = queriesOf(given, () => compileOracle(given.problem));
  const iterations = Math.ceil(Math.min(restarts ? MOST_RESTARTED : MOST, STEPS / Math.max(1, total(calls))));
  let queries = 0;
  for (const n of calls.values()) queries += n;
  return { id, bytes: bytesOf(given, restarts, iterations, iterations), queries };
}

const [root, ...named] = process.argv.slice(2);
for (const { id } of deterministic) {
  if (named.length > 0 && !named.includes(id)) continue;
  const line = await allocationOf(id, root);
  if (line !== undefined) process.stdout.write(`${JSON.stringify(line)}\n`);
}
