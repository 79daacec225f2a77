/** Readers of the flags of `blo compare`: lists of methods, sets of seeds, budgets, options of one method among several. */
import { UsageError } from "./exit.js";
import { count, duration, option, positive, seed } from "./flags.js";

/** `aid-auto,f2ba`; repeated flags add up. */
export function methodList(text: string, previous: unknown): readonly string[] {
  const names = text
    .split(",")
    .map((t) => t.trim())
    .filter((t) => t !== "");
  if (names.length === 0)
    throw new UsageError(`expected ids of methods, as in --methods aid-auto,f2ba, found "${text}"`);
  return [...new Set([...((previous as readonly string[] | undefined) ?? []), ...names])];
}

const mostSeeds = 1000;

/** `1..5` are five seeds, `1,3,7` three, `5` one; each once, in order. */
export function seeds(text: string): readonly number[] {
  const found: number[] = [];
  for (const part of text.split(",")) {
    const ends = part.split("..");
    if (ends.length > 2) throw new UsageError(`expected seeds such as 1..5, 1,3,7 or 5, found "${text}"`);
    const [from, to] = [seed(ends[0]), seed(ends[ends.length - 1])];
    if (to < from) throw new UsageError(`expected a range of seeds from low to high, found "${part}"`);
    if (to - from >= mostSeeds) throw new UsageError(`more than ${mostSeeds} seeds: "${part}"`);
    for (let s = from; s <= to; s++) found.push(s);
  }
  return [...new Set(found)];
}

export interface BudgetFlag {
  readonly calls?: number;
  readonly seconds?: number;
  readonly iterations?: number;
}

/** `calls=1e4`, `time=20s`, `iterations=100`; several with commas, or the flag repeated. */
export function budget(text: string, previous: unknown): BudgetFlag {
  let read = (previous ?? {}) as BudgetFlag;
  for (const part of text.split(",")) {
    const [name, value = ""] = part.split("=").map((t) => t.trim());
    if (name === "calls") read = { ...read, calls: positive(value) };
    else if (name === "time") read = { ...read, seconds: duration(value) };
    else if (name === "iterations") read = { ...read, iterations: count(value) };
    else throw new UsageError(`expected calls=1e4, time=20s or iterations=100, found "${part}"`);
  }
  return read;
}

export type MethodOptions = ReadonlyMap<string, ReadonlyMap<string, number | boolean | string>>;

/** `f2ba.lambda=100` or `f2ba:lambda=100`. */
export function methodOption(text: string, previous: unknown): MethodOptions {
  const match = /^\s*([\w-]+)[.:]\s*([^=]+=.*)$/s.exec(text);
  if (match === null) throw new UsageError(`expected METHOD.NAME=VALUE, as in --opt f2ba.lambda=100, found "${text}"`);
  const [, method, rest] = match;
  const all = (previous ?? new Map()) as MethodOptions;
  return new Map(all).set(method, option(rest, all.get(method)));
}

export function notNegative(text: string): number {
  return Number(text) === 0 && text.trim() !== "" ? 0 : positive(text);
}

/** A path that ends as its format does; `-` where standard output may take it. */
export function pathEnding(ending: string, orOutput = false): (text: string) => string {
  return (text) => {
    if (orOutput && text === "-") return text;
    if (!text.toLowerCase().endsWith(ending))
      throw new UsageError(`expected a path that ends in ${ending}, found "${text}"`);
    return text;
  };
}
