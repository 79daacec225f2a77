/**
 * Which part of the source gave a number that is not finite, and at which point: at the start of a run, in its middle,
 * or where it ended.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { cutTo } from "../base/width.js";
import { type Blame, blame } from "../codegen/blame.js";
import { gradient } from "../diff/index.js";
import type { Node } from "../expr/node.js";
import type { Method } from "../methods/method.js";
import type { RunOutcome } from "../methods/outcome.js";
import type { RunOptions } from "../methods/run.js";
import type { Problem } from "../model/problem.js";
import { allFinite } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { pointText } from "../report/pointText.js";
import { firstTrouble } from "./firstTrouble.js";

type Vector = Float64Array;

interface Place {
  /** `log(x)` in the upper objective, with the numbers. */
  readonly what: string;
  /** x = -1, y = 2 */
  readonly point: string;
  readonly hint: string;
  readonly span: NonNullable<Blame["origin"]>;
}

/** At most so long is a failed run repeated to find where its trouble began. */
const secondsOfRepetition = 3;

/**
 * The outcome with each finding about numbers that are not finite replaced by one that names the place, where it can be
 * found, and with one more where the run ended at a point whose objectives or gradients are not finite.
 */
export function withBlame(
  method: Method,
  oracle: Oracle,
  options: RunOptions,
  outcome: RunOutcome,
  certified: boolean,
): RunOutcome {
  const { problem } = oracle;
  const diagnostics = outcome.diagnostics.map((d) => {
    if (d.code === "BLO0901") return atStart(problem, outcome) ?? d;
    if (d.code !== "BLO0902") return d;
    const limits = { seconds: secondsOfRepetition };
    const trouble = firstTrouble(method, oracle, { ...options, limits }, outcome);
    const place = trouble && placeOf(problem, trouble.x, trouble.y, [trouble.level]);
    if (!place) return d;
    const { what, point, hint, span } = place;
    const { iterations: iteration, backOffs } = outcome;
    return diagnostic("BLO0902", { iteration, backOffs: backOffs - 1, what, point }, { span, hint });
  });
  const { x, y } = outcome;
  if (diagnostics.length === 0 && !certified && !finiteAt(oracle, x, y)) {
    const place = placeOf(problem, x, y);
    if (place) diagnostics.push(diagnostic("BLO0908", place, { span: place.span, hint: place.hint }));
  }
  return { ...outcome, diagnostics };
}

function atStart(problem: Problem, { x, y }: RunOutcome): Diagnostic | undefined {
  const place = placeOf(problem, x, y);
  return place && diagnostic("BLO0901", place, { span: place.span, hint: place.hint });
}

function finiteAt(oracle: Oracle, x: Vector, y: Vector): boolean {
  const { upper, lower } = oracle.fork();
  const [gx, gy] = [new Float64Array(oracle.n), new Float64Array(oracle.m)];
  return [lower, upper].every(
    (level) => Number.isFinite(level.valueGrad(x, y, gx, gy)) && allFinite(gx) && allFinite(gy),
  );
}

function placeOf(
  problem: Problem,
  x: Vector,
  y: Vector,
  levels: readonly ("upper" | "lower")[] = ["lower", "upper"],
): Place | undefined {
  const at = new Map([
    [problem.x, x],
    [problem.y, y],
  ]);
  for (const level of levels) {
    for (const [quantity, outputs] of quantities(problem, level)) {
      const found = blame(outputs(), at);
      if (!found?.origin) continue;
      const span = found.origin;
      const text = cutTo(problem.source.slice(span).replace(/\s+/g, " ").trim(), 60);
      return { what: `\`${text}\` in the ${quantity}`, point: pointText(problem, x, y), hint: hintOf(found), span };
    }
  }
  return undefined;
}

/** What a level is asked for, in the order in which trouble is looked for, with its formulas. */
function quantities(problem: Problem, level: "upper" | "lower"): readonly (readonly [string, () => readonly Node[]])[] {
  const { builder: b, x, y } = problem;
  const objective = level === "upper" ? problem.upper.objective : problem.lowerObjective;
  const levels = level === "upper" ? [problem.upper] : problem.lowers;
  const name = problem.minimax ? "objective" : `${level} objective`;
  const slopes = (): Node[] => gradient(b, objective, [x, y]);
  return [
    [name, () => [objective]],
    [`${level} constraints`, () => levels.flatMap((l) => l.constraints.map((c) => c.body))],
    [`gradient of the ${name}`, slopes],
    // Row sums of the second derivatives: not finite where an entry is not.
    [`second derivatives of the ${name}`, () => slopes().flatMap((g) => gradient(b, b.sum(g), [x, y]))],
  ];
}

const signs: ReadonlyMap<string, string> = new Map([
  ["add", " + "],
  ["sub", " - "],
  ["mul", " * "],
  ["div", " / "],
  ["pow", "^"],
]);

/** `log(-1)`, `1 / 0`, `(-2)^0.5` */
function callText(op: string, args: readonly number[]): string {
  const operands = args.map((a) => String(Number(a.toPrecision(6))));
  const sign = signs.get(op);
  if (sign === undefined || args.length !== 2) return `${op}(${operands.join(", ")})`;
  return operands.map((o, i) => (args[i] < 0 ? `(${o})` : o)).join(sign);
}

function hintOf({ node, args, value }: Blame): string {
  const how = node.args.length > 0 ? `${callText(node.op, args)} is ${value}; ` : "";
  return `${how}keep the variables where the functions are defined, by bounds or by a starting value: \`var x in [1e-6, inf] init 1\``;
}
