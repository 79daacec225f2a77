/** `blo explain`: a problem as mathematics, in sections for the terminal, LaTeX, HTML or JSON; or the page of a code. */
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { BloError } from "../../base/diagnostic.js";
import { asCode, codes, explainCode, isCode } from "../../base/explain.js";
import type { Source } from "../../base/source.js";
import { closest } from "../../base/suggest.js";
import { version } from "../../base/version.js";
import { DisagreementError } from "../../explain/disagreement.js";
import type { Section } from "../../explain/document.js";
import type { Problem } from "../../model/problem.js";
import type { Action, FlagValues } from "../command.js";
import { compileInput, paramsOf } from "../compiled.js";
import { keepReport } from "../disagreementFile.js";
import { type ExitCode, exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { report } from "../report.js";
import { writingReasonOf } from "../sourceFile.js";
import type { Terminal } from "../terminal.js";
import { wrap } from "../words.js";

/** A page for a terminal: the title stands out, fenced examples are indented instead. */
function printPage(page: string, { out, paint }: Terminal): void {
  let fenced = false;
  const lines = page.split("\n").flatMap((line, i) => {
    if (line.startsWith("```")) {
      fenced = !fenced;
      return [];
    }
    if (i === 0) return [paint.strong(line.replace(/^# /, ""))];
    return [fenced && line !== "" ? `    ${line}` : line];
  });
  out(lines.join("\n"));
}

function explainedCode(code: string, terminal: Terminal): ExitCode {
  if (isCode(code)) {
    printPage(explainCode(code), terminal);
    return exit.ok;
  }
  const family = codes().filter((c) => c.slice(0, 5) === code.slice(0, 5));
  const hint = family.length > 0 ? `codes of this kind: ${family.join(", ")}` : undefined;
  throw new UsageError(`there is no code ${code}`, hint && wrap(hint, terminal.widthErr - 6, "  "));
}

type Kind = "latex" | "html" | "json";

interface Output {
  readonly kind: Kind;
  /** Undefined: standard output. */
  readonly path: string | undefined;
}

/** Documents asked for; only one of them can go to standard output. */
function outputsOf(flags: FlagValues, input: string): readonly Output[] {
  const outputs: Output[] = flags.json === true ? [{ kind: "json", path: undefined }] : [];
  for (const kind of ["latex", "html"] as const) {
    const value = flags[kind] as string | true | undefined;
    if (value === undefined) continue;
    const path = value === true || value === "-" ? undefined : value;
    if (path !== undefined && (path === input || path.endsWith(".blo")))
      throw new UsageError(
        `--${kind} would write over ${path}`,
        `the file to write follows: --${kind} page.${kind === "latex" ? "tex" : kind}`,
      );
    outputs.push({ kind, path });
  }
  const toOutput = outputs.filter((o) => o.path === undefined);
  if (toOutput.length > 1)
    throw new UsageError(
      `only one document fits on standard output, not --${toOutput.map((o) => o.kind).join(" and --")}`,
      "give the others a path",
    );
  return outputs;
}

async function sectionsOf(problem: Problem, flags: FlagValues): Promise<readonly Section[]> {
  const { explainProblem, sectionIds } = await import("../../explain/index.js");
  const only = flags.only as readonly string[] | undefined;
  for (const id of only ?? []) {
    if (sectionIds.includes(id)) continue;
    const near = closest(id, sectionIds);
    const hint = `sections: ${sectionIds.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`;
    throw new UsageError(`there is no section ${id}`, hint);
  }
  return explainProblem(problem, {
    only,
    method: flags.method as string | undefined,
    params: paramsOf(flags),
  });
}

async function textOf(
  kind: Kind,
  sections: readonly Section[],
  problem: Problem,
  derivations: boolean,
): Promise<string> {
  const options = { title: problem.name, derivations, source: problem.source };
  switch (kind) {
    case "json":
      return `${JSON.stringify({ version, name: problem.name, sections }, null, 2)}\n`;
    case "latex":
      return (await import("../../explain/render/latex.js")).latexDocument(sections, options);
    case "html":
      return (await import("../../explain/render/html.js")).htmlPage(sections, options);
  }
}

async function written(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, "w");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${writingReasonOf(error)}`);
  }
}

async function printed(
  sections: readonly Section[],
  problem: Problem,
  derivations: boolean,
  { out, paint, width }: Terminal,
): Promise<void> {
  const { visibleText } = await import("../../base/width.js");
  const { sectionsText } = await import("../../explain/render/text.js");
  out(`${paint.strong(visibleText(problem.name))}  ${paint.dim(visibleText(problem.source.name))}\n\n`);
  out(`${sectionsText(sections, { width, paint, source: problem.source, derivations })}\n`);
}

export const explain: Action = async ([what], flags, terminal): Promise<ExitCode> => {
  const code = asCode(what);
  if (code !== undefined && !existsSync(what)) return explainedCode(code, terminal);
  const outputs = outputsOf(flags, what);
  const { source, problem, diagnostics, reported } = await compileInput(what, flags);
  report(diagnostics, source, terminal);
  if (!problem) return exitOfDiagnostics(diagnostics);
  try {
    await write(problem, outputs, flags, terminal);
  } catch (error) {
    if (!(error instanceof BloError)) throw error;
    report(error.diagnostics, source as Source, terminal);
    if (error instanceof DisagreementError && reported !== true) await keepReport(error.report, what, flags, terminal);
    return exitOfDiagnostics(error.diagnostics);
  }
  return exit.ok;
};

async function write(
  problem: Problem,
  outputs: readonly Output[],
  flags: FlagValues,
  terminal: Terminal,
): Promise<void> {
  const derivations = flags.derivations === true;
  const sections = await sectionsOf(problem, flags);
  if (outputs.length === 0) await printed(sections, problem, derivations, terminal);
  for (const { kind, path } of outputs) {
    const text = await textOf(kind, sections, problem, derivations);
    if (path === undefined) terminal.out(text);
    else {
      await written(path, text);
      terminal.err(`Wrote ${path}\n`);
    }
  }
}
