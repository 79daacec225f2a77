/** From a path and flags to a checked problem: the text, its parameters, its data files. */
import { type CompileOptions, compile } from "../api.js";
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Source } from "../base/source.js";
import { closest } from "../base/suggest.js";
import type { Problem } from "../model/problem.js";
import { sha256 } from "../node.js";
import { parse } from "../syntax/parse.js";
import type { FlagValues } from "./command.js";
import { reportedProblem, resolverOf } from "./disagreementFile.js";
import type { Override } from "./flags.js";
import { hasErrors } from "./report.js";
import { readSource } from "./sourceFile.js";

export interface CompiledInput {
  /** Absent if the file cannot be read. */
  readonly source?: Source;
  /** SHA-256 of the text as UTF-8. */
  readonly sha256?: string;
  /** Absent if a diagnostic is an error. */
  readonly problem?: Problem;
  readonly diagnostics: readonly Diagnostic[];
  /** True where the file is the report of a disagreement (disagreementFile.ts), which stands for its problem. */
  readonly reported?: boolean;
}

/** Names after --data that no data declaration has. */
function undeclared(source: Source, given: ReadonlyMap<string, string>): Diagnostic[] {
  const items = parse(source).tree?.items ?? [];
  const declared = items.filter((item) => item.kind === "data").map((item) => item.name.name);
  return [...given.keys()]
    .filter((name) => !declared.includes(name))
    .map((name) => diagnostic("BLO0723", { name, declared, suggestion: closest(name, declared) }));
}

/** Findings beyond this help nobody and would make documents of megabytes; errors come first where some are left out. */
const mostFindings = 500;

function capped(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= mostFindings) return diagnostics;
  const errors = diagnostics.filter((d) => d.severity === "error");
  const others = diagnostics.filter((d) => d.severity !== "error");
  return [...[...errors, ...others].slice(0, mostFindings), diagnostic("BLO0006", { limit: mostFindings })];
}

/** Data paths of the source are relative to its file, those of --data and of standard input to the working folder. */
export async function compileInput(path: string, flags: FlagValues): Promise<CompiledInput> {
  const { source: read, diagnostics } = await readSource(path);
  if (!read) return { diagnostics };
  const reported = /\.json$/i.test(path) ? reportedProblem(read.text) : undefined;
  const source = reported?.source ?? read;
  const hash = sha256(new TextEncoder().encode(source.text));
  const files = (flags.data ?? new Map()) as ReadonlyMap<string, string>;
  const wrong = files.size > 0 ? undeclared(source, files) : [];
  if (wrong.length > 0) return { source, sha256: hash, diagnostics: wrong };
  const resolver = resolverOf(path, flags);
  const compiled = await compile(source.text, {
    name: source.name,
    params: paramsOf(flags, reported?.params),
    data: reported ? async (p, declared) => (await reported.data(p, declared)) ?? resolver(p, declared) : resolver,
  });
  const { problem } = compiled;
  const sound = problem !== undefined && !hasErrors(compiled.diagnostics);
  return {
    source,
    sha256: hash,
    diagnostics: capped(compiled.diagnostics),
    ...(sound ? { problem } : {}),
    ...(reported ? { reported: true } : {}),
  };
}

/** Values that `--set` gives, before those of a report. */
export function paramsOf(
  flags: FlagValues,
  reported: CompileOptions["params"] = {},
): NonNullable<CompileOptions["params"]> {
  return { ...reported, ...Object.fromEntries((flags.set ?? new Map()) as ReadonlyMap<string, Override>) };
}
