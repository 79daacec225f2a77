/** A point in a message: `x = -0.3, w = [1, 2, 3, … 500 entries]`. */
import { cutTo } from "../base/width.js";
import type { Problem } from "../model/problem.js";
import { variablesOf } from "./values.js";

const mostEntries = 4;
const mostColumns = 120;

/** All variables with their entries (row by row), six digits each; long vectors and lists of variables are cut. `only`: of one level. */
export function pointText(problem: Problem, x: Float64Array, y: Float64Array, only?: "upper" | "lower"): string {
  const number = (v: number): string => String(Number(v.toPrecision(6)));
  const shownVariables = variablesOf(problem).filter((v) => only === undefined || v.level === only);
  const parts = shownVariables.map(({ name, level, shape, offset, size }) => {
    const entries = (level === "upper" ? x : y).subarray(offset, offset + size);
    if (shape.length === 0) return `${name} = ${number(entries[0])}`;
    const shown = Array.from(entries.subarray(0, mostEntries), number).join(", ");
    return `${name} = [${shown}${size > mostEntries ? `, … ${size} entries` : ""}]`;
  });
  return cutTo(parts.join(", "), mostColumns);
}
