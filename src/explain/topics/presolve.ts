/** What presolve does to the problem: the lower solution as a formula, the objective that is left, and what else it removed. */
import { domainBoxes } from "../../curvature/boxes.js";
import { impliedBoxes } from "../../curvature/implied.js";
import { degreeIn } from "../../expr/degree.js";
import type { Node } from "../../expr/node.js";
import { constantPolynomial } from "../../expr/polynomial.js";
import { simplestOf } from "../../expr/polynomialNode.js";
import { inverse, negated, type Rational, times, toNumber, zero } from "../../expr/polynomialNumber.js";
import { polynomialOf } from "../../expr/polynomialOf.js";
import { texOf, textOf } from "../../expr/polynomialText.js";
import type { Problem } from "../../model/problem.js";
import { lowerFormula, type WholeFormula } from "../../presolve/lowerFormula.js";
import { entryName, namesIn } from "../../presolve/names.js";
import { presolve } from "../../presolve/presolve.js";
import { rebuilt } from "../../presolve/rebuild.js";
import type { Topic } from "../context.js";
import type { Block, Fact, Section } from "../document.js";

/** Entries of the lower solution that are shown, letters of a formula, and digits of its numbers. */
const mostEntries = 8;
const longest = 400;
const digits = 8;

export const presolveTopic: Topic = ({ problem }) => {
  if (problem.y.size === 0) return undefined;
  const formula = lowerFormula(problem);
  const { changes, problem: smaller } = presolve(problem);
  const blocks: Block[] = [];
  if (typeof formula !== "string") blocks.push(...formulaBlocks(problem, formula, smaller));
  // formulas stand above already
  const told = typeof formula === "string" ? changes : changes.filter((c) => c.step !== "lower-formula");
  if (told.length > 0)
    blocks.push({ kind: "facts", rows: told.map(({ step, text }) => ({ term: step, value: text })) });
  blocks.push({
    kind: "text",
    text: changes.length > 0 ? sizes(problem, smaller) : "Presolve leaves the problem as it is.",
  });
  // the whole formula may come with steps before it
  const solved = changes.length > 0 && smaller.y.size === 0;
  if (typeof formula === "string" && solved) blocks.push(...objectiveBlocks(smaller));
  else if (typeof formula === "string")
    blocks.push({ kind: "text", text: `No formula for the lower solution. ${formula}` });
  blocks.push(...impliedBlocks(problem, smaller));
  const section: Section = { id: "presolve", title: "Presolve", blocks };
  return section;
};

/** Bounds that the constraints imply and the domains do not say; with them, proofs and constants over the domains hold where points are feasible. */
function impliedBlocks(problem: Problem, smaller: Problem): Block[] {
  const { x, y, empty } = impliedBoxes(problem);
  if (empty !== undefined) {
    const text = `The constraints contradict each other: bounds on what they allow leave nothing at ${empty.name}.`;
    return [{ kind: "text", text }];
  }
  // bounds that presolve made of rows are told as such
  const same = smaller.x.size === problem.x.size && smaller.y.size === problem.y.size;
  const domains = domainBoxes(same ? smaller : problem);
  const rows: Fact[] = [];
  for (const [level, box, written] of [
    ["upper", x, domains.x],
    ["lower", y, domains.y],
  ] as const) {
    for (let k = 0; k < box.lo.length; k++) {
      if (box.lo[k] === written.lo[k] && box.hi[k] === written.hi[k]) continue;
      const side = (v: number): string =>
        Number.isFinite(v) ? String(Number(v.toPrecision(6))) : v < 0 ? "-inf" : "inf";
      rows.push({ term: entryName(problem, level, k).text, value: `in [${side(box.lo[k])}, ${side(box.hi[k])}]` });
    }
  }
  if (rows.length === 0) return [];
  const shown = rows.length > mostEntries ? rows.slice(0, mostEntries) : rows;
  const more = rows.length > shown.length ? `, the first ${shown.length} of ${rows.length}` : "";
  return [
    { kind: "text", text: `Bounds that follow from the constraints${more}:` },
    { kind: "facts", rows: shown },
  ];
}

