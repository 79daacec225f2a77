/** The structure of a problem as text: levels with variables, objectives and constraints as written, and its class. */
import type { Paint } from "../base/paint.js";
import { cutTo, visibleText } from "../base/width.js";
import type { Domain, LevelModel, Problem, Variable } from "../model/problem.js";
import { parse } from "../syntax/parse.js";
import type { LevelDeclaration } from "../syntax/tree.js";
import { count, number, table } from "./words.js";

function domainWords(domain: Domain): string {
  switch (domain.kind) {
    case "free":
      return "free";
    case "box": {
      const same = (v: Float64Array): boolean => v.every((e) => e === v[0]);
      if (!same(domain.lower) || !same(domain.upper)) return "in a box, bounds by entry";
      const [lo, hi] = [domain.lower[0], domain.upper[0]];
      if (lo === Number.NEGATIVE_INFINITY) return hi === Number.POSITIVE_INFINITY ? "free" : `<= ${number(hi)}`;
      return hi === Number.POSITIVE_INFINITY ? `>= ${number(lo)}` : `in [${number(lo)}, ${number(hi)}]`;
    }
    case "ball":
      return `in a ball of radius ${number(domain.radius)}`;
    case "simplex":
      return `in a simplex, sum ${number(domain.total)}`;
  }
}

function shapeWords({ shape, size }: Variable): string {
  if (shape.length === 0) return "scalar";
  return shape.length === 1 ? `vector of ${size}` : `${shape.join(" x ")} matrix`;
}

/** The objective as the source has it, on one line. */
function objectiveText(problem: Problem, level: LevelDeclaration | undefined): string | undefined {
  const item = level?.items.find((i) => i.kind === "objective");
  if (item?.kind !== "objective") return undefined;
  const text = problem.source.slice(item.value.span).replace(/#.*$/gm, "").replace(/\s+/g, " ");
  return `${item.sense === "neutral" ? "objective" : item.sense} ${visibleText(text)}`;
}

function levelText(
  title: string,
  level: LevelModel,
  objective: string | undefined,
  width: number,
  paint: Paint,
): string {
  const variables = level.variables.map((v) => [`var ${v.name}`, shapeWords(v), domainWords(v.domain)]);
  const constraints = level.constraints.map((c) => [
    c.name,
    c.kind === "eq" ? count(c.rows, "equation") : count(c.rows, "inequality", "inequalities"),
  ]);
  const lines = [paint.strong(title), table(variables, "  ")];
  if (objective !== undefined) lines.push(`  ${cutTo(objective, Math.max(20, width - 2))}`);
  if (constraints.length > 0) lines.push("  subject to", table(constraints, "    "));
  return lines.join("\n");
}

export function structureText(problem: Problem, width: number, paint: Paint): string {
  const levels = (parse(problem.source).tree?.items ?? []).filter((i) => i.kind === "level");
  const lowers = levels.filter((l) => l.level === "lower");
  const minimax = levels.find((l) => l.level === "minimax");
  const upper = minimax ?? levels.find((l) => l.level === "upper");
  const parts = [
    `${paint.strong(visibleText(problem.name))}  ${paint.dim(visibleText(problem.source.name))}`,
    levelText("upper level", problem.upper, objectiveText(problem, upper), width, paint),
    ...problem.lowers.map((level, k) => {
      const title = problem.lowers.length > 1 ? `lower level ${level.name}` : "lower level";
      const objective = minimax ? "minimises the negative objective" : objectiveText(problem, lowers[k]);
      return levelText(title, level, objective, width, paint);
    }),
  ];
  const facts = [];
  if (problem.minimax) facts.push("minimax: the lower level maximises what the upper level minimises");
  if (problem.lowers.length > 1) {
    const word = problem.independentFollowers ? "independent of each other" : "that depend on each other";
    facts.push(`${problem.lowers.length} followers ${word}`);
  }
  for (const s of problem.samples) {
    facts.push(`a sum of ${count(s.terms, "term")} at the ${s.level} level, sampled in batches of ${s.batch}`);
  }
  if (facts.length > 0) parts.push(facts.map((f) => `  ${f}`).join("\n"));
  return parts.join("\n\n");
}
