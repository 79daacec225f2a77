/** Exit codes, and the error that says a command was not used as it is meant. */
import type { Diagnostic } from "../base/diagnostic.js";

export const exit = {
  ok: 0,
  /** Only for bugs of our own. */
  bug: 1,
  usage: 2,
  source: 3,
  data: 4,
  notApplicable: 5,
  limit: 6,
  notFinite: 7,
  interrupted: 130,
} as const;

export type ExitCode = number;

/** What the user asked for makes no sense; its message says what would. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}

/** Codes that speak of flags, not of the source, where they carry no place in it. */
const ofFlags: ReadonlySet<string> = new Set([
  "BLO0010",
  "BLO0212",
  "BLO0217",
  "BLO0723",
  "BLO0801",
  "BLO0802",
  "BLO0803",
  "BLO0804",
  "BLO0904",
  "BLO0905",
]);

function exitOf(d: Diagnostic): ExitCode {
  if (d.span === undefined && ofFlags.has(d.code)) return exit.usage;
  if (d.code.startsWith("BLO07")) return exit.data;
  if (d.code.startsWith("BLO081")) return exit.notApplicable;
  if (d.code.startsWith("BLO11")) return exit.bug;
  if (d.code.startsWith("BLO09")) return exit.notFinite;
  return exit.source;
}

/** The code of a run that ended with diagnostics: of several kinds, the one that has to be mended first. */
export function exitOfDiagnostics(diagnostics: readonly Diagnostic[]): ExitCode {
  const codes = diagnostics.filter((d) => d.severity === "error").map(exitOf);
  const order = [exit.bug, exit.usage, exit.source, exit.data, exit.notApplicable, exit.notFinite];
  return order.find((code) => codes.includes(code)) ?? exit.ok;
}
