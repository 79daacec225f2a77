/** Lower levels with several solutions that the upper level can tell apart, at sampled points x. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { optimistic, pessimistic } from "../certify/pessimistic.js";
import { pointText } from "../report/pointText.js";
import type { LintContext } from "./context.js";

/** Samples that are looked at: each costs a dozen small solves. */
const MOST = 3;

export function notUnique(context: LintContext): readonly Diagnostic[] {
  const { problem, oracle, samples } = context;
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  for (const { x, y } of samples.slice(0, MOST)) {
    const random = context.random("other solutions");
    const worst = pessimistic(oracle, x, y, random);
    const best = optimistic(oracle, x, y, random);
    if (worst === undefined && best === undefined) continue;
    const here = oracle.fork().upper.value(x, y);
    const values = { best: sign * (best?.objective ?? here), worst: sign * (worst?.objective ?? here) };
    const point = pointText(problem, x, new Float64Array(0), "upper");
    const { span } = problem.lowers[0];
    return [diagnostic("BLO1001", { point, ...values }, { span })];
  }
  return [];
}
