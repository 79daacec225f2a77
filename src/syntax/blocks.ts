/** Puts statements together: sections of the file, items of levels, settings and expectations. */
import type { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import { checkCoefficients } from "./coefficients.js";
import { type LevelHead, levelOf } from "./declare.js";
import { parseTokens, type StartSymbol } from "./earley.js";
import { explain } from "./explain.js";
import { commentHint, wordMeant } from "./habits.js";
import { Lexer } from "./lexer.js";
import type { Reports } from "./reports.js";
import { type Place, type Statement, StatementReader } from "./statements.js";
import { spanOf, startsOperand, type Token } from "./token.js";
import type { Comment, Expectation, Item, LevelItem, Setting } from "./tree.js";
import { levelWords, openingWords, sectionWords } from "./vocabulary.js";
import { describe } from "./words.js";

/** The start symbol of each section that is one statement. */
const statementStart: ReadonlyMap<string, StartSymbol> = new Map([
  ["problem", "problem"],
  ["param", "param"],
  ["data", "data"],
  ["set", "set"],
  ["fn", "fn"],
  ["let", "let"],
]);
const blockWords: ReadonlySet<string> = new Set(["upper", "lower", "minimax", "solve", "expect"]);
/** Sections a file has once. */
const single: ReadonlySet<string> = new Set(["problem", "upper", "minimax", "solve", "expect"]);

/** The start symbol of an item of a level that begins with a word. */
function startOf({ tokens: [first, second] }: Statement): StartSymbol {
  if (first.text === "let") return "let";
  return first.text === "var" || second?.text === "var" ? "var" : "objective";
}

/** Decides about one statement inside a block. */
type Handler = (statement: Statement) => void;

export class FileParser {
  private readonly lexer: Lexer;
  private readonly reader: StatementReader;
  private readonly seen = new Map<string, Span>();

  constructor(
    private readonly source: Source,
    private readonly reports: Reports,
  ) {
    this.lexer = new Lexer(source.text, reports);
    this.reader = new StatementReader(this.lexer, reports);
  }

  get comments(): readonly Comment[] {
    return this.lexer.comments;
  }

  private get halted(): boolean {
    return this.reader.stopped || this.reports.full;
  }

  file(): Item[] {
    const items: Item[] = [];
    while (this.reader.peek().type !== "end" && !this.halted) {
      const statement = this.reader.read("plain");
      const item = this.section(statement);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  private section(statement: Statement): Item | undefined {
    const { tokens, ending, terminator } = statement;
    const first = tokens[0] ?? terminator;
    const word = tokens.length === 0 ? "" : first.text;
    const known = sectionWords.includes(word) && first.type !== "string";
    if (tokens.length > 0 && !known) return this.unknownSection(statement, first);
    this.countSection(word, first);
    if (blockWords.has(word)) return this.block(word, statement);
    const start = statementStart.get(word);
    const item = start && (this.statement(start, statement) as Item | undefined);
    if (ending === "open") {
      if (start === undefined) this.reports.add("BLO0114", { word: "`{`" }, { span: spanOf(terminator) });
      this.skipBlock(terminator);
    } else if (ending === "close") this.reports.add("BLO0106", { closer: "}" }, { span: spanOf(terminator) });
    return item;
  }

  private countSection(word: string, token: Token): void {
    if (!single.has(word)) return;
    const before = this.seen.get(word);
    if (before === undefined) this.seen.set(word, spanOf(token));
    else {
      const related = [{ span: before, message: "the first one is here" }];
      this.reports.add("BLO0115", { word }, { span: spanOf(token), related });
    }
  }

  private unknownSection(statement: Statement, first: Token): Item | undefined {
    const suggestion = wordMeant(first, sectionWords);
    const inLevel = levelWords.includes(first.text) ? "it belongs into a level: `upper { … }`" : undefined;
    const hint = first.text === "/" ? commentHint : inLevel;
    const parameters = { word: describe(first), ...(suggestion ? { suggestion } : {}) };
    if (!statement.damaged) this.reports.add("BLO0114", parameters, { span: spanOf(first), hint });
    if (statement.ending === "close") {
      this.reports.add("BLO0106", { closer: "}" }, { span: spanOf(statement.terminator) });
    }
    if (statement.ending !== "open") return undefined;
    if (suggestion === undefined || !blockWords.has(suggestion)) {
      this.skipBlock(statement.terminator);
      return undefined;
    }
    const corrected: Token = { ...first, type: "keyword", text: suggestion };
    return this.block(suggestion, { ...statement, tokens: [corrected, ...statement.tokens.slice(1)] });
  }

  /** Reads over a block that cannot be used, up to the `}` that closes it. */
  private skipBlock(opener: Token): void {
    let depth = 1;
    while (depth > 0) {
      const token = this.reader.peek();
      if (token.type === "end") {
        this.reports.add("BLO0122", { section: "{" }, { span: spanOf(opener) });
        return;
      }
      if (token.type === "mark" && token.text === "{") depth++;
      if (token.type === "mark" && token.text === "}") depth--;
      this.reader.advance();
    }
  }

  // -------------------------------------------------------------------------------------------------------- blocks

  private block(word: string, statement: Statement): Item | undefined {
    const { tokens, ending, terminator } = statement;
    const named = word === "upper" || word === "lower" || word === "minimax";
    const open = ending === "open";
    let head: LevelHead | undefined;
    if (open && named) head = this.statement("levelHead", statement) as LevelHead | undefined;
    else if (!open || tokens.length > 1) {
      const found = tokens.find((t, i) => i > 1 || (i === 1 && !(named && t.type === "name"))) ?? terminator;
      this.reports.add("BLO0123", { section: word, found: describe(found) }, { span: spanOf(tokens[0]) });
      if (ending === "close" || ending === "end") return undefined;
    }
    const keyword = tokens[0];
    const { start } = keyword;
    if (word === "solve") {
      const settings: Setting[] = [];
      const keep: Handler = (s) => this.keep(settings, "setting", s);
      return { kind: "solve", settings, span: { start, end: this.items(keyword, open, () => "settings", keep) } };
    }
    if (word === "expect") {
      const items: Expectation[] = [];
      const keep: Handler = (s) => this.keep(items, "expectation", s);
      return { kind: "expect", items, span: { start, end: this.items(keyword, open, () => "list", keep) } };
    }
    const items: LevelItem[] = [];
    const level = new LevelState(word);
    const place = () => (level.listed ? "list" : "plain");
    const end = this.items(keyword, open, place, (s) => this.levelItem(level, items, s));
    return levelOf(head ?? { keyword }, items, end);
  }

  /** Reads the statements of a block up to its `}`; gives the offset where it ends. */
  private items(keyword: Token, opened: boolean, place: () => Place, handle: Handler): number {
    for (;;) {
      const token = this.reader.peek();
      if (token.type === "end" || this.halted || this.beginsSection(token, keyword.text === "expect")) {
        if (!this.halted && opened) {
          const related =
            token.type === "end"
              ? []
              : [{ span: spanOf(token), message: "the next section begins here; sections do not nest" }];
          this.reports.add("BLO0122", { section: keyword.text }, { span: spanOf(keyword), related });
        }
        return token.start;
      }
      if (token.type === "mark" && token.text === "}") return this.reader.advance().end;
      const statement = this.reader.read(place());
      if (statement.tokens.length > 0) handle(statement);
      else this.reports.add("BLO0108", { found: "`{`", expected: "a statement" }, { span: spanOf(token) });
      if (statement.ending === "open") this.skipBlock(statement.terminator);
      if (statement.ending === "close") return statement.terminator.end;
    }
  }

  /** A word that can only begin a section: the `}` before it was forgotten. */
  private beginsSection(token: Token, levels: boolean): boolean {
    if (token.type !== "keyword" || !token.opensLine || !openingWords.has(token.text)) return false;
    if (levels && (token.text === "upper" || token.text === "lower")) return false;
    return sectionWords.includes(token.text) && token.text !== "let";
  }

  private keep<T>(list: T[], start: StartSymbol, statement: Statement): void {
    const value = this.statement(start, statement) as T | undefined;
    if (value !== undefined) list.push(value);
  }

  // -------------------------------------------------------------------------------------------------- items of levels

  private levelItem(level: LevelState, items: LevelItem[], statement: Statement): void {
    const first = statement.tokens[0];
    if (first.type === "keyword" && first.text === "subject") this.subject(level, items, statement);
    else if (first.type === "keyword" && levelWords.includes(first.text))
      this.item(level, items, startOf(statement), statement);
    else if (level.listed && !this.looksMisspelled(statement)) this.item(level, items, "constraint", statement);
    else if (!statement.damaged) this.unknownItem(level, statement, first);
  }

  private subject(level: LevelState, items: LevelItem[], statement: Statement): void {
    const [word, to, ...rest] = statement.tokens;
    if (to?.text !== "to") {
      const options = { span: spanOf(to ?? word) };
      if (statement.damaged) return;
      if (to === undefined) this.reports.add("BLO0109", { after: describe(word), expected: "`to`" }, options);
      else this.reports.add("BLO0108", { found: describe(to), expected: "`to`" }, options);
    } else if (level.subject !== undefined) {
      const related = [{ span: level.subject, message: "the first one is here" }];
      this.reports.add("BLO0115", { word: "subject to" }, { span: spanOf(word), related });
    }
    level.subject = { start: word.start, end: (to ?? word).end };
    if (statement.ending === "open" && rest.length === 0) {
      const hint = "the constraints after `subject to` stand without braces, up to the end of the level";
      const parameters = { found: "`{`", expected: "a constraint" };
      this.reports.add("BLO0108", parameters, { span: spanOf(statement.terminator), hint });
    }
    if (to?.text === "to" && rest.length > 0) this.levelItem(level, items, { ...statement, tokens: rest });
  }

  private item(level: LevelState, items: LevelItem[], start: StartSymbol, statement: Statement): void {
    const item = this.statement(start, statement) as LevelItem | undefined;
    if (item === undefined) return;
    items.push(item);
    if (level.word === "minimax") return;
    const span = spanOf(statement.tokens[0]);
    if (item.kind === "var" && item.player !== undefined) {
      this.reports.add("BLO0124", { what: `\`${item.player} var\`` }, { span });
    }
    if (item.kind === "objective" && item.sense === "neutral") {
      this.reports.add("BLO0124", { what: "`objective`" }, { span });
    }
  }

  /** Two operands side by side, the first a name: a misspelled word and what it speaks of. */
  private looksMisspelled({ tokens }: Statement): boolean {
    const [first, second] = tokens;
    if (first.type !== "name" || second === undefined || second.text === "(" || second.text === "[") return false;
    return startsOperand(second) && closest(first.text, wordsOfLevels) !== undefined;
  }

  private unknownItem(level: LevelState, { tokens }: Statement, first: Token): void {
    const suggestion = wordMeant(first, wordsOfLevels);
    const related = tokens.some((t) => t.type === "comparison") || first.text === "forall" || tokens[1]?.text === ":";
    if (related && (suggestion === undefined || !this.looksMisspelled({ tokens } as Statement))) {
      this.reports.add("BLO0121", {}, { span: { start: first.start, end: tokens[tokens.length - 1].end } });
      level.listed ||= true;
      return;
    }
    const parameters = { word: describe(first), ...(suggestion ? { suggestion } : {}) };
    this.reports.add("BLO0116", parameters, { span: spanOf(first) });
  }

  // ----------------------------------------------------------------------------------------------------- one statement

  /** The node of a statement, or undefined where something was reported. */
  private statement(start: StartSymbol, { tokens, terminator, ending, damaged }: Statement): unknown {
    if (damaged || tokens.length === 0) return undefined;
    checkCoefficients(tokens, this.source, this.reports);
    const outcome = parseTokens(start, tokens);
    if (outcome.kind === "value") {
      if (ending !== "open" || start === "levelHead") return outcome.value;
      const parameters = { found: "`{`", expected: "the end of the statement" };
      this.reports.add("BLO0108", parameters, { span: spanOf(terminator) });
      return undefined;
    }
    explain({ start, tokens, terminator, failure: outcome }, this.reports);
    return undefined;
  }
}

const wordsOfLevels: readonly string[] = [...levelWords, "minimise", "maximise"];

/** Where we are in a level. */
class LevelState {
  /** Place of `subject to`. */
  subject: Span | undefined;
  /** Constraints are welcome. */
  private lenient = false;
  constructor(readonly word: string) {}
  get listed(): boolean {
    return this.lenient || this.subject !== undefined;
  }
  set listed(value: boolean) {
    this.lenient = value;
  }
}
