/** The curvature of a problem: one analysis of each objective and constraint, made once for a problem. */
import type { Derivation } from "../base/derivation.js";
import { degreeIn } from "../expr/degree.js";
import type { InputBlock, Node } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Constraint, LevelModel, Problem, Variable } from "../model/problem.js";
import { problemReads, variableReads } from "../model/reads.js";
import type {
  ClassWord,
  ConstraintCurvature,
  FunctionCurvature,
  LevelCurvature,
  ProblemCurvature,
  Verdict,
} from "./verdict.js";
import { isAffine } from "./verdict.js";

const known = new WeakMap<Problem, ProblemCurvature>();

export function curvatureOf(problem: Problem): ProblemCurvature {
  let found = known.get(problem);
  if (found === undefined) {
    found = analysed(problem);
    known.set(problem, found);
  }
  return found;
}

function analysed(problem: Problem): ProblemCurvature {
  const { upper, lowers, lowerObjective, minimax } = problem;
  const all: LevelModel = {
    ...lowers[0],
    name: lowers.map((l) => l.name).join(", "),
    objective: lowerObjective,
    variables: lowers.flatMap((l) => l.variables),
    constraints: lowers.flatMap((l) => l.constraints),
  };
  const each = lowers.map((l) => levelOf(problem, l, problem.y, problem.x));
  return {
    upper: levelOf(problem, upper, problem.x, problem.y),
    lower: each.length === 1 ? each[0] : levelOf(problem, all, problem.y, problem.x),
    lowers: each,
    minimaxLike: minimax,
  };
}

function levelOf(problem: Problem, level: LevelModel, own: InputBlock, other: InputBlock): LevelCurvature {
  const objective = functionOf(level.objective, own, other);
  const constraints = level.constraints.map((c) => constraintOf(problem, c, own, other));
  const linear = isAffine(objective.own) && constraints.every((c) => isAffine(c.own));
  const word: ClassWord = linear ? "linear" : "undecided";
  return {
    name: level.name,
    objective,
    strong: undefined,
    constraints,
    quadratic: undefined,
    jointQuadratic: undefined,
    rough: [],
    blocks: [level.variables],
    separable: { objective: false, withConstraints: false },
    dependsOn: {
      objective: upperRead(problem, [level.objective]),
      constraints: upperRead(
        problem,
        level.constraints.map((c) => c.body),
      ),
    },
    word,
  };
}

function constraintOf(problem: Problem, c: Constraint, own: InputBlock, other: InputBlock): ConstraintCurvature {
  const found = functionOf(c.body, own, other);
  return {
    ...found,
    constraint: c,
    set: isAffine(found.own) ? "polyhedral" : "unknown",
    dependsOnX: dependsOn(c.body, problem.x),
    dependsOnY: dependsOn(c.body, problem.y),
  };
}

function functionOf(node: Node, own: InputBlock, other: InputBlock): FunctionCurvature {
  const degree = {
    own: degreeIn(node, own),
    other: degreeIn(node, other),
    joint: degreeIn(node, own, other),
  };
  return {
    own: byDegree(node, degree.own),
    other: byDegree(node, degree.other),
    joint: byDegree(node, degree.joint),
    degree,
  };
}

function byDegree(node: Node, degree: number): Verdict {
  const shape = degree === 0 ? "constant" : degree === 1 ? "affine" : "unknown";
  const derivation: Derivation = {
    statement: `degree ${degree}`,
    premises: [],
    ...(node.origin ? { span: node.origin } : {}),
  };
  return { shape, derivation };
}

function upperRead(problem: Problem, roots: readonly Node[]): readonly Variable[] {
  const reads = problemReads(problem, roots);
  return problem.upper.variables.filter((v) => variableReads(reads, v).includes(1));
}
