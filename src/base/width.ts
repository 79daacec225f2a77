/** How many terminal columns a text takes, and text made safe to print: control characters become visible pictures. */

/** Combining marks, joiners and other characters that take no column of their own. */
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian wide and full-width ranges (Unicode Standard Annex 11) and pictographs that terminals draw two columns wide. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Columns of one character (a whole code point). */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  for (const [first, last] of wideRanges) if (code >= first && code <= last) return 2;
  return 1;
}

/** Columns of a text without line breaks or tabs. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * A character as it may be sent to a terminal. Control characters, lone surrogates and direction overrides (which
 * could disguise what a line says) become visible stand-ins.
 */
export function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  if (code >= 0x80 && code < 0xa0) return "�";
  if (code >= 0xd800 && code <= 0xdfff) return "�";
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return "�";
  return character;
}

/** A text made safe for one line of a terminal. */
export function visibleText(text: string): string {
  let out = "";
  for (const character of text) out += character === "\t" ? " " : visible(character);
  return out;
}

/** The text cut to `width` columns, with … where something is missing. */
export function cutTo(text: string, width: number): string {
  if (text.length <= width && textWidth(text) <= width) return text;
  let out = "";
  let used = 0;
  for (const character of text) {
    const w = characterWidth(character);
    if (used + w > width - 1) break;
    out += character;
    used += w;
  }
  return `${out}…`;
}

/** Filled up with blanks to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}
