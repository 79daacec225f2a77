/** What the entries of input blocks are called: variables of the problem, lower solutions y*, directions, multipliers. */
import type { InputBlock, Shape } from "../../expr/node.js";
import { sizeOf } from "../../expr/node.js";
import type { EntryNames } from "../../expr/polynomialText.js";
import type { Constraint, Problem, Variable } from "../../model/problem.js";
import { printExpression } from "../../syntax/printExpression.js";
import type { Expression } from "../../syntax/tree.js";
import { call, indexed, name } from "../notation/make.js";

import { nameTex } from "../notation/names.js";
import { parsedExpression } from "../notation/parsed.js";
import { expressionTex } from "../notation/tex.js";

/** A named part of an input block. */
export interface Place {
  readonly expression: Expression;
  readonly offset: number;
  readonly size: number;
  readonly shape: Shape;
}

export type Blocks = ReadonlyMap<InputBlock, readonly Place[]>;

/** A block of our own with the names of its parts, and the TeX of names that need their own. */
export interface NamedBlock {
  readonly block: InputBlock;
  readonly places: readonly Place[];
  readonly tex: ReadonlyMap<string, string>;
}

export function variablesOf(problem: Problem): readonly Variable[] {
  return [problem.upper, ...problem.lowers].flatMap((level) => level.variables);
}

/** A variable by its name; of two levels' variables with one name, with the level's. */
export function variableName(problem: Problem, v: Variable): string {
  const twins = variablesOf(problem).filter((other) => other.name === v.name);
  const owner = v.follower === undefined ? problem.upper : problem.lowers[v.follower];
  return twins.length > 1 ? `${owner.name}.${v.name}` : v.name;
}

export function variableExpression(problem: Problem, v: Variable): Expression {
  return parsedExpression(variableName(problem, v));
}

const placeOf = (v: Variable, expression: Expression): Place => ({
  expression,
  offset: v.offset,
  size: v.size,
  shape: v.shape,
});

export function problemBlocks(problem: Problem): Blocks {
  const of = (level: Variable["level"]): readonly Place[] =>
    variablesOf(problem)
      .filter((v) => v.level === level)
      .map((v) => placeOf(v, variableExpression(problem, v)));
  return new Map([
    [problem.x, of("upper")],
    [problem.y, of("lower")],
  ]);
}

/** A name as one word: dual(cap) is dual_cap. */
const identifier = (text: string): string => text.replace(/[^\p{L}\p{Nd}_]+/gu, "_").replace(/_$/, "");

/** Digits of a name are no index where entries have one. */
function plainTex(text: string, indexed: boolean): string {
  const expression = parsedExpression(text);
  const none = (): boolean => false;
  return expression.kind === "name" ? nameTex(text, indexed, none) : expressionTex(expression, { taken: none });
}

/** A second point of the lower level under the variables' names with a mark: w* for w. */
export function starred(problem: Problem, level: "upper" | "lower" = "lower"): NamedBlock {
  const of = variablesOf(problem).filter((v) => v.level === level);
  const tex = new Map<string, string>();
  const places = of.map((v) => {
    const plain = variableName(problem, v);
    const text = `${identifier(plain)}_star`;
    tex.set(text, `${plainTex(plain, v.shape.length > 0)}^{\\star}`);
    return placeOf(v, name(text));
  });
  return { block: { name: "star", size: (level === "lower" ? problem.y : problem.x).size }, places, tex };
}

/** A direction in the lower variables: d, or d_w for each variable w. */
export function direction(problem: Problem): NamedBlock {
  const of = variablesOf(problem).filter((v) => v.level === "lower");
  const tex = new Map<string, string>();
  const places = of.map((v) => {
    const plain = variableName(problem, v);
    const text = of.length === 1 ? "d" : `d_${identifier(plain)}`;
    tex.set(text, of.length === 1 ? "d" : `d_{${plainTex(plain, v.shape.length > 0)}}`);
    return placeOf(v, name(text));
  });
  return { block: { name: "direction", size: problem.y.size }, places, tex };
}

/** The multipliers of a constraint's rows, as the language calls them. */
export function multipliers({ name: text, rows }: Constraint): NamedBlock {
  const expression = call("dual", name(text));
  const place: Place = { expression, offset: 0, size: rows, shape: rows === 1 ? [] : [rows] };
  return { block: { name: `dual(${text})`, size: rows }, places: [place], tex: new Map() };
}

/** One entry of a block. */
export function entryExpression(blocks: Blocks, block: InputBlock, index: number): Expression {
  const place = blocks.get(block)?.find((p) => p.offset <= index && index < p.offset + p.size);
  if (!place) return indexed(name(block.name), index + 1);
  const at = index - place.offset;
  if (place.shape.length === 0) return place.expression;
  if (place.shape.length === 1) return indexed(place.expression, at + 1);
  const row = sizeOf(place.shape.slice(1));
  return indexed(place.expression, Math.floor(at / row) + 1, (at % row) + 1);
}

/** For polynomials over entries; their TeX comes from the expression that their text is. */
export function entryNames(blocks: Blocks): EntryNames {
  return (block, index) => {
    const text = printExpression(entryExpression(blocks, block, index));
    return { text, tex: text };
  };
}
