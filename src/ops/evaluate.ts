/** Reference evaluation: each node once, in order, by its operator's own rule. Slow and plain; the yardstick of code generation. */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { operatorOf } from "./registry.js";

/** The values of `outputs` (row-major, fresh arrays). Throws a plain Error if an input is missing or has the wrong length. */
export function evaluate(
  outputs: readonly Node[],
  inputs: ReadonlyMap<InputBlock, Float64Array> = new Map(),
): Float64Array[] {
  const values = new Map<Node, Float64Array>();
  for (const node of topological(outputs)) {
    if (node.attributes.input) {
      const given = inputs.get(node.attributes.input);
      if (!given || given.length !== node.attributes.input.size)
        throw new Error(`input ${node.attributes.input.name}: ${given?.length ?? "no"} numbers of ${node.shape[0]}`);
      values.set(node, given);
      continue;
    }
    const out = new Float64Array(sizeOf(node.shape));
    operatorOf(node).evaluateInto(
      out,
      node.args.map((a) => values.get(a)!),
      node,
    );
    values.set(node, out);
  }
  return outputs.map((node) => values.get(node)!.slice());
}
