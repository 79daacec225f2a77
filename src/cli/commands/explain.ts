/** `blo explain`: the structure of a problem and the methods that fit it, or the page of a code. */
import { existsSync } from "node:fs";
import { BloError } from "../../base/diagnostic.js";
import { asCode, codes, explainCode, isCode } from "../../base/explain.js";
import type { Problem } from "../../model/problem.js";
import type { Action } from "../command.js";
import { type ExitCode, exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { report } from "../report.js";
import type { Terminal } from "../terminal.js";
import { table, wrap } from "../words.js";

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

async function fits(problem: Problem, { out, paint, width }: Terminal): Promise<void> {
  const [{ compileOracle, methods }, { whyNot }, { chooseMethods }, { createRandom }, { limitsOf }] = await Promise.all(
    [
      import("../../api.js"),
      import("../../methods/registry.js"),
      import("../../report/choose.js"),
      import("../../num/random.js"),
      import("../../report/limits.js"),
    ],
  );
  const rows = methods().map((method) => ({ method, obstacles: whyNot(method, problem) }));
  const longest = Math.max(0, ...rows.map((r) => r.method.id.length));
  const line = (mark: string, id: string, text: string): string[] => [
    mark,
    id.padEnd(longest),
    wrap(text, Math.max(20, width - longest - 7), " ".repeat(longest + 7)),
  ];
  const fitting = rows.filter((r) => r.obstacles.length === 0);
  const others = rows.filter((r) => r.obstacles.length > 0);
  out(`\n${paint.strong("methods that fit")}\n`);
  out(
    `${table(
      fitting.map((r) => line(paint.good("✓"), r.method.id, r.method.title)),
      "  ",
    )}\n`,
  );
  const choices = problem.solve.method
    ? [{ method: problem.solve.method, why: "The source asks for it." }]
    : chooseMethods(
        compileOracle(problem),
        createRandom(problem.solve.seed ?? 1).split("choice"),
        limitsOf(problem, {}),
      );
  choices.forEach((choice, i) => {
    const begin = i === 0 ? "blo run takes" : "without a certificate, then";
    out(`\n  ${begin} ${paint.strong(choice.method)}: ${wrap(choice.why, width - 2, "  ")}\n`);
  });
  if (others.length === 0) return;
  out(`\n${paint.strong("methods that do not")}\n`);
  out(
    `${table(
      others.map((r) => line(paint.bad("✗"), r.method.id, r.obstacles[0].message)),
      "  ",
    )}\n`,
  );
}

export const explain: Action = async ([what], flags, terminal): Promise<ExitCode> => {
  const code = asCode(what);
  if (code !== undefined && !existsSync(what)) {
    if (isCode(code)) {
      printPage(explainCode(code), terminal);
      return exit.ok;
    }
    const family = codes().filter((c) => c.slice(0, 5) === code.slice(0, 5));
    const hint = family.length > 0 ? `codes of this kind: ${family.join(", ")}` : undefined;
    throw new UsageError(`there is no code ${code}`, hint && wrap(hint, terminal.widthErr - 6, "  "));
  }
  const { compileInput } = await import("../compiled.js");
  const { source, problem, diagnostics } = await compileInput(what, flags);
  report(diagnostics, source, terminal);
  if (!problem) return exitOfDiagnostics(diagnostics);
  const { structureText } = await import("../structure.js");
  terminal.out(`${structureText(problem, terminal.width, terminal.paint)}\n`);
  try {
    await fits(problem, terminal);
  } catch (error) {
    if (!(error instanceof BloError)) throw error;
    report(error.diagnostics, source, terminal);
    return exitOfDiagnostics(error.diagnostics);
  }
  return exit.ok;
};
