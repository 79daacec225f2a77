/**
 * Where a value that is not a finite number came from: evaluates the graph in order and names the first operation whose
 * result is not finite although its operands are. Used after a run has met such a value; it is not fast.
 */
import type { Span } from "../base/span.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { operatorOf } from "../ops/registry.js";
import { needed } from "./walk.js";

export interface Blame {
  readonly node: Node;
  readonly origin: Span | undefined;
  /** The entry of the result (row-major) that is not finite, and its value: NaN, Infinity or -Infinity. */
  readonly entry: number;
  readonly value: number;
  /**
   * The operands' values for that entry, one per argument: for elementwise operators the entries themselves, for others the
   * entry of largest magnitude. Empty where an input block itself is not finite.
   */
  readonly args: readonly number[];
}

/** `undefined` if everything is finite. Constants may be infinite (a bound, say): they are never to blame. */
export function blame(outputs: readonly Node[], inputs: ReadonlyMap<InputBlock, Float64Array>): Blame | undefined {
  const values = new Map<Node, Float64Array>();
  let later: Blame | undefined;
  for (const node of needed(outputs)) {
    const args = node.args.map((arg) => values.get(arg)!);
    const value = evaluateNode(node, args, inputs);
    values.set(node, value);
    if (node.op === "constant" || node.op === "tensor") continue;
    const entry = value.findIndex((v) => !Number.isFinite(v));
    if (entry < 0) continue;
    const found = describe(node, args, entry, value[entry]);
    if (args.every((arg) => arg.every(Number.isFinite))) return found;
    // an infinity may be meant; the first NaN out of none is the next best answer
    const nan = value.findIndex((v) => Number.isNaN(v));
    if (!later && nan >= 0 && !args.some((arg) => arg.some(Number.isNaN)))
      later = describe(node, args, nan, value[nan]);
  }
  return later;
}

function evaluateNode(node: Node, args: Float64Array[], inputs: ReadonlyMap<InputBlock, Float64Array>): Float64Array {
  const { input, tensor } = node.attributes;
  if (input) {
    const given = inputs.get(input);
    if (!given) throw new Error(`no values for input ${input.name}`);
    return given;
  }
  if (tensor) return tensor.values;
  const out = new Float64Array(sizeOf(node.shape));
  operatorOf(node).evaluateInto(out, args, node);
  return out;
}

function describe(node: Node, args: readonly Float64Array[], entry: number, value: number): Blame {
  const elementwise = operatorOf(node).scalar !== undefined;
  const pick = (arg: Float64Array) => {
    if (elementwise) return arg[arg.length === 1 ? 0 : entry];
    return arg.reduce((most, v) => (Math.abs(v) > Math.abs(most) || Number.isNaN(v) ? v : most), 0);
  };
  return { node, origin: node.origin, entry, value, args: args.map(pick) };
}
