/** Bounds and inequalities of the lower level that hold with equality at the lower solutions of all sampled points x. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { LintContext } from "./context.js";
import { entryName } from "./scaling.js";

/** Distances from a bound, and slacks, up to this times their scale count as none. */
const TOUCHES = 1e-6;
/** Fewer samples say nothing. */
const FEWEST = 4;

export function alwaysActive({ problem, oracle, samples }: LintContext): readonly Diagnostic[] {
  if (samples.length < FEWEST) return [];
  const found: Diagnostic[] = [];
  const { domainY, lower, m } = oracle.fork();
  const all = (touches: (sample: (typeof samples)[number]) => boolean): boolean => samples.every(touches);
  const variableOf = (j: number) =>
    problem.lowers.flatMap((l) => l.variables).find((v) => j >= v.offset && j < v.offset + v.size)!;
  const report = (constraint: string, span: ReturnType<typeof variableOf>["span"]): void => {
    found.push(diagnostic("BLO1007", { constraint, samples: samples.length }, { span }));
  };
  if (domainY.boxes) {
    for (let j = 0; j < m && found.length === 0; j++) {
      const [lo, hi] = [domainY.lower[j], domainY.upper[j]];
      if (lo === hi) continue;
      const near = (bound: number) =>
        Number.isFinite(bound) && all(({ y }) => Math.abs(y[j] - bound) <= TOUCHES * (1 + Math.abs(bound)));
      const side = near(lo) ? "lower" : near(hi) ? "upper" : undefined;
      if (side) report(`the ${side} bound of ${entryName(problem, j)}`, variableOf(j).span);
    }
  }
  const { rows, equality, names } = lower.constraints;
  const c = new Float64Array(rows);
  const touching = new Uint8Array(rows).fill(1);
  for (const { x, y } of samples) {
    lower.constraints.value(x, y, c);
    for (let r = 0; r < rows; r++) if (!(Math.abs(c[r]) <= TOUCHES * (1 + Math.abs(y[0] ?? 0)))) touching[r] = 0;
  }
  const constraints = problem.lowers.flatMap((l) => l.constraints);
  for (const constraint of constraints) {
    const members = names.flatMap((name, r) => (name === constraint.name ? [r] : []));
    if (constraint.kind === "le" && members.length > 0 && members.every((r) => touching[r] === 1 && equality[r] === 0))
      report(`the constraint ${constraint.name}`, constraint.span);
  }
  return found;
}
