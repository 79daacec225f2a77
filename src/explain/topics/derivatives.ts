/** First derivatives of both objectives and second ones of the lower objective, in closed form. */
import { gradient } from "../../diff/index.js";
import { hessian, jacobianRows } from "../../diff/jacobian.js";
import { cross, hvp } from "../../diff/second.js";
import type { Node } from "../../expr/node.js";
import type { Problem, Variable } from "../../model/problem.js";
import type { Topic } from "../context.js";
import type { Block, Formula } from "../document.js";
import { Formulary } from "../formulas.js";
import { direction, variableExpression } from "../graph/blocks.js";
import { variablePart } from "../graph/leaves.js";
import { followersOf, gradientOf, hessianOf, placesTogether, together, upperObjective } from "../problem/symbols.js";

/** Variables of a level up to which second derivatives are shown as matrices. */
const smallLevel = 4;

interface Line {
  readonly left: Formula;
  readonly node: Node;
}

/** Formulas of one function with what their abbreviations stand for; a sentence where there is none. */
export function formulaBlocks(formulary: Formulary, name: string, lines: readonly Line[]): readonly Block[] {
  if (lines.length === 0) return [];
  const written = formulary.write(lines.map((l) => l.node));
  if (!written) return [{ kind: "text", text: `The ${name} has no formula that is short enough to be read.` }];
  return [
    ...lines.map(
      ({ left }, k): Block => ({ kind: "formula", name, formula: formulary.equation(left, written.expressions[k]) }),
    ),
    ...formulary.legend(written),
  ];
}

export const derivativesTopic: Topic = ({ problem }) => {
  const { builder: b, x, y, upper, lowers } = problem;
  if (x.size === 0 || y.size === 0) return undefined;
  const formulary = new Formulary(problem);
  const lowerVariables = lowers.flatMap((l) => l.variables);
  const symbol = (v: Variable): Formula => formulary.symbol(variableExpression(problem, v));
  const [fx, fy] = gradient(b, upper.objective, [x, y]);
  const ofF = [...upper.variables, ...lowerVariables].map((v) => ({
    left: gradientOf(symbol(v), upperObjective),
    node: variablePart(problem, v.level === "upper" ? fx : fy, v),
  }));
  const blocks: Block[] = [
    { kind: "text", text: signs(problem) },
    ...formulaBlocks(formulary, "gradient of the upper objective", ofF),
  ];
  for (const { level, objective } of followersOf(problem)) {
    const [gx, gy] = gradient(b, level.objective, [x, y]);
    const lines = level.variables.map((v) => ({
      left: gradientOf(symbol(v), objective),
      node: variablePart(problem, gy, v),
    }));
    if (!problem.minimax)
      lines.push(
        ...upper.variables.map((v) => ({ left: gradientOf(symbol(v), objective), node: variablePart(problem, gx, v) })),
      );
    blocks.push(...formulaBlocks(formulary, "gradient of the lower objective", lines));
  }
  blocks.push(...secondDerivatives(problem));
  return { id: "derivatives", title: "Derivatives", blocks };
};

function signs({ upper, lowers, minimax }: Problem): string {
  const plain = "f is the upper objective and g the lower one";
  if (minimax) return "f is the objective; the lower level minimises g = -f.";
  const turned = [upper, ...lowers].some((l) => l.sense === "maximize");
  return turned
    ? `${plain}, as they are minimised: where the source maximises, the negative of what it says.`
    : `${plain}.`;
}

/** As matrices where there are few variables, else as products with a direction. */
function secondDerivatives(problem: Problem): readonly Block[] {
  const { builder: b, x, y, lowerObjective: g, independentFollowers } = problem;
  if (!independentFollowers) return [];
  const named = direction(problem);
  const formulary = new Formulary(problem, [named]);
  const upper = problem.upper.variables;
  const lower = problem.lowers.flatMap((l) => l.variables);
  const [xs, ys] = [together(formulary, upper), together(formulary, lower)];
  const objective: Formula = { tex: "g", text: "g" };
  const [curvature, mixed] = [hessianOf(ys, ys, objective), hessianOf(xs, ys, objective)];
  if (y.size <= smallLevel && x.size <= smallLevel) {
    const nodes = [hessian(b, g, y), jacobianRows(b, gradient(b, g, [x])[0], y)];
    const written = formulary.multipliedOut(nodes, true);
    if (written) {
      return [
        { kind: "formula", name: "lower Hessian", formula: formulary.equation(curvature, written[0]) },
        { kind: "formula", name: "cross derivative", formula: formulary.equation(mixed, written[1]) },
      ];
    }
  }
  const d = b.input(named.block);
  const along = placesTogether(formulary, named);
  const product = (of: Formula, v: Variable, alone: boolean): Formula => {
    const by = formulary.symbol(variableExpression(problem, v));
    const [tex, text] = [`${of.tex}\\, ${along.tex}`, `${of.text} * ${along.text}`];
    return alone ? { tex, text } : { tex: `(${tex})_{${by.tex}}`, text: `(${text})_${by.text}` };
  };
  const hessianVector = hvp(b, g, y, d);
  const crossVector = cross(b, g, x, y, d);
  return [
    ...formulaBlocks(
      formulary,
      "lower Hessian, times a direction",
      lower.map((v) => ({
        left: product(curvature, v, lower.length === 1),
        node: variablePart(problem, hessianVector, v),
      })),
    ),
    ...formulaBlocks(
      formulary,
      "cross derivative, times a direction",
      upper.map((v) => ({ left: product(mixed, v, upper.length === 1), node: variablePart(problem, crossVector, v) })),
    ),
  ];
}
