/** By which single-level programs the bilevel problem can be replaced, what each keeps, and why the others do not apply. */
import type { Problem } from "../../model/problem.js";
import { sizeOf } from "../../reform/program.js";
import { reformulations, type StepFacts } from "../../reform/steps/index.js";
import { applyKkt } from "../../reform/steps/kkt.js";
import type { Topic } from "../context.js";
import type { Block, Fact } from "../document.js";

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;

function factOf(step: StepFacts, problem: Problem): Fact {
  const obstacles = step.accepts(problem);
  const term = `${step.title} (${step.id})`;
  return obstacles.length === 0
    ? { term, value: "applies", why: step.keeps, mood: "good" }
    : { term, value: "does not apply", why: obstacles.map((o) => sentence(o.message)).join(" "), mood: "bad" };
}

/** Size of the program of first-order conditions. */
function sizeOfConditions(problem: Problem): string {
  const { target } = applyKkt(problem, "none");
  const { x, y, z, v } = target;
  const rows = target.rows.reduce((sum, r) => sum + r.body.shape[0], 0);
  const blocks = `${x.input.size} of x, ${y.input.size} of y, ${z.input.size + v.input.size} multipliers`;
  return `${sizeOf(target.blocks)} variables (${blocks}), ${rows} rows, ${z.input.size} complementarities`;
}

export const reformulationsTopic: Topic = ({ problem }) => {
  if (problem.x.size === 0 || problem.y.size === 0) return undefined;
  const rows = reformulations.map((step) => factOf(step, problem));
  const applying = reformulations.filter((_, k) => rows[k].value === "applies");
  const blocks: Block[] = [{ kind: "facts", rows }];
  if (applying.length > 0) {
    blocks.push({
      kind: "table",
      columns: ["reformulation", "the program"],
      rows: applying.flatMap(({ id, formulas }) => formulas.map((line, k) => [k === 0 ? id : "", line])),
    });
  }
  if (applying.some(({ id }) => id !== "value-function")) {
    blocks.push({ kind: "text", text: `With first-order conditions: ${sizeOfConditions(problem)}.` });
  }
  return { id: "reformulations", title: "Reformulations by a single level", blocks };
};
