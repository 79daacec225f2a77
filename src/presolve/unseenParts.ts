/**
 * Parts of the lower level that the upper level does not see: they decide nothing, whatever x is. Where such a part has a solution
 * for every x (it is strongly convex over the domains, by proof, and its constraints do not read x and can be kept), it goes, and is solved
 * for the x of a point when the point is mapped back.
 */
import { interpreted } from "../codegen/backend.js";
import { work } from "../constants/bounds.js";
import { hessian } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Node } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import { problemReads } from "../model/reads.js";
import { solveNonlinear } from "../nlp/solve.js";
import { provedDefinite } from "../num/definite.js";
import { compileProgram } from "../reform/compile.js";
import { type Program, rowsOf } from "../reform/program.js";
import { partFormula } from "./lowerFormula.js";
import { objectivesWithout, type Part, partsOf, sumOfTerms } from "./parts.js";
import { polished } from "./polished.js";
import { lowered, MOST_WORK } from "./quadraticPart.js";
import { domainBoxes, rangesOver } from "./ranges.js";
import { rebuilt } from "./rebuild.js";
import { reductionOf } from "./reduction.js";
import { removedRows, rowPositions } from "./rows.js";
import { type PresolveStep, presolveStep } from "./step.js";

type Vector = Float64Array;

interface Solution {
  readonly v: Vector;
  readonly multipliers: Vector;
}

/** A part and its solution for an x; undefined where the solve fails. */
interface Solver {
  readonly part: Part;
  readonly at: (x: Vector) => Solution | undefined;
}

/** Variables of a part that is solved with dense matrices. */
const MOST = 60;
/** First-order residuals that count as solved, relative to their scale. */
const ACCURATE = 1e-9;

export const unseenParts: PresolveStep = presolveStep({
  id: "unseen-parts",
  title: "Lower parts that the upper level does not see",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995 (isolated subproblems)",
  formulas: ["f(x, u), g(x, u, v) = g_1(x, u) + g_2(x, v):  v*(x) = argmin g_2(x, v), at the end"],
  keeps: "All solutions: v has one for every x, and nothing depends on it.",
  find: (problem) => {
    if (!problem.independentFollowers) return [{ message: "The followers depend on each other." }];
    if (problem.samples.length > 0) return [{ message: "Sums are sampled." }];
    const { upper } = problem;
    const seen = problemReads(problem, [upper.objective, ...upper.constraints.map((c) => c.body)]).y;
    const unseen = partsOf(problem).parts.filter((part) => part.entries.every((k) => seen[k] === 0));
    const found = unseen.flatMap((part) => solverOf(problem, part) ?? []);
    if (found.length === 0)
      return [{ message: "The upper level sees every part of the lower one that is known to be solvable." }];
    const gone = found.map((f) => f.part);
    const cut = {
      y: new Map(gone.flatMap((part) => [...part.entries].map((k) => [k, 0] as const))),
      rows: removedRows(gone.flatMap((p) => p.constraints)),
      objectives: objectivesWithout(problem, gone),
    };
    const changes = gone.map(({ variables }) => {
      const several = variables.length > 1;
      return `${variables.map((v) => v.name).join(", ")}: the upper level does not see ${several ? "them" : "it"}, solved at the end.`;
    });
    const reduction = reductionOf(problem, cut, changes);
    return {
      ...reduction,
      invert: (point) => {
        const whole = reduction.invert(point);
        for (const { part, at } of found) {
          const solution = at(whole.x);
          if (solution === undefined) continue;
          part.entries.forEach((k, i) => {
            whole.y[k] = solution.v[i];
          });
          part.constraints
            .flatMap((c) => rowPositions(problem, c))
            .forEach((row, i) => {
              if (whole.multipliers !== undefined) whole.multipliers[row] = solution.multipliers[i];
            });
        }
        return whole;
      },
    };
  },
});

/** Undefined where nothing shows that the part has a solution for every x, or where its formula costs less. */
function solverOf(problem: Problem, part: Part): Solver | undefined {
  const { builder: b, x, y } = problem;
  const k = part.entries.length;
  if (k > MOST || part.variables.some((v) => v.domain.kind === "ball" || v.domain.kind === "simplex")) return undefined;
  if (part.constraints.some((c) => dependsOn(c.body, x) || degreeIn(c.body, y) > 1)) return undefined;
  if (typeof partFormula(problem, part) !== "string") return undefined;
  const input = { name: "part", size: k };
  const place = b.put(b.input(input), 0, b.graph.positions(part.entries), y.size);
  const local = (node: Node): Node => rebuilt(b, [node], new Map([[y, place]]))[0];
  const objective = local(sumOfTerms(problem, part.terms));
  if (k * work([objective]) > MOST_WORK) return undefined;
  const boxes = domainBoxes(problem);
  const whole = boxes.get(y)!;
  const lower = Float64Array.from(part.entries, (e) => whole.lo[e]);
  const upper = Float64Array.from(part.entries, (e) => whole.hi[e]);
  const over = new Map([...boxes, [input, { lo: lower, hi: upper }] as const]);
  const [bounds, values] = rangesOver([hessian(b, objective, input), objective], over);
  if ([...bounds.flags, ...values.flags].some((f) => f !== 0) || !provedDefinite(lowered(bounds, k), k))
    return undefined;
  const rows = part.constraints.map((c) => rowsOf(c.name, "lower", c.kind, b.reshape(local(c.body), [c.rows])));
  const program: Program = { builder: b, blocks: [{ input, lower, upper }], parameters: [x], objective, rows };
  const compiled = compileProgram(program, interpreted);
  let last: { readonly x: Vector; readonly solution: Solution | undefined } | undefined;
  let start = startOf(part);
  const at = (point: Vector): Solution | undefined => {
    if (last?.x.every((v, i) => v === point[i])) return last.solution;
    compiled.parameters.set(point);
    const result = solveNonlinear(compiled, start, { tolerance: 1e-11 });
    const { stationarity, stationarityScale, violation, complementarity } = result.residuals;
    const accurate =
      result.status === "solved" &&
      stationarity <= ACCURATE * stationarityScale &&
      Math.max(violation, complementarity) <= ACCURATE * Math.max(1, Math.abs(result.f));
    const solution = accurate ? { v: sharp(result.u, point), multipliers: result.rowMultipliers } : undefined;
    if (solution !== undefined) start = solution.v.slice();
    last = { x: point.slice(), solution };
    return solution;
  };
  const sharp = (v: Vector, point: Vector): Vector =>
    rows.length > 0 ? v : polished(b, fixedX(problem, objective, point), input, v, lower, upper);
  // the constraints can be kept: they do not read x
  return at(startX(problem)) === undefined ? undefined : { part, at };
}

function fixedX({ builder: b, x }: Problem, node: Node, point: Vector): Node {
  return rebuilt(b, [node], new Map([[x, b.tensor({ shape: [x.size], values: point.slice() })]]))[0];
}

function startOf(part: Part): Vector {
  const start = new Float64Array(part.entries.length);
  for (const v of part.variables)
    part.entries.forEach((e, i) => {
      if (e >= v.offset && e < v.offset + v.size) start[i] = v.init[e - v.offset];
    });
  return start;
}

function startX({ x, upper }: Problem): Vector {
  const out = new Float64Array(x.size);
  for (const v of upper.variables) out.set(v.init, v.offset);
  return out;
}
