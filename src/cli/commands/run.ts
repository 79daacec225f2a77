/** `blo run`: compile, solve with progress, print the result. Exactly one document on standard output with --json. */
import { closeSync, openSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Diagnostic } from "../../base/diagnostic.js";
import type { Result, TraceRow } from "../../methods/result.js";
import { outcomes } from "../../methods/stop.js";
import type { Problem } from "../../model/problem.js";
import { emptyCounts } from "../../oracle/oracle.js";
import { toDocument } from "../../report/json.js";
import { traceLine } from "../../report/trace.js";
import type { Action, FlagValues } from "../command.js";
import { type CompiledInput, compileInput } from "../compiled.js";
import { type ExitCode, exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { listen } from "../interrupt.js";
import { Progress } from "../progress.js";
import { report } from "../report.js";
import { attempt, solveOptions } from "../solveFlags.js";
import { writingReasonOf } from "../sourceFile.js";
import { summary } from "../summary.js";
import type { Terminal } from "../terminal.js";
import { watching } from "../watch.js";

/** A file for lines, opened before the run so that a wrong path costs no time; written in pieces of about 64 kB. */
class TraceFile {
  private readonly file: number;
  private waiting: string[] = [];
  private size = 0;

  constructor(path: string) {
    try {
      this.file = openSync(path, "w");
    } catch (error) {
      throw new UsageError(`--trace ${path} cannot be written: ${writingReasonOf(error)}`);
    }
  }

  add(row: TraceRow): void {
    const line = `${traceLine(row)}\n`;
    this.waiting.push(line);
    this.size += line.length;
    if (this.size > 65_536) this.flush();
  }

  private flush(): void {
    writeSync(this.file, this.waiting.join(""));
    this.waiting = [];
    this.size = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }
}

/** The result of a run that could not begin. */
function invalid(path: string, flags: FlagValues): Result {
  return {
    problem: path,
    method: (flags.method as string | undefined) ?? "",
    options: {},
    seed: (flags.seed as number | undefined) ?? 1,
    status: "invalid",
    reason: outcomes.invalid.sentence,
    x: new Float64Array(0),
    y: new Float64Array(0),
    values: {},
    upper: { objective: Number.NaN, violation: Number.NaN },
    lower: { objective: Number.NaN, violation: Number.NaN, gap: Number.NaN },
    certificate: undefined,
    counts: emptyCounts(),
    iterations: 0,
    seconds: 0,
    trace: [],
    warnings: [],
  };
}

async function draw(path: string, result: Result): Promise<void> {
  const { convergencePlot } = await import("../../report/plot.js");
  const subtitle = `${result.method}, ${result.status}, seed ${result.seed}`;
  const measures = result.measures && Object.keys(result.measures).filter((name) => !(name in result.counts));
  const svg = await convergencePlot(result.trace, { title: result.problem, subtitle, measures });
  try {
    await writeFile(path, svg);
  } catch (error) {
    throw new UsageError(`--plot ${path} cannot be written: ${writingReasonOf(error)}`);
  }
}

function printDocument(
  result: Result,
  path: string,
  input: CompiledInput,
  diagnostics: readonly Diagnostic[] | undefined,
  terminal: Terminal,
): void {
  const { source, sha256 } = input;
  const file = path === "-" ? undefined : path;
  terminal.out(`${JSON.stringify(toDocument(result, { file, sha256, source, diagnostics }), null, 2)}\n`);
}

/** `--opt` without a method is for the first one that a plain run tries, which is seldom what was meant. */
function ofPlainRun(
  d: Diagnostic,
  problem: Problem,
  { method, opt, lower, estimator, outer, surrogate, field }: FlagValues,
) {
  const named = [method, lower, estimator, outer, surrogate, field, problem.solve.method].some((m) => m !== undefined);
  if (d.code !== "BLO0802" || named || opt === undefined) return d;
  return {
    ...d,
    hint: "no method is named, so that the option is for the first one that is tried: name it by --method",
  };
}

async function once(path: string, flags: FlagValues, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const json = flags.json === true;
  const input = await compileInput(path, flags);
  const { source, problem } = input;
  const refuse = (diagnostics: readonly Diagnostic[]): ExitCode => {
    if (json) printDocument(invalid(problem?.name ?? path, flags), path, input, diagnostics, terminal);
    else report(diagnostics, source, terminal);
    return exitOfDiagnostics(diagnostics);
  };
  if (!problem) return refuse(input.diagnostics);
  if (!json && flags.quiet !== true) report(input.diagnostics, source, terminal);
  const trace = flags.trace === undefined ? undefined : new TraceFile(flags.trace as string);
  const progress = new Progress(terminal, flags.quiet === true);
  const tried = await attempt(problem, {
    ...solveOptions(flags),
    signal,
    onIteration: (row) => progress.update(row),
    ...(trace ? { trace: (row: TraceRow) => trace.add(row) } : {}),
  }).finally(() => {
    progress.clear();
    trace?.close();
  });
  if ("diagnostics" in tried) return refuse(tried.diagnostics.map((d) => ofPlainRun(d, problem, flags)));
  const { result } = tried;
  if (flags.plot !== undefined) await draw(flags.plot as string, result);
  if (json) printDocument(result, path, input, undefined, terminal);
  else {
    // Those of the problem were shown before the run.
    const verbose = flags.verbose === true;
    const late = result.warnings.filter((w) => !problem.warnings.includes(w) && (verbose || w.severity !== "info"));
    report(late, source, terminal);
    if (late.length > 0) terminal.err("\n");
    terminal.out(summary(result, terminal.width, terminal.paint, { verbose }));
  }
  return outcomes[result.status].exit;
}

export const run: Action = async ([path], flags, terminal) => {
  if (flags.plot !== undefined && !/\.svg$/i.test(flags.plot as string)) {
    throw new UsageError(`--plot writes SVG: the path must end in .svg, found "${flags.plot}"`);
  }
  const interrupt = listen(terminal);
  try {
    if (flags.watch !== true) return await once(path, flags, terminal, interrupt.signal);
    if (path === "-") throw new UsageError("--watch needs a file; standard input cannot be watched");
    await watching(path, interrupt.signal, terminal, (signal) => once(path, flags, terminal, signal));
    return exit.interrupted;
  } finally {
    interrupt.release();
  }
};
