/** What may not have been meant: the lints, each with its place. */
import { lint } from "../../lints/index.js";
import { compileOracle } from "../../oracle/compile.js";
import type { Topic } from "../context.js";

export const lintsTopic: Topic = ({ problem, seed }) => {
  const found = lint(compileOracle(problem), seed);
  if (found.length === 0) return undefined;
  return {
    id: "lints",
    title: "Worth a look",
    blocks: found.map((d) => ({
      kind: "derivation",
      derivation: {
        statement: d.message,
        rule: d.code,
        premises: d.hint === undefined ? [] : [{ statement: d.hint, premises: [] }],
        ...(d.span ? { span: d.span } : {}),
      },
    })),
  };
};
