/** `blo init`: writes a commented template. Never overwrites anything. */
import { writeFile } from "node:fs/promises";
import type { Action } from "../command.js";
import { exit, UsageError } from "../exit.js";
import { writingReasonOf } from "../sourceFile.js";
import type { TemplateName } from "../templates/names.js";
import { templates } from "../templates/texts.js";

export const init: Action = async (args, flags, terminal) => {
  const path = args[0] ?? "problem.blo";
  const name = (flags.from ?? "default") as TemplateName;
  const text = templates[name];
  if (path === "-") {
    terminal.out(text);
    return exit.ok;
  }
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new UsageError(
      taken ? `${path} exists already; nothing was written` : `${path} cannot be written: ${writingReasonOf(error)}`,
      taken ? "give another name, or remove the file first" : undefined,
    );
  }
  terminal.err(`Wrote ${path} (template ${name}). Next: blo run ${path}\n`);
  return exit.ok;
};
