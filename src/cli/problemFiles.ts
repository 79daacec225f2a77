/** The problem files that paths on the command line stand for: a folder stands for all .blo files below it. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { reasonOf } from "../base/fileReasons.js";

/** In the order of their names, each once. */
export async function filesOf(paths: readonly string[]): Promise<{ files: string[]; diagnostics: Diagnostic[] }> {
  const files: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push(path);
        continue;
      }
      const inside = (await readdir(path, { recursive: true })).filter((f) => f.endsWith(".blo")).sort();
      if (inside.length === 0)
        diagnostics.push(diagnostic("BLO0010", { file: path, why: "the folder holds no .blo file" }));
      files.push(...inside.map((f) => join(path, f)));
    } catch (error) {
      diagnostics.push(diagnostic("BLO0010", { file: path, why: reasonOf(error) }));
    }
  }
  return { files: [...new Set(files)], diagnostics };
}
