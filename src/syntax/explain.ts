/**
 * Says why the tokens of a statement fit no rule: the specific finding where the slip is a known one, otherwise what
 * was found and what was expected.
 */
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import type { Outcome, StartSymbol } from "./earley.js";
import { habitHint } from "./habits.js";
import type { Reports } from "./reports.js";
import { endsOperand, spanOf, startsOperand, type Token } from "./token.js";
import { describe, expectsName, expectsOperand, expectsOperator, expectsWord, inWords, shorten } from "./words.js";

type Failure = Extract<Outcome, { readonly kind: "failure" }>;

export interface Failed {
  readonly start: StartSymbol;
  readonly tokens: readonly Token[];
  readonly terminator: Token;
  readonly failure: Failure;
}

/** Words that only have a place inside a statement; where one turns up early, something is missing before it. */
const innerWords: ReadonlySet<string> = new Set("then else where batch and or in init".split(" "));

export function explain(failed: Failed, reports: Reports): void {
  const { tokens, failure } = failed;
  if (failure.at >= tokens.length) explainEnd(failed, reports);
  else if (!explainKnown(failed, tokens[failure.at], tokens[failure.at - 1], reports)) {
    const token = tokens[failure.at];
    const whole = failed.start === "levelHead" ? "`{`" : "the end of the statement";
    const expected = inWords(failure.expected, failure.complete ? whole : undefined);
    const options = { span: spanOf(token), hint: hintFor(failed, token) };
    reports.add("BLO0108", { found: describe(token), expected }, options);
  }
}

function explainEnd({ start, tokens, terminator, failure }: Failed, reports: Reports): void {
  const expected = inWords(failure.expected);
  const last = tokens[tokens.length - 1];
  if (terminator.text === "{" && terminator.type === "mark") {
    const hint = habitHint({ start, tokens: [...tokens, terminator], at: tokens.length });
    reports.add("BLO0108", { found: "`{`", expected }, { span: spanOf(terminator), hint });
  } else if (start === "constraint" && endsOperand(last) && expectsWord(failure.expected, "==")) {
    reports.add("BLO0125", {}, { span: wholeOf(tokens) });
  } else {
    reports.add("BLO0109", { after: describe(last), expected }, { span: spanOf(last) });
  }
}

function wholeOf(tokens: readonly Token[]): Span {
  return { start: tokens[0].start, end: tokens[tokens.length - 1].end };
}

/** Reports a slip that has a code of its own; false where it is none. */
function explainKnown({ start, tokens, failure }: Failed, token: Token, previous: Token | undefined, reports: Reports) {
  const { expected, at } = failure;
  const span = spanOf(token);
  if (token.type === "keyword" && expectsName(expected) && !(expectsOperand(expected) && innerWords.has(token.text))) {
    reports.add("BLO0113", { word: token.text }, { span });
    return true;
  }
  const sideBySide = previous !== undefined && endsOperand(previous) && startsOperand(token);
  if (sideBySide && expectsOperator(expected) && !(start === "expectation" && at === 1)) {
    const hint =
      habitHint({ start, tokens, at }) ??
      didYouMean(failure, token) ??
      missingOperator(previous, token, tokens[at + 1]);
    const both = { start: previous.start, end: token.end };
    reports.add("BLO0110", { left: describe(previous), right: describe(token) }, { span: both, hint });
    return true;
  }
  if (token.text === "=" && token.type === "mark" && expectsOperator(expected) && start !== "setting") {
    const next = tokens[at + 1];
    const turned = next !== undefined && next.start === token.end && (next.text === "<" || next.text === ">");
    const options = turned ? { span, hint: `write \`${next.text}=\`` } : { span };
    reports.add("BLO0118", {}, options);
    return true;
  }
  if (token.type !== "comparison" || start === "expectation") return false;
  const related = expectsWord(expected, "<=");
  if (related && token.text !== "==") reports.add("BLO0119", { operator: token.text }, { span });
  else if (!related && expectsOperator(expected)) reports.add("BLO0120", {}, { span });
  else return false;
  return true;
}

function missingOperator(left: Token, right: Token, after: Token | undefined): string {
  const names = right.type === "name" || right.text === "(" || right.text === "[";
  if (left.type === "number" && names) {
    const shown = right.type === "name" ? shorten(right.text) : right.text === "(" ? "(…)" : "[…]";
    const call = right.type === "name" && after?.text === "(" && after.start === right.end ? "(…)" : "";
    return `a coefficient touches what it multiplies: write \`${left.text}${shown}${call}\`, or \`${left.text} * ${shown}${call}\``;
  }
  // `√x`: a sign that stands for the name of a function.
  if (left.type === "name" && left.end - left.start < left.text.length && left.text === "sqrt") {
    return "an argument stands in brackets: `√(x)`, or `sqrt(x)`";
  }
  return "write `*` for a product; two statements on one line are parted by `;`";
}

/** Hints for slips that have no code of their own. */
function hintFor({ start, tokens, failure }: Failed, token: Token): string | undefined {
  if (token.text === "..")
    return "a range stands where a set is expected (`set S = 1..3`, `i in 1..3`); slices use `:`";
  if (token.text === "=" && start === "setting") return "a setting is a name and a value without `=`: `seed 1`";
  if (token.text === "==" && start === "expectation") return "an expectation gives a value with `=`: `x = 7`";
  return habitHint({ start, tokens, at: failure.at }) ?? didYouMean(failure, token);
}

/** A name that is nearly a word that could stand here. */
function didYouMean({ expected }: Failure, token: Token): string | undefined {
  if (token.type !== "name") return undefined;
  const words = expected.flatMap((t) => ("literal" in t && /^[a-z]/.test(t.literal) ? [t.literal] : []));
  const word = closest(token.text, words);
  return word && `did you mean \`${word}\`?`;
}
