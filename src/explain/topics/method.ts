/** One method on this problem: its algorithm, what it assumes, what keeps it from the problem, and its parameters. */
import { methodOf, whyNot } from "../../methods/registry.js";
import type { Topic } from "../context.js";
import type { Block } from "../document.js";
import { reasonOf } from "./methods.js";

export const methodTopic: Topic = ({ problem, method: id }) => {
  if (id === undefined) return undefined;
  const method = methodOf(id);
  const obstacles = whyNot(method, problem);
  const written = problem.solve.method === id ? problem.solve.options : {};
  const blocks: Block[] = [
    { kind: "lines", lines: method.formulas },
    {
      kind: "facts",
      rows: [
        { term: "reference", value: method.reference },
        { term: "needs", value: method.requirements.class },
        { term: "assumes", value: method.assumptions },
        { term: "known failures", value: method.failures },
        ...(obstacles.length === 0
          ? [{ term: "this problem", value: "fits", mood: "good" as const }]
          : obstacles.map((o) => ({ term: "this problem", value: reasonOf(o.message), mood: "bad" as const }))),
      ],
    },
  ];
  if (method.parameters.length > 0)
    blocks.push({
      kind: "table",
      columns: ["parameter", "value", "meaning"],
      rows: method.parameters.map((p) => [
        p.name,
        String(written[p.name] ?? p.default ?? "auto"),
        `${p.doc}${written[p.name] === undefined && p.auto !== undefined ? ` Auto: ${p.auto}.` : ""}`,
      ]),
    });
  return { id: "method", title: `${method.id}: ${method.title}`, blocks };
};
