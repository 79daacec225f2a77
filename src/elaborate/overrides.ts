/** Parameter values given by the caller: numbers or nested lists of them, as `--set k=5` or `params: { A: [[1, 2], [3, 4]] }`. */
import { sizeOf } from "../expr/node.js";

/** A number, or lists of equally long lists of numbers; typed arrays are vectors. */
export type ParameterValue = number | Float64Array | readonly ParameterValue[];

/** Shape and entries (row-major), or what is wrong with them. */
export function readParameter(
  given: unknown,
): { readonly shape: readonly number[]; readonly values: Float64Array } | { readonly problem: string } {
  const shape: number[] = [];
  for (let level: unknown = given; isList(level); level = level[0]) {
    if (level.length === 0) return { problem: "a list is empty" };
    shape.push(level.length);
    if (shape.length > 8) return { problem: "the lists are nested too deeply" };
  }
  const values = new Float64Array(sizeOf(shape));
  let next = 0;
  const fill = (part: unknown, depth: number): string | undefined => {
    if (depth === shape.length) {
      if (typeof part !== "number")
        return isList(part) ? "lists are nested unevenly" : `${describe(part)} is not a number`;
      if (!Number.isFinite(part)) return `${part} is not a finite number`;
      values[next++] = part;
      return undefined;
    }
    if (!isList(part) || part.length !== shape[depth]) return "lists of one level have different lengths";
    for (let i = 0; i < part.length; i++) {
      const problem = fill(part[i], depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const problem = fill(given, 0);
  return problem === undefined ? { shape, values } : { problem };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float64Array;
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : value === null ? "null" : `a ${typeof value}`;
}
