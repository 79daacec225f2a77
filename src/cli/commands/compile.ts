/** `blo compile`: a standalone ES module with the functions of a problem, and its types beside it. */
import { writeFile } from "node:fs/promises";
import { emitModule } from "../../codegen/module.js";
import type { Action } from "../command.js";
import { compileInput } from "../compiled.js";
import { exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { report } from "../report.js";
import { writingReasonOf } from "../sourceFile.js";

/** `a.mjs` has its types in `a.d.mts`, `a.js` in `a.d.ts`. */
function typesPath(path: string): string {
  const match = /^(.*)\.(mjs|js)$/.exec(path);
  if (!match) throw new UsageError(`--out must end in .mjs or .js, found "${path}"`);
  return `${match[1]}.d.${match[2] === "mjs" ? "mts" : "ts"}`;
}

export const compile: Action = async ([path], flags, terminal) => {
  const out = flags.out as string | undefined;
  const beside = out === undefined ? undefined : typesPath(out);
  const { source, problem, diagnostics } = await compileInput(path, flags);
  report(diagnostics, source, terminal);
  if (!problem) return exitOfDiagnostics(diagnostics);
  const { code, types } = emitModule(problem);
  if (out === undefined || beside === undefined) {
    terminal.out(code);
    return exit.ok;
  }
  try {
    await writeFile(out, code);
    await writeFile(beside, types);
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${writingReasonOf(error)}`);
  }
  terminal.err(`Wrote ${out} and ${beside}\n`);
  return exit.ok;
};
