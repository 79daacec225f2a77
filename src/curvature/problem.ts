/** The curvature of a problem: one analysis of each level, made once for a problem. */
import type { Node } from "../expr/node.js";
import type { LevelModel, Problem } from "../model/problem.js";
import type { Builder } from "../ops/build.js";
import { Analysis } from "./analysis.js";
import type { Shared } from "./function.js";
import { impliedBoxes } from "./implied.js";
import { lazy } from "./lazy.js";
import { LevelView } from "./level.js";
import { fineLimits, Ranges } from "./ranges.js";
import { additiveTerms } from "./terms.js";
import type { LevelCurvature, ProblemCurvature } from "./verdict.js";

const known = new WeakMap<Problem, ProblemCurvature>();

/**
 * Proved shapes, forms and classes of all objectives and constraints, each worked out when it is first read. Cheap: structure is
 * looked at, not data.
 */
export function curvatureOf(problem: Problem): ProblemCurvature {
  let found = known.get(problem);
  if (found === undefined) {
    found = new ProblemView(problem);
    known.set(problem, found);
  }
  return found;
}

const settings = new WeakMap<Problem, Shared>();

/** Bounds of variables, as constraints imply them, and of nodes of a problem: shared by all that look at it. */
export function sharedOf(problem: Problem): Shared {
  let found = settings.get(problem);
  if (found === undefined) {
    const boxes = impliedBoxes(problem);
    const inputs = new Map([
      [problem.x, boxes.x],
      [problem.y, boxes.y],
    ]);
    const { builder } = problem;
    found = { problem, boxes, builder, ranges: new Ranges(inputs), fine: new Ranges(inputs, fineLimits) };
    settings.set(problem, found);
  }
  return found;
}

class ProblemView implements ProblemCurvature {
  readonly upper: LevelCurvature;
  readonly lowers: readonly LevelCurvature[];
  private readonly all: () => LevelCurvature;
  private readonly opposite: () => boolean;

  constructor(problem: Problem) {
    const shared = sharedOf(problem);
    this.upper = new LevelView(shared, problem.upper);
    this.lowers = problem.lowers.map((l) => new LevelView(shared, l));
    this.all = lazy(() => (this.lowers.length === 1 ? this.lowers[0] : new LevelView(shared, together(problem))));
    this.opposite = lazy(() => problem.minimax || opposite(shared));
  }

  get lower(): LevelCurvature {
    return this.all();
  }

  get minimaxLike(): boolean {
    return this.opposite();
  }
}

/** All followers as one level. */
function together({ lowers, lowerObjective }: Problem): LevelModel {
  return {
    ...lowers[0],
    name: lowers.map((l) => l.name).join(", "),
    objective: lowerObjective,
    variables: lowers.flatMap((l) => l.variables),
    constraints: lowers.flatMap((l) => l.constraints),
  };
}

/** f + g is constant: every term of one stands in the other with the other sign. */
function opposite(shared: Shared): boolean {
  const { problem, builder: b } = shared;
  const { upper, lowers } = problem;
  if (lowers.length !== 1) return false;
  const [f, g] = [upper.objective, lowers[0].objective];
  const all = new Map([
    [problem.x, true as const],
    [problem.y, true as const],
  ]);
  const analysis = new Analysis(shared, all, [f, g]);
  if (!analysis.varies(f) || !analysis.varies(g)) return false;
  const weights = new Map<Node, number>();
  for (const { node } of [f, g].flatMap((root) => additiveTerms(analysis, root))) {
    const { core, weight } = weighted(b, node);
    weights.set(core, (weights.get(core) ?? 0) + weight);
  }
  return [...weights.values()].every((w) => w === 0);
}

/** Numbers taken off a term: node = weight core. */
function weighted(b: Builder, node: Node): { readonly core: Node; readonly weight: number } {
  let core = node;
  let weight = 1;
  for (;;) {
    const number = core.op === "mul" ? core.args.findIndex((n) => n.op === "constant") : -1;
    if (core.op === "neg") weight = -weight;
    else if (number >= 0) weight *= core.args[number].attributes.value!;
    else break;
    core = core.args[number >= 0 ? 1 - number : 0];
  }
  // a negation may stand inside a product
  const inner = core.op === "mul" ? core.args.findIndex((n) => n.op === "neg") : -1;
  if (inner < 0) return { core, weight };
  return { core: b.mul(core.args[inner].args[0], core.args[1 - inner]), weight: -weight };
}
