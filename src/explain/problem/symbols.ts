/** What a problem's functions and blocks are called in formulas: f, g (of a follower: g_north), x and y by their variables. */
import type { LevelModel, Problem, Variable } from "../../model/problem.js";
import type { Formula } from "../document.js";
import type { Formulary } from "../formulas.js";
import { type NamedBlock, variableExpression } from "../graph/blocks.js";
import { texWords } from "../notation/names.js";

/** A follower of the source; players that only stand for multipliers are none. */
export interface Follower {
  readonly level: LevelModel;
  readonly objective: Formula;
}

export function followersOf(problem: Problem): readonly Follower[] {
  const levels = problem.lowers.filter((l) => l.priceOf === undefined);
  return levels.map((level) => ({
    level,
    objective:
      levels.length === 1
        ? { tex: "g", text: "g" }
        : { tex: `g_{\\mathrm{${texWords(level.name)}}}`, text: `g_${level.name}` },
  }));
}

export const upperObjective: Formula = { tex: "f", text: "f" };

/** A variable by its name, or several as a tuple. */
export function together(formulary: Formulary, variables: readonly Variable[]): Formula {
  const parts = variables.map((v) => formulary.symbol(variableExpression(formulary.problem, v)));
  if (parts.length === 1) return parts[0];
  return { tex: `(${parts.map((p) => p.tex).join(", ")})`, text: `(${parts.map((p) => p.text).join(", ")})` };
}

/** The parts of a block of ours, likewise. */
export function placesTogether(formulary: Formulary, { places }: NamedBlock): Formula {
  const parts = places.map((p) => formulary.symbol(p.expression));
  if (parts.length === 1) return parts[0];
  return { tex: `(${parts.map((p) => p.tex).join(", ")})`, text: `(${parts.map((p) => p.text).join(", ")})` };
}

export const gradientOf = (by: Formula, of: Formula): Formula => ({
  tex: `\\nabla_{\\!${by.tex}}\\, ${of.tex}`,
  text: `∇_${by.text} ${of.text}`,
});

export const hessianOf = (first: Formula, second: Formula, of: Formula): Formula => ({
  tex: `\\nabla^2_{${first.tex}\\, ${second.tex}}\\, ${of.tex}`,
  text: `∇²_${first.text},${second.text} ${of.text}`,
});

/** `F(x)`, of a tuple `F(x, z)`. */
export function applied(head: Formula, to: Formula): Formula {
  const inside = (text: string): string => (text.startsWith("(") ? text : `(${text})`);
  return { tex: `${head.tex}${inside(to.tex)}`, text: `${head.text}${inside(to.text)}` };
}
