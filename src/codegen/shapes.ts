/** Row-major strides, positions and walks over shapes. */
import type { IndexSet, Shape } from "../expr/node.js";

/** Distance in storage between neighbours along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let k = shape.length - 2; k >= 0; k--) strides[k] = strides[k + 1] * shape[k + 1];
  return strides;
}

/** Calls `visit` with each position of `shape` in storage order; the array is reused. */
export function eachPosition(shape: Shape, visit: (position: number[], flat: number) => void): void {
  const position = new Array<number>(shape.length).fill(0);
  let total = 1;
  for (const d of shape) total *= d;
  for (let flat = 0; flat < total; flat++) {
    visit(position, flat);
    for (let k = shape.length - 1; k >= 0; k--) {
      if (++position[k] < shape[k]) break;
      position[k] = 0;
    }
  }
}

export function flatOf(position: readonly number[], strides: readonly number[]): number {
  let flat = 0;
  for (let k = 0; k < position.length; k++) flat += position[k] * strides[k];
  return flat;
}

/** The k-th position of an index set. */
export function positionAt(index: IndexSet, k: number): number {
  return index.values ? index.values[k] : index.start + k * index.step;
}

/** An index set whose positions may be exchanged between calls must be read anew each time. */
export function isLive(index: IndexSet): boolean {
  return index.sample !== undefined && index.values !== undefined;
}

/** Nodes of a result in which an operand axis map leaves no gaps: groups of axes with equal products. */
export interface AxisGroup {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Splits a reshape into smallest groups of axes that hold the same entries; axes of length 1 are left out. */
export function reshapeGroups(from: Shape, to: Shape): AxisGroup[] {
  const a = from.map((_, k) => k).filter((k) => from[k] !== 1);
  const b = to.map((_, k) => k).filter((k) => to[k] !== 1);
  const groups: AxisGroup[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left: number[] = [];
    const right: number[] = [];
    let p = 1;
    let q = 1;
    do {
      if (p <= q && i < a.length) {
        p *= from[a[i]];
        left.push(a[i++]);
      } else if (j < b.length) {
        q *= to[b[j]];
        right.push(b[j++]);
      } else break;
    } while (p !== q);
    groups.push({ from: left, to: right });
  }
  return groups;
}

/** Loop extents over a shape: axes of length 1 need no loop. */
export function squeezed(shape: Shape): number[] {
  return shape.filter((d) => d !== 1);
}

/** True if loops of these extents visit exactly the positions of `shape` in order. */
export function sameAsLoops(shape: Shape, extents: readonly number[]): boolean {
  const own = squeezed(shape);
  return own.length === extents.length && own.every((d, k) => d === extents[k]);
}
