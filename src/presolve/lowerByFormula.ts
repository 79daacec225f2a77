/**
 * Lower variables whose solution is a formula take it: y = y*(x) goes into the upper level, and the part of the lower level that it
 * solves goes. Bounds and inequalities that the formula keeps for all x go with it. Where that is the whole lower level, min f(x, y*(x)) over x remains, with the upper constraints.
 */
import type { Node } from "../expr/node.js";
import { textOf } from "../expr/polynomialText.js";
import type { Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import { formulaWithin, type LowerFormula } from "./lowerFormula.js";
import { entryName, namesIn } from "./names.js";
import { objectivesWithout, partsOf } from "./parts.js";
import { reductionOf } from "./reduction.js";
import { removedRows, rowPositions } from "./rows.js";
import { type PresolveStep, presolveStep } from "./step.js";

/** Variables of a part from which on its formula costs more than an iterative solution (a dense matrix product, or elimination). */
const MOST_PRODUCT = 60;
const MOST_SYSTEM = 12;

export const lowerByFormula: PresolveStep = presolveStep({
  id: "lower-formula",
  title: "Lower variables by their formula",
  reference: "Dempe, Foundations of Bilevel Programming, 2002, section 3.2; Nocedal and Wright, 2006, equation 16.4",
  formulas: ["y*(x) = -H(x)^-1 s(x)", "min over x of f(x, y*(x))"],
  keeps: "Solutions: the lower solution is unique for every x, with proof.",
  find: (problem) => {
    if (!problem.independentFollowers) return [{ message: "The followers depend on each other." }];
    if (problem.samples.length > 0) return [{ message: "Sums are sampled: formulas would read all of their terms." }];
    const found = partsOf(problem).parts.map((part) => formulaWithin(problem, part));
    const formulas = found.filter((f): f is LowerFormula => typeof f !== "string");
    const worth = formulas.filter((f) => f.part.entries.length <= (f.form === "system" ? MOST_SYSTEM : MOST_PRODUCT));
    if (worth.length === 0) {
      const reasons = found.filter((f): f is string => typeof f === "string");
      return reasons.length > 0
        ? reasons.map((message) => ({ message }))
        : [{ message: "The formula has more variables than pay." }];
    }
    const gone = worth.map((f) => f.part);
    const y = new Map<number, Node>();
    const { builder: b } = problem;
    for (const { part, solution } of worth)
      part.entries.forEach((k, i) => {
        y.set(k, b.reshape(b.take(solution, 0, b.graph.range(i, 1)), []));
      });
    const rows = removedRows(worth.flatMap((f) => f.part.constraints));
    // constraints that go may be what bounds x: the formula is proved over these bounds only
    const domains = worth.find((f) => f.within !== undefined)?.within;
    const cut = { y, rows, objectives: objectivesWithout(problem, gone), ...(domains && { domains }) };
    return reductionOf(
      problem,
      cut,
      worth.flatMap((f) => described(problem, f)),
      ({ x }, multipliers) => {
        for (const { part, multipliers: node } of worth) {
          if (node === undefined) continue;
          const equalities = part.constraints.filter((c) => c.kind === "eq");
          const at = equalities.flatMap((c) => rowPositions(problem, c));
          evaluate([node], new Map([[problem.x, x]]))[0].forEach((z, i) => {
            multipliers[at[i]] = z;
          });
        }
      },
    );
  },
});

function described(problem: Problem, { part, polynomials }: LowerFormula): string[] {
  if (polynomials === undefined || polynomials.length > 4) {
    const names = part.variables.map((v) => v.name).join(", ");
    return [
      `${names} solve${part.variables.length > 1 ? "" : "s"} a linear system for given x: replaced by its solution.`,
    ];
  }
  return [...part.entries].map(
    (k, i) =>
      `${entryName(problem, "lower", k).text} = ${textOf(polynomials[i], namesIn(problem), 6)}, by the lower level.`,
  );
}
