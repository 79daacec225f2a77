/**
 * Elaboration: a syntax tree to a checked problem over the expression graph.
 *
 *   1. data      the resolver is asked for each `data` file
 *   2. symbols   names and levels, declared twice, missing, misplaced
 *   3. sizes     of variables, then their place in x and y
 *   4. content   domains and starts, objectives, constraints; declarations when first asked for
 *   5. settings  `solve` and `expect`
 *   6. checks    of the whole (src/check)
 *
 * All findings of a file are collected. An erroneous expression has no value, and what uses it stays silent.
 */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import { checkProblem } from "../check/problem.js";
import type { LevelModel, Problem, Variable } from "../model/problem.js";
import { Builder } from "../ops/build.js";
import type { SyntaxTree } from "../syntax/tree.js";
import { Context } from "./context.js";
import { type DataResolver, loadAll } from "./dataFiles.js";
import { fileScope, meaningOf } from "./declarations.js";
import { domainOf } from "./domains.js";
import { withPrices } from "./duals.js";
import { expectationsOf } from "./expectations.js";
import { expressionValue } from "./expression.js";
import { Findings } from "./findings.js";
import { givenParameters } from "./given.js";
import { type LevelPlan, type LevelsPlan, planLevels } from "./levels.js";
import { contentOf, type LevelContent } from "./objectives.js";
import type { ParameterValue } from "./overrides.js";
import { scalarFunctionsOf } from "./scalarFunctions.js";
import { settingsOf } from "./settings.js";
import { startOf } from "./start.js";
import { Statics } from "./statics.js";
import { collectSymbols } from "./symbols.js";
import { reportUnusedNames } from "./unused.js";
import { type Layout, placeVariables } from "./variables.js";

export type { DataResolver } from "./dataFiles.js";
export type { ParameterValue } from "./overrides.js";

export interface ElaborateOptions {
  /** Values of `param` declarations. */
  readonly params?: Readonly<Record<string, ParameterValue>> | ReadonlyMap<string, ParameterValue>;
  /** Without one, no data can be read. */
  readonly data?: DataResolver;
}

export interface Elaborated {
  /** Present exactly if no diagnostic is an error. */
  readonly problem?: Problem;
  readonly diagnostics: readonly Diagnostic[];
}

export async function elaborate(tree: SyntaxTree, source: Source, options: ElaborateOptions = {}): Promise<Elaborated> {
  const findings = new Findings();
  const data = await loadAll(tree, options.data, findings);
  const symbols = collectSymbols(tree, findings);
  const given = givenParameters(options.params, symbols, findings);
  const plan = planLevels(tree, findings);
  const c = new Context(new Builder(), source, symbols, findings, new Statics(), given, data, {
    value: expressionValue,
    meaning: meaningOf,
  });
  const layout = placeVariables(c, plan.owner);
  for (const symbol of symbols.file.values()) if (symbol.kind !== "fn") meaningOf(c, symbol, symbol.span);
  const variables = declaredVariables(c, layout);
  // where multipliers are used, the lower constraints have to be known before the upper level
  const lowersFirst = /\bdual\s*\(/.test(source.text);
  const early = lowersFirst ? plan.lowers.map((lower) => contentOf(c, lower, "lower")) : undefined;
  c.priced = (plan.minimax ? undefined : early)?.flatMap(({ constraints }, follower) =>
    constraints.map((constraint) => ({ follower, level: plan.lowers[follower].name, constraint })),
  );
  const upper = plan.upper && contentOf(c, plan.upper, "upper");
  const lowers = early ?? plan.lowers.map((lower) => contentOf(c, lower, "lower"));
  if (early) c.level = "upper";
  const blocks = tree.items.filter((i) => i.kind === "expect");
  const followers = plan.lowers.map((l) => l.declaration.name?.name);
  const solves = tree.items.filter((i) => i.kind === "solve");
  const solve = settingsOf(c, solves);
  const expect = expectationsOf(c, blocks, followers);
  if (findings.hasErrors) return { diagnostics: findings.sorted() };
  reportUnusedNames(c, symbols);
  const title = tree.items.find((i) => i.kind === "problem")?.title.value;
  const draft: Problem = {
    name: title ?? baseName(source.name),
    source,
    builder: c.b,
    x: layout.x,
    y: layout.y,
    ...levelsOf(c, plan, variables, upper, lowers),
    samples: c.samples,
    functions: scalarFunctionsOf(c),
    solve,
    expect,
    warnings: [],
  };
  const place = (level: LevelPlan | undefined): Span => level?.objective?.value.span ?? tree.span;
  const problem = withPrices(draft, [...c.duals.values()]);
  const prices = problem.lowers.slice(plan.lowers.length).map((l) => l.span);
  const checked = checkProblem(problem, { upper: place(plan.upper), lowers: [...plan.lowers.map(place), ...prices] });
  for (const d of checked.diagnostics) findings.add(d);
  const diagnostics = findings.sorted();
  if (findings.hasErrors) return { diagnostics };
  return { problem: { ...checked.problem, warnings: diagnostics }, diagnostics };
}

/** Domains and starting points of all variables that have a place. */
function declaredVariables(c: Context, layout: Layout): Variable[] {
  return layout.variables.map(({ symbol, level, follower, shape, offset, size }) => {
    const { name, declaration, span } = symbol;
    const target = { name, shape };
    const domain = domainOf(c, declaration.domains, target, fileScope(c)) ?? { kind: "free" };
    const init = startOf(c, declaration.init, target, domain, fileScope(c)) ?? new Float64Array(size);
    return { name, level, follower, shape, offset, size, domain, init, span };
  });
}

type Levels = Pick<Problem, "upper" | "lowers" | "lowerObjective" | "minimax" | "independentFollowers">;

function levelsOf(
  c: Context,
  plan: LevelsPlan,
  variables: readonly Variable[],
  upper: LevelContent | undefined,
  lowers: readonly LevelContent[],
): Levels {
  if (!plan.upper || !upper?.objective) throw new Error("a level without an objective has been reported");
  const of = (level: "upper" | "lower", follower?: number): Variable[] =>
    variables.filter((v) => v.level === level && v.follower === follower);
  const senseOf = (sense: "minimize" | "maximize" | "neutral" | undefined): "minimize" | "maximize" =>
    sense === "maximize" ? "maximize" : "minimize";
  const lowerModels = plan.lowers.map((l, k): LevelModel => {
    const { objective, constraints } = lowers[k];
    if (!objective) throw new Error("a level without an objective has been reported");
    return {
      name: l.name,
      variables: of("lower", k),
      objective: plan.minimax ? c.b.at(objective.origin, () => c.b.neg(objective)) : objective,
      sense: plan.minimax ? "maximize" : senseOf(l.objective?.sense),
      constraints,
      span: l.span,
    };
  });
  return {
    upper: {
      name: plan.upper.name,
      variables: of("upper"),
      objective: upper.objective,
      sense: senseOf(plan.upper.objective?.sense),
      constraints: upper.constraints,
      span: plan.upper.span,
    },
    lowers: lowerModels,
    minimax: plan.minimax,
    independentFollowers: true,
    lowerObjective: c.b.addAll(lowerModels.map((l) => l.objective)),
  };
}

/** `quadratic` of `examples/seed/quadratic.blo`. */
function baseName(path: string): string {
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return file.replace(/\.blo$/, "") || "problem";
}
