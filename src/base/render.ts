/**
 * Diagnostics as text for people. The first line has the form `file:line:column: error CODE: message`, which editors
 * and terminals recognise as a place; below it the code frame, related places with theirs, a place in a data file, and
 * the hint.
 */
import type { Diagnostic, Severity } from "./diagnostic.js";
import { frame, labelBelow } from "./frame.js";
import { type Paint, plain } from "./paint.js";
import type { Source } from "./source.js";
import type { Span } from "./span.js";
import { visibleText } from "./width.js";

export interface RenderOptions {
  readonly paint?: Paint;
  /** Columns a frame may take; default 100. */
  readonly width?: number;
  /** At most this many diagnostics; the rest is counted. Default: all. */
  readonly limit?: number;
}

/** `file:line:column` of a span's beginning. */
export function place(source: Source, span: Span): string {
  const { line, column } = source.position(span.start);
  return `${visibleText(source.name)}:${line}:${column}`;
}

/** `file:row, column "name"`; the row as a number after a colon, so that editors can jump to it. */
export function dataPlace(at: NonNullable<Diagnostic["at"]>): string {
  const row = at.row === undefined ? "" : `:${at.row}`;
  const column = at.column === undefined ? "" : `, column ${at.column}`;
  return visibleText(`${at.file}${row}${column}`);
}

/** A message may run over several lines (lists of candidates); the control characters of quoted input are shown, not sent. */
function safe(message: string): string {
  return message.split("\n").map(visibleText).join("\n");
}

function renderOne(d: Diagnostic, source: Source | undefined, width: number, paint: Paint): string {
  const accent = paint[d.severity];
  const where = d.span && source ? place(source, d.span) : d.at ? dataPlace(d.at) : undefined;
  const lines = [
    `${where === undefined ? "" : `${paint.strong(where)}: `}${accent(`${d.severity} ${d.code}`)}: ${safe(d.message)}`,
  ];
  if (d.span && source) lines.push(...frame(source, d.span, { width, paint, accent, mark: "^" }));
  const framed = lines.length;
  if (d.span && source && d.at) lines.push(`  ${paint.dim("in")} ${dataPlace(d.at)}`);
  const labels = d.related.map((r) =>
    d.span && source
      ? labelBelow(source, d.span, r.span, safe(r.message), { width, paint, accent: paint.info, mark: "-" })
      : undefined,
  );
  lines.splice(framed, 0, ...labels.filter((label) => label !== undefined));
  for (const related of d.related.filter((_, i) => labels[i] === undefined)) {
    if (source) {
      lines.push(`  ${paint.strong(place(source, related.span))}: ${safe(related.message)}`);
      lines.push(...frame(source, related.span, { width, paint, accent: paint.info, mark: "-" }));
    } else {
      lines.push(`  ${safe(related.message)}`);
    }
  }
  if (d.hint) lines.push(`  ${paint.info("hint")}: ${safe(d.hint)}`);
  return lines.join("\n");
}

/** All diagnostics, an empty line between two; ends without a line break. */
export function renderText(
  diagnostics: readonly Diagnostic[],
  source: Source | undefined,
  options: RenderOptions = {},
): string {
  const { paint = plain, width = 100, limit = Number.POSITIVE_INFINITY } = options;
  const shown = diagnostics.slice(0, limit).map((d) => renderOne(d, source, width, paint));
  const more = diagnostics.length - shown.length;
  if (more > 0) shown.push(`… and ${more} more`);
  return shown.join("\n\n");
}

const words: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** `2 errors, 1 warning`; the empty text where there is nothing to count. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning", "info"] as const)
    .map((severity) => ({ severity, n: diagnostics.filter((d) => d.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${words[severity]}${n === 1 ? "" : "s"}`)
    .join(", ");
}
