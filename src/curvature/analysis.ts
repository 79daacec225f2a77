/**
 * The curvature of every node in a selection of variables, arguments first: the composition rule over the operators' own rules,
 * known forms (norms, log-sum-exp, entropies, quotients) where it does not decide, and quadratic forms by their matrices.
 */

import { degrees } from "../expr/degree.js";
import type { Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import type { Bending, Bounds } from "../ops/curvature.js";
import { operatorOf } from "../ops/registry.js";
import { recognised } from "./forms/index.js";
import { composed, type Kind } from "./kinds.js";
import type { Ranges } from "./ranges.js";
import { type Selection, varyingNodes } from "./selection.js";
import { bySplitting } from "./splitting.js";

/** What all analyses of a problem share. */
export interface Setting {
  readonly builder: Builder;
  readonly ranges: Ranges;
  readonly fine: Ranges;
}

/** Why a node has its kind, where the composition rule alone does not say so. */
export interface Reason {
  readonly rule: string;
  /** The nodes that the statement follows from, in place of the arguments. */
  readonly premises: readonly Node[];
}

export interface Verdicted {
  readonly kind: Kind;
  readonly reason?: Reason;
}

/** Operators that add or scale: a node of theirs is looked at as a whole where its users are of another kind. */
const additive = new Set(["add", "sub", "neg", "sum", "mul", "div", "reshape", "broadcast", "contract"]);

export class Analysis {
  readonly builder: Builder;
  readonly ranges: Ranges;
  /** The same bounds, entry by entry for larger tensors: for matrices. */
  readonly fine: Ranges;
  readonly selection: Selection;
  private readonly found = new Map<Node, Verdicted>();
  private readonly varying: ReadonlySet<Node>;
  private readonly degree: ReadonlyMap<Node, number>;

  constructor({ builder, ranges, fine }: Setting, selection: Selection, roots: readonly Node[]) {
    this.builder = builder;
    this.ranges = ranges;
    this.fine = fine;
    this.selection = selection;
    this.varying = varyingNodes(roots, selection);
    this.degree = degrees(roots, (node) => (!this.varying.has(node) ? 0 : node.op === "input" ? 1 : undefined));
    const order = topological(roots);
    const whole = new Set<Node>(roots);
    for (const node of order) if (!additive.has(node.op)) for (const a of node.args) whole.add(a);
    for (const node of order) {
      let verdict = this.byRule(node);
      if (verdict.kind === "unknown" && whole.has(node)) verdict = bySplitting(this, node) ?? verdict;
      this.found.set(node, verdict);
    }
  }

  varies(node: Node): boolean {
    return this.varying.has(node);
  }

  /** Polynomial degree in the selection. */
  degreeOf(node: Node): number {
    return this.degree.get(node) ?? 0;
  }

  bounds(node: Node): Bounds {
    return this.ranges.hull(node);
  }

  kind(node: Node): Kind {
    return this.found.get(node)?.kind ?? "constant";
  }

  reason(node: Node): Reason | undefined {
    return this.found.get(node)?.reason;
  }

  straight(node: Node): boolean {
    const kind = this.kind(node);
    return kind === "constant" || kind === "affine";
  }

  bending(node: Node): Bending {
    return operatorOf(node).curvature(
      node.args.map((a) => this.bounds(a)),
      node.args.map((a) => this.varies(a)),
      node,
    );
  }

  private byRule(node: Node): Verdicted {
    if (!this.varies(node)) return { kind: "constant" };
    if (node.op === "input") return { kind: "affine" };
    const kinds = node.args.map((a) => this.kind(a));
    const kind = composed(this.bending(node), kinds);
    if (kind !== "unknown") return { kind };
    return recognised(this, node) ?? { kind };
  }
}
