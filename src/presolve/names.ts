/** What entries of x and y are called: the variable's name, with subscripts from 1 where it has several entries. */
import type { EntryName, EntryNames } from "../expr/polynomialText.js";
import type { Problem, Variable } from "../model/problem.js";

export function variableAt(problem: Problem, level: "upper" | "lower", k: number): Variable {
  const variables = level === "upper" ? problem.upper.variables : problem.lowers.flatMap((l) => l.variables);
  return variables.find((v) => k >= v.offset && k < v.offset + v.size)!;
}

export function entryName(problem: Problem, level: "upper" | "lower", k: number): EntryName {
  const { name, shape, offset } = variableAt(problem, level, k);
  const digits: number[] = [];
  let rest = k - offset;
  for (const d of [...shape].reverse()) {
    digits.unshift((rest % d) + 1);
    rest = Math.floor(rest / d);
  }
  const tex = texName(name);
  if (digits.length === 0) return { text: name, tex };
  const subscript = digits.join(", ");
  return {
    text: `${name}[${subscript}]`,
    tex: tex.includes("_") ? `{${tex}}_{${subscript}}` : `${tex}_{${subscript}}`,
  };
}

/** x, x_{1} for x1, \mathrm{price} for longer names. */
function texName(name: string): string {
  const [, word, digits] = /^(.*?)_?(\d*)$/.exec(name)!;
  const base = [...word].length <= 1 ? word : `\\mathrm{${word.replace(/_/g, "\\_")}}`;
  return digits === "" ? base : `${base}_{${digits}}`;
}

/** Names of the problem's variables for formulas. */
export function namesIn(problem: Problem): EntryNames {
  return (block, index) =>
    block === problem.x || block === problem.y
      ? entryName(problem, block === problem.x ? "upper" : "lower", index)
      : { text: `${block.name}[${index + 1}]`, tex: `${block.name}_{${index + 1}}` };
}

/** Rows of a constraint for people: the name where all of them go, `name (rows 1, 3)` else. */
export function rowsText(name: string, rows: readonly number[], total: number): string {
  if (rows.length === total) return name;
  const shown = rows.slice(0, 4).map((r) => r + 1);
  return `${name} (row${rows.length > 1 ? "s" : ""} ${shown.join(", ")}${rows.length > 4 ? ", …" : ""})`;
}
