/**
 * The derivative of the upper objective along lower solutions, by the implicit function theorem; worked out where the lower solution
 * has a closed form, or where there is one lower variable.
 */
import { gradient } from "../../diff/index.js";
import { cross, hvp } from "../../diff/second.js";
import { degreeIn } from "../../expr/degree.js";
import { sizeOf } from "../../expr/node.js";
import type { Problem } from "../../model/problem.js";
import { evaluate } from "../../ops/evaluate.js";
import type { Expression } from "../../syntax/tree.js";
import type { Topic } from "../context.js";
import type { Block, Formula } from "../document.js";
import { Formulary } from "../formulas.js";
import { starred, variableExpression } from "../graph/blocks.js";
import { variablePart } from "../graph/leaves.js";
import { numberExpression } from "../notation/numbers.js";
import { closedForm, fewVariables } from "../problem/closedForm.js";
import { applied, gradientOf, placesTogether, together } from "../problem/symbols.js";

const F: Formula = { tex: "F", text: "F" };
const nablaF: Formula = { tex: "\\nabla F", text: "∇F" };

export const hypergradientTopic: Topic = ({ problem }) => {
  if (problem.x.size === 0 || problem.y.size === 0) return undefined;
  const star = starred(problem);
  const formulary = new Formulary(problem, [star]);
  const xs = together(formulary, problem.upper.variables);
  const ys = together(
    formulary,
    problem.lowers.flatMap((l) => l.variables),
  );
  const zs = placesTogether(formulary, star);
  const value: Formula = {
    tex: `${applied(F, xs).tex} = f(${xs.tex}, ${applied(zs, xs).tex})`,
    text: `${applied(F, xs).text} = f(${xs.text}, ${applied(zs, xs).text})`,
  };
  const blocks: Block[] = [
    { kind: "formula", name: "what the upper level sees", formula: value },
    { kind: "formula", name: "hypergradient", formula: general(problem, xs, ys, zs) },
    { kind: "text", text: assumption(problem, zs.text) },
    ...workedOut(problem, formulary, xs),
  ];
  return { id: "hypergradient", title: "The hypergradient", blocks };
};

/** Without rows that tie y to x, the answer of the other player in a game f = -g needs no derivative. */
const isDanskin = ({ minimax, lowers }: Problem): boolean => minimax && lowers.every((l) => l.constraints.length === 0);

/** x and y stand for all variables of a level. */
function general(problem: Problem, xs: Formula, ys: Formula, zs: Formula): Formula {
  const slope = applied(nablaF, xs);
  const left = { tex: `${slope.tex} =`, text: `${slope.text} =` };
  const at = { tex: `\\Big|_{${ys.tex} = ${zs.tex}}`, text: ` at ${ys.text} = ${zs.text}` };
  const fx = { tex: `\\nabla_{\\!${xs.tex}} f`, text: `∇_${xs.text} f` };
  const fy = { tex: `\\nabla_{\\!${ys.tex}} f`, text: `∇_${ys.text} f` };
  const [xy, yy] = [`${xs.tex}\\, ${ys.tex}`, `${ys.tex}\\, ${ys.tex}`];
  if (isDanskin(problem)) return { tex: `${left.tex} ${fx.tex} ${at.tex}`, text: `${left.text} ${fx.text}${at.text}` };
  if (!problem.independentFollowers)
    return {
      tex: `${left.tex} ${fx.tex} - \\Bigl(\\frac{\\partial G}{\\partial ${xs.tex}}\\Bigr)^{\\!\\top} \\Bigl(\\frac{\\partial G}{\\partial ${ys.tex}}\\Bigr)^{\\!-\\top} ${fy.tex} \\; ${at.tex}`,
      text: `${left.text} ${fx.text} - G_x' * inv(G_y') * ${fy.text}${at.text}`,
    };
  if (problem.lowers.some((l) => l.constraints.length > 0))
    return {
      tex: `${left.tex} ${fx.tex} - \\begin{pmatrix} \\nabla^2_{${ys.tex}\\, ${xs.tex}} L \\\\ \\nabla_{\\!${xs.tex}} h_A \\end{pmatrix}^{\\!\\top} \\begin{pmatrix} \\nabla^2_{${yy}} L & \\nabla_{\\!${ys.tex}} h_A^{\\top} \\\\ \\nabla_{\\!${ys.tex}} h_A & 0 \\end{pmatrix}^{-1} \\begin{pmatrix} ${fy.tex} \\\\ 0 \\end{pmatrix} \\; ${at.tex}`,
      text: `${left.text} ${fx.text} - [∇²_yx L; ∇_x h_A]' * inv([∇²_yy L, ∇_y h_A'; ∇_y h_A, 0]) * [${fy.text}; 0]${at.text}`,
    };
  return {
    tex: `${left.tex} ${fx.tex} - \\nabla^2_{${xy}} g \\, \\bigl[\\nabla^2_{${yy}} g\\bigr]^{-1} ${fy.tex} \\; ${at.tex}`,
    text: `${left.text} ${fx.text} - ∇²_${xs.text},${ys.text} g * inv(∇²_${ys.text},${ys.text} g) * ${fy.text}${at.text}`,
  };
}

