/** An explanation of a problem: all topics in the order in which they are read. */
import { topological } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import type { ExplainContext, Topic } from "./context.js";
import type { Section } from "./document.js";
import { classesTopic } from "./topics/classes.js";
import { constantsTopic } from "./topics/constants.js";
import { derivativesTopic } from "./topics/derivatives.js";
import { hypergradientTopic } from "./topics/hypergradient.js";
import { lintsTopic } from "./topics/lints.js";
import { methodTopic } from "./topics/method.js";
import { methodsTopic } from "./topics/methods.js";
import { optimalityTopic } from "./topics/optimality.js";
import { penaltyTopic } from "./topics/penalty.js";
import { presolveTopic } from "./topics/presolve.js";
import { reformulationsTopic } from "./topics/reformulations.js";
import { standardFormTopic } from "./topics/standardForm.js";
import { structureTopic } from "./topics/structure.js";

export type { Block, Fact, Formula, Section } from "./document.js";

/** By the id of the section that each makes. */
const topics: readonly (readonly [string, Topic])[] = [
  ["structure", structureTopic],
  ["standard-form", standardFormTopic],
  ["classes", classesTopic],
  ["lints", lintsTopic],
  ["derivatives", derivativesTopic],
  ["optimality", optimalityTopic],
  ["hypergradient", hypergradientTopic],
  ["penalty", penaltyTopic],
  ["presolve", presolveTopic],
  ["constants", constantsTopic],
  ["reformulations", reformulationsTopic],
  ["method", methodTopic],
  ["methods", methodsTopic],
];

/** Sections that sample or bound the problem many times, with the most data for which they are made unasked. */
const dear: ReadonlyMap<string, number> = new Map([
  ["constants", 1e6],
  ["lints", 1e6],
]);

/** Numbers in the data that the objectives read. */
function dataOf({ upper, lowerObjective }: Problem): number {
  return topological([upper.objective, lowerObjective]).reduce(
    (n, node) => n + (node.attributes.tensor?.values.length ?? 0),
    0,
  );
}

function cheapSections(problem: Problem): readonly string[] {
  const data = dataOf(problem);
  return sectionIds.filter((id) => {
    const most = dear.get(id);
    return most === undefined || data <= most;
  });
}

export const sectionIds: readonly string[] = topics.map(([id]) => id);

export interface ExplainOptions {
  /** Ids of the sections that are wanted; default: all that cost little, or those that a method needs where one is named. */
  readonly only?: readonly string[] | undefined;
  /** Explains this method on the problem. */
  readonly method?: string | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Values of params that the problem was compiled with in place of those in its source. */
  readonly params?: ExplainContext["params"];
}

/** What a method's page is about. */
const ofMethod: readonly string[] = ["method", "standard-form", "derivatives", "hypergradient", "penalty", "constants"];

/** Sections that have something to say, in order. */
export function explainProblem(problem: Problem, options: ExplainOptions = {}): readonly Section[] {
  const { only, method, seed = problem.solve.seed ?? 1, params } = options;
  const wanted = only ?? (method === undefined ? cheapSections(problem) : ofMethod);
  const context: ExplainContext = { problem, method, seed, params };
  const order =
    method === undefined ? topics : [...topics].sort((a, b) => Number(b[0] === "method") - Number(a[0] === "method"));
  return order.flatMap(([id, topic]) => {
    const section = wanted.includes(id) ? topic(context) : undefined;
    return section ? [section] : [];
  });
}
