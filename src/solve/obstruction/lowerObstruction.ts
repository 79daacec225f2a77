/**
 * Why a problem with affine first-order conditions has no bilevel feasible point although the constraints of both levels can
 * be kept together: either no x has a lower solution at all (the lower objective falls for ever, along a ray), or the upper
 * constraints exclude them all. Both are proved by branch and bound with no upper objective.
 */
import type { Backend } from "../../codegen/kernel.js";
import { BranchAndBound } from "../../lp/branchAndBound.js";
import type { QuadraticProgram } from "../../lp/quadratic.js";
import { fallingDirection } from "../../lp/recession.js";
import type { Constraint, Problem } from "../../model/problem.js";
import { affineComplementarity } from "../../reform/affineComplementarity.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import { lowerProgram } from "../../reform/lowerLevel.js";
import { deletionFilter } from "./deletionFilter.js";

type Vector = Float64Array;

/** Nodes of one search; beyond them nothing is proved. */
const NODES = 2000;
/** Upper constraints that are looked at one by one. */
const MOST = 40;

export type LowerObstruction =
  | { readonly kind: "upper constraints"; readonly constraints: readonly Constraint[] }
  /** A direction in y, if one was found. */
  | { readonly kind: "lower unbounded"; readonly ray: Vector | undefined }
  /** Followers that depend on each other. */
  | { readonly kind: "no equilibrium" };

/** `point`: an (x, y) that keeps the constraints of both levels. Undefined where a bilevel feasible point may exist. */
export function lowerObstruction(problem: Problem, backend: Backend, point: Vector): LowerObstruction | undefined {
  const { constraints } = problem.upper;
  const rules = constraints.map((_, i) => i);
  const excludes = (kept: readonly number[]): boolean =>
    empty(
      problem,
      kept.map((i) => constraints[i]),
      backend,
    );
  if (!excludes(rules)) return undefined;
  if (excludes([])) {
    if (!problem.independentFollowers) return { kind: "no equilibrium" };
    return { kind: "lower unbounded", ray: lowerRay(problem, backend, point) };
  }
  const kept = rules.length <= MOST ? deletionFilter(rules, excludes) : rules;
  return { kind: "upper constraints", constraints: kept.map((i) => constraints[i]) };
}

/** Proved: no x has a lower solution that keeps the given upper constraints. */
function empty(problem: Problem, constraints: readonly Constraint[], backend: Backend): boolean {
  const { upper, builder } = problem;
  const bare: Problem = { ...problem, upper: { ...upper, objective: builder.constant(0), constraints } };
  const affine = affineComplementarity(bare, backend);
  if (typeof affine === "string") return false;
  const search = new BranchAndBound(affine.program, affine);
  while (search.status === "searching" && search.u === undefined && search.nodes < NODES) search.step();
  search.dispose();
  return search.status === "infeasible";
}

/** A direction in which the lower objective falls for ever at x, the constraints kept. */
function lowerRay(problem: Problem, backend: Backend, point: Vector): Vector | undefined {
  const compiled = compileProgram(lowerProgram(problem), backend);
  compiled.parameters.set(point.subarray(0, problem.x.size));
  return fallingDirection(quadraticAt(compiled));
}

/** A compiled program whose rows are affine and whose objective is quadratic, as data. */
function quadraticAt(compiled: CompiledProgram): QuadraticProgram {
  const { n, rows, jacobian, hessian, lower, upper, rowLower, rowUpper } = compiled;
  const at = new Float64Array(n);
  const cost = new Float64Array(n);
  compiled.gradientInto(at, cost);
  const values = new Float64Array(jacobian.rows.length);
  compiled.jacobianInto(at, values);
  const constants = new Float64Array(rows);
  compiled.constraintsInto(at, constants);
  const curvature = new Float64Array(hessian.rows.length);
  compiled.hessianInto(at, 1, new Float64Array(rows), curvature);
  return {
    n,
    rows,
    cost,
    offset: compiled.value(at),
    hessian: curvature.some((v) => v !== 0) ? { ...hessian, values: curvature } : undefined,
    matrix: { ...jacobian, values },
    lower,
    upper,
    rowLower: rowLower.map((v, i) => v - constants[i]),
    rowUpper: rowUpper.map((v, i) => v - constants[i]),
  };
}
