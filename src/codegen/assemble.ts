/**
 * Tensors put together from pieces: a sum of `put`s (the usual shape of a gradient) and plain summands, concatenations,
 * with signs, scalar factors, transposes and merging reshapes in between. Every piece is written straight to its place.
 */
import { type Node, sizeOf } from "../expr/node.js";
import type { Nest } from "./nest.js";
import type { Plan } from "./plan.js";
import { affine, combine, type Position } from "./position.js";
import { type Read, readsOf } from "./reads.js";
import { isLive, positionAt, reshapeGroups, stridesOf } from "./shapes.js";
import type { Term } from "./terms.js";

export interface Piece {
  readonly node: Node;
  /** Whether it is added to what is there (or else overwrites). */
  readonly adds: boolean;
  /** Added to zeros that must be there before. */
  readonly fills: boolean;
  term(nest: Nest, at: readonly Position[]): Term;
  /** Where the piece's entry goes in the result. */
  place(nest: Nest, at: readonly Position[]): Position[];
  reads(extents: readonly number[]): Read[];
}

/** One step from a piece's position outwards. */
type Step = (nest: Nest, at: readonly Position[]) => readonly Position[];

interface Draft {
  readonly node: Node;
  readonly negative: boolean;
  readonly factors: readonly Node[];
  readonly steps: readonly Step[];
  /** Positions covered along `axis` by the outermost placement; undefined where the piece lies deeper. */
  readonly covers: { readonly axis: number; readonly positions: readonly number[] } | undefined;
  readonly placements: number;
}

export function piecesOf(
  root: Node,
  plan: Plan,
): { readonly whole: readonly Piece[]; readonly pieces: readonly Piece[] } {
  const drafts: Draft[] = [];
  const start: Draft = { node: root, negative: false, factors: [], steps: [], covers: undefined, placements: 0 };
  flatten(start, plan, drafts, true);
  const whole = drafts.filter((d) => d.steps.length === 0);
  const placed = drafts.filter((d) => d.steps.length > 0);
  const modes = whole.length > 0 ? placed.map(() => ({ adds: true, fills: false })) : coverage(root, placed);
  return {
    whole: whole.map((draft) => finish(draft, plan, false, false)),
    pieces: placed.map((draft, k) => finish(draft, plan, modes[k].adds, modes[k].fills)),
  };
}

function finish(draft: Draft, plan: Plan, adds: boolean, fills: boolean): Piece {
  const { node } = draft;
  return {
    node,
    adds,
    fills,
    term: (nest, at) => {
      let term = nest.value(node, at);
      for (const factor of draft.factors) term = nest.product(nest.value(factor, []), term);
      return draft.negative ? nest.negative(term) : term;
    },
    place: (nest, at) => {
      let position = at;
      for (let k = draft.steps.length - 1; k >= 0; k--) position = draft.steps[k](nest, position);
      return [...position];
    },
    reads: (extents) => [...readsOf(node, plan, extents), ...draft.factors.flatMap((f) => readsOf(f, plan, undefined))],
  };
}

function flatten(draft: Draft, plan: Plan, into: Draft[], top = false): void {
  const { node, steps } = draft;
  const inside = (arg: Node) => plan.absorbs(node, arg);
  const next = (arg: Node, change: Partial<Draft>) => flatten({ ...draft, node: arg, ...change }, plan, into);
  if (!top && !(plan.assembled.has(node) && !plan.roots.has(node))) {
    into.push(draft);
    return;
  }
  switch (node.op) {
    case "add":
    case "sub":
      node.args.forEach((arg, k) => {
        const negative = draft.negative !== (node.op === "sub" && k === 1);
        if (arg.shape.length > 0) next(arg, { negative });
        else into.push({ ...draft, node: spread(arg, node), negative });
      });
      return;
    case "neg":
      next(node.args[0], { negative: !draft.negative });
      return;
    case "mul": {
      const k = node.args.findIndex(inside);
      next(node.args[k], { factors: [...draft.factors, node.args[1 - k]] });
      return;
    }
    case "put": {
      const { axis = 0, index } = node.attributes;
      const step: Step = (nest, at) =>
        at.map((p, k) => {
          if (k !== axis) return p;
          return index!.values ? nest.lookup(index!, p) : affine(p, index!.start, index!.step);
        });
      const positions = isLive(index!) ? [] : Array.from({ length: index!.size }, (_, k) => positionAt(index!, k));
      next(node.args[0], { steps: [...steps, step], ...placement(draft, axis, positions) });
      return;
    }
    case "concat": {
      const { axis = 0 } = node.attributes;
      let first = 0;
      for (const arg of node.args) {
        const from = first;
        const step: Step = (_, at) => at.map((p, k) => (k === axis ? affine(p, from, 1) : p));
        const positions = Array.from({ length: arg.shape[axis] }, (_, k) => from + k);
        next(arg, { steps: [...steps, step], ...placement(draft, axis, positions) });
        first += arg.shape[axis];
      }
      return;
    }
    case "transpose": {
      const axes = node.attributes.axes!;
      next(node.args[0], { steps: [...steps, (_, at) => axes.map((k) => at[k])] });
      return;
    }
    case "reshape": {
      const from = node.args[0].shape;
      const step: Step = (_, at) => {
        const result: Position[] = node.shape.map(() => ({ offset: 0, atoms: [] }));
        for (const group of reshapeGroups(from, node.shape)) {
          if (group.to.length === 0) continue;
          const strides = stridesOf(group.from.map((k) => from[k]));
          result[group.to[0]] = combine(
            group.from.map((k) => at[k]),
            strides,
          );
        }
        return result;
      };
      next(node.args[0], { steps: [...steps, step] });
      return;
    }
    default:
      throw new Error(`${node.op} is not assembled`);
  }
}

/** Only a first placement right under sums says by itself what is covered. */
function placement(draft: Draft, axis: number, positions: readonly number[]): Pick<Draft, "covers" | "placements"> {
  const outermost = draft.steps.length === 0 && positions.length > 0;
  return { placements: draft.placements + 1, covers: outermost ? { axis, positions } : undefined };
}

/** Pieces that partition the result overwrite; everything else is added to zeros. */
function coverage(root: Node, drafts: readonly Draft[]): { readonly adds: boolean; readonly fills: boolean }[] {
  const adding = drafts.map(() => ({ adds: true, fills: true }));
  const axis = drafts[0]?.covers?.axis ?? 0;
  const seen = new Uint8Array(root.shape[axis]);
  let count = 0;
  const modes: { adds: boolean; fills: boolean }[] = [];
  for (const { covers, placements } of drafts) {
    if (!covers || covers.axis !== axis || placements > 1) return adding;
    let fresh = 0;
    for (const p of covers.positions) if (!seen[p]) fresh++;
    const before = count;
    for (const p of covers.positions) {
      if (!seen[p]) count++;
      seen[p] = 1;
    }
    const allNew = count - before === covers.positions.length;
    if (!allNew && fresh > 0) return adding;
    modes.push({ adds: !allNew, fills: false });
  }
  return count === seen.length && sizeOf(root.shape) > 0 ? modes : adding;
}

/** A scalar summand stands for itself at every entry. */
function spread(scalar: Node, like: Node): Node {
  return {
    ...scalar,
    id: -1 - scalar.id,
    op: "broadcast",
    args: [scalar],
    shape: like.shape,
    attributes: { axes: [] },
  };
}
