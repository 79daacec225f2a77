/** Diagnostics on their way to the user: on standard error for people, as a document where one was asked for. */
import type { Diagnostic } from "../base/diagnostic.js";
import { countText, renderText } from "../base/render.js";
import type { Source } from "../base/source.js";
import type { Terminal } from "./terminal.js";

/** More than this at once help nobody. */
const mostShown = 50;

export function report(diagnostics: readonly Diagnostic[], source: Source | undefined, terminal: Terminal): void {
  if (diagnostics.length === 0) return;
  const { paintErr: paint, widthErr: width } = terminal;
  terminal.err(`${renderText(diagnostics, source, { paint, width, limit: mostShown })}\n`);
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  if (diagnostics.length > 1 || errors > 0) terminal.err(`\n${countText(diagnostics)}\n`);
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((d) => d.severity === "error");
