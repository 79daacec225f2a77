/** Which own variables the terms of an objective join, and which the constraints join besides. */
import type { Node } from "../expr/node.js";
import type { LevelModel, Problem, Variable } from "../model/problem.js";
import { problemReads, variableReads } from "../model/reads.js";
import type { Analysis } from "./analysis.js";
import { additiveTerms } from "./terms.js";

export interface Separability {
  readonly blocks: readonly (readonly Variable[])[];
  readonly objective: boolean;
  readonly withConstraints: boolean;
}

/** Variables of one block share a term of the objective, directly or through others. */
export function separability(problem: Problem, a: Analysis, level: LevelModel): Separability {
  const { variables } = level;
  const groups = new Groups(variables);
  if (variables.length > 1)
    for (const t of additiveTerms(a, level.objective)) groups.join(readBy(problem, t.source, variables));
  const blocks = groups.blocks();
  if (variables.length > 1) for (const c of level.constraints) groups.join(readBy(problem, c.body, variables));
  return { blocks, objective: blocks.length > 1, withConstraints: groups.blocks().length > 1 };
}

function readBy(problem: Problem, node: Node, variables: readonly Variable[]): readonly Variable[] {
  const reads = problemReads(problem, [node]);
  return variables.filter((v) => variableReads(reads, v).includes(1));
}

class Groups {
  private readonly parent = new Map<Variable, Variable>();

  constructor(variables: readonly Variable[]) {
    for (const v of variables) this.parent.set(v, v);
  }

  private root(v: Variable): Variable {
    let at = v;
    for (let up = this.parent.get(at)!; up !== at; up = this.parent.get(at)!) at = up;
    return at;
  }

  join(variables: readonly Variable[]): void {
    for (const v of variables.slice(1)) this.parent.set(this.root(v), this.root(variables[0]));
  }

  blocks(): readonly (readonly Variable[])[] {
    const found = new Map<Variable, Variable[]>();
    for (const v of this.parent.keys()) {
      const list = found.get(this.root(v));
      if (list) list.push(v);
      else found.set(this.root(v), [v]);
    }
    return [...found.values()];
  }
}
