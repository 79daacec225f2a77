/** Open nodes of a search tree, the one of the lowest bound first: a binary heap. */
export class NodeHeap<N extends { readonly bound: number }> {
  private readonly heap: N[] = [];

  /** The lowest bound; Infinity where no node is open. */
  get least(): number {
    return this.heap[0]?.bound ?? Number.POSITIVE_INFINITY;
  }

  push(node: N): void {
    const { heap } = this;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].bound <= node.bound) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = node;
  }

  pop(): N | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let next = 2 * at + 1;
      if (next >= heap.length) break;
      if (next + 1 < heap.length && heap[next + 1].bound < heap[next].bound) next++;
      if (heap[next].bound >= last.bound) break;
      heap[at] = heap[next];
      at = next;
    }
    heap[at] = last;
    return top;
  }
}
