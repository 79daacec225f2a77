/** What presolve does to the problem: the lower solution as a formula, the objective that is left, and what else it removed. */
import { simplestOf } from "../../expr/polynomialNode.js";
import { type EntryNames, texOf, textOf } from "../../expr/polynomialText.js";
import type { Problem } from "../../model/problem.js";
import { lowerFormula, type WholeFormula } from "../../presolve/lowerFormula.js";
import { entryName, namesIn } from "../../presolve/names.js";
import { presolve } from "../../presolve/presolve.js";
import { rebuilt } from "../../presolve/rebuild.js";
import type { Topic } from "../context.js";
import type { Block, Section } from "../document.js";

/** Entries of the lower solution that are shown, letters of a formula, and digits of its numbers. */
const mostEntries = 8;
const longest = 400;
const digits = 8;

export const presolveTopic: Topic = ({ problem }) => {
  if (problem.y.size === 0) return undefined;
  const formula = lowerFormula(problem);
  const { changes, problem: smaller } = presolve(problem);
  const blocks: Block[] = [];
  if (typeof formula !== "string") blocks.push(...formulaBlocks(problem, formula));
  if (changes.length > 0) {
    blocks.push({ kind: "facts", rows: changes.map(({ step, text }) => ({ term: step, value: text })) });
    blocks.push({ kind: "text", text: sizes(problem, smaller) });
  } else blocks.push({ kind: "text", text: "Presolve leaves the problem as it is." });
  if (typeof formula === "string") blocks.push({ kind: "text", text: `No formula for the lower solution. ${formula}` });
  const section: Section = { id: "presolve", title: "Presolve", blocks };
  return section;
};

function formulaBlocks(problem: Problem, formula: WholeFormula): Block[] {
  const names = namesIn(problem);
  const blocks: Block[] = [];
  const entries = formula.parts.flatMap(({ part, polynomials }) =>
    [...part.entries].map((k, i) => ({ k, polynomial: polynomials?.[i] })),
  );
  for (const { k, polynomial } of entries.sort((p, q) => p.k - q.k).slice(0, mostEntries)) {
    if (polynomial === undefined) continue;
    const { text, tex } = entryName(problem, "lower", k);
    const right = { text: textOf(polynomial, names, digits), tex: texOf(polynomial, names, digits) };
    if (right.text.length > longest) continue;
    blocks.push({
      kind: "formula",
      name: "lower solution",
      formula: { text: `${text} = ${right.text}`, tex: `${tex}^{*}(x) = ${right.tex}` },
    });
  }
  if (blocks.length === 0) {
    const constrained = formula.parts.some((p) => p.quadratic.rows > 0);
    blocks.push({ kind: "formula", name: "lower solution", formula: constrained ? system : product });
  }
  const value = reducedObjective(problem, formula, names);
  if (value !== undefined) blocks.push({ kind: "formula", name: "what the upper level sees", formula: value });
  return blocks;
}

const product = {
  text: "y = -inv(H(x)) * s(x), with g = y' * H(x) * y / 2 + s(x)' * y + rest(x)",
  tex: "y^{*}(x) = -H(x)^{-1} s(x), \\quad g = \\tfrac{1}{2} y^{\\top} H(x) y + s(x)^{\\top} y + r(x)",
};
const system = {
  text: "[H(x), A'; A, 0] * [y; z] = [-s(x); -r(x)]",
  tex: "\\begin{pmatrix} H(x) & A^{\\top} \\\\ A & 0 \\end{pmatrix} \\begin{pmatrix} y^{*} \\\\ z \\end{pmatrix} = \\begin{pmatrix} -s(x) \\\\ -r(x) \\end{pmatrix}",
};

/** f(x, y*(x)) in the sense the source wrote. */
function reducedObjective(problem: Problem, { solution }: WholeFormula, names: EntryNames): typeof product | undefined {
  const { builder: b, upper, y } = problem;
  const [value] = rebuilt(b, [upper.objective], new Map([[y, solution]]));
  const shown = simplestOf(upper.sense === "maximize" ? b.neg(value) : value, names)?.[0];
  if (shown === undefined) return undefined;
  const text = textOf(shown, names, digits);
  if (text.length > longest) return undefined;
  return { text: `F = ${text}`, tex: `F(x) = ${texOf(shown, names, digits)}` };
}

function sizes(before: Problem, after: Problem): string {
  const rows = (p: Problem): number =>
    [p.upper, ...p.lowers].reduce((sum, l) => sum + l.constraints.reduce((n, c) => n + c.rows, 0), 0);
  const words = (p: Problem): string => `${p.x.size} upper and ${p.y.size} lower variables, ${rows(p)} constraint rows`;
  return `From ${words(before)} to ${words(after)}.`;
}
