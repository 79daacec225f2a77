/** Looks at the text as a whole before anything reads it: size, NUL characters, damaged UTF-8. */
import type { Source } from "../base/source.js";
import type { Reports } from "./reports.js";

/** Characters (UTF-16 units) of one source at most. */
export const MAX_SOURCE_LENGTH = 16_000_000;

/** False where the text is not worth reading any further. */
export function checkText(source: Source, reports: Reports): boolean {
  const { text } = source;
  if (text.length > MAX_SOURCE_LENGTH) {
    reports.add("BLO0002", { size: text.length, limit: MAX_SOURCE_LENGTH }, { span: { start: 0, end: 0 } });
    return false;
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    reports.add("BLO0003", {}, { span: { start: nul, end: nul + 1 } });
    return false;
  }
  const first = text.indexOf("\uFFFD");
  if (first >= 0) {
    let count = 0;
    for (let at = first; at >= 0; at = text.indexOf("\uFFFD", at + 1)) count++;
    reports.add("BLO0004", { count }, { span: { start: first, end: first + 1 } });
  }
  return true;
}
