/**
 * Reading entries of a value at static positions that may vary with comprehension indices: `y[i + 1]`, `A[i, j]`,
 * `A[i, :]`, `y[i:i + 2]`. One `take` per index where each index picks along its own axis; where indices share axes with
 * each other or with the value, one `take` from the flattened value at computed places.
 */
import { isProblem } from "../ops/align.js";
import { sliceValue } from "../ops/slice.js";
import { ownShape, type Value } from "../ops/value.js";
import { arrange } from "./axis.js";
import type { Context } from "./context.js";
import { resampled } from "./finish.js";
import { offsetIn, unravel } from "./statics.js";

/** What one index bracket entry picks along one own axis. */
export interface Pick {
  /** Ids and lengths of the comprehension axes that the positions vary with. */
  readonly axes: readonly number[];
  readonly sizes: readonly number[];
  /** False for a single position: the axis goes. */
  readonly keep: boolean;
  /** Number of positions at each place of the axes. */
  readonly length: number;
  /** 0-based; for each place of the axes, `length` of them. */
  readonly positions: Int32Array;
}

/** Undefined where positions would have to be exchanged by a sampler in a way that it cannot. */
export function gather(c: Context, value: Value, picks: readonly Pick[]): Value | undefined {
  const own = ownShape(value);
  const dropsFirst = own.length === 2 && !picks[0].keep && picks[1].keep;
  const row = dropsFirst || (value.row === true && picks[0].keep);
  const shared = conflicts(value, picks);
  const node = shared ? flattened(c, value, picks) : axisByAxis(c, value, picks);
  if (!node) return undefined;
  const result: Value = row ? { ...node, row: true } : node;
  if (dropsFirst || c.slicedRows.has(value)) c.slicedRows.add(result);
  return result;
}

function conflicts(value: Value, picks: readonly Pick[]): boolean {
  const seen = new Set(value.axes);
  for (const id of picks.flatMap((p) => p.axes)) {
    if (seen.has(id)) return true;
    seen.add(id);
  }
  return false;
}

function isWhole(pick: Pick, extent: number): boolean {
  return pick.keep && pick.axes.length === 0 && pick.length === extent && pick.positions.every((p, k) => p === k);
}

function axisByAxis(c: Context, value: Value, picks: readonly Pick[]): Value {
  const own = ownShape(value);
  let { node } = value;
  const ids: number[] = [...value.axes];
  const shape: number[] = node.shape.slice(0, ids.length);
  // For each axis of the reshaped result: the id of a comprehension axis, or undefined for an own one.
  const marks: (number | undefined)[] = [...ids];
  const exchanged: number[] = [];
  picks.forEach((pick, k) => {
    const axis = value.axes.length + k;
    if (!isWhole(pick, own[k])) {
      const direct = pick.length === 1 && pick.axes.length === 1 ? c.axis(pick.axes[0]).sample : undefined;
      node = c.b.take(node, axis, c.b.graph.positions(pick.positions, direct));
      if (direct === undefined) exchanged.push(...pick.axes.filter((id) => c.axis(id).sample !== undefined));
    }
    marks.push(...pick.axes);
    shape.push(...pick.sizes);
    if (pick.keep) {
      marks.push(undefined);
      shape.push(pick.length);
    }
  });
  node = c.b.reshape(node, shape);
  for (const id of exchanged) node = resampled(c, node, marks.indexOf(id), id);
  return leading(c, node, marks);
}

/** Moves comprehension axes to the front, by id. */
function leading(c: Context, node: Value["node"], marks: readonly (number | undefined)[]): Value {
  const places = marks.map((_, k) => k);
  const order = [...places.filter((k) => marks[k] !== undefined), ...places.filter((k) => marks[k] === undefined)];
  const ids = marks.filter((id) => id !== undefined);
  return arrange(c.b, c.b.transpose(node, order), ids);
}

function flattened(c: Context, value: Value, picks: readonly Pick[]): Value | undefined {
  const own = ownShape(value);
  const ids = [...new Set(picks.flatMap((p) => p.axes))].sort((p, q) => p - q);
  const inValue = value.axes.filter((id) => ids.includes(id));
  if (inValue.some((id) => c.axis(id).sample !== undefined)) return selected(c, value, picks);
  const rest = value.axes.filter((id) => !ids.includes(id));
  const ranks = [...rest, ...inValue].map((id) => value.axes.indexOf(id));
  const moved = c.b.transpose(value.node, [...ranks, ...own.map((_, k) => value.axes.length + k)]);
  const restShape = moved.shape.slice(0, rest.length);
  const block = moved.shape.slice(rest.length);
  const flat = c.b.reshape(moved, [...restShape, block.reduce((n, d) => n * d, 1)]);
  const sizes = ids.map((id) => c.axis(id).size);
  const kept = picks.filter((p) => p.keep).map((p) => p.length);
  const grid = [...sizes, ...kept];
  const positions = new Int32Array(grid.reduce((n, d) => n * d, 1));
  for (let at = 0; at < positions.length; at++) {
    const digits = unravel(at, grid);
    let place = 0;
    inValue.forEach((id, k) => {
      place = place * block[k] + digits[ids.indexOf(id)];
    });
    let nextKept = ids.length;
    picks.forEach((pick, k) => {
      const j = pick.keep ? digits[nextKept++] : 0;
      place = place * own[k] + pick.positions[offsetIn(pick, ids, digits) * pick.length + j];
    });
    positions[at] = place;
  }
  const single = ids.length === 1 && kept.length === 0 ? c.axis(ids[0]).sample : undefined;
  const taken = c.b.take(flat, rest.length, c.b.graph.positions(positions, single));
  let node = c.b.reshape(taken, [...restShape, ...grid]);
  if (single === undefined) {
    ids.forEach((id, k) => {
      if (c.axis(id).sample !== undefined) node = resampled(c, node, rest.length + k, id);
    });
  }
  return arrange(c.b, node, [...rest, ...ids]);
}

/** A vector over a sampled axis that picks from itself (`z[label[i]]` where z depends on i): by indicators, which a sampler can exchange. */
function selected(c: Context, value: Value, picks: readonly Pick[]): Value | undefined {
  const [pick] = picks;
  if (picks.length !== 1 || pick.keep || pick.axes.length !== 1) return undefined;
  const { axes, sizes, positions } = pick;
  const { sample } = c.axis(axes[0]);
  if (sample === undefined) return undefined;
  const result = sliceValue(c.b, value, [{ kind: "index", axes, sizes, positions, sample }]);
  return isProblem(result) ? undefined : result;
}
