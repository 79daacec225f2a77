/** Names of the source as TeX: Greek letters by name, final digits as an index, words upright where they are labels. */

const greek: ReadonlySet<string> = new Set(
  (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega " +
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
  ).split(" "),
);

/** Greek letters and signs that formulas of ours use as names. */
const signs: ReadonlyMap<string, string> = new Map([
  ["λ", "\\lambda"],
  ["μ", "\\mu"],
  ["inf", "\\infty"],
  ["pi", "\\pi"],
]);

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
};

/** A single Greek letter as TeX's command for it. */
function letterOf(text: string): string | undefined {
  const index = "αβγδεζηθικ λμνξ πρστυφχψω".indexOf(text);
  if (text.length !== 1 || index < 0) return undefined;
  const names =
    "alpha beta gamma delta epsilon zeta eta theta iota kappa - lambda mu nu xi - pi rho sigma tau upsilon phi chi psi omega";
  return `\\${names.split(" ")[index]}`;
}

/** Text for a place where TeX sets words, in math mode or outside of it. */
export function texWords(text: string): string {
  return text.replace(/[\\{}_^$%#&~]/g, (c) => escapes[c] ?? `\\${c}`);
}

/** A word in math mode; its letters are one name, not a product. */
export function word(text: string): string {
  const sign = signs.get(text);
  if (sign !== undefined) return sign;
  if (greek.has(text)) return `\\${text}`;
  if (/^[A-Za-z]$/.test(text)) return text;
  if (/[^\x20-\x7e]/.test(text)) return letterOf(text) ?? `\\textit{${texWords(text)}}`;
  return `\\mathit{${text.replace(/[_%#&$]/g, (c) => `\\${c}`)}}`;
}

/**
 * A name; `q1` becomes q with the index 1, unless it carries an index of its own or another name without the digits is
 * `taken`: then both would look the same.
 */
export function nameTex(name: string, indexed: boolean, taken: (name: string) => boolean): string {
  const [, base, digits] = /^([A-Za-z]+)_?(\d+)$/.exec(name) ?? [];
  if (digits !== undefined && !indexed && !taken(base)) return `${word(base)}_{${digits}}`;
  return word(name);
}
