/** The problem's constants, what each rests on, and the parameters that theory makes of them for one method. */
import { type Constant, type Evidence, meanings } from "../../constants/constant.js";
import { findConstants } from "../../constants/find.js";
import { methodOf } from "../../methods/registry.js";
import { DEFAULT_TOLERANCE } from "../../methods/run.js";
import { type TheoryParameter, theoryFacts } from "../../methods/theory.js";
import { createRandom } from "../../num/random.js";
import { compileOracle } from "../../oracle/compile.js";
import type { Topic } from "../context.js";
import type { Block } from "../document.js";

const evidenceWords: Readonly<Record<Evidence, string>> = {
  exact: "exact",
  bound: "proved bound",
  estimate: "estimate",
};

const digits = (value: number): string => String(Number(value.toPrecision(6)));

function row({ symbol, value, evidence, how }: Constant): readonly string[] {
  return [symbol, digits(value), `${evidenceWords[evidence]}: ${how}`, meanings[symbol]];
}

function parameterRow({ name, formula, theory, value, why }: TheoryParameter): readonly string[] {
  return [name, formula, digits(theory), digits(value), why ?? ""];
}

export const constantsTopic: Topic = ({ problem, method: id, seed }) => {
  if (problem.y.size === 0) return undefined;
  const oracle = compileOracle(problem);
  const found = findConstants(oracle, createRandom(seed).split("constants"));
  const blocks: Block[] = [
    {
      kind: "table",
      columns: ["constant", "value", "rests on", "meaning"],
      rows: found.list.map(row),
    },
  ];
  const method = id === undefined ? undefined : methodOf(id);
  if (method?.theory) {
    const facts = theoryFacts(found, found.path.distance, problem.solve.tolerance ?? DEFAULT_TOLERANCE);
    if (typeof facts === "string") {
      blocks.push({ kind: "text", text: `Theory gives no parameters for ${method.id}. ${facts}` });
    } else {
      const rests =
        facts.evidence === "exact"
          ? ""
          : ` They rest on constants some of which are ${evidenceWords[facts.evidence]}s.`;
      blocks.push(
        {
          kind: "text",
          text: `Parameters of ${method.id} by its analysis, at the tolerance ε = ${digits(facts.tolerance)}; \`--theory\` runs with them.${rests}`,
        },
        {
          kind: "table",
          columns: ["parameter", "formula", "theory", "to run with", "safeguard"],
          rows: method.theory(facts).map(parameterRow),
        },
      );
    }
  } else if (method) {
    blocks.push({ kind: "text", text: `The analysis of ${method.id} gives no formulas for its parameters here.` });
  }
  return { id: "constants", title: "Constants", blocks };
};
