/**
 * The conditions that a lower solution satisfies: stationarity of the Lagrangian, feasibility, complementarity (Karush 1939, Kuhn and
 * Tucker 1951), with multipliers named as the constraints.
 */
import { gradient } from "../../diff/index.js";
import type { Constraint, Domain, LevelModel, Problem, Variable } from "../../model/problem.js";
import { printExpression } from "../../syntax/printExpression.js";
import type { Topic } from "../context.js";
import type { Block, Formula } from "../document.js";
import { Formulary } from "../formulas.js";
import { multipliers, variableExpression } from "../graph/blocks.js";
import { variablePart } from "../graph/leaves.js";
import { type Follower, followersOf, gradientOf } from "../problem/symbols.js";
import { formulaBlocks } from "./derivatives.js";

export const optimalityTopic: Topic = ({ problem }) => {
  if (problem.y.size === 0) return undefined;
  const blocks = followersOf(problem).flatMap((follower) => conditions(problem, follower));
  const { lowers } = problem;
  if (lowers.some((l) => l.priceOf !== undefined))
    blocks.push({
      kind: "text",
      text: "Multipliers that the upper level uses are lower variables here: the price of each such constraint, with its feasibility and complementarity as conditions.",
    });
  return { id: "optimality", title: "Conditions of the lower level", blocks };
};

function conditions(problem: Problem, { level, objective }: Follower): Block[] {
  const { builder: b, y } = problem;
  // of priced constraints the objective holds the terms already
  const priced = problem.lowers.flatMap((l) => (l.priceOf ? [l.priceOf.constraint] : []));
  const own = distinct(level.constraints.filter((c) => !priced.includes(c)));
  const named = own.map(multipliers);
  const formulary = new Formulary(problem, named);
  const lagrangian = own.reduce((sum, c, k) => b.add(sum, b.dot(b.input(named[k].block), c.body)), level.objective);
  const [slope] = gradient(b, lagrangian, [y]);
  const symbol: Formula = own.length === 0 ? objective : { tex: "L", text: "L" };
  const lines = level.variables.map((v) => ({
    left: gradientOf(formulary.symbol(variableExpression(problem, v)), symbol),
    node: variablePart(problem, slope, v),
  }));
  const blocks: Block[] = [];
  if (own.length > 0) blocks.push({ kind: "formula", name: "Lagrangian", formula: lagrangianFormula(objective, own) });
  blocks.push(
    ...formulaBlocks(formulary, "stationarity", lines).map((block) =>
      block.kind === "formula" && block.name === "stationarity" ? { ...block, formula: zeroed(block.formula) } : block,
    ),
  );
  const rule = domainRule(level, formulary);
  if (rule !== undefined) blocks.push({ kind: "text", text: rule });
  for (const c of own) blocks.push(...rows(formulary, c));
  return blocks;
}

/** Both sides of `lo <= h <= hi` carry one name: they are told apart by numbers. */
function distinct(constraints: readonly Constraint[]): readonly Constraint[] {
  const twins = (c: Constraint): readonly Constraint[] => constraints.filter((other) => other.name === c.name);
  return constraints.map((c) => (twins(c).length > 1 ? { ...c, name: `${c.name}_${twins(c).indexOf(c) + 1}` } : c));
}

/** `L = … ` reads `L = … = 0`. */
function zeroed({ tex, text }: Formula): Formula {
  const end = "\\end{aligned}";
  return {
    tex: tex.endsWith(end) ? `${tex.slice(0, -end.length).trimEnd()} = 0 ${end}` : `${tex} = 0`,
    text: `${text} = 0`,
  };
}

function lagrangianFormula(objective: Formula, own: readonly Constraint[]): Formula {
  const terms = own.map(({ name, rows: n }) => {
    const label = `\\mathrm{${name.replaceAll("_", "\\_")}}`;
    return {
      tex: `\\mu_{${label}}${n > 1 ? "^{\\top}" : ""} h_{${label}}`,
      text: n > 1 ? `dot(dual(${name}), h_${name})` : `dual(${name}) * h_${name}`,
    };
  });
  return {
    tex: `L = ${[objective.tex, ...terms.map((t) => t.tex)].join(" + ")}`,
    text: `L = ${[objective.text, ...terms.map((t) => t.text)].join(" + ")}`,
  };
}

/** A constraint's rows, and what its multipliers satisfy. */
function rows(formulary: Formulary, { name, kind, body, rows: n }: Constraint): readonly Block[] {
  const written = formulary.write([n === 1 ? formulary.problem.builder.reshape(body, []) : body]);
  if (!written) return [{ kind: "text", text: `The rows of ${name} have no formula that is short enough to be read.` }];
  const label = `\\mathrm{${name.replaceAll("_", "\\_")}}`;
  const [expression] = written.expressions;
  const [tex, text] = [formulary.tex(expression), printExpression(expression)];
  const [h, mu] = [`h_{${label}}`, `\\mu_{${label}}`];
  const isEquation = kind === "eq";
  const formula: Formula = isEquation
    ? { tex: `${h} = ${tex} = 0`, text: `h_${name} = ${text} = 0` }
    : {
        tex: `${h} = ${tex} \\le 0, \\qquad ${mu} \\ge 0, \\qquad ${mu} ${n > 1 ? "\\odot" : "\\,"} ${h} = 0`,
        text: `h_${name} = ${text} <= 0,  dual(${name}) >= 0,  dual(${name}) ${n > 1 ? ".*" : "*"} h_${name} = 0`,
      };
  return [
    { kind: "formula", name: isEquation ? "feasibility" : "feasibility and complementarity", formula },
    ...formulary.legend(written),
  ];
}

/** What becomes of stationarity at the border of a domain. */
function domainRule(level: LevelModel, formulary: Formulary): string | undefined {
  const parts = level.variables.flatMap((v) => {
    const words = borderWords(v.domain);
    return words === undefined ? [] : [`For ${nameOf(v, formulary)}: ${words}`];
  });
  return parts.length > 0 ? `${parts.join(". ")}.` : undefined;
}

const nameOf = (v: Variable, { problem }: Formulary): string => printExpression(variableExpression(problem, v));

function borderWords(domain: Domain): string | undefined {
  switch (domain.kind) {
    case "free":
      return undefined;
    case "box":
      return "`= 0` holds for entries between their bounds; at a lower bound it is `>= 0`, at an upper one `<= 0`";
    case "ball":
      return "`= 0` holds inside the ball; on its sphere the gradient points to the center";
    case "simplex":
      return "on the simplex, in place of `= 0`, the entries above 0 share one slope and no other entry has a smaller one";
  }
}
