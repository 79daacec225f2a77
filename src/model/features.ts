/** Simple structural facts of a problem, read off its declarations: what methods and reports ask for before anything is computed. */
import type { Domain, LevelModel, Problem } from "./problem.js";

export interface LevelFeatures {
  /** Number of variables, entry by entry. */
  readonly variables: number;
  /** Rows of `body <= 0` and of `body == 0`. */
  readonly inequalities: number;
  readonly equalities: number;
  /** Kinds of domains that occur. */
  readonly domains: ReadonlySet<Domain["kind"]>;
  /** Entries with a finite bound on some side (of boxes). */
  readonly bounded: number;
}

export interface Features {
  /** Number of upper variables. */
  readonly n: number;
  /** Number of lower variables, of all followers. */
  readonly m: number;
  readonly upper: LevelFeatures;
  /** All lower levels together. */
  readonly lower: LevelFeatures;
  readonly followers: number;
  readonly independentFollowers: boolean;
  readonly minimax: boolean;
  readonly upperConstrained: boolean;
  readonly lowerConstrained: boolean;
  /** No lower constraint and every lower variable free. */
  readonly lowerUnrestricted: boolean;
  readonly sampledUpper: boolean;
  readonly sampledLower: boolean;
}

export function featuresOf(problem: Problem): Features {
  const upper = levelFeatures([problem.upper]);
  const lower = levelFeatures(problem.lowers);
  const isFree = [...lower.domains].every((kind) => kind === "free");
  const lowerConstrained = lower.inequalities + lower.equalities > 0;
  return {
    n: problem.x.size,
    m: problem.y.size,
    upper,
    lower,
    followers: problem.lowers.length,
    independentFollowers: problem.independentFollowers,
    minimax: problem.minimax,
    upperConstrained: upper.inequalities + upper.equalities > 0,
    lowerConstrained,
    lowerUnrestricted: isFree && !lowerConstrained,
    sampledUpper: problem.samples.some((s) => s.level === "upper"),
    sampledLower: problem.samples.some((s) => s.level === "lower"),
  };
}

function levelFeatures(levels: readonly LevelModel[]): LevelFeatures {
  const variables = levels.flatMap((l) => l.variables);
  const constraints = levels.flatMap((l) => l.constraints);
  const rows = (kind: "le" | "eq"): number => constraints.reduce((n, c) => n + (c.kind === kind ? c.rows : 0), 0);
  return {
    variables: variables.reduce((n, v) => n + v.size, 0),
    inequalities: rows("le"),
    equalities: rows("eq"),
    domains: new Set(variables.map((v) => v.domain.kind)),
    bounded: variables.reduce((n, v) => n + boundedEntries(v.domain), 0),
  };
}

function boundedEntries(domain: Domain): number {
  if (domain.kind !== "box") return 0;
  return domain.lower.reduce((n, lo, k) => n + (Number.isFinite(lo) || Number.isFinite(domain.upper[k]) ? 1 : 0), 0);
}
