/**
 * Habits of other languages: what a token that fits nowhere was probably meant as. Each row looks at the token, the one
 * before and the one after it, and has the hint that a person with that habit needs.
 */
import { closest } from "../base/suggest.js";
import type { StartSymbol } from "./earley.js";
import type { Token } from "./token.js";

export interface Place {
  readonly start: StartSymbol;
  readonly tokens: readonly Token[];
  readonly at: number;
}

interface Habit {
  readonly when: (token: Token, before: Token | undefined, after: Token | undefined) => boolean;
  readonly hint: string;
}

export const commentHint = "comments begin with `#` and go to the end of the line";
const strings = 'strings stand in double quotes: `"…"`';

const isNumber = (t: Token | undefined): boolean => t?.type === "number" || t?.type === "coefficient";
const touching = (a: Token | undefined, b: Token | undefined): boolean => a?.end === b?.start;

const habits: readonly Habit[] = [
  { when: (t, before) => t.text === "*" && before?.text === "*", hint: "the power is written `^`" },
  { when: (t, before) => (t.text === "/" || t.text === "*") && before?.text === "/", hint: commentHint },
  {
    when: (t, before, after) =>
      t.text === "," && isNumber(before) && isNumber(after) && touching(before, t) && touching(t, after),
    hint: "decimals have a point: `0.5`",
  },
  { when: (t, before) => t.text === ":" && isNumber(before), hint: "whole numbers from 1 to 3 are written `1..3`" },
  { when: (t) => t.text === "'", hint: strings },
  {
    when: (t) => t.text === "in" || t.text === "for",
    hint: "comprehensions are `sum`, `mean`, `prod`, `max` and `min`: `sum(i in 1..3: x[i])`",
  },
];

const ofVariables: readonly Habit[] = [
  { when: (t) => t.text === ",", hint: "declare each variable in its own statement" },
  { when: (t) => t.text === ":", hint: "every variable is real; its domain follows its name: `var x in [0, 5]`" },
  { when: (t) => t.text === "(", hint: "an interval stands in square brackets: `in [0, 5]`" },
  { when: isNumber, hint: "the name stands first, then its domain: `var x in [0, 5]`" },
];

const ofFunctions: readonly Habit[] = [
  { when: (t) => t.text === "{" || t.text === ":", hint: "a function is one formula: `fn f(x) = x^2`" },
];

const special: Partial<Record<StartSymbol, readonly Habit[]>> = { var: ofVariables, fn: ofFunctions };

/** What the token at a place was probably meant as. */
export function habitHint({ start, tokens, at }: Place): string | undefined {
  const rows = [...(special[start] ?? []), ...habits];
  return rows.find(({ when }) => when(tokens[at], tokens[at - 1], tokens[at + 1]))?.hint;
}

/** First words of statements that other languages use. */
const foreignWords: ReadonlyMap<string, string> = new Map([
  ["min", "minimize"],
  ["max", "maximize"],
  ["argmin", "minimize"],
  ["argmax", "maximize"],
  ["def", "fn"],
  ["function", "fn"],
  ["func", "fn"],
  ["const", "param"],
  ["parameter", "param"],
  ["variable", "var"],
  ["leader", "upper"],
  ["follower", "lower"],
  ["inner", "lower"],
  ["outer", "upper"],
  ["import", "data"],
]);

/** The word of the language that a name was probably meant as. */
export function wordMeant(token: Token, words: readonly string[]): string | undefined {
  if (token.type !== "name") return undefined;
  const foreign = foreignWords.get(token.text);
  return foreign !== undefined && words.includes(foreign) ? foreign : closest(token.text, words);
}
