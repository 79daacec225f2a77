/** `blo test --known FILE.json`: solves problems and sets what was reached beside the best known values, a row a problem. */
import type { Diagnostic } from "../../base/diagnostic.js";
import { toJson } from "../../base/json.js";
import type { Source } from "../../base/source.js";
import { version } from "../../base/version.js";
import type { Result } from "../../methods/result.js";
import { plain } from "../../report/json.js";
import { writeBetterPoints } from "../betterPoints.js";
import type { FlagValues } from "../command.js";
import { compileInput } from "../compiled.js";
import { type ExitCode, exit, exitOfDiagnostics } from "../exit.js";
import { listen } from "../interrupt.js";
import { fine, type KnownValue, type KnownVerdict, knownOf, readKnown, verdictOf } from "../known.js";
import { Progress } from "../progress.js";
import { report } from "../report.js";
import { attempt, solveOptions } from "../solveFlags.js";
import type { Terminal } from "../terminal.js";
import { count, number, short, table } from "../words.js";

interface Row {
  readonly file: string;
  readonly problem: string;
  readonly verdict: KnownVerdict | "error";
  readonly known: KnownValue | undefined;
  readonly result: Result | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source | undefined;
}

export async function testKnown(files: readonly string[], flags: FlagValues, terminal: Terminal): Promise<ExitCode> {
  const values = await readKnown(flags.known as string);
  const quiet = flags.quiet === true;
  const interrupt = listen(terminal);
  const progress = new Progress(terminal, quiet);
  const rows: Row[] = [];
  const solved = async (file: string): Promise<Row> => {
    const { source, problem, diagnostics } = await compileInput(file, {});
    const known = knownOf(values, file, problem?.name);
    const base = { file, problem: problem?.name ?? file, known, source };
    if (!problem) return { ...base, verdict: "error", result: undefined, diagnostics };
    const { signal } = interrupt;
    const options = { ...solveOptions(flags), signal, onIteration: progress.update.bind(progress) };
    const tried = await attempt(problem, options).finally(() => progress.clear());
    if ("diagnostics" in tried) {
      return { ...base, verdict: "error", result: undefined, diagnostics: tried.diagnostics };
    }
    const { result } = tried;
    return { ...base, verdict: verdictOf(problem, result, known), result, diagnostics: [] };
  };
  try {
    for (const file of files) {
      if (interrupt.signal.aborted) break;
      progress.stage(`${rows.length + 1} of ${files.length}: ${file}`);
      const row = await solved(file);
      rows.push(row);
      progress.clear();
      report(row.diagnostics, row.source, terminal);
      if (!quiet) terminal.err(`${rows.length} of ${files.length}: ${row.problem}  ${row.verdict}\n`);
    }
  } finally {
    interrupt.release();
  }
  if (flags.better !== undefined) await writeBetterPoints(flags.better as string, rows);
  terminal.out(flags.json === true ? document(rows) : `${text(rows, terminal)}\n`);
  if (interrupt.signal.aborted) return exit.interrupted;
  const failed = rows.some(({ verdict }) => verdict === "error" || !fine.has(verdict));
  return exitOfDiagnostics(rows.flatMap((r) => r.diagnostics)) || (failed ? exit.limit : exit.ok);
}

const verdicts = ["reached", "better", "solved", "worse", "violated", "not lower", "none", "error"] as const;

function totalsOf(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(verdicts.map((v) => [v, rows.filter((r) => r.verdict === v).length]));
}

function text(rows: readonly Row[], { paint }: Terminal): string {
  const heads = ["problem", "best known", "reached", "violation", "lower gap", "method", "seconds", "verdict"];
  const cells = rows.map(({ problem, known, result, verdict }) => {
    const good = verdict !== "error" && fine.has(verdict);
    const numbers = result && {
      upper: number(result.upper.objective, 6),
      violation: short(Math.max(result.upper.violation, result.lower.violation)),
      gap: short(result.lower.gap),
    };
    return [
      problem,
      known?.best === undefined ? "" : number(known.best, 6),
      numbers?.upper ?? "",
      numbers?.violation ?? "",
      numbers?.gap ?? "",
      result?.method ?? "",
      result === undefined ? "" : short(result.seconds),
      good ? paint.good(verdict) : paint.bad(result && verdict === "none" ? result.status : verdict),
    ];
  });
  const totals = Object.entries(totalsOf(rows)).filter(([, n]) => n > 0);
  const counted = totals.map(([verdict, n]) => `${n} ${verdict}`).join(", ");
  return `${table([heads, ...cells])}\n\n${count(rows.length, "problem")}: ${counted}`;
}

function document(rows: readonly Row[]): string {
  const problems = rows.map(({ file, problem, verdict, known, result, diagnostics, source }) => ({
    file,
    problem,
    verdict,
    best: known?.best ?? null,
    reached: result?.upper.objective ?? null,
    violation: result === undefined ? null : Math.max(result.upper.violation, result.lower.violation),
    gap: result?.lower.gap ?? null,
    method: result?.method ?? null,
    status: result?.status ?? null,
    certified: result?.certificate?.certified ?? false,
    seconds: result?.seconds ?? null,
    values: result?.values ?? {},
    diagnostics: toJson(diagnostics, source),
  }));
  return `${JSON.stringify(plain({ version, totals: totalsOf(rows), problems }), null, 2)}\n`;
}
