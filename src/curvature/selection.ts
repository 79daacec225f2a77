/** Which variables are looked at: entries of the input blocks that vary, all others fixed; and which nodes vary with them. */
import type { InputBlock, Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { evaluate } from "../ops/evaluate.js";

/** Entries that vary: `true` for a whole block, else 1 for each entry that does. */
export type Selection = ReadonlyMap<InputBlock, true | Uint8Array>;

const moving = new Set(["take", "reshape", "transpose", "broadcast"]);

/** The nodes under `roots` that vary. Operators that only move entries are followed entry by entry. */
export function varyingNodes(roots: readonly Node[], selection: Selection): ReadonlySet<Node> {
  const found = new Set<Node>();
  const pure = new Map<Node, Uint8Array>();
  const order = topological(roots);
  for (const node of order) {
    const { input } = node.attributes;
    if (input) {
      const mask = selection.get(input);
      if (mask === true) found.add(node);
      else if (mask) {
        pure.set(node, mask);
        if (mask.includes(1)) found.add(node);
      }
      continue;
    }
    const mask = moving.has(node.op) ? pure.get(node.args[0]) : undefined;
    if (mask) {
      const moved = moveMask(node, mask);
      pure.set(node, moved);
      if (moved.includes(1)) found.add(node);
    } else if (node.args.some((a) => found.has(a))) found.add(node);
  }
  return found;
}

/** The mask moved as the node moves entries. */
function moveMask(node: Node, mask: Uint8Array): Uint8Array {
  const stand = { name: "mask", size: mask.length };
  const leaf: Node = {
    id: -1,
    op: "input",
    args: [],
    shape: node.args[0].shape,
    attributes: { input: stand },
    origin: undefined,
  };
  const [values] = evaluate([{ ...node, args: [leaf] }], new Map([[stand, Float64Array.from(mask)]]));
  return Uint8Array.from(values);
}
