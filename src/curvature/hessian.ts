/**
 * Second derivatives of a scalar node by the entries of a selection that it reads, enclosed over the variables' bounds: the matrix
 * as a node, evaluated in interval arithmetic. For a polynomial of degree 2 it holds no selected variable, so that
 * the enclosure is as narrow as rounding and the fixed variables allow.
 */
import { gradient, jacobianRows } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import { sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { readsOf } from "../model/reads.js";
import type { Builder } from "../ops/build.js";
import type { Ranges } from "./ranges.js";
import { type Selection, varyingNodes } from "./selection.js";

export interface SecondDerivatives {
  /** Order of the matrix: number of entries read. */
  readonly size: number;
  /** The entries of each block, in the order of rows. */
  readonly positions: readonly { readonly block: InputBlock; readonly entries: Int32Array }[];
  readonly node: Node;
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  /** All entries are numbers that do not depend on anything. */
  readonly exact: boolean;
}

const LARGEST = 100;
/** Entries of the graph times directions. */
const MOST_WORK = 4e6;

/** The entries of the selection that a node reads, by block. */
export function readEntries(node: Node, selection: Selection): SecondDerivatives["positions"] {
  return [...selection].map(([block, mask]) => {
    const read = readsOf([node], block);
    const entries: number[] = [];
    for (let k = 0; k < read.length; k++) if (read[k] === 1 && (mask === true || mask[k] === 1)) entries.push(k);
    return { block, entries: Int32Array.from(entries) };
  });
}

/** Undefined where it would be too large, or is not defined everywhere in the bounds. */
export function secondDerivatives(
  b: Builder,
  fine: Ranges,
  scalar: Node,
  selection: Selection,
): SecondDerivatives | undefined {
  const work = [...varyingNodes([scalar], selection)].reduce((n, v) => n + sizeOf(v.shape), 0);
  if (work > MOST_WORK) return undefined;
  const positions = readEntries(scalar, selection);
  const size = positions.reduce((n, p) => n + p.entries.length, 0);
  if (size === 0 || size > LARGEST || work * size > MOST_WORK) return undefined;
  const node = b.at(scalar.origin, () => matrixNode(b, scalar, positions));
  const each = fine.each(node);
  if (!each || each.flags.some((f) => f !== 0)) return undefined;
  const exact = each.lo.every((v, i) => v === each.hi[i]);
  return { size, positions, node, lo: each.lo, hi: each.hi, exact };
}

/** The matrix [size, size], rows and columns in the order of `positions`. */
export function matrixNode(b: Builder, scalar: Node, positions: SecondDerivatives["positions"]): Node {
  const used = positions.filter((p) => p.entries.length > 0);
  const slopes = gradient(
    b,
    scalar,
    used.map((p) => p.block),
  );
  const slope = b.concat(
    used.map((p, i) => b.take(slopes[i], 0, b.graph.positions(p.entries))),
    0,
  );
  const columns = used.map((p) => b.take(jacobianRows(b, slope, p.block), 1, b.graph.positions(p.entries)));
  return b.concat(columns, 1);
}

/** Whether all varying nodes under a node are smooth where they are evaluated: second derivatives say nothing of kinks. */
export function smoothBelow(node: Node, rough: (node: Node) => boolean): boolean {
  return topological([node]).every((n) => !rough(n));
}
