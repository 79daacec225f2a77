/**
 * Constraints that contradict each other by what their activities imply (curvature/implied.ts): a proof, before any method runs,
 * that no point keeps them all. Only a contradiction by more than the tolerance counts, as points are accepted within it. It is
 * made irreducible by the deletion filter; small affine ones are left to linear programs (linearConflict.ts), which name single
 * rows and sides of bounds.
 */
import { impliedBoxes, impliedWithout } from "../../curvature/implied.js";
import { degreeIn } from "../../expr/degree.js";
import type { Result } from "../../methods/result.js";
import type { Constraint, LevelModel, Problem, Variable } from "../../model/problem.js";
import type { Oracle } from "../../oracle/oracle.js";
import { unrun } from "../result.js";
import type { SolveRequest } from "../solving.js";
import { deletionFilter } from "./deletionFilter.js";
import { inOrder, LARGEST, type Member } from "./member.js";
import { told } from "./told.js";
import { ofConstraints } from "./words.js";

/** Constraints and variables that are looked at one by one. */
const MOST = 60;

/** The result of such a problem in the name of the method that would have come first. Undefined where nothing is proved. */
export function contradicted(
  oracle: Oracle,
  method: string,
  { parameters, seed, warnings }: Pick<SolveRequest, "parameters" | "seed" | "warnings">,
  tolerance: number,
): Result | undefined {
  const { problem, upper, lower } = oracle;
  // oracles written by hand carry no graph
  if (problem.builder === undefined || impliedBoxes(problem).empty === undefined) return undefined;
  const parts = partsOf(problem, tolerance);
  const conflicts = contradictory(problem, parts);
  const all = parts.map((_, i) => i);
  if (!conflicts(all)) return undefined;
  const result = unrun(oracle, method, parameters, seed, "infeasible", warnings);
  const { x, y } = problem;
  const size = x.size + y.size + upper.constraints.rows + lower.constraints.rows;
  const affine = all.filter((i) => parts[i].rows.every(({ body }) => degreeIn(body, x, y) <= 1));
  const linear = conflicts(affine);
  if ((linear && size <= LARGEST) || parts.length > MOST) return result;
  const members = deletionFilter(linear ? affine : all, conflicts).map((i) => parts[i].member);
  return told(result, ofConstraints(problem, inOrder(members)));
}

/** What can take part: a constraint, loosened by the tolerance, or the domain of a variable. */
interface Part {
  readonly member: Member;
  /** Equations are two. */
  readonly rows: readonly Constraint[];
  readonly domain?: Variable;
}

function partsOf({ upper, lowers, builder }: Problem, tolerance: number): readonly Part[] {
  const loosened = (c: Constraint): readonly Constraint[] => {
    const room = builder.filled(c.body.shape, tolerance);
    const below: Constraint = { ...c, kind: "le", body: builder.sub(c.body, room) };
    return c.kind === "le" ? [below] : [below, { ...below, body: builder.sub(builder.neg(c.body), room) }];
  };
  const levels: readonly { readonly model: LevelModel; readonly level: Member["level"] }[] = [
    { model: upper, level: "upper" },
    ...lowers.map((model) => ({ model, level: "lower" as const })),
  ];
  const constraints = levels.flatMap(({ model, level }) =>
    model.constraints.map((c): Part => ({ member: { name: c.name, level, span: c.span }, rows: loosened(c) })),
  );
  const domains = levels.flatMap(({ model, level }) =>
    model.variables
      .filter((v) => v.domain.kind !== "free")
      .map((v): Part => {
        const name = `${v.domain.kind === "box" ? "bounds" : "domain"} of ${v.name}`;
        return { member: { name, level, span: v.span, bound: true }, rows: [], domain: v };
      }),
  );
  return [...constraints, ...domains];
}

/** Whether the parts at the given positions contradict each other. */
function contradictory(problem: Problem, parts: readonly Part[]): (kept: readonly number[]) => boolean {
  return (kept) => {
    const some = kept.map((i) => parts[i]);
    const domains = new Set(some.flatMap(({ domain }) => domain ?? []));
    const reduced = (model: LevelModel, level: Member["level"]): LevelModel => ({
      ...model,
      variables: model.variables.map((v) => (domains.has(v) ? v : { ...v, domain: { kind: "free" } })),
      constraints: level === "upper" ? some.flatMap(({ member, rows }) => (member.level === level ? rows : [])) : [],
    });
    // which follower a row belongs to does not matter to a point that keeps all
    const below = some.flatMap(({ member, rows }) => (member.level === "lower" ? rows : []));
    const lowers = problem.lowers.map((l, i) => ({ ...reduced(l, "lower"), constraints: i === 0 ? below : [] }));
    return (
      impliedWithout({ ...problem, upper: reduced(problem.upper, "upper"), lowers }, new Map()).empty !== undefined
    );
  };
}
