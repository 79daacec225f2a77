/** Which entries of an input block nodes depend on. */
import type { InputBlock, Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { evaluate } from "../ops/evaluate.js";
import type { Problem, Variable } from "./problem.js";

const moving = new Set(["take", "reshape", "transpose", "broadcast"]);

/**
 * 1 for each entry of the block that some root depends on, else 0. Operators that only move entries are followed, all
 * others are taken to depend on every entry of their arguments.
 */
export function readsOf(roots: readonly Node[], block: InputBlock): Uint8Array {
  const pure = new Set<Node>();
  const ends = new Set<Node>();
  for (const node of topological(roots)) {
    if (node.attributes.input === block) pure.add(node);
    else if (moving.has(node.op) && pure.has(node.args[0])) pure.add(node);
    else for (const arg of node.args) if (pure.has(arg)) ends.add(arg);
  }
  for (const root of roots) if (pure.has(root)) ends.add(root);
  const read = new Uint8Array(block.size);
  const numbers = Float64Array.from({ length: block.size }, (_, k) => k);
  for (const positions of evaluate([...ends], new Map([[block, numbers]]))) {
    for (const k of positions) read[k] = 1;
  }
  return read;
}

/** Entries of a problem's variables that nodes depend on. */
export interface Reads {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export function problemReads(problem: Problem, roots: readonly Node[]): Reads {
  return { x: readsOf(roots, problem.x), y: readsOf(roots, problem.y) };
}

/** The entries of a variable that are read, within its own block. */
export function variableReads({ x, y }: Reads, v: Variable): Uint8Array {
  return (v.level === "upper" ? x : y).subarray(v.offset, v.offset + v.size);
}

export function readsAny(reads: Reads, variables: readonly Variable[]): boolean {
  return variables.some((v) => variableReads(reads, v).includes(1));
}
