/**
 * Puts the works of all stored nodes in order, and works over the same range into one nest where nothing forbids it: a
 * work may join a nest that computes what it reads only if it reads that at the very position that the loops are at.
 */
import type { Node } from "../expr/node.js";
import type { Plan } from "./plan.js";
import { type Work, worksOf } from "./works.js";

export interface Step {
  /** Loop extents; undefined for a product or solve, which stands alone. */
  readonly extents: readonly number[] | undefined;
  readonly works: Work[];
}

interface Home {
  /** Step that computes the node in place, if it is computed entry by entry. */
  readonly pointwise: boolean;
  /** Last step that writes to it. */
  done: number;
  /** Last step whose writes others add to. */
  base: number;
}

export class Schedule {
  readonly steps: Step[] = [];
  /** Nodes that some other step reads from memory. */
  readonly stored = new Set<Node>();
  private readonly homes = new Map<Node, Home>();

  constructor(plan: Plan, kept: readonly Node[], isProduct: (node: Node) => boolean) {
    for (const node of plan.order) {
      if (!plan.roots.has(node)) continue;
      for (const work of worksOf(node, plan, isProduct)) this.place(work);
    }
    for (const node of kept) this.stored.add(node);
    this.steps.forEach((step, k) => {
      for (const work of step.works) {
        if (!work.pointwise) this.stored.add(work.root);
        for (const { root } of work.reads) if (!this.isLocal(root, k)) this.stored.add(root);
      }
    });
  }

  /** Whether the nest at `step` computes the node itself, entry by entry. */
  isLocal(node: Node, step: number): boolean {
    const home = this.homes.get(node);
    return home?.pointwise === true && home.done === step;
  }

  private place(work: Work): void {
    let earliest = 0;
    for (const { root, aligned } of work.reads) {
      const home = this.homes.get(root)!;
      const joins = aligned && home.pointwise && sameExtents(this.steps[home.done].extents, work.extents);
      earliest = Math.max(earliest, joins ? home.done : home.done + 1);
    }
    const before = this.homes.get(work.root);
    if (work.last && before) earliest = Math.max(earliest, before.base + 1);
    let at = earliest;
    while (at < this.steps.length && !sameExtents(this.steps[at].extents, work.extents)) at++;
    if (at === this.steps.length) this.steps.push({ extents: work.extents, works: [] });
    this.steps[at].works.push(work);
    this.homes.set(work.root, {
      pointwise: work.pointwise,
      done: Math.max(before?.done ?? 0, at),
      base: work.last ? (before?.base ?? 0) : Math.max(before?.base ?? 0, at),
    });
  }
}

function sameExtents(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((d, k) => d === b[k]);
}
