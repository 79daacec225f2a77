/** Lower variables along which curvatures differ by many orders of magnitude, by the diagonal of the lower Hessian. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Problem } from "../model/problem.js";
import type { LintContext } from "./context.js";

/** Ratio of curvatures from which units are called different, and the largest Hessian whose diagonal is formed. */
const RATIO = 1e8;
const MOST = 100;

export function scaling({ problem, oracle, samples }: LintContext): readonly Diagnostic[] {
  const { m, startX, startY } = oracle;
  if (m < 2 || m > MOST || problem.samples.length > 0) return [];
  const { x, y } = samples[0] ?? { x: startX, y: startY };
  const H = new Float64Array(m * m);
  oracle.fork().lower.hessianYY(x, y, H);
  const diagonal = Array.from({ length: m }, (_, j) => Math.abs(H[j * m + j]));
  const curved = diagonal.filter((d) => d > 0 && Number.isFinite(d));
  if (curved.length < 2) return [];
  const [least, most] = [Math.min(...curved), Math.max(...curved)];
  if (!(most / least >= RATIO)) return [];
  const [small, large] = [least, most].map((d) => entryName(problem, diagonal.indexOf(d)));
  const factor = 10 ** Math.round(0.5 * Math.log10(most / least));
  return [
    diagnostic("BLO1004", { small, large, ratio: most / least, factor }, { span: problem.lowers[0].variables[0].span }),
  ];
}

/** `y[3]`, or `y` for a scalar. */
export function entryName(problem: Problem, j: number): string {
  const variable = problem.lowers.flatMap((l) => l.variables).find((v) => j >= v.offset && j < v.offset + v.size)!;
  if (variable.shape.length === 0) return variable.name;
  let rest = j - variable.offset;
  const indices = [...variable.shape].reverse().map((size) => {
    const index = rest % size;
    rest = (rest - index) / size;
    return index + 1;
  });
  return `${variable.name}[${indices.reverse().join(", ")}]`;
}
