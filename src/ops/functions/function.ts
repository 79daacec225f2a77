/** What a function of the language is, and the checks that several of them share. */

import { integerOf, kindOf, type ShapeProblem, words } from "../align.js";
import type { Builder } from "../build.js";
import { ownShape, type Value } from "../value.js";

export type FunctionFamily = "elementwise" | "reductions" | "vectors" | "probability" | "matrices" | "shapes";

export interface LanguageFunction {
  readonly name: string;
  readonly family: FunctionFamily;
  /** How a reader may call it: "dot(a, b)". */
  readonly signature: string;
  /** One sentence with the formula; kinks and special cases are named. */
  readonly doc: string;
  /** Least and greatest number of arguments. */
  readonly arity: readonly [number, number];
  /** Builds the result; the number of arguments has been checked. */
  apply(b: Builder, args: readonly Value[]): Value | ShapeProblem;
}

const ordinals = ["first", "second", "third"];

/** "the first argument is a scalar" */
function placed(args: readonly Value[], i: number): string {
  return args.length === 1
    ? `the argument is ${words(args[i])}`
    : `the ${ordinals[i] ?? `${i + 1}th`} is ${words(args[i])}`;
}

/** Two vectors (or rows) of the same length. */
export function equalVectors(name: string, args: readonly Value[]): ShapeProblem | undefined {
  for (const i of [0, 1]) {
    const kind = kindOf(args[i]);
    if (kind !== "vector" && kind !== "row")
      return { problem: `${name} needs two vectors of the same length; ${placed(args, i)}`, argument: i };
  }
  const [l, r] = args.map((v) => ownShape(v));
  if (l[0] === r[0]) return undefined;
  return {
    problem: `${name} needs two vectors of the same length; the first has shape [${l}], the second [${r}]`,
    argument: 1,
  };
}

/** A vector (or row) at position i. */
export function vectorAt(name: string, args: readonly Value[], i: number): ShapeProblem | undefined {
  const kind = kindOf(args[i]);
  if (kind === "vector" || kind === "row") return undefined;
  return { problem: `${name} needs a vector; ${placed(args, i)}`, argument: i };
}

/** A matrix at position i, square if asked. */
export function matrixAt(name: string, args: readonly Value[], i: number, square = false): ShapeProblem | undefined {
  const kind = kindOf(args[i]);
  const [rows, cols] = ownShape(args[i]);
  if (kind === "matrix" && (!square || rows === cols)) return undefined;
  return { problem: `${name} needs a ${square ? "square " : ""}matrix; ${placed(args, i)}`, argument: i };
}

/** A scalar at position i. */
export function scalarAt(name: string, args: readonly Value[], i: number): ShapeProblem | undefined {
  return kindOf(args[i]) === "scalar"
    ? undefined
    : { problem: `${name} needs a scalar there; ${placed(args, i)}`, argument: i };
}

/** Constant whole numbers, at least `least`. */
export function sizes(name: string, args: readonly Value[], least = 0): readonly number[] | ShapeProblem {
  const found: number[] = [];
  for (const [i, v] of args.entries()) {
    const n = integerOf(v);
    if (n === undefined || n < least)
      return {
        problem: `${name} needs whole numbers of at least ${least} that are known at compile time`,
        argument: i,
      };
    found.push(n);
  }
  return found;
}
