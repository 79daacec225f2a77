/** Options of methods: defaults, and the check of what a user gave against each method's parameter records. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import type { Method, Parameter, ParameterValue } from "./method.js";

export type ParameterValues = Readonly<Record<string, ParameterValue | undefined>>;

type Described = Pick<Method, "id" | "parameters">;

/** The default of each parameter (undefined: chosen automatically). */
export function defaultsOf(method: Described): ParameterValues {
  return Object.fromEntries(method.parameters.map((p) => [p.name, p.default]));
}

/** What kind of value a parameter takes, in words. */
export function expectedOf(p: Parameter): string {
  switch (p.type) {
    case "number":
      return "a number";
    case "integer":
      return "an integer";
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${(p.choices ?? []).join(", ")}`;
  }
}

/** The range of a parameter in words; empty if there is none. */
export function rangeOf(p: Parameter): string {
  if (p.min !== undefined && p.max !== undefined) return `between ${p.min} and ${p.max}`;
  if (p.min !== undefined) return `at least ${p.min}`;
  return p.max !== undefined ? `at most ${p.max}` : "";
}

/**
 * Reads a value of the command line or of `solve { }`: text becomes a number or boolean where the parameter's type wants
 * one. Undefined where it does not fit the type.
 */
function coerce(p: Parameter, value: ParameterValue): ParameterValue | undefined {
  switch (p.type) {
    case "number":
    case "integer": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || Number.isNaN(number)) return undefined;
      return p.type === "integer" && !Number.isInteger(number) ? undefined : number;
    }
    case "boolean":
      return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
    case "choice":
      return typeof value === "string" && p.choices?.includes(value) === true ? value : undefined;
  }
}

/** Defaults overridden by what was given; every problem with what was given as a diagnostic. */
export function resolveParameters(
  method: Described,
  given: Readonly<Record<string, ParameterValue>>,
  spans: ReadonlyMap<string, Span> = new Map(),
): { readonly values: ParameterValues; readonly diagnostics: readonly Diagnostic[] } {
  const values: Record<string, ParameterValue | undefined> = { ...defaultsOf(method) };
  const diagnostics: Diagnostic[] = [];
  const known = method.parameters.map((p) => p.name);
  for (const [option, value] of Object.entries(given)) {
    const at = { span: spans.get(option) };
    const parameter = method.parameters.find((p) => p.name === option);
    if (parameter === undefined) {
      const suggestion = closest(option, known);
      diagnostics.push(diagnostic("BLO0802", { option, method: method.id, suggestion, known }, at));
      continue;
    }
    const found = typeof value === "string" ? `"${value}"` : String(value);
    const read = coerce(parameter, value);
    if (read === undefined) {
      const expected = expectedOf(parameter);
      diagnostics.push(diagnostic("BLO0803", { option, method: method.id, expected, found }, at));
    } else if (
      typeof read === "number" &&
      (read < (parameter.min ?? Number.NEGATIVE_INFINITY) || read > (parameter.max ?? Number.POSITIVE_INFINITY))
    ) {
      diagnostics.push(diagnostic("BLO0804", { option, method: method.id, range: rangeOf(parameter), found }, at));
    } else values[option] = read;
  }
  return { values, diagnostics };
}
