/**
 * Text to syntax tree:
 *   1. the text as a whole is looked at (readable.ts)      3. each statement is parsed by the grammar (earley.ts)
 *   2. tokens are cut into statements (statements.ts)       4. blocks and the file are put together (here, blocks.ts)
 * Never throws on user input. Each statement stands alone: an error in one leaves the others in the tree.
 */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Source } from "../base/source.js";
import { FileParser } from "./blocks.js";
import { checkText } from "./readable.js";
import { Reports } from "./reports.js";
import type { SyntaxTree } from "./tree.js";

export interface Parsed {
  /** What could be read: whole only if no diagnostic is an error; absent if the text could not be read at all. */
  readonly tree?: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
}

export function parse(source: Source): Parsed {
  const reports = new Reports();
  if (!checkText(source, reports)) return { diagnostics: reports.list() };
  const parser = new FileParser(source, reports);
  const items = parser.file();
  if (items.length === 0 && !reports.list().some((d) => d.severity === "error")) reports.add("BLO0001", {});
  const span = { start: 0, end: source.text.length };
  return { tree: { items, comments: parser.comments, span }, diagnostics: reports.list() };
}
