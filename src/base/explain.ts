/** The page of a code, as `blo explain CODE` prints it. */

import type { Entry } from "./catalogue/entry.js";
import { type Code, catalogue } from "./catalogue/index.js";

/** Every code of the catalogue, in order. */
export function codes(): Code[] {
  return (Object.keys(catalogue) as Code[]).sort();
}

/** The facts about a code that need no parameters. */
export function entryOf(code: Code): Pick<Entry<never>, "severity" | "title" | "hint" | "page"> {
  return catalogue[code];
}

/** The code a person means by `BLO0312`, `blo0312`, `0312` or `312`; undefined where the text has another form. */
export function asCode(text: string): string | undefined {
  const match = /^(?:blo)?-?(\d{1,4})$/i.exec(text.trim());
  return match ? `BLO${match[1].padStart(4, "0")}` : undefined;
}

/** True for codes that the catalogue holds. */
export function isCode(code: string): code is Code {
  return Object.hasOwn(catalogue, code);
}

/** Title, severity, page and standing hint, as Markdown. */
export function explainCode(code: Code): string {
  const { severity, title, hint, page } = entryOf(code);
  const parts = [`# ${code}: ${title}`, `Severity: ${severity}`, page.trim()];
  if (hint) parts.push(`Hint: ${hint}`);
  return `${parts.join("\n\n")}\n`;
}
