/** Boxes of a branch and bound: a queue by lower bound, and the union of boxes that touch. */

type Vector = Float64Array;

export interface Box {
  readonly lo: Vector;
  readonly hi: Vector;
}

export interface QueuedBox extends Box {
  /** A lower bound of the objective over the box. */
  readonly bound: number;
  readonly depth: number;
}

/** A binary heap: the least bound first. */
export class BoxQueue {
  private readonly heap: QueuedBox[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** Infinity where it is empty. */
  get least(): number {
    return this.heap.length === 0 ? Number.POSITIVE_INFINITY : this.heap[0].bound;
  }

  push(box: QueuedBox): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(box);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].bound <= box.bound) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = box;
  }

  pop(): QueuedBox | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return last;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].bound < heap[child].bound) child++;
      if (heap[child].bound >= last.bound) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }

  /** Those left, in no order. */
  rest(): readonly QueuedBox[] {
    return this.heap;
  }
}

/** Hulls of the groups of boxes that touch one another (within rounding), and of hulls that do. */
export function clusters(boxes: readonly Box[]): Box[] {
  let hulls: Box[] = boxes.map(({ lo, hi }) => ({ lo: lo.slice(), hi: hi.slice() }));
  for (;;) {
    const joined: Box[] = [];
    for (const box of hulls) {
      const other = joined.find((hull) => touch(hull, box));
      if (other === undefined) joined.push(box);
      else hullInto(other, box);
    }
    if (joined.length === hulls.length) return joined;
    hulls = joined;
  }
}

/** Grows the first box to hold the second. */
export function hullInto(hull: Box, box: Box): void {
  for (let j = 0; j < hull.lo.length; j++) {
    hull.lo[j] = Math.min(hull.lo[j], box.lo[j]);
    hull.hi[j] = Math.max(hull.hi[j], box.hi[j]);
  }
}

function touch(a: Box, b: Box): boolean {
  for (let j = 0; j < a.lo.length; j++) {
    const slack = 1e-9 * (1 + Math.abs(a.lo[j]));
    if (a.lo[j] > b.hi[j] + slack || b.lo[j] > a.hi[j] + slack) return false;
  }
  return true;
}