function formulaBlocks(problem: Problem, formula: WholeFormula, smaller: Problem): Block[] {
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
  const { builder: b, upper, y } = problem;
  const [value] = rebuilt(b, [upper.objective], new Map([[y, formula.solution]]));
  return [...blocks, ...valueBlocks(problem, value, smaller)];
}

const product = {
  text: "y = -inv(H(x)) * s(x), with g = y' * H(x) * y / 2 + s(x)' * y + rest(x)",
  tex: "y^{*}(x) = -H(x)^{-1} s(x), \\quad g = \\tfrac{1}{2} y^{\\top} H(x) y + s(x)^{\\top} y + r(x)",
};
const system = {
  text: "[H(x), A'; A, 0] * [y; z] = [-s(x); -r(x)]",
  tex: "\\begin{pmatrix} H(x) & A^{\\top} \\\\ A & 0 \\end{pmatrix} \\begin{pmatrix} y^{*} \\\\ z \\end{pmatrix} = \\begin{pmatrix} -s(x) \\\\ -r(x) \\end{pmatrix}",
};

/** What presolve left of the upper level, without lower variables. */
function objectiveBlocks(smaller: Problem): Block[] {
  return valueBlocks(smaller, smaller.upper.objective, smaller);
}

/** F(x) = f(x, y*(x)) in the sense the source wrote, and where it is smallest. */
function valueBlocks(problem: Problem, value: Node, smaller: Problem): Block[] {
  const names = namesIn(problem);
  const { builder: b, upper } = problem;
  const blocks: Block[] = [];
  const shown = simplestOf(upper.sense === "maximize" ? b.neg(value) : value, names)?.[0];
  const text = shown && textOf(shown, names, digits);
  if (shown !== undefined && text !== undefined && text.length <= longest) {
    const formula = { text: `F = ${text}`, tex: `F(x) = ${texOf(shown, names, digits)}` };
    blocks.push({ kind: "formula", name: "what the upper level sees", formula });
  }
  const best = smaller.y.size === 0 ? smallest(smaller) : undefined;
  const name = upper.sense === "maximize" ? "largest at" : "smallest at";
  return best === undefined ? blocks : [...blocks, { kind: "formula", name, formula: best }];
}

/** Where a strictly convex quadratic in a single variable without further constraints is smallest. */
function smallest(problem: Problem): typeof product | undefined {
  const { x, upper } = problem;
  if (x.size !== 1 || upper.constraints.length > 0 || degreeIn(upper.objective, x) !== 2) return undefined;
  const expanded = polynomialOf(upper.objective);
  if (expanded === undefined) return undefined;
  const coefficient = (degree: number): Rational =>
    expanded.terms.find((t) => t.powers.reduce((sum, q) => sum + q.exponent, 0) === degree)?.coefficient ?? zero;
  const [bend, slope] = [coefficient(2), coefficient(1)];
  if (!(bend.n > 0n)) return undefined;
  const best = times(negated(slope), inverse(times(bend, { n: 2n, d: 1n })));
  const [{ domain }] = upper.variables;
  const value = toNumber(best);
  if (domain.kind === "box" ? value < domain.lower[0] || value > domain.upper[0] : domain.kind !== "free")
    return undefined;
  const { text, tex } = entryName(problem, "upper", 0);
  const names = namesIn(problem);
  const shown = constantPolynomial(best);
  return { text: `${text} = ${textOf(shown, names, digits)}`, tex: `${tex} = ${texOf(shown, names, digits)}` };
}

/** What is left, of what there was. */
function sizes(before: Problem, after: Problem): string {
  const rows = (p: Problem): number =>
    [p.upper, ...p.lowers].reduce((sum, l) => sum + l.constraints.reduce((n, c) => n + c.rows, 0), 0);
  const left = (what: string, now: number, was: number): string[] => {
    const plural = was === 1 ? "" : "s";
    return was === 0 && now === 0
      ? []
      : [now === was ? `${was} ${what}${plural}` : `${now} of ${was} ${what}${plural}`];
  };
  const parts = [
    ...left("upper variable", after.x.size, before.x.size),
    ...left("lower variable", after.y.size, before.y.size),
    ...left("constraint row", rows(after), rows(before)),
  ];
  return `What is left: ${parts.join(", ")}.`;
}
