/** Lower levels whose condition number is so large that digits are lost. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { LintContext } from "./context.js";

const LARGE = 1e8;

export function conditioning({ problem, constants }: LintContext): readonly Diagnostic[] {
  const kappa = constants.get("kappa");
  if (!kappa || !(kappa.value >= LARGE)) return [];
  const rests = kappa.evidence === "estimate" ? "estimated along a path from the start" : "exact or proved";
  return [diagnostic("BLO1005", { kappa: kappa.value, rests }, { span: problem.lowers[0].span })];
}
