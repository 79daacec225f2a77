/**
 * The minibatch version of an objective: every index set that runs over the N terms of a sampled sum becomes a live table
 * of b positions, shapes follow, and the sum is multiplied by a factor (N/b) where its terms are added up:
 *
 *   Σ_{i=1..N} F_i   ->   s Σ_{k=1..b} F_{table[k]}
 *
 * Objectives are linear in their sampled sums (a check sees to it), so that the value and all derivatives are unbiased
 * where the table is. A node that repeats a scalar along the terms has no mark of its own: lengths are asked for from the
 * results down, and one node may be needed in several lengths.
 */
import type { IndexSet, Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { reshaped, type SampleAxes, samplingOf } from "../model/sampleAxes.js";
import type { Builder } from "../ops/build.js";
import { operatorOf } from "../ops/registry.js";

/** What becomes of a sampled sum: the number of terms read at a time, and the factor of their sum. */
export interface Thinned {
  readonly size: number;
  readonly scale: number;
}

/** Position k of `live` stands for position terms[k] of `source`. */
export interface LiveTable {
  readonly sample: number;
  readonly source: IndexSet;
  readonly live: IndexSet;
}

export interface ThinnedObjective {
  readonly objective: Node;
  readonly tables: readonly LiveTable[];
}

/** For each axis the sample that it runs over, if it is one of those to be thinned. */
type Marks = readonly (number | undefined)[];

/** `samples`: by id of the mark; sums that are not named stay whole. */
export function thinnedObjective(b: Builder, objective: Node, samples: ReadonlyMap<number, Thinned>): ThinnedObjective {
  const own = ownMarks(samplingOf([objective]).axes, samples);
  const order = topological([objective]);
  const wanted = demands(order, objective, own, samples);
  const tables = new Map<IndexSet, LiveTable>();
  const images = new Map<string, Node>();
  const imageOf = (arg: Node, marks: Marks): Node => images.get(keyOf(arg, marks))!;
  for (const node of order) {
    for (const marks of wanted.get(node)?.values() ?? []) {
      const args = node.args.map((arg, k) => imageOf(arg, below(node, k, marks, own, samples)));
      images.set(
        keyOf(node, marks),
        b.at(node.origin, () => rebuilt(b, node, args, marks)),
      );
    }
  }
  return { objective: imageOf(objective, own(objective)), tables: [...tables.values()] };

  function rebuilt(b: Builder, node: Node, args: readonly Node[], marks: Marks): Node {
    const { index, axes } = node.attributes;
    const sample = index?.sample;
    if (node.op === "take" && sample !== undefined && samples.has(sample))
      return b.raw("take", args, { ...node.attributes, index: liveOf(index!, sample) });
    if (marks.every((m) => m === undefined) && args.every((a, k) => a === node.args[k])) return node;
    const shape = node.shape.map((d, k) => (marks[k] === undefined ? d : samples.get(marks[k])!.size));
    if (node.op === "broadcast") return b.broadcast(args[0], shape, axes!);
    if (node.op === "reshape") return b.reshape(args[0], shape);
    const image = b.raw(node.op, args, node.attributes);
    const factor = summedSamples(node, own).reduce((s, id) => s * samples.get(id)!.scale, 1);
    return factor === 1 ? image : b.mul(b.constant(factor), image);
  }

  function liveOf(source: IndexSet, sample: number): IndexSet {
    let table = tables.get(source);
    if (!table) {
      table = { sample, source, live: b.graph.live(samples.get(sample)!.size, sample) };
      tables.set(source, table);
    }
    return table.live;
  }
}

type OwnMarks = (node: Node) => Marks;

/** Marks that come from the takes below a node. */
function ownMarks(axes: SampleAxes, samples: ReadonlyMap<number, Thinned>): OwnMarks {
  return (node) => {
    const known = axes.get(node);
    return node.shape.map((_, k) => {
      const id = known?.get(k);
      return id !== undefined && samples.has(id) ? id : undefined;
    });
  };
}

function keyOf(node: Node, marks: Marks): string {
  return `${node.id}@${marks.join(",")}`;
}

/** Every node with the lengths in which it is needed, from the results down. */
function demands(
  order: readonly Node[],
  root: Node,
  own: OwnMarks,
  samples: ReadonlyMap<number, Thinned>,
): ReadonlyMap<Node, ReadonlyMap<string, Marks>> {
  const wanted = new Map<Node, Map<string, Marks>>();
  const want = (node: Node, marks: Marks): void => {
    const known = wanted.get(node);
    if (known) known.set(keyOf(node, marks), marks);
    else wanted.set(node, new Map([[keyOf(node, marks), marks]]));
  };
  want(root, own(root));
  for (const node of [...order].reverse()) {
    for (const marks of wanted.get(node)?.values() ?? []) {
      if (node.args.length === 0 && marks.some((m) => m !== undefined))
        throw new Error(`a sampled sum reads "${node.op}" whole: it should be read through the sample`);
      for (const [k, arg] of node.args.entries()) want(arg, below(node, k, marks, own, samples));
    }
  }
  return wanted;
}

/** The marks that argument k of a node needs where the node has `marks`: those, carried down, and its own. */
function below(node: Node, k: number, marks: Marks, own: OwnMarks, samples: ReadonlyMap<number, Thinned>): Marks {
  const arg = node.args[k];
  const carried = carriedDown(node, k, marks, own);
  const mine = own(arg);
  const merged = arg.shape.map((_, axis) => carried[axis] ?? mine[axis]);
  const { axis, index } = node.attributes;
  const picks = node.op === "take" || node.op === "put" || node.op === "concat";
  const exchanged = index?.sample !== undefined && samples.has(index.sample);
  if (picks && merged[axis!] !== undefined) throw new Error(`${node.op} along a sampled axis`);
  if (node.op === "put" && exchanged) throw new Error("an objective puts along a sampled axis");
  return merged;
}

function carriedDown(node: Node, k: number, marks: Marks, own: OwnMarks): Marks {
  const arg = node.args[k];
  const { axes, axis, labels } = node.attributes;
  switch (node.op) {
    case "broadcast":
      return axes!.map((to) => marks[to]);
    case "transpose":
      return arg.shape.map((_, from) => marks[axes!.indexOf(from)]);
    case "reshape":
      return arg.shape.map((_, from) => {
        const to = arg.shape[from] > 1 ? reshaped(arg.shape, node.shape, from) : undefined;
        return to === undefined ? undefined : marks[to];
      });
    case "take":
    case "put":
    case "concat":
      return arg.shape.map((_, from) => (from === axis ? undefined : marks[from]));
    case "contract": {
      const labelled = labelMarks(node, marks, own);
      return (k === 0 ? labels!.left : labels!.right).map((label) => labelled.get(label));
    }
    case "sum":
    case "maxOf":
    case "minOf":
    case "logsumexp": {
      const kept = arg.shape.map((_, from) => from).filter((from) => !axes!.includes(from));
      return arg.shape.map((_, from) => marks[kept.indexOf(from)]);
    }
    default:
      if (operatorOf(node).family === "elementwise") return arg.shape.map((_, from) => marks[from]);
      if (marks.some((m) => m !== undefined)) throw new Error(`"${node.op}" over a sampled axis`);
      return [];
  }
}

/** The sample that each label of a contraction runs over. */
function labelMarks(node: Node, marks: Marks, own: OwnMarks): ReadonlyMap<number, number> {
  const { left, right, out } = node.attributes.labels!;
  const found = new Map<number, number>();
  const note = (labels: readonly number[], known: Marks): void =>
    labels.forEach((label, k) => {
      const id = known[k];
      if (id !== undefined) found.set(label, id);
    });
  note(out, marks);
  note(left, own(node.args[0]));
  note(right, own(node.args[1]));
  return found;
}

/** The samples whose terms a node adds up. */
function summedSamples(node: Node, own: OwnMarks): readonly number[] {
  const { axes, labels } = node.attributes;
  switch (node.op) {
    case "sum": {
      const marks = own(node.args[0]);
      return axes!.flatMap((k) => marks[k] ?? []);
    }
    case "contract": {
      const labelled = labelMarks(
        node,
        node.shape.map(() => undefined),
        own,
      );
      return [...labelled].filter(([label]) => !labels!.out.includes(label)).map(([, id]) => id);
    }
    case "maxOf":
    case "minOf":
    case "logsumexp": {
      const marks = own(node.args[0]);
      if (axes!.some((k) => marks[k] !== undefined)) throw new Error(`"${node.op}" over a sampled axis`);
      return [];
    }
    default:
      return [];
  }
}
