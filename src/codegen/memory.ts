/**
 * The arrays of a kernel in loop form: arguments, captured constants and index tables, outputs, scratch. Scratch is
 * handed out after all reads and writes are known, so that buffers which are never alive together share one array.
 */
import { type IndexSet, type Node, sizeOf } from "../expr/node.js";

export interface Place {
  readonly array: string;
  readonly offset: number;
}

export interface Capture {
  readonly name: string;
  readonly values: Float64Array | Int32Array;
}

interface Scratch {
  readonly name: string;
  readonly size: number;
  first: number;
  last: number;
}

export class Captures {
  readonly list: Capture[] = [];
  private readonly names = new Map<object, string>();

  nameOf(values: Float64Array | Int32Array): string {
    let name = this.names.get(values);
    if (!name) {
      name = `c${this.list.length}`;
      this.names.set(values, name);
      this.list.push({ name, values });
    }
    return name;
  }

  /** Captures an array under a name of its own. */
  share(name: string, values: Float64Array): void {
    this.names.set(values, name);
    this.list.push({ name, values });
  }

  tableName(index: IndexSet): string {
    return this.nameOf(index.values!);
  }
}

export class Memory {
  private readonly places = new Map<Node, Place>();
  private readonly scratch = new Map<Node, Scratch>();

  /** Fixes where the entries of a node are. */
  put(node: Node, place: Place): void {
    this.places.set(node, place);
  }

  has(node: Node): boolean {
    return this.places.has(node);
  }

  /** The place of a node's entries; scratch is made when first asked for. */
  at(node: Node): Place {
    let place = this.places.get(node);
    if (!place) {
      const name = `b${this.scratch.size}`;
      this.scratch.set(node, { name, size: sizeOf(node.shape), first: -1, last: -1 });
      place = { array: name, offset: 0 };
      this.places.set(node, place);
    }
    return place;
  }

  isScratch(node: Node): boolean {
    return !this.places.has(node) || this.scratch.has(node);
  }

  /** Notes that step `step` reads or writes the node. */
  touch(node: Node, step: number): void {
    const scratch = this.scratch.get(node);
    if (!scratch) return;
    if (scratch.first < 0 || step < scratch.first) scratch.first = step;
    if (step > scratch.last) scratch.last = step;
  }

  /** Assigns arrays: `buffers` are their lengths, `names` tells which array each scratch name stands for. */
  allocate(): { readonly buffers: readonly number[]; readonly names: ReadonlyMap<string, number> } {
    const buffers: number[] = [];
    const names = new Map<string, number>();
    const busyUntil: number[] = [];
    const wanted = [...this.scratch.values()].filter((s) => s.first >= 0).sort((a, b) => a.first - b.first);
    for (const { name, size, first, last } of wanted) {
      let best = -1;
      for (let k = 0; k < buffers.length; k++) {
        if (busyUntil[k] >= first || buffers[k] < size || buffers[k] > 2 * size) continue;
        if (best < 0 || buffers[k] < buffers[best]) best = k;
      }
      if (best < 0) {
        best = buffers.length;
        buffers.push(size);
        busyUntil.push(-1);
      }
      busyUntil[best] = last;
      names.set(name, best);
    }
    return { buffers, names };
  }
}
