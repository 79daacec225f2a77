/** What a work reads: the stored nodes that its expression reaches without computing them again, for the schedule. */
import type { Node } from "../expr/node.js";
import type { Plan } from "./plan.js";
import { sameAsLoops, squeezed } from "./shapes.js";

/** A stored node that a work reads; `aligned`: only ever at the position that the loops are at. */
export interface Read {
  readonly root: Node;
  readonly aligned: boolean;
}

/** What evaluating `node` in place over loops of the extents reads; `inside`: the node itself is being computed. */
export function readsOf(node: Node, plan: Plan, extents: readonly number[] | undefined, inside = false): Read[] {
  const found = new Map<Node, boolean>();
  const seen = new Set<string>();
  const stack: { node: Node; aligned: boolean }[] = [{ node, aligned: extents !== undefined }];
  let own = inside;
  while (stack.length > 0) {
    const { node: item, aligned } = stack.pop()!;
    const key = `${item.id}${aligned}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (plan.roots.has(item) && !own) {
      const here = aligned && sameAsLoops(item.shape, extents!);
      found.set(item, (found.get(item) ?? true) && here);
      continue;
    }
    own = false;
    if (plan.isLeaf(item)) continue;
    const view = plan.isLayout(item) && item.op !== "reshape";
    const kept = item.op === "reshape" || item.op === "broadcast" || !view;
    for (const arg of item.args) {
      const same = sameAsLoops(squeezed(arg.shape), squeezed(item.shape));
      stack.push({ node: arg, aligned: aligned && kept && same });
    }
  }
  return [...found].map(([root, aligned]) => ({ root, aligned }));
}
