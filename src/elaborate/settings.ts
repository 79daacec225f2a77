/** `solve { }`: settings and options of methods. */
import type { Span } from "../base/span.js";
import type { SolveSettings } from "../model/problem.js";
import type { Expression, Setting, SolveBlock } from "../syntax/tree.js";
import type { Context } from "./context.js";
import { fileScope } from "./declarations.js";
import { known } from "./known.js";

const secondsPerUnit: ReadonlyMap<string, number> = new Map([
  ["ms", 1e-3],
  ["s", 1],
  ["min", 60],
  ["h", 3600],
]);

type Common = Omit<SolveSettings, "options" | "spans">;
type Reader = (c: Context, setting: Setting) => Partial<Common> | undefined;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["method", (c, s) => wordOf(c, s, (method) => ({ method }))],
  [
    "seed",
    (c, s) =>
      numberOf(
        c,
        s,
        "a whole number, 0 or more",
        (v) => Number.isSafeInteger(v) && v >= 0,
        (seed) => ({ seed }),
      ),
  ],
  [
    "tolerance",
    (c, s) =>
      numberOf(
        c,
        s,
        "a number > 0",
        (v) => v > 0,
        (tolerance) => ({ tolerance }),
      ),
  ],
  ["iterations", (c, s) => numberOf(c, s, "a whole number, 1 or more", isCount, (iterations) => ({ iterations }))],
  ["calls", (c, s) => numberOf(c, s, "a whole number, 1 or more", isCount, (calls) => ({ calls }))],
  ["time", timeOf],
]);

const isCount = (v: number): boolean => Number.isInteger(v) && v >= 1;

export function settingsOf(c: Context, blocks: readonly SolveBlock[]): SolveSettings {
  let common: Common = {};
  const options = new Map<string, number | boolean | string>();
  const seen = new Map<string, Span>();
  const spans = new Map<string, Span>();
  for (const setting of blocks.flatMap((b) => b.settings)) {
    const { name, span } = setting.name;
    const first = seen.get(name);
    if (first) {
      c.report("BLO0322", { name }, { span, related: [{ span: first, message: "first set here" }] });
      continue;
    }
    seen.set(name, span);
    spans.set(name, { start: span.start, end: setting.value.span.end });
    const reader = readers.get(name);
    if (reader) common = { ...common, ...reader(c, setting) };
    else {
      const value = optionOf(c, setting);
      if (value !== undefined) options.set(name, value);
    }
  }
  return { ...common, options: Object.fromEntries(options), spans };
}

function misfit(c: Context, s: Setting, wanted: string): undefined {
  return c.report("BLO0321", { name: s.name.name, wanted, found: `\`${c.text(s.value)}\`` }, { span: s.value.span });
}

function wordOf<T>(c: Context, s: Setting, make: (word: string) => T): T | undefined {
  if (s.value.kind === "string") return make(s.value.value);
  const word = hyphenated(c, s.value);
  return word === undefined ? misfit(c, s, "a name") : make(word);
}

/** `soba`, and names with hyphens such as `aid-cg`, which read as differences of names. */
function hyphenated(c: Context, value: Expression): string | undefined {
  const text = c.text(value);
  const isWords = (e: Expression): boolean =>
    e.kind === "name" || (e.kind === "binary" && e.operator === "-" && isWords(e.left) && isWords(e.right));
  return isWords(value) && !/\s/.test(text) ? text : undefined;
}

function numberOf<T>(
  c: Context,
  s: Setting,
  wanted: string,
  holds: (v: number) => boolean,
  make: (v: number) => T,
): T | undefined {
  if (s.value.kind === "string") return misfit(c, s, wanted);
  const found = known(c, s.value, fileScope(c), { code: "BLO0602", what: `the setting \`${s.name.name}\`` });
  if (!found) return undefined;
  const [value] = found.values;
  return found.shape.length === 0 && Number.isFinite(value) && holds(value) ? make(value) : misfit(c, s, wanted);
}

function timeOf(c: Context, s: Setting): Partial<Common> | undefined {
  const wanted = "a duration such as 500ms, 30s, 5min or 2h";
  const { value } = s;
  if (value.kind !== "coefficient" || value.factor.kind !== "name") return misfit(c, s, wanted);
  const unit = secondsPerUnit.get(value.factor.name);
  return unit !== undefined && value.coefficient.value > 0
    ? { seconds: value.coefficient.value * unit }
    : misfit(c, s, wanted);
}

/** A number, a truth value, or a word that is not declared. */
function optionOf(c: Context, { name, value }: Setting): number | boolean | string | undefined {
  if (value.kind === "string") return value.value;
  if (value.kind === "name" && !c.symbols.file.has(value.name)) {
    return value.name === "true" ? true : value.name === "false" ? false : value.name;
  }
  const word = value.kind === "binary" ? hyphenated(c, value) : undefined;
  if (word !== undefined && !word.split("-").some((part) => c.symbols.file.has(part))) return word;
  const found = known(c, value, fileScope(c), { code: "BLO0602", what: "an option" });
  if (!found) return undefined;
  if (found.shape.length === 0) return found.values[0];
  return c.report(
    "BLO0321",
    { name: name.name, wanted: "a number, `true`, `false` or a word", found: "several numbers" },
    { span: value.span },
  );
}
