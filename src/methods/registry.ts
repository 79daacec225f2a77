/** All methods by id: the built-in ones and those that a caller registers; and whether a method fits a problem. */
import { type Diagnostic, diagnostic, fail } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import type { Domain, LevelModel, Problem, Variable } from "../model/problem.js";
import { builtin, takenByPlainRuns } from "./builtin.js";
import type { Method } from "./method.js";
import { composedNamed } from "./pieces/catalogue.js";

const registered = new Map<string, Method>(builtin.map((m) => [m.id, m]));

/** Adds a method (or replaces the one of the same id). */
export function registerMethod(method: Method): void {
  registered.set(method.id, method);
}

/** All methods in order of registration, built-in ones first. */
export function methods(): readonly Method[] {
  return [...registered.values()];
}

/**
 * The method of an id, or made of the pieces that an id such as `nesterov+cg+adam` names; fails with BLO0801 and the nearest known
 * id, at the place where the source names it, if it does.
 */
export function methodOf(id: string, span?: Span): Method {
  const method = registered.get(id) ?? composedNamed(id);
  if (method !== undefined) return method;
  if (takenByPlainRuns.methods.some((m) => m.id === id)) {
    const hint = `a run without a method takes ${id} where it can; \`blo methods ${id}\` says when`;
    return fail("BLO0801", { method: id, suggestion: undefined }, { span, hint });
  }
  return fail("BLO0801", { method: id, suggestion: closest(id, registered.keys()) }, { span });
}

/** Whatever a result may name as its method: those that can be asked for, and those that only plain runs take. */
export function methodInResult(id: string): Method | undefined {
  return registered.get(id) ?? takenByPlainRuns.methods.find((m) => m.id === id) ?? composedNamed(id);
}

function restricted(variables: readonly Variable[]): Variable | undefined {
  return variables.find((v) => v.domain.kind !== "free");
}

function words(domain: Domain): string {
  switch (domain.kind) {
    case "free":
      return "the whole space";
    case "box":
      return "a box";
    case "ball":
      return "a ball";
    case "simplex":
      return "a simplex";
  }
}

/** The words before a level's curly bracket: enough to show which one is meant. */
function headOf({ source }: Problem, { span: { start, end } }: LevelModel): Span {
  const words = source.slice({ start, end }).split("{")[0].trimEnd();
  return { start, end: start + words.length };
}

/** What keeps the method from the problem, without naming alternatives. */
function obstacles(method: Method, problem: Problem, alternatives: readonly string[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { requirements, id } = method;
  const base = { method: id, alternatives };
  const { upper, lowers } = problem;
  const lowerVariables = lowers.flatMap((level) => level.variables);
  if (upper.variables.length === 0)
    found.push(diagnostic("BLO0815", { ...base, level: "upper" }, { span: headOf(problem, upper) }));
  if (lowerVariables.length === 0)
    found.push(diagnostic("BLO0815", { ...base, level: "lower" }, { span: headOf(problem, lowers[0]) }));
  if (!requirements.upperConstraints && upper.constraints.length > 0) {
    found.push(diagnostic("BLO0810", base, { span: upper.constraints[0].span }));
  }
  const constrained = lowers.find((level) => level.constraints.length > 0);
  if (!requirements.lowerConstraints && constrained !== undefined) {
    found.push(diagnostic("BLO0811", base, { span: constrained.constraints[0].span }));
  }
  for (const level of ["upper", "lower"] as const) {
    const projects = level === "upper" ? requirements.upperDomain : requirements.lowerDomain;
    const variable = restricted(level === "upper" ? upper.variables : lowerVariables);
    if (projects || variable === undefined) continue;
    const domain = words(variable.domain);
    found.push(diagnostic("BLO0812", { ...base, level, variable: variable.name, domain }, { span: variable.span }));
  }
  if (requirements.minimaxOnly && !problem.minimax)
    found.push(diagnostic("BLO0813", base, { span: headOf(problem, upper) }));
  const why = requirements.structure?.(problem);
  if (why !== undefined) found.push(diagnostic("BLO0818", { ...base, why }, { span: headOf(problem, upper) }));
  if (!problem.independentFollowers && requirements.dependentFollowers !== true) {
    const price = lowers.find((l) => l.priceOf !== undefined);
    if (price !== undefined) {
      const constraint = price.priceOf?.constraint.name ?? "";
      found.push(diagnostic("BLO0819", { ...base, constraint }, { span: price.span }));
      return found;
    }
    const first = lowers[0];
    found.push(diagnostic("BLO0814", { ...base, first: first.name }, { span: headOf(problem, first) }));
  }
  return found;
}

/** Nothing if the method fits; else each missing property as a diagnostic that names the methods that do fit. */
export function whyNot(method: Method, problem: Problem): readonly Diagnostic[] {
  if (obstacles(method, problem, []).length === 0) return [];
  return obstacles(method, problem, fitting(problem));
}

/** Ids of the methods that fit the problem. */
export function fitting(problem: Problem): readonly string[] {
  return methods()
    .filter((m) => obstacles(m, problem, []).length === 0)
    .map((m) => m.id);
}

/** Lets the methods load what they need, where they fit the problem. */
export async function prepare(chosen: readonly Method[], problem: Problem): Promise<void> {
  for (const method of chosen) {
    if (method.prepare !== undefined && whyNot(method, problem).length === 0) await method.prepare(problem);
  }
}
