/** `blo test`: solves problem files and compares with their expect blocks. A folder stands for all .blo files below it. */
import { methods } from "../../api.js";
import type { Diagnostic } from "../../base/diagnostic.js";
import { toJson } from "../../base/json.js";
import type { Source } from "../../base/source.js";
import { version } from "../../base/version.js";
import type { Status } from "../../methods/result.js";
import type { Action, FlagValues } from "../command.js";
import { compileInput } from "../compiled.js";
import { exit, exitOfDiagnostics } from "../exit.js";
import { type Judgement, judge, whySkipped } from "../expectations.js";
import { type Interrupt, listen } from "../interrupt.js";
import { filesOf } from "../problemFiles.js";
import { Progress } from "../progress.js";
import { report } from "../report.js";
import { attempt, solveOptions } from "../solveFlags.js";
import type { Terminal } from "../terminal.js";
import { count, number, short, wrap } from "../words.js";
import { testKnown } from "./testKnown.js";

interface Outcome {
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped" | "error";
  /** Why skipped, or how the run ended. */
  readonly reason: string;
  readonly method?: string;
  readonly status?: Status;
  readonly seconds?: number;
  readonly expectations: readonly Judgement[];
  readonly diagnostics: readonly Diagnostic[];
  readonly source?: Source;
}

async function testFile(file: string, flags: FlagValues, progress: Progress, { signal }: Interrupt): Promise<Outcome> {
  const { source, problem, diagnostics } = await compileInput(file, {});
  const base = { file, expectations: [], ...(source ? { source } : {}) };
  if (!problem) return { ...base, outcome: "error", reason: "does not compile", diagnostics };
  const skipped = whySkipped(
    problem,
    methods().map((m) => m.id),
  );
  if (skipped !== undefined) return { ...base, outcome: "skipped", reason: skipped, diagnostics: [] };
  const options = { ...solveOptions(flags), signal, onIteration: progress.update.bind(progress) };
  const tried = await attempt(problem, options).finally(() => progress.clear());
  if ("diagnostics" in tried) {
    return { ...base, outcome: "error", reason: "options do not fit", diagnostics: tried.diagnostics };
  }
  const { method, status, seconds, reason } = tried.result;
  const expectations = judge(problem, tried.result);
  const outcome = expectations.every((e) => e.holds) ? "passed" : "failed";
  return { ...base, outcome, reason, method, status, seconds, expectations, diagnostics: [] };
}

const entries = (values: Judgement["expected"]): string => {
  if (typeof values === "string") return values;
  const shown = values
    .slice(0, 4)
    .map((v) => number(v))
    .join(", ");
  return values.length === 1 ? shown : `[${shown}${values.length > 4 ? `, … (${values.length} entries)` : ""}]`;
};

function print(o: Outcome, { out, paint, ...rest }: Terminal): void {
  const marks = { passed: paint.good("✓"), failed: paint.bad("✗"), error: paint.bad("✗"), skipped: paint.dim("-") };
  const facts = o.method ? `${o.method}, ${o.status}, ${short(o.seconds ?? 0)} s` : o.reason;
  out(`${marks[o.outcome]} ${o.file}  ${paint.dim(facts)}\n`);
  for (const e of o.expectations.filter((j) => !j.holds)) {
    const by =
      Number.isNaN(e.difference) && typeof e.found === "string"
        ? ""
        : ` (off by ${short(e.difference)}, allowed ${short(e.within)})`;
    out(`    ${e.text} = ${entries(e.expected)} expected, found ${entries(e.found)}${by}\n`);
  }
  if (o.outcome === "failed") out(`    ${paint.dim(wrap(o.reason, rest.width - 4, "    "))}\n`);
  report(o.diagnostics, o.source, { out, paint, ...rest });
}

function toPlain({ source, diagnostics, ...o }: Outcome): unknown {
  return { ...o, diagnostics: toJson(diagnostics, source) };
}

export const test: Action = async (args, flags, terminal) => {
  const { files, diagnostics } = await filesOf(args);
  report(diagnostics, undefined, terminal);
  if (diagnostics.length > 0) return exit.usage;
  if (flags.known !== undefined) return testKnown(files, flags, terminal);
  const interrupt = listen(terminal);
  const progress = new Progress(terminal, flags.quiet === true);
  const outcomes: Outcome[] = [];
  try {
    for (const file of files) {
      if (interrupt.signal.aborted) break;
      progress.stage(`${outcomes.length + 1} of ${files.length}: ${file}`);
      const outcome = await testFile(file, flags, progress, interrupt);
      progress.clear();
      outcomes.push(outcome);
      if (flags.json !== true) print(outcome, terminal);
    }
  } finally {
    interrupt.release();
  }
  const n = (kind: Outcome["outcome"]): number => outcomes.filter((o) => o.outcome === kind).length;
  const totals = { passed: n("passed"), failed: n("failed"), errors: n("error"), skipped: n("skipped") };
  if (flags.json === true) {
    const document = { version, ...totals, files: outcomes.map(toPlain) };
    terminal.out(
      `${JSON.stringify(document, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? null : v), 2)}\n`,
    );
  } else {
    const { passed, failed, errors, skipped } = totals;
    terminal.out(
      `\n${count(files.length, "file")}: ${passed} passed, ${failed} failed, ${errors} with errors, ${skipped} skipped\n`,
    );
  }
  if (interrupt.signal.aborted) return exit.interrupted;
  return exitOfDiagnostics(outcomes.flatMap((o) => o.diagnostics)) || (totals.failed > 0 ? exit.limit : exit.ok);
};
