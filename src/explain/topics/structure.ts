/** What there is: variables with shapes and domains, constraints, and what kind of problem they make. */
import type { Domain, LevelModel, Problem } from "../../model/problem.js";
import type { Topic } from "../context.js";
import type { Block } from "../document.js";
import { shapeWords } from "../formulas.js";
import { number } from "../notation/numbers.js";

export const structureTopic: Topic = ({ problem }) => {
  const { upper, lowers } = problem;
  const levels: readonly (readonly [string, LevelModel])[] = [
    ["upper", upper],
    ...lowers.map(
      (l) => [lowers.length === 1 || l.name === "lower" ? "lower" : l.priceOf ? l.name : `lower ${l.name}`, l] as const,
    ),
  ];
  const variables = levels.flatMap(([title, l]) =>
    l.variables.map((v) => [title, v.name, shapeWords(v.shape), domainWords(v.domain)]),
  );
  const constraints = levels.flatMap(([title, l]) =>
    l.constraints.map((c) => [title, c.name, countWords(c.rows, c.kind === "eq" ? "equation" : "inequality")]),
  );
  const blocks: Block[] = [{ kind: "table", columns: ["level", "variable", "shape", "domain"], rows: variables }];
  if (constraints.length > 0)
    blocks.push({ kind: "table", columns: ["level", "constraint", "rows"], rows: constraints });
  blocks.push(...facts(problem).map((text): Block => ({ kind: "text", text })));
  return { id: "structure", title: "Structure", blocks };
};

function facts({ minimax, lowers, independentFollowers, samples }: Problem): readonly string[] {
  const found: string[] = [];
  if (minimax) found.push("Minimax: the lower level maximises what the upper level minimises.");
  if (lowers.length > 1) {
    const prices = lowers.filter((l) => l.priceOf).length;
    const words = independentFollowers ? "independent of each other" : "that depend on each other";
    const extra = prices > 0 ? `, ${prices} of them prices of constraints whose multipliers the upper level uses` : "";
    found.push(`${lowers.length} followers ${words}${extra}.`);
  }
  for (const s of samples)
    found.push(`A sum of ${countWords(s.terms, "term")} at the ${s.level} level, sampled in batches of ${s.batch}.`);
  return found;
}

export function countWords(n: number, noun: string): string {
  const plural = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${n.toLocaleString("en-US")} ${n === 1 ? noun : plural}`;
}

export function domainWords(domain: Domain): string {
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
