/** `blo compare`: equal budgets for every method and seed; a table, and on request plots, a document and a page. */
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  BloError,
  type CompareOptions,
  type Comparison,
  compare as compareMethods,
  comparisonDocument,
  comparisonPage,
  comparisonSvg,
} from "../../api.js";
import { contestantsOf } from "../../compare/compare.js";
import type { Problem } from "../../model/problem.js";
import type { Action, FlagValues } from "../command.js";
import type { BudgetFlag, MethodOptions } from "../compareFlags.js";
import { comparisonText } from "../compareText.js";
import { type CompiledInput, compileInput } from "../compiled.js";
import { type ExitCode, exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { listen } from "../interrupt.js";
import { Progress } from "../progress.js";
import { report } from "../report.js";
import { writingReasonOf } from "../sourceFile.js";
import type { Terminal } from "../terminal.js";

type Kind = "svg" | "json" | "html";
const kinds: readonly Kind[] = ["json", "svg", "html"];

/** Files to write by kind; opened before the runs, so that a wrong path costs no time. */
class Files {
  private readonly paths: ReadonlyMap<Kind, string>;

  private constructor(paths: ReadonlyMap<Kind, string>) {
    this.paths = paths;
  }

  static async prepare(flags: FlagValues): Promise<Files> {
    const paths = new Map<Kind, string>();
    const folder = flags.out as string | undefined;
    if (folder !== undefined) {
      try {
        mkdirSync(folder, { recursive: true });
      } catch (error) {
        throw new UsageError(`--out ${folder} cannot be made: ${writingReasonOf(error)}`);
      }
      for (const kind of kinds) paths.set(kind, join(folder, `compare.${kind}`));
    }
    for (const kind of kinds) {
      const path = flags[kind] as string | undefined;
      if (path !== undefined && path !== "-") paths.set(kind, path);
    }
    for (const path of paths.values()) await (await opened(path, "a")).close();
    return new Files(paths);
  }

  /** Writes what was asked for; returns the paths. */
  async write(comparison: Comparison, input: CompiledInput, file: string | undefined): Promise<readonly string[]> {
    const about = { file, sha256: input.sha256 };
    const texts: Readonly<Record<Kind, () => string | Promise<string>>> = {
      json: () => documentText(comparison, input, file),
      svg: () => comparisonSvg(comparison),
      html: () => comparisonPage(comparison, about),
    };
    for (const [kind, path] of this.paths) {
      const text = await texts[kind]();
      const target = await opened(path, "w");
      try {
        await target.writeFile(text);
      } catch (error) {
        throw new UsageError(`${path} cannot be written: ${writingReasonOf(error)}`);
      } finally {
        await target.close();
      }
    }
    return [...this.paths.values()];
  }
}

async function opened(path: string, flag: "a" | "w") {
  try {
    return await open(path, flag);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${writingReasonOf(error)}`);
  }
}

function documentText(comparison: Comparison, { sha256 }: CompiledInput, file: string | undefined): string {
  return `${JSON.stringify(comparisonDocument(comparison, { file, sha256 }), null, 2)}\n`;
}

function optionsOf(flags: FlagValues): CompareOptions {
  const given = (flags.opt ?? new Map()) as MethodOptions;
  const names = flags.methods as readonly string[] | undefined;
  const { calls, seconds, iterations } = (flags.budget ?? {}) as BudgetFlag;
  if (names === undefined && given.size > 0) {
    throw new UsageError("--opt needs --methods: name the methods to compare");
  }
  for (const method of given.keys()) {
    if (names?.includes(method)) continue;
    throw new UsageError(`--opt sets an option of ${method}, which is not compared (--methods ${names?.join(",")})`);
  }
  return {
    methods: names?.map((method) => ({ method, options: Object.fromEntries(given.get(method) ?? []) })),
    seeds: flags.seeds as readonly number[] | undefined,
    calls,
    seconds,
    iterations,
    tolerance: flags.tol as number | undefined,
    spread: flags.spread as number | undefined,
    // What a problem expects holds for the parameters and data that are written in it.
    expectations: flags.set === undefined && flags.data === undefined,
    ...(flags.backend === undefined ? {} : { backend: flags.backend as "generated" | "interpreted" }),
  };
}

async function compared(
  problem: Problem,
  options: CompareOptions,
  signal: AbortSignal,
  terminal: Terminal,
  quiet: boolean,
): Promise<Comparison> {
  const progress = new Progress(terminal, quiet);
  return compareMethods(problem, {
    ...options,
    signal,
    onProgress: ({ label, seed, run, runs, stage, share }) => {
      const what = stage === "running" ? "of the budget" : "measured";
      progress.news(() => `run ${run} of ${runs}: ${label}, seed ${seed}, ${Math.floor(100 * share)} % ${what}`);
    },
  }).finally(() => progress.clear());
}

export const compare: Action = async ([path], flags, terminal): Promise<ExitCode> => {
  const options = optionsOf(flags);
  const quiet = flags.quiet === true;
  const onOutput = flags.json === "-";
  const input = await compileInput(path, flags);
  const { problem, source } = input;
  if (!problem || !quiet) report(input.diagnostics, source, terminal);
  if (!problem) return exitOfDiagnostics(input.diagnostics);
  const interrupt = listen(terminal);
  let comparison: Comparison;
  let files: Files;
  try {
    // Names and options before files: a slip of the pen leaves none behind.
    contestantsOf(problem, options.methods);
    files = await Files.prepare(flags);
    comparison = await compared(problem, options, interrupt.signal, terminal, quiet);
  } catch (error) {
    if (!(error instanceof BloError)) throw error;
    report(error.diagnostics, source, terminal);
    return exitOfDiagnostics(error.diagnostics);
  } finally {
    interrupt.release();
  }
  const count = comparison.methods.length;
  if (options.methods === undefined && count > 0 && !quiet) {
    terminal.err(`compared: the ${count} methods that fit (--methods a,b,c chooses)\n`);
  }
  const file = path === "-" ? undefined : path;
  if (onOutput) terminal.out(documentText(comparison, input, file));
  else terminal.out(comparisonText(comparison, terminal.width, terminal.paint));
  if (count === 0) {
    terminal.err("error: none of the methods fits this problem\n");
    return exit.notApplicable;
  }
  const written = await files.write(comparison, input, file);
  if (written.length > 0 && !quiet) terminal.err(`written: ${written.join(", ")}\n`);
  return comparison.interrupted ? exit.interrupted : exit.ok;
};
