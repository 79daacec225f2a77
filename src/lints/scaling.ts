/**
 * Variables of one level along which the objective's curvature differs by many orders of magnitude: for the lower level by the diagonal
 * of its Hessian, for the upper level by second derivatives of phi(x) = f(x, y*(x)) along each variable (upperCurvature.ts).
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { LintContext } from "./context.js";
import { entryName, variableOf } from "./entries.js";
import { upperCurvatures } from "./upperCurvature.js";

/** Ratio of curvatures from which units are called different, and the largest Hessian whose diagonal is formed. */
const RATIO = 1e8;
const MOST = 100;

export function scaling(context: LintContext): readonly Diagnostic[] {
  return [
    ...said(context, "lower", lowerCurvatures(context)),
    ...said(context, "upper", upperCurvatures(context, RATIO)),
  ];
}

function said(
  { problem }: LintContext,
  level: "upper" | "lower",
  curvatures: readonly number[],
): readonly Diagnostic[] {
  const curved = curvatures.filter((d) => d > 0 && Number.isFinite(d));
  if (curved.length < 2) return [];
  const [least, most] = [Math.min(...curved), Math.max(...curved)];
  const ratio = most / least;
  if (!(ratio >= RATIO)) return [];
  const at = curvatures.indexOf(least);
  const small = entryName(problem, level, at);
  const large = entryName(problem, level, curvatures.indexOf(most));
  const factor = 10 ** Math.round(0.5 * Math.log10(ratio));
  return [diagnostic("BLO1004", { level, small, large, ratio, factor }, { span: variableOf(problem, level, at).span })];
}

function lowerCurvatures({ problem, oracle, samples }: LintContext): readonly number[] {
  const { m, startX, startY } = oracle;
  if (m < 2 || m > MOST || problem.samples.length > 0) return [];
  const { x, y } = samples[0] ?? { x: startX, y: startY };
  const H = new Float64Array(m * m);
  oracle.fork().lower.hessianYY(x, y, H);
  return Array.from({ length: m }, (_, j) => Math.abs(H[j * m + j]));
}
