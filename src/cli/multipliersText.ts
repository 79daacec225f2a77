/** Multipliers of both levels in the summary of a run, where they are few. */
import { visibleText } from "../base/width.js";
import type { NestedNumbers, Result } from "../methods/result.js";
import { short, table } from "./words.js";

/** Numbers of all multipliers together up to which they are shown; `--json` gives them all. */
const FEW = 12;

const flat = (v: NestedNumbers): readonly number[] => (typeof v === "number" ? [v] : v.flatMap(flat));

/** A row for each name, vectors in brackets; undefined where there are none or too many. */
export function multipliersText({ upperMultipliers = {}, multipliers = {} }: Result): string | undefined {
  const named = [
    ...Object.entries(upperMultipliers).map(([name, v]) => ({ level: "upper", name, values: flat(v) })),
    ...Object.entries(multipliers).map(([name, v]) => ({ level: "lower", name, values: flat(v) })),
  ];
  const total = named.reduce((sum, { values }) => sum + values.length, 0);
  if (total === 0 || total > FEW) return undefined;
  const rows = named.map(({ level, name, values }) => {
    const text = values.map(short).join(", ");
    return [visibleText(name), values.length === 1 ? text : `[${text}]`, level];
  });
  return `multipliers\n${table(rows, "  ")}\n`;
}
