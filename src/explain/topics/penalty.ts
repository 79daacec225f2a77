/**
 * The penalty surrogate of first-order methods: the lower problem as the constraint g - g* <= 0 with weight λ, which needs
 * no second derivatives (Kwon, Kwon, Wright and Nowak 2023; Chen, Ma and Zhang 2023).
 */
import { gradient } from "../../diff/index.js";
import { substitute } from "../../diff/substitute.js";
import type { Node } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import type { Topic } from "../context.js";
import type { Block, Formula } from "../document.js";
import { Formulary } from "../formulas.js";
import { starred, variableExpression } from "../graph/blocks.js";
import { variablePart } from "../graph/leaves.js";
import { binary, factorsOf, name, negative, productOf } from "../notation/make.js";
import { applied, followersOf, gradientOf, placesTogether, together } from "../problem/symbols.js";

export const penaltyTopic: Topic = ({ problem }) => {
  const { builder: b, x, y, upper, lowers, lowerObjective: g, minimax, independentFollowers } = problem;
  if (x.size === 0 || y.size === 0 || minimax || !independentFollowers || followersOf(problem).length === 0)
    return undefined;
  const star = starred(problem);
  const formulary = new Formulary(problem, [star]);
  const lower = lowers.flatMap((l) => l.variables);
  const [xs, ys, zs] = [
    together(formulary, upper.variables),
    together(formulary, lower),
    placesTogether(formulary, star),
  ];
  const constrained = lowers.some((l) => l.constraints.length > 0);
  const surrogate: Formula = { tex: "L_{\\lambda}", text: "L_λ" };
  const blocks: Block[] = [
    {
      kind: "formula",
      name: "surrogate",
      formula: {
        tex: `${applied(surrogate, xs).tex} = \\min_{${ys.tex}} \\; f(${xs.tex}, ${ys.tex}) + \\lambda \\bigl(g(${xs.tex}, ${ys.tex}) - ${applied({ tex: "g^{\\star}", text: "g*" }, xs).tex}\\bigr), \\qquad ${applied({ tex: "g^{\\star}", text: "g*" }, xs).tex} = \\min_{${ys.tex}} g(${xs.tex}, ${ys.tex})`,
        text: `${applied(surrogate, xs).text} = min over ${ys.text} of f + λ * (g - g*),  ${applied({ tex: "", text: "g*" }, xs).text} = min over ${ys.text} of g`,
      },
    },
    { kind: "formula", name: "its gradient", formula: gradientFormula(xs, ys, zs, surrogate, constrained) },
    {
      kind: "text",
      text: `Here ${ys.text} minimises f + λ g, and ${zs.text} minimises g alone. With larger λ the gradient comes closer to the hypergradient (by a multiple of 1/λ where g is strongly convex in its variables), and the surrogate is worse conditioned.`,
    },
  ];
  const section = { id: "penalty", title: "The penalty surrogate", blocks };
  if (constrained) {
    blocks.push({
      kind: "text",
      text: "Both minima keep the lower constraints h, whose multipliers there are ν and μ.",
    });
    return section;
  }
  const [fx, fy] = gradient(b, upper.objective, [x, y]);
  const [gx, gy] = gradient(b, g, [x, y]);
  const [atStar] = substitute(b, [gx], new Map([[y, b.input(star.block)]]));
  const difference = b.sub(gx, atStar);
  const parts: [ReturnType<typeof gradientOf>, Node, Node][] = [
    ...upper.variables.map((v): [ReturnType<typeof gradientOf>, Node, Node] => [
      gradientOf(formulary.symbol(variableExpression(problem, v)), surrogate),
      variablePart(problem, fx, v),
      variablePart(problem, difference, v),
    ]),
    ...lower.map((v): [ReturnType<typeof gradientOf>, Node, Node] => [
      gradientOf(formulary.symbol(variableExpression(problem, v)), { tex: "(f + \\lambda g)", text: "(f + λ * g)" }),
      variablePart(problem, fy, v),
      variablePart(problem, gy, v),
    ]),
  ];
  const written = formulary.write(parts.flatMap(([, own, weighted]) => [own, weighted]));
  if (!written) return section;
  parts.forEach(([left], k) => {
    const [own, weighted] = [written.expressions[2 * k], written.expressions[2 * k + 1]];
    const isZero = (e: typeof own): boolean => e.kind === "number" && e.value === 0;
    const penalty = weightedBy(weighted);
    const both = penalty.kind === "unary" ? binary("-", own, penalty.operand) : binary("+", own, penalty);
    const right = isZero(weighted) ? own : isZero(own) ? penalty : both;
    blocks.push({ kind: "formula", name: "worked out", formula: formulary.equation(left, right) });
  });
  blocks.push(...formulary.legend(written));
  return section;
};

/** By the envelope theorem; constraints enter with their multipliers. */
function gradientFormula(xs: Formula, ys: Formula, zs: Formula, surrogate: Formula, constrained: boolean): Formula {
  const slope = (of: string, at: Formula): string => `\\nabla_{\\!${xs.tex}}\\, ${of}(${xs.tex}, ${at.tex})`;
  const [first, second] = constrained
    ? [` + \\nu^{\\top} ${slope("h", ys)}`, ` + \\mu^{\\top} ${slope("h", zs)}`]
    : ["", ""];
  const inner = constrained ? `\\bigl(${slope("g", zs)}${second}\\bigr)` : slope("g", zs);
  const at = (of: string, point: Formula): string => `∇_${xs.text} ${of} at ${point.text}`;
  const left = gradientOf(xs, surrogate);
  if (!constrained)
    return {
      tex: `${left.tex} = \\nabla_{\\!${xs.tex}} f + \\lambda \\bigl(${slope("g", ys)} - ${inner}\\bigr)`,
      text: `${left.text} = ∇_${xs.text} f + λ * (${at("g", ys)} - ${at("g", zs)})`,
    };
  return {
    tex: `${left.tex} = \\nabla_{\\!${xs.tex}} f + \\lambda\\, ${slope("g", ys)}${first} - \\lambda ${inner}`,
    text: `${left.text} = ∇_${xs.text} f + λ * ${at("g", ys)} + ν' * ${at("h", ys)} - λ * (${at("g", zs)} + μ' * ${at("h", zs)})`,
  };
}

/** λ times an expression, with the sign in front. */
function weightedBy(e: Expression): Expression {
  if (e.kind === "unary" && e.operator === "-") return negative(weightedBy(e.operand));
  return productOf([name("λ"), ...factorsOf(e)]);
}
