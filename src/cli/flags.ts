/** Readers of flag values. Each throws a UsageError that says what was found and what is expected. */
import { closest } from "../base/suggest.js";
import { UsageError } from "./exit.js";

export type Override = number | readonly Override[];

function number(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function positive(text: string): number {
  const value = number(text);
  if (value === undefined || value <= 0) throw new UsageError(`expected a number above 0, found "${text}"`);
  return value;
}

export function count(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isInteger(value) || value <= 0) {
    throw new UsageError(`expected a whole number above 0, found "${text}"`);
  }
  return value;
}

export function seed(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    throw new UsageError(`expected a whole number from 0, found "${text}"`);
  }
  return value;
}

/** `a,b,c` */
export function words(text: string): readonly string[] {
  const list = text.split(",").map((word) => word.trim());
  if (list.some((word) => word === "")) throw new UsageError(`expected words separated by commas, found "${text}"`);
  return list;
}

const units: ReadonlyMap<string, number> = new Map([
  ["ms", 1e-3],
  ["s", 1],
  ["", 1],
  ["min", 60],
  ["m", 60],
  ["h", 3600],
]);

/** `30s`, `500ms`, `2min`, `1.5h`; a plain number means seconds. */
export function duration(text: string): number {
  const match = /^\s*([\d.eE+-]+?)\s*(ms|s|min|m|h)?\s*$/.exec(text);
  const value = match ? number(match[1]) : undefined;
  const unit = units.get(match?.[2] ?? "");
  if (value === undefined || unit === undefined || value <= 0) {
    throw new UsageError(`expected a duration such as 30s, 500ms, 2min or 1h, found "${text}"`);
  }
  return value * unit;
}

export function oneOf(...words: readonly string[]): (text: string) => string {
  return (text) => {
    const last = words[words.length - 1];
    const list = words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${last}` : last;
    if (words.includes(text)) return text;
    const near = closest(text, words);
    throw new UsageError(`expected ${list}, found "${text}"${near === undefined ? "" : `; did you mean ${near}?`}`);
  };
}

function pair(text: string, example: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`expected ${example}, found "${text}"`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** A copy of an earlier occurrence's map with one entry more; the last occurrence of a name counts. */
function added<V>(previous: unknown, name: string, value: V): ReadonlyMap<string, V> {
  return new Map(previous as ReadonlyMap<string, V> | undefined).set(name, value);
}

/** `--opt name=value`: numbers and true/false are read as such, anything else is a word. */
export function option(text: string, previous: unknown): ReadonlyMap<string, number | boolean | string> {
  const [name, value] = pair(text, "NAME=VALUE, as in --opt lambda=100");
  const read = value === "true" ? true : value === "false" ? false : (number(value) ?? value);
  return added(previous, name, read);
}

/** Numbers, nested at most as deep as a matrix; JSON has no numbers that are not finite except those that overflow. */
function isOverride(value: unknown, depth = 2): value is Override {
  if (Array.isArray(value)) return depth > 0 && value.every((v) => isOverride(v, depth - 1));
  return typeof value === "number" && Number.isFinite(value);
}

/** `--set name=value`: a number, a vector `[1, 2]` or a matrix `[[1, 2], [3, 4]]`. */
export function override(text: string, previous: unknown): ReadonlyMap<string, Override> {
  const [name, value] = pair(text, "NAME=VALUE, as in --set k=3");
  let read: unknown = number(value);
  if (read === undefined) {
    try {
      read = JSON.parse(value);
    } catch {
      read = undefined;
    }
  }
  if (!isOverride(read)) {
    throw new UsageError(`expected a number, [1, 2] or [[1, 2], [3, 4]] for ${name}, found "${value}"`);
  }
  return added(previous, name, read);
}

/** `--noise upper=0.1,lower=0.1,products=0` */
export function noise(text: string): Readonly<Record<string, number>> {
  const read: Record<string, number> = {};
  for (const part of words(text)) {
    const [name, value] = pair(part, "LEVEL=SIGMA, as in --noise upper=0.1,lower=0.1");
    const sigma = number(value);
    if (!["upper", "lower", "products"].includes(name))
      throw new UsageError(`expected upper, lower or products, found "${name}"`);
    if (sigma === undefined || sigma < 0)
      throw new UsageError(`expected a number from 0 for ${name}, found "${value}"`);
    read[name] = sigma;
  }
  return read;
}

/** `--data name=path` */
export function dataPath(text: string, previous: unknown): ReadonlyMap<string, string> {
  const [name, path] = pair(text, "NAME=PATH, as in --data d=points.csv");
  if (path === "") throw new UsageError(`expected a path for ${name}`);
  return added(previous, name, path);
}
