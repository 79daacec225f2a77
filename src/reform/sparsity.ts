/**
 * Which outputs of a kernel depend on which inputs: each input in turn is put to NaN, and the outputs that follow it
 * depend on it. Arithmetic passes NaN on; a comparison does not, so that graphs with branches count as full.
 */
import type { Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { ColumnPattern } from "./colouring.js";

/** Operators whose result may leave out an argument that it has a derivative by. */
const branching = new Set("select min max maxOf minOf relu solve".split(" "));

export function branches(outputs: readonly Node[]): boolean {
  return topological(outputs).some((node) => branching.has(node.op));
}

/**
 * Column j: the outputs that depend on input j, at the finite point `at` (restored on return). `evaluate` reads `at` and
 * writes `out`.
 */
export function dependence(at: Float64Array, out: Float64Array, evaluate: () => void, full: boolean): ColumnPattern {
  const every = Int32Array.from(out.keys());
  return Array.from(at, (value, j) => {
    if (full) return every;
    at[j] = Number.NaN;
    evaluate();
    at[j] = value;
    return every.filter((i) => Number.isNaN(out[i]));
  });
}
