/**
 * Vectorisation: the same graph for K values of some nodes at once, along a new leading axis. Every operator maps to
 * operators of the same kind with one axis more, so the number of nodes does not depend on K (except that systems with
 * a matrix that differs from case to case are solved one by one).
 */
import type { Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { operatorOf } from "../ops/registry.js";

/** `outputs` with a leading axis of length `count`, where each replaced node stands for `count` values of its key. */
export function batched(
  b: Builder,
  outputs: readonly Node[],
  replaced: ReadonlyMap<Node, Node>,
  count: number,
): Node[] {
  const lifted = new Map<Node, Node>(replaced);
  for (const node of topological(outputs)) {
    if (lifted.has(node) || !node.args.some((a) => lifted.has(a))) continue;
    lifted.set(
      node,
      b.at(node.origin, () => lift(b, node, lifted, count)),
    );
  }
  return outputs.map((node) => lifted.get(node) ?? repeat(b, node, count));
}

function repeat(b: Builder, node: Node, count: number): Node {
  return b.broadcast(
    node,
    [count, ...node.shape],
    node.shape.map((_, k) => k + 1),
  );
}

function lift(b: Builder, node: Node, lifted: ReadonlyMap<Node, Node>, count: number): Node {
  const { attributes, shape } = node;
  const full = (a: Node): Node => lifted.get(a) ?? repeat(b, a, count);
  const [first, second] = node.args;
  const axes = attributes.axes?.map((k) => k + 1) ?? [];
  switch (node.op) {
    case "sum":
      return b.sum(full(first), axes);
    case "maxOf":
      return b.maxOf(full(first), axes);
    case "minOf":
      return b.minOf(full(first), axes);
    case "logsumexp":
      return b.logsumexp(full(first), axes);
    case "broadcast":
      return b.broadcast(full(first), [count, ...shape], [0, ...axes]);
    case "reshape":
      return b.reshape(full(first), [count, ...shape]);
    case "transpose":
      return b.transpose(full(first), [0, ...axes]);
    case "take":
      return b.take(full(first), attributes.axis! + 1, attributes.index!);
    case "put":
      return b.put(full(first), attributes.axis! + 1, attributes.index!, attributes.size!);
    case "concat":
      return b.concat(node.args.map(full), attributes.axis! + 1);
    case "contract": {
      const { left, right, out } = attributes.labels!;
      const label = Math.max(-1, ...left, ...right) + 1;
      const mark = (a: Node, own: readonly number[]): readonly number[] => (lifted.has(a) ? [label, ...own] : own);
      return b.contract(lifted.get(first) ?? first, lifted.get(second) ?? second, {
        left: mark(first, left),
        right: mark(second, right),
        out: [label, ...out],
      });
    }
    case "solve":
      return lifted.has(first) ? oneByOne(b, full(first), full(second), count) : sideBySide(b, first, full(second));
    default:
      if (operatorOf(node).family !== "elementwise") throw new Error(`no batching rule for ${node.op}`);
      return b.apply(
        node.op,
        node.args.map((a) => {
          const own = lifted.get(a);
          if (!own) return a.shape.length === 0 ? a : repeat(b, a, count);
          return own.shape.length === shape.length + 1 ? own : b.broadcast(own, [count, ...shape], [0]);
        }),
      );
  }
}

/** One matrix, many right-hand sides [count, k(, p)]: all their columns in one system. */
function sideBySide(b: Builder, matrix: Node, rhs: Node): Node {
  const [count, k, ...rest] = rhs.shape;
  const order = rhs.shape.map((_, i) => (i < 2 ? 1 - i : i));
  const columns = b.reshape(b.transpose(rhs, order), [k, count * (rest[0] ?? 1)]);
  return b.transpose(b.reshape(b.solve(matrix, columns), [k, count, ...rest]), order);
}

/** As many systems as cases. */
function oneByOne(b: Builder, matrices: Node, rhs: Node, count: number): Node {
  const single = (node: Node, i: number): Node => b.reshape(b.take(node, 0, b.graph.range(i, 1)), node.shape.slice(1));
  const solved = Array.from({ length: count }, (_, i) => {
    const x = b.solve(single(matrices, i), single(rhs, i));
    return b.reshape(x, [1, ...x.shape]);
  });
  return b.concat(solved, 0);
}
