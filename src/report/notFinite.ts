/** Which part of the source gave a number that is not finite at the start of a run, with the numbers that went into it. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { type Blame, blame } from "../codegen/blame.js";
import { gradient } from "../diff/index.js";
import type { RunOutcome } from "../methods/run.js";
import type { Oracle } from "../oracle/oracle.js";

/** The run's diagnostics with the general finding replaced by one that names the place, where it can be found. */
export function withBlame(oracle: Oracle, outcome: RunOutcome): readonly Diagnostic[] {
  return outcome.diagnostics.flatMap((d) =>
    d.code === "BLO0901" && d.span === undefined ? [placed(oracle, outcome) ?? d] : [d],
  );
}

function placed({ problem }: Oracle, { x, y }: RunOutcome): Diagnostic | undefined {
  const at = new Map([
    [problem.x, x],
    [problem.y, y],
  ]);
  const levels = { lower: problem.lowerObjective, upper: problem.upper.objective };
  for (const [level, objective] of Object.entries(levels)) {
    const value = blame([objective], at);
    const found = value ?? blame(gradient(problem.builder, objective, [problem.x, problem.y]), at);
    if (!found?.origin) continue;
    const where = `the ${value ? "" : "gradient of the "}${level} objective`;
    const what = `\`${shorten(problem.source.slice(found.origin))}\` in ${where}`;
    return diagnostic("BLO0901", { what }, { span: found.origin, hint: hintOf(found) });
  }
  return undefined;
}

function hintOf({ node, args, value }: Blame): string {
  const operands = args.map((a) => String(Number(a.toPrecision(6)))).join(", ");
  const how = node.args.length > 0 ? `${node.op}(${operands}) is ${value}; ` : "";
  return `${how}give the variables a starting value inside the functions' domains: \`var x init 1\``;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