function assumption(problem: Problem, solution: string): string {
  const domains = problem.lowers.some((l) => l.variables.some((v) => v.domain.kind !== "free"));
  if (isDanskin(problem))
    return `${solution} is the answer of the player who maximises. As g = -f, the objective does not change with it to first order, so that the implicit part vanishes (Danskin 1966).`;
  if (!problem.independentFollowers)
    return "The followers play a game: G stacks each follower's gradient by its own variables, and the formula needs its derivative by all of them to be invertible at the equilibrium. Constraints that are active join G as rows.";
  if (problem.lowers.some((l) => l.constraints.length > 0))
    return `${solution} is the lower solution, L the Lagrangian of the lower level, and h_A stacks its equations and those inequalities and bounds that are active with positive multipliers. The formula holds where the active rows are independent and L is positive definite along them; where an active set changes, F has a kink.`;
  const rest = domains
    ? " Entries at a bound with a positive slope stay there: they drop out of both matrices, and F has a kink where that changes."
    : "";
  return `${solution} is the lower solution. The formula holds where the lower Hessian is positive definite there.${rest}`;
}

function workedOut(problem: Problem, formulary: Formulary, xs: Formula): readonly Block[] {
  const { builder: b, x, y, upper, lowers, lowerObjective: g } = problem;
  const closed =
    problem.minimax && problem.lowers.some((l) => l.constraints.length > 0) ? undefined : closedForm(problem);
  if (closed) {
    const lower = lowers.flatMap((l) => l.variables);
    const parts = lower.map((v) => variablePart(problem, closed.solution, v));
    const slopes = upper.variables.map((v) => variablePart(problem, closed.gradient, v));
    const written = formulary.multipliedOut([...parts, closed.value, ...slopes], true);
    if (written) {
      const stars = starred(problem).places.map((p) => formulary.symbol(p.expression));
      const lines: [string, Formula, Expression][] = [
        ...stars.map(({ tex, text }, k): [string, Formula, Expression] => [
          "lower solution",
          applied({ tex, text }, xs),
          written[k],
        ]),
        ["worked out", applied(F, xs), written[parts.length]],
        ...upper.variables.map((v, k): [string, Formula, Expression] => {
          const by = formulary.symbol(variableExpression(problem, v));
          const left = upper.variables.length === 1 ? applied(nablaF, xs) : applied(gradientOf(by, F), xs);
          return ["worked out", left, written[parts.length + 1 + k]];
        }),
      ];
      const blocks: Block[] = lines.map(([name, left, right]) => ({
        kind: "formula",
        name,
        formula: formulary.equation(left, right),
      }));
      return [...blocks, ...remarks(problem, closed.value)];
    }
  }
  if (y.size !== 1 || x.size > fewVariables || problem.minimax || !problem.independentFollowers) return [];
  if (lowers.some((l) => l.constraints.length > 0)) return [];
  const [fx, fy] = gradient(b, upper.objective, [x, y]);
  const along = b.filled([1], 1);
  const gxy = cross(b, g, x, y, along);
  const gyy = b.reshape(hvp(b, g, y, along), []);
  if (gyy.attributes.value === 0) return [];
  const slope = b.sub(fx, b.mul(gxy, b.div(b.reshape(fy, []), gyy)));
  const nodes = upper.variables.map((v) => variablePart(problem, slope, v));
  if (nodes.some((n) => sizeOf(n.shape) > fewVariables)) return [];
  const written = formulary.write(nodes);
  if (!written) return [];
  return [
    ...upper.variables.map((v, k): Block => {
      const by = formulary.symbol(variableExpression(problem, v));
      const left = { tex: `\\nabla_{\\!${by.tex}} F`, text: `∇_${by.text} F` };
      return { kind: "formula", name: "worked out", formula: formulary.equation(left, written.expressions[k]) };
    }),
    ...formulary.legend(written),
  ];
}

/** Where bounds count, and where a parabola has its lowest point. */
function remarks(problem: Problem, value: ReturnType<Problem["builder"]["constant"]>): readonly Block[] {
  const { x, lowers, upper } = problem;
  const blocks: Block[] = [];
  if (lowers.some((l) => l.variables.some((v) => v.domain.kind !== "free")))
    blocks.push({ kind: "text", text: "This holds where the lower solution lies inside its bounds." });
  const [only] = upper.variables;
  const isParabola = x.size === 1 && upper.constraints.length === 0 && degreeIn(value, x) === 2;
  if (!isParabola) return blocks;
  const at = (t: number): number => evaluate([value], new Map([[x, Float64Array.of(t)]]))[0][0];
  const [low, mid, high] = [at(-1), at(0), at(1)];
  const bend = high - 2 * mid + low;
  if (!(bend > 0)) return blocks;
  const best = (low - high) / (2 * bend);
  const { domain } = only;
  if (domain.kind === "box" ? best < domain.lower[0] || best > domain.upper[0] : domain.kind !== "free") return blocks;
  const formulary = new Formulary(problem);
  const left = formulary.symbol(variableExpression(problem, only));
  blocks.push({
    kind: "formula",
    name: "smallest at",
    formula: formulary.equation(left, numberExpression(best, 1e-12)),
  });
  return blocks;
}
