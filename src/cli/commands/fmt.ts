/** `blo fmt`: the canonical layout, to standard output, in place, or only compared. */
import { rename, stat, writeFile } from "node:fs/promises";
import { parse } from "../../syntax/parse.js";
import { print } from "../../syntax/print.js";
import type { Action } from "../command.js";
import { exit, exitOfDiagnostics, UsageError } from "../exit.js";
import { hasErrors, report } from "../report.js";
import { readSource, writingReasonOf } from "../sourceFile.js";

/** Replaces a file in one step, so that a crash leaves either text whole; permissions are kept. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const { mode } = await stat(path);
    await writeFile(beside, text, { mode, flag: "wx" });
    await rename(beside, path);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${writingReasonOf(error)}`);
  }
}

export const fmt: Action = async (args, flags, terminal) => {
  const check = flags.check === true;
  const write = flags.write === true;
  if (check && write) throw new UsageError("--check and --write exclude each other");
  if (write && args.includes("-")) throw new UsageError("standard input cannot be rewritten; leave out --write");
  let code: number = exit.ok;
  for (const path of args) {
    const { source, diagnostics } = await readSource(path);
    if (!source) {
      report(diagnostics, undefined, terminal);
      code = Math.max(code, exitOfDiagnostics(diagnostics));
      continue;
    }
    const parsed = parse(source);
    if (!parsed.tree || hasErrors(parsed.diagnostics)) {
      report(parsed.diagnostics, source, terminal);
      code = Math.max(code, exitOfDiagnostics(parsed.diagnostics));
      continue;
    }
    const text = print(parsed.tree, source);
    if (check) {
      if (text !== source.text) {
        terminal.out(`${path}\n`);
        code = Math.max(code, exit.source);
      }
    } else if (!write) terminal.out(text);
    else if (text !== source.text) {
      await replace(path, text);
      terminal.err(`rewrote ${path}\n`);
    }
  }
  return code;
};
