/** Bounds and inequalities of the lower level that hold with equality at the lower solutions of all sampled points x. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { LintContext, LowerSample } from "./context.js";
import { entryName, variableOf } from "./entries.js";

/** Distances from a bound, and slacks, up to this times their scale count as none. */
const TOUCHES = 1e-6;
/** Fewer samples say nothing. */
const FEWEST = 4;
/** So many are named one by one. */
const MOST_NAMED = 6;

interface Active {
  readonly name: string;
  readonly span: Span;
}

export function alwaysActive(context: LintContext): readonly Diagnostic[] {
  const { samples } = context;
  if (samples.length < FEWEST) return [];
  const active = [...activeBounds(context), ...activeRows(context)];
  if (active.length === 0) return [];
  const named = active.slice(0, MOST_NAMED).map(({ name }) => name);
  const constraints = active.length > MOST_NAMED ? [...named, `${active.length - MOST_NAMED} more`] : named;
  return [diagnostic("BLO1007", { constraints, samples: samples.length }, { span: active[0].span })];
}

function activeBounds({ problem, oracle, samples }: LintContext): readonly Active[] {
  const { domainY, m } = oracle;
  if (!domainY.boxes) return [];
  const near = (j: number, bound: number): boolean =>
    Number.isFinite(bound) && samples.every(({ y }) => Math.abs(y[j] - bound) <= TOUCHES * (1 + Math.abs(bound)));
  return Array.from({ length: m }, (_, j) => j).flatMap((j): Active[] => {
    const [lo, hi] = [domainY.lower[j], domainY.upper[j]];
    const side = lo === hi ? undefined : near(j, lo) ? "lower" : near(j, hi) ? "upper" : undefined;
    if (side === undefined) return [];
    return [
      { name: `the ${side} bound of ${entryName(problem, "lower", j)}`, span: variableOf(problem, "lower", j).span },
    ];
  });
}

/** Constraints of which every row is active. */
function activeRows({ problem, oracle, samples }: LintContext): readonly Active[] {
  const { lower } = oracle.fork();
  const { rows, equality, names } = lower.constraints;
  const c = new Float64Array(rows);
  const touching = new Uint8Array(rows).fill(1);
  const size = ({ y }: LowerSample): number => y.reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  for (const sample of samples) {
    lower.constraints.value(sample.x, sample.y, c);
    for (let r = 0; r < rows; r++) if (!(Math.abs(c[r]) <= TOUCHES * size(sample))) touching[r] = 0;
  }
  return problem.lowers
    .flatMap((l) => l.constraints)
    .filter(({ kind, name }) => {
      const members = names.flatMap((other, r) => (other === name ? [r] : []));
      return kind === "le" && members.length > 0 && members.every((r) => touching[r] === 1 && equality[r] === 0);
    })
    .map(({ name, span }) => ({ name: `the constraint ${name}`, span }));
}
