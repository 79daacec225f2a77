/** What is called otherwise elsewhere: functions of other languages, and entries written like names (`y1`). */
import type { Scope } from "./scope.js";
import { lookup } from "./scope.js";

const functionHints: ReadonlyMap<string, string> = new Map([
  ["ln", "the natural logarithm is `log`"],
  ["log10", "write `log(x) / log(10)`"],
  ["log2", "write `log(x) / log(2)`"],
  ["pow", "the power is written `^`: `x^2`"],
  ["power", "the power is written `^`: `x^2`"],
  ["range", "a set of whole numbers is written `1..3`"],
  ["sqr", "`square(x)` is the square, `sqrt(x)` the square root"],
  ["arctan", "it is called `atan`"],
  ["arcsin", "it is called `asin`"],
  ["arccos", "it is called `acos`"],
  ["len", "it is called `length`"],
  ["size", "it is called `length`; of a matrix `rows` and `cols`"],
  ["numel", "it is called `length`"],
  ["avg", "it is called `mean`"],
  ["average", "it is called `mean`"],
  ["logistic", "it is called `sigmoid`"],
  ["inverse", "it is called `inv`; `solve(A, b)` is better than `inv(A) * b`"],
  ["identity", "it is called `eye`"],
  ["inner", "it is called `dot`"],
  ["matmul", "the product of matrices is written `*`"],
  ["where", "a choice is written `if c then a else b`"],
  ["ifelse", "a choice is written `if c then a else b`"],
]);

/** The way to say it here, for the name of a function elsewhere. */
export function functionHint(name: string): string | undefined {
  return functionHints.get(name.toLowerCase());
}

/** `y[1]` for `y1` or `y_1`, where `y` is something that has entries. */
export function entryMeant(name: string, scope: Scope): string | undefined {
  const match = /^(.*?)_?(\d+)$/.exec(name);
  if (!match) return undefined;
  const symbol = lookup(scope, match[1]);
  if (symbol?.kind !== "var" && symbol?.kind !== "param") return undefined;
  const { declaration } = symbol;
  const vector =
    declaration.dimensions.length === 1 || (declaration.kind === "param" && declaration.value?.kind === "array");
  return vector ? `${match[1]}[${match[2]}]` : undefined;
}
