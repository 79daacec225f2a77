/** The curvature of one level: its objective and constraints in its own variables, in the other level's, and in all together. */
import type { InputBlock } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Constraint, LevelModel, Problem, Variable } from "../model/problem.js";
import { problemReads, variableReads } from "../model/reads.js";
import { FunctionView, hessianOver, type Shared, Views } from "./function.js";
import { lazy } from "./lazy.js";
import { strongConvexity } from "./modulus.js";
import { quadraticForm } from "./quadratic.js";
import { roughParts } from "./rough.js";
import { type Separability, separability } from "./separable.js";
import type {
  ClassWord,
  ConstraintCurvature,
  FunctionCurvature,
  LevelCurvature,
  QuadraticForm,
  RoughPart,
  StrongConvexity,
  Verdict,
} from "./verdict.js";
import { isAffine, isConvex } from "./verdict.js";

export class LevelView implements LevelCurvature {
  readonly name: string;
  readonly objective: FunctionCurvature;
  readonly constraints: readonly ConstraintCurvature[];
  private readonly problem: Problem;
  private readonly level: LevelModel;
  private readonly views: Views;
  private readonly block: InputBlock;
  /** 1 at the level's own entries; undefined where they are all. */
  private readonly mask: Uint8Array | undefined;

  constructor(shared: Shared, level: LevelModel) {
    const { problem } = shared;
    const { x, y } = problem;
    const [block, other] = level === problem.upper ? [x, y] : [y, x];
    this.name = level.name;
    this.problem = problem;
    this.level = level;
    this.block = block;
    this.mask = ownMask(level, block);
    const selections = {
      own: new Map([[block, this.mask ?? (true as const)]]),
      other: new Map([[other, true as const]]),
      joint: new Map([
        [x, true as const],
        [y, true as const],
      ]),
    };
    this.views = new Views(shared, selections, [level.objective, ...level.constraints.map((c) => c.body)]);
    this.objective = new ObjectiveView(this.views, level, this.makeStrong);
    this.constraints = level.constraints.map((c) => new ConstraintView(this.views, problem, c));
  }

  private readonly makeStrong = lazy((): StrongConvexity | undefined => {
    const { objective } = this.level;
    const { own, shared } = this.views;
    const kind = own.kind(objective);
    if (kind === "constant" || kind === "affine" || kind === "concave") return undefined;
    return strongConvexity(own, objective, this.block, this.mask, hessianOver(shared, own, objective));
  });

  get strong(): StrongConvexity | undefined {
    return this.makeStrong();
  }

  private readonly makeQuadratic = lazy(() => {
    const { builder } = this.problem;
    const positions = [{ block: this.block, entries: entriesOf(this.block, this.mask) }];
    return this.objective.degree.own <= 2 ? quadraticForm(builder, this.level.objective, positions) : undefined;
  });

  get quadratic(): QuadraticForm | undefined {
    return this.makeQuadratic();
  }

  private readonly makeJoint = lazy(() => {
    const { builder, x, y } = this.problem;
    const positions = [x, y].map((b) => ({ block: b, entries: entriesOf(b, undefined) }));
    return this.objective.degree.joint <= 2 ? quadraticForm(builder, this.level.objective, positions) : undefined;
  });

  get jointQuadratic(): QuadraticForm | undefined {
    return this.makeJoint();
  }

  private readonly makeRough = lazy(() =>
    roughParts(this.views.joint, [this.level.objective, ...this.level.constraints.map((c) => c.body)]),
  );

  get rough(): readonly RoughPart[] {
    return this.makeRough();
  }

  private readonly makeSeparable = lazy(() => separability(this.problem, this.views.own, this.level));

  get blocks(): Separability["blocks"] {
    return this.makeSeparable().blocks;
  }

  get separable(): LevelCurvature["separable"] {
    return this.makeSeparable();
  }

  get dependsOn(): LevelCurvature["dependsOn"] {
    const { objective, constraints } = this.level;
    const read = (roots: Parameters<typeof problemReads>[1]): readonly Variable[] => {
      const reads = problemReads(this.problem, roots);
      return this.problem.upper.variables.filter((v) => variableReads(reads, v).includes(1));
    };
    return { objective: read([objective]), constraints: read(constraints.map((c) => c.body)) };
  }

  private readonly makeWord = lazy((): ClassWord => {
    const { objective, constraints } = this;
    const polyhedral = constraints.every((c) => c.set === "polyhedral");
    if (constraints.every((c) => c.set !== "unknown") && isConvex(objective.own)) {
      if (polyhedral && isAffine(objective.own)) return "linear";
      if (polyhedral && objective.degree.own <= 2) return "convex quadratic";
      return this.strong ? "strongly convex" : "convex";
    }
    const roots = [this.level.objective, ...this.level.constraints.map((c) => c.body)];
    if (roughParts(this.views.own, roots).length > 0) return "piecewise";
    const broken = [objective, ...constraints].some((f) => f.own.shape === "nonconvex" || f.own.shape === "concave");
    return broken ? "smooth nonconvex" : "undecided";
  });

  get word(): ClassWord {
    return this.makeWord();
  }
}

/** Strong convexity may be proved where convexity by rules is not: then it is the proof of both. */
class ObjectiveView extends FunctionView {
  private readonly proved: () => Verdict;

  constructor(views: Views, { objective }: LevelModel, strong: () => StrongConvexity | undefined) {
    super(views, objective, true);
    const plain = lazy(() => super.own);
    this.proved = lazy(() => {
      const found = views.own.kind(objective) === "unknown" ? strong() : undefined;
      return found ? { shape: "convex", derivation: found.derivation } : plain();
    });
  }

  override get own(): Verdict {
    return this.proved();
  }
}

class ConstraintView extends FunctionView implements ConstraintCurvature {
  readonly constraint: Constraint;
  private readonly problem: Problem;

  constructor(views: Views, problem: Problem, c: Constraint) {
    super(views, c.body, c.kind === "le");
    this.constraint = c;
    this.problem = problem;
  }

  get set(): ConstraintCurvature["set"] {
    if (isAffine(this.own)) return "polyhedral";
    return this.constraint.kind === "le" && isConvex(this.own) ? "convex" : "unknown";
  }

  get dependsOnX(): boolean {
    return dependsOn(this.constraint.body, this.problem.x);
  }

  get dependsOnY(): boolean {
    return dependsOn(this.constraint.body, this.problem.y);
  }
}

function ownMask(level: LevelModel, block: InputBlock): Uint8Array | undefined {
  const mask = new Uint8Array(block.size);
  for (const v of level.variables) mask.fill(1, v.offset, v.offset + v.size);
  return mask.includes(0) ? mask : undefined;
}

function entriesOf(block: InputBlock, mask: Uint8Array | undefined): Int32Array {
  const all = Int32Array.from({ length: block.size }, (_, k) => k);
  return mask ? all.filter((k) => mask[k] === 1) : all;
}
