/**
 * Refuses what readers read in two ways: a coefficient directly after a division (`1/2x`) or in an exponent (`x^2y`).
 * With brackets around it (`1/(2x)`) there is no doubt, and no finding.
 */
import type { Source } from "../base/source.js";
import type { Reports } from "./reports.js";
import { endsOperand, type Token } from "./token.js";

export function checkCoefficients(tokens: readonly Token[], source: Source, reports: Reports): void {
  for (let i = 2; i < tokens.length; i++) {
    if (tokens[i].type !== "coefficient") continue;
    let at = i - 1;
    while (at > 0 && tokens[at].type === "additive" && !endsOperand(tokens[at - 1])) at--;
    const operator = tokens[at];
    const division = operator.text === "/" || operator.text === "./";
    if (at === 0 || !(division || operator.type === "power")) continue;
    const left = endsOperand(tokens[at - 1]) && tokens[at - 1].type !== "mark" ? source.slice(tokens[at - 1]) : "(…)";
    const factor = tokens[i + 1]?.type === "name" ? tokens[i + 1].text : "(…)";
    const signs = source.slice({ start: operator.end, end: tokens[i].start }).trim();
    const before = `${left}${operator.text}${signs}${tokens[i].text}`;
    const hint = `write \`${before} * ${factor}\` or \`${left}${operator.text}(${signs}${tokens[i].text}${factor})\``;
    const start = tokens[at - 1].start;
    const span = { start, end: (tokens[i + 1] ?? tokens[i]).end };
    reports.add(division ? "BLO0111" : "BLO0112", { text: `${before}${factor}` }, { span, hint });
  }
}
