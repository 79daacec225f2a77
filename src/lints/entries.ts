/** Entries of the flat vectors x and y by the names that people know. */
import type { Problem, Variable } from "../model/problem.js";

/** The variable that entry k of x (upper) or y (lower) belongs to. */
export function variableOf(problem: Problem, level: "upper" | "lower", k: number): Variable {
  const levels = level === "upper" ? [problem.upper] : problem.lowers;
  const found = levels.flatMap((l) => l.variables).find((v) => k >= v.offset && k < v.offset + v.size);
  if (found === undefined) throw new Error(`no ${level} variable has entry ${k}`);
  return found;
}

/** `y[3]`, `A[2, 1]`, or `y` for a scalar. */
export function entryName(problem: Problem, level: "upper" | "lower", k: number): string {
  const variable = variableOf(problem, level, k);
  if (variable.shape.length === 0) return variable.name;
  let rest = k - variable.offset;
  const indices = [...variable.shape].reverse().map((size) => {
    const index = rest % size;
    rest = (rest - index) / size;
    return index + 1;
  });
  return `${variable.name}[${indices.reverse().join(", ")}]`;
}
