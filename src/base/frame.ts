/**
 * The code frame of a span: the lines it stands on, numbered, with the span underlined. Columns are terminal columns
 * (tabs, combining and wide characters are counted as drawn). Lines that do not fit are cut around the span; only a
 * window of a line is ever looked at, so a frame of a line of megabytes costs as little as one of a short line.
 */
import type { Paint } from "./paint.js";
import type { Source } from "./source.js";
import type { Span } from "./span.js";
import { characterWidth, textWidth, visible } from "./width.js";

const tabStop = 4;
/** A span on more lines than this shows its first and last line with a gap between. */
const mostLines = 4;

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset within the line at which the character begins. */
  readonly at: number;
}

/** Characters of `line` from offset `from` to `to` as they are drawn. */
function cellsOf(line: string, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = from;
  while (at < to) {
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    let text = visible(character);
    let width = characterWidth(text);
    if (character === "\t") {
      width = tabStop - (column % tabStop);
      text = " ".repeat(width);
    }
    cells.push({ text, width, at });
    column += width;
    at += character.length;
  }
  return cells;
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, c) => sum + c.width, 0);

/** True for the second half of a surrogate pair, where a line must not be cut. */
function splitsPair(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

export interface MarkedLine {
  readonly text: string;
  /** Blanks up to and including the underline. */
  readonly underline: string;
}

/**
 * One line with the half-open range [start, end) of its UTF-16 units underlined, in at most `width` columns (but never
 * fewer than 10). An empty range is marked by one character, also just past the line's end.
 */
export function markLine(line: string, start: number, end: number, width: number, mark: string): MarkedLine {
  const room = Math.max(10, width);
  start = Math.max(0, Math.min(start, line.length));
  end = Math.max(start, Math.min(end, line.length));
  // A character takes at least one unit; combining marks take units without columns, hence the generous window.
  let from = start <= 4 * room ? 0 : start - 2 * room;
  let to = Math.min(line.length, Math.min(end, start + 4 * room) + 4 * room);
  if (splitsPair(line, from)) from--;
  if (to < line.length && splitsPair(line, to)) to--;
  let cells = cellsOf(line, from, to);
  let cutLeft = from > 0;
  let cutRight = to < line.length;
  // One column past the text is needed where the span stands at the line's end.
  const need = (): number => widthOf(cells) + (start >= line.length ? 1 : 0) + (cutLeft ? 1 : 0) + (cutRight ? 1 : 0);
  if (need() > room) {
    const before = cells.filter((c) => c.at < start);
    const inside = cells.filter((c) => c.at >= start && c.at < end);
    // The span's beginning is always shown; what is left of the room is shared, a third of it before the span.
    const spare = room - 2 - Math.min(widthOf(inside), Math.floor(room / 2)) - (start >= line.length ? 1 : 0);
    const after = widthOf(cells) - widthOf(before) - widthOf(inside);
    let left = Math.max(Math.floor(spare / 3), spare - after);
    let first = before.length;
    while (first > 0 && before[first - 1].width <= left) left -= before[--first].width;
    if (first > 0) cutLeft = true;
    cells = cells.slice(first);
    let used = cutLeft ? 1 : 0;
    let count = 0;
    while (count < cells.length && used + cells[count].width <= room - 1) used += cells[count++].width;
    if (count < cells.length) cutRight = true;
    cells = cells.slice(0, count);
  }
  const lead = (cutLeft ? 1 : 0) + widthOf(cells.filter((c) => c.at < start));
  const length = Math.max(1, widthOf(cells.filter((c) => c.at >= start && c.at < end)));
  return {
    text: (cutLeft ? "…" : "") + cells.map((c) => c.text).join("") + (cutRight ? "…" : ""),
    underline: " ".repeat(lead) + mark.repeat(length),
  };
}

export interface FrameOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Colour of the underline. */
  readonly accent: (text: string) => string;
  /** The character of the underline: `^` for the place itself, `-` for a related one. */
  readonly mark: string;
}

/** The lines of a frame, each with its number and bar. */
export function frame(source: Source, span: Span, options: FrameOptions): string[] {
  const { paint, accent, mark } = options;
  const begin = source.position(span.start);
  const finish = source.position(Math.max(span.start, span.end));
  // A span that ends with a line break does not mark the empty line after it.
  const lastLine = finish.column === 1 && finish.line > begin.line ? finish.line - 1 : finish.line;
  const digits = String(lastLine).length;
  const bar = (number: string): string => paint.dim(`${number.padStart(digits)} | `);
  const width = options.width - digits - 3;
  const out: string[] = [];
  for (let number = begin.line; number <= lastLine; number++) {
    if (lastLine - begin.line >= mostLines && number === begin.line + 1) {
      out.push(paint.dim(`${"…".padStart(digits)} |`));
      number = lastLine;
    }
    const line = source.line(number);
    const indent = number === begin.line ? 0 : line.length - line.trimStart().length;
    const start = number === begin.line ? begin.column - 1 : indent;
    const end = number === finish.line ? finish.column - 1 : line.length;
    if (number > begin.line && number < lastLine && indent === line.length) {
      out.push(bar(String(number)).trimEnd());
      continue;
    }
    const marked = markLine(line, start, end, width, mark);
    const at = marked.underline.lastIndexOf(" ") + 1;
    out.push((bar(String(number)) + marked.text).trimEnd());
    out.push(bar("") + marked.underline.slice(0, at) + accent(marked.underline.slice(at)));
  }
  return out;
}

/**
 * A related place on the line of a diagnostic's own span, as a further line of that span's frame: underline and message.
 * Undefined where they do not share a line, or where the line or the message would not fit.
 */
export function labelBelow(
  source: Source,
  own: Span,
  span: Span,
  message: string,
  { width, paint, accent, mark }: FrameOptions,
): string | undefined {
  const places = [own.start, own.end, span.start, span.end].map((at) => source.position(at));
  const [{ line: number }] = places;
  if (places.some((p) => p.line !== number)) return undefined;
  const room = width - String(number).length - 3;
  const line = source.line(number);
  if (line.length > 4 * room || widthOf(cellsOf(line, 0, line.length)) >= room) return undefined;
  const { underline } = markLine(line, places[2].column - 1, places[3].column - 1, room, mark);
  if (textWidth(`${underline} ${message}`) > room) return undefined;
  const at = underline.lastIndexOf(" ") + 1;
  return `${paint.dim(`${" ".repeat(String(number).length)} | `)}${underline.slice(0, at)}${accent(underline.slice(at))} ${message}`;
}
