/** The curvature of one level: its objective and constraints in its own variables, in the other level's, and in all together. */
import type { Derivation } from "../base/derivation.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Constraint, LevelModel, Problem } from "../model/problem.js";
import { problemReads, variableReads } from "../model/reads.js";
import { Analysis, type Setting } from "./analysis.js";
import type { Boxes } from "./boxes.js";
import { derivationOf } from "./derive.js";
import { type SecondDerivatives, secondDerivatives } from "./hessian.js";
import { both, type Kind } from "./kinds.js";
import { strongConvexity } from "./modulus.js";
import { quadraticForm } from "./quadratic.js";
import { roughParts } from "./rough.js";
import { sampledCheck } from "./sampled.js";
import type { Selection } from "./selection.js";
import { separability } from "./separable.js";
import { semidefinite } from "./splitting.js";
import type { ClassWord, ConstraintCurvature, FunctionCurvature, LevelCurvature, Verdict } from "./verdict.js";
import { isAffine, isConvex } from "./verdict.js";

export interface Shared extends Setting {
  readonly problem: Problem;
  readonly boxes: Boxes;
}

interface Views {
  readonly own: Analysis;
  readonly other: Analysis;
  readonly joint: Analysis;
}

export function levelCurvature(shared: Shared, level: LevelModel): LevelCurvature {
  const { problem } = shared;
  const isUpper = level === problem.upper;
  const [block, otherBlock] = isUpper ? [problem.x, problem.y] : [problem.y, problem.x];
  const mask = ownMask(level, block);
  const roots = [level.objective, ...level.constraints.map((c) => c.body)];
  const selected: Selection = new Map([[block, mask ?? true]]);
  const joint: Selection = new Map([
    [problem.x, true],
    [problem.y, true],
  ]);
  const views: Views = {
    own: new Analysis(shared, selected, roots),
    other: new Analysis(shared, new Map([[otherBlock, true]]), roots),
    joint: new Analysis(shared, joint, roots),
  };
  const roughOwn = roughParts(views.own, roots);
  const objective = functionCurvature(shared, views, level.objective, true);
  const constraints = level.constraints.map((c) => constraintCurvature(shared, views, c));
  const strong =
    isConvex(objective.own) || objective.own.shape === "unknown"
      ? strongConvexity(views.own, level.objective, block, mask, hessianOver(shared, views.own, level.objective))
      : undefined;
  const positions = [{ block, entries: entriesOf(block, mask) }];
  const all = [problem.x, problem.y].map((b) => ({ block: b, entries: entriesOf(b, undefined) }));
  const { blocks, ...separable } = separability(problem, views.own, level);
  const found = strong && objective.own.shape === "unknown" ? proved(objective, strong.derivation) : objective;
  return {
    name: level.name,
    objective: found,
    strong,
    constraints,
    quadratic: objective.degree.own <= 2 ? quadraticForm(problem.builder, level.objective, positions) : undefined,
    jointQuadratic: objective.degree.joint <= 2 ? quadraticForm(problem.builder, level.objective, all) : undefined,
    rough: roughParts(views.joint, roots),
    blocks,
    separable,
    dependsOn: { objective: upperRead(problem, [level.objective]), constraints: upperRead(problem, roots.slice(1)) },
    word: wordOf(found, constraints, strong !== undefined, roughOwn.length > 0),
  };
}

/** Convexity that follows from strong convexity. */
function proved(objective: FunctionCurvature, derivation: Derivation): FunctionCurvature {
  return { ...objective, own: { shape: "convex", derivation } };
}

/** Second derivatives of a smooth function over the bounds; quadratic ones have been looked at by their matrices. */
function hessianOver(shared: Shared, a: Analysis, node: Node): SecondDerivatives | undefined {
  if (sizeOf(node.shape) !== 1 || a.bounds(node).flags !== 0 || a.degreeOf(node) <= 2) return undefined;
  if (roughParts(a, [node]).length > 0) return undefined;
  return secondDerivatives(shared.builder, shared.fine, shared.builder.reshape(node, []), a.selection);
}

/** 1 at a level's own entries; undefined where they are all. */
function ownMask(level: LevelModel, block: InputBlock): Uint8Array | undefined {
  const mask = new Uint8Array(block.size);
  for (const v of level.variables) mask.fill(1, v.offset, v.offset + v.size);
  return mask.includes(0) ? mask : undefined;
}

function entriesOf(block: InputBlock, mask: Uint8Array | undefined): Int32Array {
  const all = Int32Array.from({ length: block.size }, (_, k) => k);
  return mask ? all.filter((k) => mask[k] === 1) : all;
}

function functionCurvature(shared: Shared, views: Views, node: Node, sample: boolean): FunctionCurvature {
  return {
    own: verdictOf(shared, views.own, node, sample),
    other: verdictOf(shared, views.other, node, false),
    joint: verdictOf(shared, views.joint, node, sample),
    degree: { own: views.own.degreeOf(node), other: views.other.degreeOf(node), joint: views.joint.degreeOf(node) },
  };
}

function verdictOf(shared: Shared, a: Analysis, node: Node, sample: boolean): Verdict {
  const derivation = derivationOf(a, shared.problem.source.text, node);
  const kind = a.kind(node);
  if (kind !== "unknown") return { shape: kind, derivation };
  const curvature = sample ? hessianOver(shared, a, node) : undefined;
  const byHessian: Kind = curvature ? both(semidefinite(curvature, 1), semidefinite(curvature, -1)) : "unknown";
  if (byHessian !== "unknown") {
    const statement = derivation.statement.replace(/of unknown curvature$/, byHessian);
    return {
      shape: byHessian,
      derivation: {
        ...derivation,
        statement,
        rule: "Hessian over the bounds, by Gershgorin and Cholesky",
        premises: [],
        breaks: false,
      },
    };
  }
  if (!sample) return { shape: "unknown", derivation };
  const { problem, boxes } = shared;
  const { samples, witness } = sampledCheck(problem, boxes, node, a.selection);
  return witness ? { shape: "nonconvex", derivation, samples, witness } : { shape: "unknown", derivation, samples };
}

function constraintCurvature(shared: Shared, views: Views, c: Constraint): ConstraintCurvature {
  const { problem } = shared;
  const found = functionCurvature(shared, views, c.body, c.kind === "le");
  const convex = c.kind === "le" && isConvex(found.own);
  return {
    ...found,
    constraint: c,
    set: isAffine(found.own) ? "polyhedral" : convex ? "convex" : "unknown",
    dependsOnX: dependsOn(c.body, problem.x),
    dependsOnY: dependsOn(c.body, problem.y),
  };
}

function upperRead(problem: Problem, roots: readonly Node[]): LevelCurvature["dependsOn"]["objective"] {
  const reads = problemReads(problem, roots);
  return problem.upper.variables.filter((v) => variableReads(reads, v).includes(1));
}

function wordOf(
  objective: FunctionCurvature,
  constraints: readonly ConstraintCurvature[],
  strong: boolean,
  rough: boolean,
): ClassWord {
  const polyhedral = constraints.every((c) => c.set === "polyhedral");
  const convexSet = constraints.every((c) => c.set !== "unknown");
  if (convexSet && isConvex(objective.own)) {
    if (polyhedral && isAffine(objective.own)) return "linear";
    if (polyhedral && objective.degree.own <= 2) return "convex quadratic";
    return strong ? "strongly convex" : "convex";
  }
  if (rough) return "piecewise";
  const broken = [objective, ...constraints].some((f) => f.own.shape === "nonconvex" || f.own.shape === "concave");
  return broken ? "smooth nonconvex" : "undecided";
}
