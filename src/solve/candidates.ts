/**
 * What a plain run tries, in order, and why: where presolve makes the problem smaller, what fits the smaller problem; then the methods
 * of the table (rules.ts) for the problem as it was written.
 */
import type { Limits } from "../methods/budget.js";
import type { Method } from "../methods/method.js";
import { methodOf } from "../methods/registry.js";
import { withoutLower } from "../methods/singleLevel/withoutLower.js";
import { createRandom } from "../num/random.js";
import { compileOracle, type OracleOptions } from "../oracle/compile.js";
import type { Oracle } from "../oracle/oracle.js";
import { provedConvex } from "../presolve/convex.js";
import type { Presolved } from "../presolve/presolve.js";
import { type Choice, chooseMethods } from "./choose.js";
import { throughPresolve } from "./presolved.js";
import type { Part } from "./rules.js";

/** A method and what its turn is for. */
export interface Candidate {
  readonly method: Method;
  readonly part: Part;
  /** A sentence for people. */
  readonly why: string;
  /** It runs on what presolve left. */
  readonly reduced: boolean;
}

export interface Candidates {
  readonly first: readonly Candidate[];
  /** Where a proof comes first, what is tried after it, found when it is called: features of the problem as written cost oracle calls. */
  readonly rest?: () => readonly Candidate[];
}

export function candidatesFor(
  oracle: Oracle,
  presolved: Presolved | undefined,
  options: OracleOptions,
  seed: number,
  limits: Limits,
): Candidates {
  const smaller = presolved === undefined ? [] : onSmaller(presolved, options, seed, limits);
  const rest = (): readonly Candidate[] => {
    const found = choices(oracle, seed, limits);
    // where no method fits, the default one, which then says why not
    const plain = found.length > 0 ? found : [{ method: "aid-auto", why: "", part: "answer" as const }];
    const ids = new Set(smaller.map((c) => c.method.id));
    // where lower variables stay, proofs and searches were done on the smaller problem
    const whole = smaller.length === 0 || presolved?.problem.y.size === 0;
    const left = plain.filter((c) => !ids.has(c.method) && (whole || c.part === "answer"));
    return left.map((c) => ({ ...c, method: methodOf(c.method), reduced: false }));
  };
  return smaller[0]?.part === "proof" && smaller.length === 1
    ? { first: smaller, rest }
    : { first: [...smaller, ...rest()] };
}

/**
 * Without lower variables one nonlinear program, whose answer is the global one where it is known to be convex; else the methods that
 * fit the smaller problem. Empty where nothing is gained.
 */
function onSmaller(presolved: Presolved, options: OracleOptions, seed: number, limits: Limits): readonly Candidate[] {
  const { problem, changes } = presolved;
  if (changes.length === 0 || problem.x.size === 0) return [];
  if (problem.y.size === 0) {
    const method = throughPresolve(withoutLower, presolved, options);
    return provedConvex(problem)
      ? [
          {
            method,
            part: "proof",
            why: `${formula} proved to be convex: its solution is the global one.`,
            reduced: true,
          },
        ]
      : [{ method, part: "answer", why: `${formula} solved from a few starts.`, reduced: true }];
  }
  return choices(compileOracle(problem, options), seed, limits).map(({ method, part, why }) => {
    return {
      method: throughPresolve(methodOf(method), presolved, options),
      part,
      why: `After presolve: ${why}`,
      reduced: true,
    };
  });
}

const formula = "Presolve finds the lower solution as a formula in x, which leaves one nonlinear program,";

function choices(oracle: Oracle, seed: number, limits: Limits): readonly Choice[] {
  return chooseMethods(oracle, createRandom(seed).split("choice"), limits);
}
