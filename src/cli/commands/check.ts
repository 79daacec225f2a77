/** `blo check`: all mistakes of some files, for people, as JSON or as SARIF; with --derivatives, three engines compared. */
import { BloError, type Diagnostic } from "../../base/diagnostic.js";
import { toJson } from "../../base/json.js";
import { toSarif } from "../../base/sarif.js";
import { version } from "../../base/version.js";
import { DisagreementError, type DisagreementReport } from "../../explain/disagreement.js";
import type { Problem } from "../../model/problem.js";
import type { Action, FlagValues } from "../command.js";
import { type CompiledInput, compileInput, paramsOf } from "../compiled.js";
import { keepReport } from "../disagreementFile.js";
import { exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { hasErrors, report } from "../report.js";
import type { Terminal } from "../terminal.js";
import { count, short, table } from "../words.js";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** One line about a sound problem. */
function describe(problem: Problem): string {
  const size = (levels: readonly Problem["upper"][]): number =>
    sum(levels.flatMap((l) => l.variables.map((v) => v.size)));
  const rows = (levels: readonly Problem["upper"][]): number =>
    sum(levels.flatMap((l) => l.constraints.map((c) => c.rows)));
  const level = (name: string, levels: readonly Problem["upper"][]): string => {
    const constraints = rows(levels);
    return `${name} level ${count(size(levels), "unknown")}${constraints > 0 ? `, ${count(constraints, "constraint")}` : ""}`;
  };
  return `${level("upper", [problem.upper])}; ${level("lower", problem.lowers)}`;
}

/** What is wrong with the method and the options that the source asks for. */
async function settings({ solve }: Problem): Promise<readonly Diagnostic[]> {
  if (solve.method === undefined) return [];
  const [{ methodOf }, { resolveParameters }] = await Promise.all([
    import("../../methods/registry.js"),
    import("../../methods/params.js"),
  ]);
  try {
    const method = methodOf(solve.method, solve.spans?.get("method"));
    return resolveParameters(method, solve.options, solve.spans).diagnostics;
  } catch (error) {
    if (error instanceof BloError) return error.diagnostics;
    throw error;
  }
}

/** What the lints say; before that, what Blo itself got wrong: proofs that samples contradict. */
async function lints(
  problem: Problem,
  flags: FlagValues,
  keep: (report: DisagreementReport) => void,
): Promise<readonly Diagnostic[]> {
  const [{ lint }, { compileOracle }, { agreedSegments }] = await Promise.all([
    import("../../lints/index.js"),
    import("../../oracle/compile.js"),
    import("../../explain/agreement.js"),
  ]);
  try {
    agreedSegments(problem, paramsOf(flags));
    return lint(compileOracle(problem), problem.solve.seed ?? 1);
  } catch (error) {
    if (error instanceof DisagreementError) keep(error.report);
    if (error instanceof BloError) return error.diagnostics;
    throw error;
  }
}

/** Whether the derivatives agree; prints the comparison unless a document is asked for. */
async function derivatives(problem: Problem, flags: FlagValues, terminal: Terminal) {
  const [{ verifyDerivatives }, { createRandom }] = await Promise.all([
    import("../../oracle/verify.js"),
    import("../../num/random.js"),
  ]);
  const found = await verifyDerivatives(problem, { random: createRandom(1) });
  if (flags.json === true || flags.sarif === true) return found;
  const { paint } = terminal;
  const rows = found.checks.map((c) => [
    c.holds ? paint.good("✓") : paint.bad("✗"),
    c.quantity,
    c.against,
    c.compared === 0 ? "nothing to compare" : `worst ${short(c.worst)} (${c.holds ? "<=" : ">"} ${short(c.tolerance)})`,
    c.undecided > 0 ? `${c.undecided} undecided` : "",
    c.holds ? "" : c.where,
  ]);
  terminal.out(`${table(rows, "  ")}\n`);
  return found;
}

export const check: Action = async (args, flags, terminal) => {
  const [json, sarif] = [flags.json === true, flags.sarif === true];
  if (json && sarif) throw new UsageError("--json and --sarif exclude each other");
  if (sarif && args.length > 1) throw new UsageError("--sarif takes one file at a time");
  const all: Diagnostic[] = [];
  const documents: unknown[] = [];
  let disagreement = false;
  for (const path of args) {
    const { source, problem: compiled, diagnostics: found, reported }: CompiledInput = await compileInput(path, flags);
    const wrong = compiled ? await settings(compiled) : [];
    const problem = hasErrors(wrong) ? undefined : compiled;
    let kept: DisagreementReport | undefined;
    const keep = (report: DisagreementReport): void => {
      kept = report;
    };
    const hints = problem && flags.lint === true ? await lints(problem, flags, keep) : [];
    const diagnostics = [...found, ...wrong, ...hints];
    all.push(...diagnostics);
    if (!json && !sarif) report(diagnostics, source, terminal);
    if (kept && reported !== true) await keepReport(kept, path, flags, terminal);
    if (problem && !hasErrors(hints) && !json && !sarif) terminal.out(`${path}: ${describe(problem)}; no errors\n`);
    const compared = problem && flags.derivatives === true ? await derivatives(problem, flags, terminal) : undefined;
    if (compared && !compared.holds) disagreement = true;
    if (sarif) terminal.out(`${JSON.stringify(toSarif(diagnostics, source, version), null, 2)}\n`);
    documents.push({
      file: path === "-" ? null : path,
      diagnostics: toJson(diagnostics, source),
      ...(compared ? { derivatives: { holds: compared.holds, checks: compared.checks } } : {}),
    });
  }
  if (json) terminal.out(`${JSON.stringify({ version, files: documents }, notFinite, 2)}\n`);
  return exitOfDiagnostics(all) || (disagreement ? exit.limit : exit.ok);
};

/** JSON has no words for numbers that are not finite. */
function notFinite(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}
