/**
 * Parts of the lower level that do not depend on x have one solution for all x: they are solved once. What the upper level sees
 * of them must be unique, which positive definite curvature proves; of what it does not see, any global minimiser will do.
 */
import { interpreted } from "../codegen/backend.js";
import { work } from "../constants/bounds.js";
import { hessian } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Node } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import { IntervalLevel } from "../interval/level.js";
import { minimise } from "../interval/minimise.js";
import type { Problem } from "../model/problem.js";
import { problemReads } from "../model/reads.js";
import { solveNonlinear } from "../nlp/solve.js";
import { provedDefinite } from "../num/definite.js";
import { compileProgram } from "../reform/compile.js";
import { type Program, rowsOf } from "../reform/program.js";
import { summary } from "./fixedVariables.js";
import { entryName } from "./names.js";
import { objectivesWithout, type Part, partsOf, sumOfTerms } from "./parts.js";
import { polished } from "./polished.js";
import { lowered, MOST_WORK } from "./quadraticPart.js";
import { domainBoxes, rangesOver } from "./ranges.js";
import { rebuilt } from "./rebuild.js";
import { reductionOf } from "./reduction.js";
import { removedRows, rowPositions } from "./rows.js";
import { type PresolveStep, presolveStep } from "./step.js";

type Vector = Float64Array;

interface Solved {
  readonly part: Part;
  readonly v: Vector;
  readonly multipliers: Vector;
}

/** Variables of a part that is solved with dense matrices, and of one whose global minimum is proved by boxes. */
const MOST = 60;
const FEW = 3;
/** First-order residuals that count as solved, relative to their scale. */
const ACCURATE = 1e-9;

export const constantParts: PresolveStep = presolveStep({
  id: "constant-parts",
  title: "Lower parts that do not depend on x",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995 (isolated subproblems)",
  formulas: ["g(x, u, v) = g_1(x, u) + g_2(v):  v* = argmin g_2, once"],
  keeps: "Solutions: v* is unique, or the upper level does not see it.",
  find: (problem) => {
    if (!problem.independentFollowers) return [{ message: "The followers depend on each other." }];
    if (problem.samples.length > 0) return [{ message: "Sums are sampled." }];
    const { upper, x } = problem;
    const seen = problemReads(problem, [upper.objective, ...upper.constraints.map((c) => c.body)]).y;
    const free = partsOf(problem).parts.filter(({ terms, constraints }) =>
      [...terms.map((t) => t.node), ...constraints.map((c) => c.body)].every((node) => !dependsOn(node, x)),
    );
    const solved = free.flatMap(
      (part) =>
        solve(
          problem,
          part,
          part.entries.some((k) => seen[k] === 1),
        ) ?? [],
    );
    if (solved.length === 0) return [{ message: "No part of the lower level is independent of x." }];
    const y = new Map(solved.flatMap(({ part, v }) => [...part.entries].map((k, i) => [k, v[i]] as const)));
    const gone = solved.map((s) => s.part);
    const cut = {
      y,
      rows: removedRows(gone.flatMap((p) => p.constraints)),
      objectives: objectivesWithout(problem, gone),
    };
    const changes = [...y].map(([k, value]) => {
      const shown = Number(value.toPrecision(6));
      return `${entryName(problem, "lower", k).text} = ${shown}: its part of the lower level does not depend on the upper one.`;
    });
    return reductionOf(problem, cut, summary(changes), (_, multipliers) => {
      for (const { part, multipliers: z } of solved) {
        part.constraints
          .flatMap((c) => rowPositions(problem, c))
          .forEach((row, i) => {
            multipliers[row] = z[i];
          });
      }
    });
  },
});

/** The part's solution; undefined where it is not found with the certainty that is needed. */
function solve(problem: Problem, part: Part, seen: boolean): Solved | undefined {
  const { builder: b, y } = problem;
  const k = part.entries.length;
  if (k > MOST || part.variables.some((v) => v.domain.kind === "ball" || v.domain.kind === "simplex")) return undefined;
  const input = { name: "part", size: k };
  const place = b.put(b.input(input), 0, b.graph.positions(part.entries), y.size);
  const local = (node: Node): Node => rebuilt(b, [node], new Map([[y, place]]))[0];
  const objective = local(sumOfTerms(problem, part.terms));
  if (k * work([objective]) > MOST_WORK) return undefined;
  const rows = part.constraints.map((c) => rowsOf(c.name, "lower", c.kind, b.reshape(local(c.body), [c.rows])));
  const whole = domainBoxes(problem).get(y)!;
  const lower = Float64Array.from(part.entries, (e) => whole.lo[e]);
  const upper = Float64Array.from(part.entries, (e) => whole.hi[e]);
  const convex =
    part.constraints.every((c) => degreeIn(c.body, y) <= 1) && definite(b, objective, input, { lo: lower, hi: upper });
  let start = new Float64Array(k);
  for (const v of part.variables)
    part.entries.forEach((e, i) => {
      if (e >= v.offset && e < v.offset + v.size) start[i] = v.init[e - v.offset];
    });
  if (!convex) {
    if (seen || k > FEW) return undefined;
    const constraints = part.constraints.map((c, i) => ({ kind: c.kind, body: rows[i].body }));
    const level = new IntervalLevel({ builder: b, y: input, objective, constraints });
    level.prepare([]);
    const found = minimise(level, { lo: lower, hi: upper }, { tolerance: 1e-8, boxes: 2000, starts: [start] });
    if (found.status !== "proved" || found.y === undefined) return undefined;
    start = Float64Array.from(found.y);
  }
  const program: Program = { builder: b, blocks: [{ input, lower, upper }], parameters: [], objective, rows };
  const result = solveNonlinear(compileProgram(program, interpreted), start, { tolerance: 1e-11 });
  const { stationarity, stationarityScale, violation, complementarity } = result.residuals;
  const accurate =
    result.status === "solved" &&
    stationarity <= ACCURATE * stationarityScale &&
    Math.max(violation, complementarity) <= ACCURATE * Math.max(1, Math.abs(result.f));
  if (!accurate) return undefined;
  const v = rows.length === 0 ? polished(b, objective, input, result.u, lower, upper) : result.u;
  return { part, v, multipliers: result.rowMultipliers };
}

function definite(
  b: Problem["builder"],
  objective: Node,
  input: { readonly name: string; readonly size: number },
  box: { readonly lo: Vector; readonly hi: Vector },
): boolean {
  const [bounds] = rangesOver([hessian(b, objective, input)], new Map([[input, box]]));
  return bounds.flags.every((f) => f === 0) && provedDefinite(lowered(bounds, input.size), input.size);
}
