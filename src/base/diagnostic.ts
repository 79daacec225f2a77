import { type Code, catalogue, type Parameters } from "./catalogue/index.js";
import type { Span } from "./span.js";

export type Severity = "error" | "warning" | "info";

/** A second place that explains the first: where a name was declared, where a shape came from. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** One finding about the user's input. `file` names a data file when the place is not in the problem's own source. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span?: Span;
  readonly related: readonly Related[];
  readonly hint?: string;
  /** A place in a data file: row and column count from 1 (a header is row 1). */
  readonly at?: { readonly file: string; readonly row?: number; readonly column?: string | number };
}

export interface DiagnosticOptions {
  readonly span?: Span | undefined;
  readonly related?: readonly Related[];
  /** Replaces or, where the catalogue has none, supplies the hint. */
  readonly hint?: string | undefined;
  readonly at?: Diagnostic["at"];
}

/** Makes the diagnostic of a code; the catalogue entry's type fixes the parameters its message needs. */
export function diagnostic<C extends Code>(
  code: C,
  parameters: Parameters<C>,
  options: DiagnosticOptions = {},
): Diagnostic {
  const entry = catalogue[code];
  const render = entry.message as (p: Parameters<C>) => string;
  const hint = options.hint ?? (entry as { hint?: string }).hint;
  return {
    code,
    severity: entry.severity,
    message: render(parameters),
    related: options.related ?? [],
    ...(options.span ? { span: options.span } : {}),
    ...(hint ? { hint } : {}),
    ...(options.at ? { at: options.at } : {}),
  };
}

/** Thrown where input cannot be used; carries what a person needs to mend it. Never thrown for bugs. */
export class BloError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n"));
    this.name = "BloError";
    this.diagnostics = diagnostics;
  }
}

/** Throws a BloError with one diagnostic. */
export function fail<C extends Code>(code: C, parameters: Parameters<C>, options: DiagnosticOptions = {}): never {
  throw new BloError([diagnostic(code, parameters, options)]);
}
