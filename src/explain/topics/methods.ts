/** The methods that fit a problem, what a run takes and why, and what keeps the others from it. */
import { methods, whyNot } from "../../methods/registry.js";
import { compileOracle } from "../../oracle/compile.js";
import { candidatesFor } from "../../solve/candidates.js";
import { type Choice, isBounded } from "../../solve/choose.js";
import { limitsOf } from "../../solve/limits.js";
import { presolving } from "../../solve/plan.js";
import type { ExplainContext, Topic } from "../context.js";
import type { Block, Fact } from "../document.js";

export const methodsTopic: Topic = (context) => {
  const rows = methods().map((method) => ({ method, obstacles: whyNot(method, context.problem) }));
  const fitting = rows
    .filter((r) => r.obstacles.length === 0)
    .map(({ method }): Fact => ({ term: method.id, value: method.title, mood: "good" }));
  const others = rows
    .filter((r) => r.obstacles.length > 0)
    .map(({ method, obstacles }): Fact => ({ term: method.id, value: reasonOf(obstacles[0].message), mood: "bad" }));
  const choices = choicesOf(context).map(({ method, why, part }, i): Fact => {
    const term =
      i === 0 ? "blo run takes" : part === "search" ? "for a better answer, then" : "without a certificate, then";
    return { term, value: method, why };
  });
  const blocks: Block[] = [{ kind: "facts", rows: choices }];
  if (fitting.length > 0) blocks.push({ kind: "text", text: "Methods that fit:" }, { kind: "facts", rows: fitting });
  if (others.length > 0) blocks.push({ kind: "text", text: "Methods that do not:" }, { kind: "facts", rows: others });
  return { id: "methods", title: "Methods", blocks };
};

/** What a refusal says of the problem, without the method's name before it and the alternatives after it. */
export function reasonOf(message: string): string {
  return message.replace(/^method "[^"]*" /, "").split("; methods that fit")[0];
}

function choicesOf({ problem, seed }: ExplainContext): readonly Pick<Choice, "method" | "why" | "part">[] {
  const { method } = problem.solve;
  if (method !== undefined) return [{ method, why: "The source asks for it.", part: "answer" }];
  const limits = limitsOf(problem, {}, isBounded(problem));
  const { first, rest } = candidatesFor(compileOracle(problem), presolving(problem, {}, false), {}, seed, limits);
  return [...first, ...(rest?.() ?? [])].map(({ method: { id }, why, part }) => ({ method: id, why, part }));
}
