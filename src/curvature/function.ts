/** The curvature of one function in the views of its level; each view is looked at when it is asked for. */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { Analysis, type Setting } from "./analysis.js";
import type { Boxes } from "./boxes.js";
import { derivationOf } from "./derive.js";
import { type SecondDerivatives, secondDerivatives } from "./hessian.js";
import { both, type Kind } from "./kinds.js";
import { lazy } from "./lazy.js";
import { roughParts } from "./rough.js";
import { sampledCheck } from "./sampled.js";
import type { Selection } from "./selection.js";
import { monotone, slopeBounds } from "./slopes.js";
import { semidefinite } from "./splitting.js";
import type { FunctionCurvature, Verdict } from "./verdict.js";

export interface Shared extends Setting {
  readonly problem: Problem;
  readonly boxes: Boxes;
}

/** One analysis of all functions of a level for each selection of variables. */
export class Views {
  readonly shared: Shared;
  private readonly analyses: Readonly<Record<"own" | "other" | "joint", () => Analysis>>;

  constructor(
    shared: Shared,
    selections: Readonly<Record<"own" | "other" | "joint", Selection>>,
    roots: readonly Node[],
  ) {
    this.shared = shared;
    const analysis = (selection: Selection): (() => Analysis) => lazy(() => new Analysis(shared, selection, roots));
    this.analyses = {
      own: analysis(selections.own),
      other: analysis(selections.other),
      joint: analysis(selections.joint),
    };
  }

  get own(): Analysis {
    return this.analyses.own();
  }

  get other(): Analysis {
    return this.analyses.other();
  }

  get joint(): Analysis {
    return this.analyses.joint();
  }
}

export class FunctionView implements FunctionCurvature {
  private readonly views: Views;
  private readonly node: Node;
  private readonly verdicts: Readonly<Record<"own" | "other" | "joint", () => Verdict>>;

  /** `sample`: where no rule decides, samples look for a witness. */
  constructor(views: Views, node: Node, sample: boolean) {
    this.views = views;
    this.node = node;
    const of = (view: "own" | "other" | "joint", tried: boolean): (() => Verdict) =>
      lazy(() => verdictOf(views.shared, views[view], node, tried));
    this.verdicts = { own: of("own", sample), other: of("other", sample), joint: of("joint", sample) };
  }

  get own(): Verdict {
    return this.verdicts.own();
  }

  get other(): Verdict {
    return this.verdicts.other();
  }

  get joint(): Verdict {
    return this.verdicts.joint();
  }

  get values(): FunctionCurvature["values"] {
    return this.views.shared.ranges.hull(this.node);
  }

  private readonly trends = lazy(() => {
    const { shared } = this.views;
    const of = (block: InputBlock): Int8Array | undefined => {
      const slopes = slopeBounds(shared, this.node, block);
      return slopes && monotone(slopes);
    };
    return { x: of(shared.problem.x), y: of(shared.problem.y) };
  });

  get monotone(): FunctionCurvature["monotone"] {
    return this.trends();
  }

  get degree(): FunctionCurvature["degree"] {
    const { own, other, joint } = this.views;
    return { own: own.degreeOf(this.node), other: other.degreeOf(this.node), joint: joint.degreeOf(this.node) };
  }
}

/** Second derivatives of a smooth function over the bounds; quadratic ones have been looked at by their matrices. */
export function hessianOver(shared: Setting, a: Analysis, node: Node): SecondDerivatives | undefined {
  if (sizeOf(node.shape) !== 1 || a.bounds(node).flags !== 0 || a.degreeOf(node) <= 2) return undefined;
  if (roughParts(a, [node]).length > 0) return undefined;
  return secondDerivatives(shared.builder, shared.fine, shared.builder.reshape(node, []), a.selection);
}

function verdictOf(shared: Shared, a: Analysis, node: Node, sample: boolean): Verdict {
  const derivation = derivationOf(a, shared.problem.source.text, node);
  const kind = a.kind(node);
  if (kind !== "unknown") return { shape: kind, derivation };
  const curvature = hessianOver(shared, a, node);
  const shape: Kind = curvature ? both(semidefinite(curvature, 1), semidefinite(curvature, -1)) : "unknown";
  if (shape !== "unknown") {
    const statement = derivation.statement.replace(/of unknown curvature$/, shape);
    const rule = "its Hessian over the bounds is semidefinite";
    const { span } = derivation;
    return { shape, derivation: { statement, rule, premises: [], ...(span ? { span } : {}) } };
  }
  if (!sample) return { shape: "unknown", derivation };
  const { problem, boxes } = shared;
  const { samples, witness } = sampledCheck(problem, boxes, node, a.selection);
  return witness ? { shape: "nonconvex", derivation, samples, witness } : { shape: "unknown", derivation, samples };
}
