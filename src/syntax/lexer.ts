/**
 * Text to tokens, on demand (moo). One Lexer per parse. White space and comments are dropped, comments collected;
 * tokens know whether they open a line, which is all that the newline rules need (statements.ts).
 * Numbers leave `1..5` a range; keywords are whole words; Unicode signs are read as their ASCII synonyms.
 */
import moo from "moo";
import type { Reports } from "./reports.js";
import type { Token, TokenType } from "./token.js";
import type { Comment } from "./tree.js";
import { reservedWords, synonyms } from "./vocabulary.js";

const rules: moo.Rules = {
  space: /[^\S\n\r\u2028\u2029]+/u,
  newline: { match: /\r\n|[\n\r\u2028\u2029]/u, lineBreaks: true },
  comment: /#[^\n\r\u2028\u2029]*/u,
  string: /"(?:[^"\\\n\r]|\\[^\n\r])*"/u,
  openString: /"(?:[^"\\\n\r]|\\[^\n\r])*\\?/u,
  number: /(?:\d+(?:\.(?![.*/^])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/u,
  name: { match: /[\p{L}_][\p{L}\p{M}\p{Nd}_₀-₉]*/u, type: moo.keywords({ keyword: [...reservedWords] }) },
  sign: [...[...synonyms.keys()].filter((s) => !/\p{L}/u.test(s))],
  power: ["^", ".^"],
  multiplicative: ["*", "/", ".*", "./"],
  additive: ["+", "-"],
  comparison: ["<=", ">=", "==", "!=", "<", ">"],
  mark: ["..", ".", "(", ")", "[", "]", "{", "}", ",", ";", ":", "=", "'"],
  junk: /[^\n]/u,
};

/** Token types of canonical texts that a synonym may stand for. */
const typeOfText: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ["<=", "comparison"],
  [">=", "comparison"],
  ["!=", "comparison"],
  ["*", "multiplicative"],
  ["/", "multiplicative"],
  ["-", "additive"],
  ["'", "mark"],
  ["sum", "name"],
  ["prod", "name"],
  ["sqrt", "name"],
  ["inf", "name"],
]);

/** What people write for something Blo spells otherwise. */
const misspelled: ReadonlyMap<string, string> = new Map([
  ["²", "write `^2`"],
  ["³", "write `^3`"],
  ["“", 'strings stand in straight quotes: `"…"`'],
  ["”", 'strings stand in straight quotes: `"…"`'],
  ["„", 'strings stand in straight quotes: `"…"`'],
  ["‘", 'strings stand in straight quotes: `"…"`'],
  ["’", "the transpose is the straight sign `'`"],
  ["&", "write `and`"],
  ["|", "write `or`; the absolute value is `abs(x)`, the norm `norm(x)`"],
  ["!", "write `not`"],
  ["%", "comments begin with `#`"],
  ["…", "a range is written with two dots: `1..5`"],
  ["∂", "derivatives are taken by the compiler"],
  ["\uFFFD", "save the file as UTF-8"],
]);

export class Lexer {
  readonly comments: Comment[] = [];
  private readonly moo = moo.compile(rules);
  private readonly base: number;
  private readonly length: number;
  private opensLine = true;
  /** After a `.` every word is a name: a column may be called `set`. */
  private afterDot = false;
  /** Where the last unreadable character ended: a run of them is one finding. */
  private junkEnd = -1;
  /** Read ahead by one: a number must see whether a name or a bracket touches it. */
  private ahead: Token | undefined;

  constructor(
    text: string,
    private readonly reports: Reports,
  ) {
    this.base = text.startsWith("\uFEFF") ? 1 : 0;
    this.length = text.length;
    this.moo.reset(this.base === 1 ? text.slice(1) : text);
  }

  /** The next token; after the last one, `end` for ever. */
  next(): Token {
    const token = this.ahead ?? this.read();
    this.ahead = undefined;
    if (token.type !== "number") return token;
    const after = (this.ahead = this.read());
    const touches = after.start === token.end && (after.type === "name" || after.text === "(" || after.text === "[");
    return touches ? { ...token, type: "coefficient" } : token;
  }

  private read(): Token {
    for (;;) {
      const raw = this.moo.next();
      if (raw === undefined) {
        return { type: "end", text: "", start: this.length, end: this.length, opensLine: this.opensLine };
      }
      const start = this.base + raw.offset;
      const end = start + raw.text.length;
      switch (raw.type) {
        case "space":
          continue;
        case "newline":
          this.opensLine = true;
          continue;
        case "comment":
          this.comments.push({ text: raw.text.slice(1).trimEnd(), trailing: !this.opensLine, span: { start, end } });
          continue;
        default: {
          const token = this.token(raw.type ?? "junk", raw.text, start, end);
          this.opensLine = false;
          this.afterDot = token.type === "mark" && token.text === ".";
          if (token.type !== "junk") return token;
        }
      }
    }
  }

  private token(type: string, raw: string, start: number, end: number): Token {
    const opensLine = this.opensLine;
    const span = { start, end };
    switch (type) {
      case "number": {
        const number = Number(raw);
        if (number === Number.POSITIVE_INFINITY) this.reports.add("BLO0104", { text: shorten(raw) }, { span });
        return { type, text: raw, start, end, opensLine, number };
      }
      case "string":
        return { type, text: raw, start, end, opensLine, string: this.decode(raw.slice(1, -1), start + 1) };
      case "openString":
        this.reports.add("BLO0102", {}, { span });
        return { type: "string", text: raw, start, end, opensLine, string: raw.slice(1) };
      case "name":
        return { type, text: raw.normalize("NFC").replaceAll("µ", "μ"), start, end, opensLine };
      case "keyword":
        if (this.afterDot) return { type: "name", text: raw, start, end, opensLine };
        return { type, text: synonyms.get(raw) ?? raw, start, end, opensLine };
      case "sign": {
        const text = synonyms.get(raw) ?? raw;
        return { type: typeOfText.get(text) ?? "keyword", text, start, end, opensLine };
      }
      case "junk":
        if (this.junkEnd !== start)
          this.reports.add("BLO0101", { character: describeCharacter(raw) }, { span, hint: misspelled.get(raw) });
        this.junkEnd = end;
        return { type, text: raw, start, end, opensLine };
      default:
        return { type: type as TokenType, text: raw, start, end, opensLine };
    }
  }

  private decode(body: string, offset: number): string {
    if (!body.includes("\\")) return body;
    return body.replace(
      /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/gu,
      (whole, hex: string | undefined, one: string, at: number) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        const value = escapes.get(one);
        if (value !== undefined) return value;
        const start = offset + at;
        this.reports.add("BLO0103", { escape: whole }, { span: { start, end: start + whole.length } });
        return one;
      },
    );
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function shorten(text: string): string {
  return text.length > 20 ? `${text.slice(0, 17)}…` : text;
}

/** A character as a person can find it: itself where it prints, and its code where it is not plain ASCII. */
function describeCharacter(raw: string): string {
  const code = raw.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/[\p{C}\p{Z}\p{M}]/u.test(raw)) return name;
  return code < 128 ? `\`${raw}\`` : `\`${raw}\` (${name})`;
}
