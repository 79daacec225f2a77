/** Diagnostics as plain JSON: what `--json` prints and editors read. Lines and columns count from 1, offsets from 0. */
import type { Diagnostic, Severity } from "./diagnostic.js";
import type { Position, Source } from "./source.js";
import type { Span } from "./span.js";

export interface JsonRange {
  readonly file: string;
  /** UTF-16 offsets, half open. */
  readonly offset: readonly [number, number];
  readonly start: Position;
  readonly end: Position;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly place?: JsonRange;
  readonly related: readonly { readonly message: string; readonly place?: JsonRange }[];
  /** A place in a data file; rows and columns count from 1, a header is row 1. */
  readonly data?: { readonly file: string; readonly row?: number; readonly column?: string | number };
}

function range(span: Span, source: Source): JsonRange {
  return {
    file: source.name,
    offset: [span.start, span.end],
    start: source.position(span.start),
    end: source.position(span.end),
  };
}

export function toJson(diagnostics: readonly Diagnostic[], source: Source | undefined): JsonDiagnostic[] {
  return diagnostics.map((d) => ({
    code: d.code,
    severity: d.severity,
    message: d.message,
    ...(d.hint === undefined ? {} : { hint: d.hint }),
    ...(d.span && source ? { place: range(d.span, source) } : {}),
    related: d.related.map((r) => ({ message: r.message, ...(source ? { place: range(r.span, source) } : {}) })),
    ...(d.at ? { data: d.at } : {}),
  }));
}
