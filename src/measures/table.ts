/** The measures there are, and the reading of what a user asks for: `goldstein`, or with settings `goldstein:delta=0.01`. */
import { BloError, diagnostic } from "../base/diagnostic.js";
import { closest } from "../base/suggest.js";
import type { Problem } from "../model/problem.js";
import { galet } from "./galet.js";
import { goldstein } from "./goldstein.js";
import { hypergradient } from "./hypergradient.js";
import { kernel } from "./kernel.js";
import type { Measure } from "./measure.js";
import { oracleCounts } from "./oracleCounts.js";
import { valueFunctionKkt } from "./valueFunctionKkt.js";
import { valueGap } from "./valueGap.js";

export const measures: readonly Measure[] = [
  hypergradient,
  galet,
  kernel,
  valueGap,
  valueFunctionKkt,
  goldstein,
  oracleCounts,
];

export interface AskedMeasure {
  readonly measure: Measure;
  readonly settings: Readonly<Record<string, number>>;
}

/** Each measure once; throws a BloError for what does not exist or does not fit the problem. */
export function askedMeasures(words: readonly string[], problem: Problem): readonly AskedMeasure[] {
  const asked = words.map(readOne);
  const level = problem.lowers.find((l) => l.constraints.length > 0);
  for (const { measure } of asked) {
    if (measure.constrained || level === undefined) continue;
    const fitting = measures.filter((m) => m.constrained).map((m) => m.id);
    throw new BloError([diagnostic("BLO0821", { measure: measure.id, fitting }, { span: level.constraints[0].span })]);
  }
  return asked.filter(({ measure }, i) => asked.findIndex((a) => a.measure === measure) === i);
}

function readOne(word: string): AskedMeasure {
  const [id, ...parts] = word.split(":");
  const measure = measures.find((m) => m.id === id);
  if (measure === undefined) {
    const known = measures.map((m) => m.id);
    throw new BloError([diagnostic("BLO0820", { measure: id, suggestion: closest(id, known), known })]);
  }
  const known = measure.settings ?? [];
  const settings: Record<string, number> = Object.fromEntries(known.map((s) => [s.name, s.default]));
  for (const part of parts) {
    const [name, text = ""] = part.split("=");
    const setting = known.find((s) => s.name === name);
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (setting === undefined || !(value >= setting.min && value < Number.POSITIVE_INFINITY)) {
      const expected = known.map((s) => `${s.name} (at least ${s.min})`);
      throw new BloError([diagnostic("BLO0822", { measure: id, found: part, expected })]);
    }
    settings[name] = value;
  }
  return { measure, settings };
}
