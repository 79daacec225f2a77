/**
 * First-order conditions of the partially calm value function reformulation  min f + λ (g(x, y) - V(x))  subject to the
 * constraints of both levels, as a square system (Fischer, Zemkoho and Zhou, Optim. Methods Softw. 37, 2022): with z a lower
 * solution at x and w its multipliers, ∇V = ∇x g(x, z) + h_x(x, z)ᵀ w,
 *
 *   ∇x f + λ (∇x g(x, y) - ∇V) + c_xᵀ u + h_x(x, y)ᵀ v = 0
 *   ∇y f + λ ∇y g(x, y) + c_yᵀ u + h_y(x, y)ᵀ v = 0
 *   ∇y g(x, z) + h_y(x, z)ᵀ w = 0
 *   φ(u, -c(x, y)) = 0,  φ(v, -h(x, y)) = 0,  φ(w, -h(x, z)) = 0,      φ(a, b) = a + b - sqrt(a² + b²)
 *
 * Domains count as constraints; equalities keep their residuals in place of φ.
 */
import { gradient, substitute } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { type FeasibleSet, feasibleSet } from "./levels.js";
import { freeBlock, type Program, type Rows, rowsOf } from "./program.js";

/** Under the root of φ, so that it has a derivative at zero: an element of the generalised Jacobian there. */
const ROOT = 1e-40;

/** The variables are x, y, z, w, u, v (slacks before residuals in each); the one parameter is λ. The objective is zero. */
export function valueSystem(problem: Problem): Program {
  const { builder: b, upper, lowers, lowerObjective, x, y } = problem;
  const copy: InputBlock = { name: "lower copy", size: y.size };
  const lambda: InputBlock = { name: "lambda", size: 1 };
  const atCopy = (nodes: readonly Node[]): readonly Node[] => substitute(b, nodes, new Map([[y, b.input(copy)]]));
  const below = lowers.map((level) => feasibleSet(problem, level, y));
  const all = (sets: readonly FeasibleSet[], kind: "slacks" | "residuals"): readonly Node[] =>
    sets.flatMap((set) => set[kind].map((part) => part.body));
  const lower = { slacks: all(below, "slacks"), residuals: all(below, "residuals") };
  const above = feasibleSet(problem, upper, x);
  const groups = [
    { name: "w", slacks: atCopy(lower.slacks), residuals: atCopy(lower.residuals) },
    { name: "u", slacks: all([above], "slacks"), residuals: all([above], "residuals") },
    { name: "v", slacks: lower.slacks, residuals: lower.residuals },
  ].map(({ name, slacks, residuals }) => {
    const size = [...slacks, ...residuals].reduce((sum, node) => sum + node.shape[0], 0);
    return { name, slacks, residuals, block: freeBlock(name, size) };
  });

  const rows: Rows[] = [];
  /** Multipliers times conditions, and the rows that say so. */
  const terms = groups.map(({ name, slacks, residuals, block }) => {
    let sum: Node = b.constant(0);
    let at = 0;
    const take = (size: number): Node => b.take(b.input(block.input), 0, b.graph.range(at, size));
    for (const s of slacks) {
      const a = take(s.shape[0]);
      const root = b.sqrt(b.add(b.add(b.square(a), b.square(s)), b.constant(ROOT)));
      rows.push(rowsOf(`complementarity of ${name}`, "complementarity", "eq", b.sub(b.add(a, s), root)));
      sum = b.sub(sum, b.dot(a, s));
      at += s.shape[0];
    }
    for (const e of residuals) {
      rows.push(rowsOf(`equality of ${name}`, "lower", "eq", e));
      sum = b.add(sum, b.dot(take(e.shape[0]), e));
      at += e.shape[0];
    }
    return sum;
  });
  const [ofCopy, ofUpper, ofLower] = terms;
  const value = b.add(atCopy([lowerObjective])[0], ofCopy);
  const weighted = (node: Node): Node => b.mul(b.reshape(b.input(lambda), []), node);
  const penalised = b.add(b.add(upper.objective, weighted(lowerObjective)), b.add(ofUpper, ofLower));
  const [slopeX, slopeY] = gradient(b, penalised, [x, y]);
  const [valueX, valueY] = gradient(b, value, [x, copy]);
  rows.push(
    rowsOf("stationarity in x", "stationarity", "eq", b.sub(slopeX, weighted(valueX))),
    rowsOf("stationarity in y", "stationarity", "eq", slopeY),
    rowsOf("lower stationarity", "stationarity", "eq", valueY),
  );
  const free = (input: InputBlock) => ({ ...freeBlock(input.name, input.size), input });
  return {
    builder: b,
    blocks: [free(x), free(y), free(copy), ...groups.map((g) => g.block).filter((block) => block.input.size > 0)],
    parameters: [lambda],
    objective: b.constant(0),
    rows,
  };
}
