/**
 * A proof that no (x, y) keeps the constraints of both levels: the affine ones among them and the bounds as a linear program.
 * HiGHS names rows and variables of an irreducible infeasible subsystem; the deletion filter then tells which sides of the
 * variables' bounds take part.
 */
import type { Backend } from "../../codegen/kernel.js";
import { degreeIn } from "../../expr/degree.js";
import { linearModel } from "../../lp/linearModel.js";
import type { QuadraticProgram } from "../../lp/quadratic.js";
import type { Problem } from "../../model/problem.js";
import { compileProgram } from "../../reform/compile.js";
import { jointProgram } from "../../reform/jointProgram.js";
import type { Program } from "../../reform/program.js";
import { deletionFilter } from "./deletionFilter.js";
import { boundMember, inOrder, type Member, rowMembers } from "./member.js";

type Vector = Float64Array;

const inf = Number.POSITIVE_INFINITY;
/** Conflicts of more members than this are not made irreducible. */
const MOST = 80;

export interface AffineSet {
  readonly program: QuadraticProgram;
  readonly rows: readonly Member[];
  /** True where every constraint is affine. */
  readonly whole: boolean;
}

/** All affine constraints of both levels, in (x, y). */
export function affineSet(problem: Problem, backend: Backend): AffineSet {
  const joint = jointProgram(problem);
  const affine = joint.rows.filter((r) => degreeIn(r.body, problem.x, problem.y) <= 1);
  const program: Program = { ...joint, rows: affine };
  const compiled = compileProgram(program, backend);
  const { n, rows, jacobian, rowLower, rowUpper, lower, upper } = compiled;
  const at = new Float64Array(n);
  const values = new Float64Array(jacobian.rows.length);
  compiled.jacobianInto(at, values);
  const constants = new Float64Array(rows);
  compiled.constraintsInto(at, constants);
  return {
    program: {
      n,
      rows,
      cost: at,
      offset: 0,
      hessian: undefined,
      matrix: { ...jacobian, values },
      lower,
      upper,
      rowLower: rowLower.map((v, i) => v - constants[i]),
      rowUpper: rowUpper.map((v, i) => v - constants[i]),
    },
    rows: rowMembers(problem, affine),
    whole: affine.length === joint.rows.length,
  };
}

/** The members of a conflict; or a point (x, y) of the set; undefined where neither was found. */
export function linearConflict(
  problem: Problem,
  { program, rows: names }: AffineSet,
): { readonly members: readonly Member[] } | { readonly point: Vector } | undefined {
  const { n, rows } = program;
  const model = linearModel(program);
  const status = model.solve();
  const point = status === "optimal" ? model.solution().u : undefined;
  const found = status === "infeasible" ? model.conflict() : undefined;
  model.dispose();
  if (point !== undefined) return { point };
  if (status !== "infeasible") return undefined;
  // positions: rows, then lower bounds, then upper bounds
  const all = [...(found?.rows ?? Array.from({ length: rows }, (_, i) => i))];
  for (const j of found?.columns ?? Array.from({ length: n }, (_, k) => k)) {
    if (program.lower[j] > -inf) all.push(rows + j);
    if (program.upper[j] < inf) all.push(rows + n + j);
  }
  const conflicts = (kept: readonly number[]): boolean => contradictory(program, new Set(kept));
  if (!conflicts(all)) return undefined;
  const kept = all.length <= MOST ? deletionFilter(all, conflicts) : all;
  const members = kept.map((k) =>
    k < rows ? names[k] : boundMember(problem, (k - rows) % n, k < rows + n ? "lower" : "upper"),
  );
  return { members: inOrder(members) };
}

function contradictory(p: QuadraticProgram, kept: ReadonlySet<number>): boolean {
  const { n, rows } = p;
  const only = (values: Vector, offset: number, free: number): Vector =>
    values.map((v, i) => (kept.has(offset + i) ? v : free));
  const model = linearModel({
    ...p,
    rowLower: only(p.rowLower, 0, -inf),
    rowUpper: only(p.rowUpper, 0, inf),
    lower: only(p.lower, rows, -inf),
    upper: only(p.upper, rows + n, inf),
  });
  const status = model.solve();
  model.dispose();
  return status === "infeasible";
}
