/**
 * A cell of the matrix: one method on one problem, a plain run without options, its seed 1 and a budget of oracle calls
 * only, so that the outcome is the same on every machine. The outcome is the run's status, and whether the answer is met:
 *
 *   converged            certified, and the answer is met
 *   converged roughly    certified, and met to 50 times its tolerance: certificates ask for slopes below 1e-6 of their size,
 *                        which some answers outdo and bad conditioning makes coarser
 *   a local solution     certified, and another minimum of the hyper-objective among its neighbours
 *   wrong                certified and none of these, which is never right
 *   any other status     as it is, with "at the answer" where the point meets the answer all the same
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Method, methods, type Problem, type Result, solve } from "../../src/api.js";
import { judge } from "../../src/cli/expectations.js";
import { whyNot } from "../../src/methods/registry.js";
import { compileFile } from "../../src/node.js";
import { type Answer, answers, localAnswers } from "./answers.js";

/** Tolerances of an answer that is met roughly. */
const ROUGHLY = 50;

const root = join(import.meta.dirname, "..", "..");

export interface Entry {
  /** `stackelberg/toll` for an example, `P1` for an acceptance problem. */
  readonly name: string;
  readonly problem: Problem;
  /** What the result misses by more than `slack` tolerances; empty where the answer is met. The status is not part of it. */
  readonly misses: (result: Result, slack: number) => readonly string[];
  /** True at another local solution. */
  readonly local: (result: Result) => boolean;
}

function met(problem: Problem, answer: Answer | undefined): Entry["misses"] {
  if (answer !== undefined) return ({ x, y }, slack) => answer(x, y, slack);
  return (result, slack) =>
    judge(problem, result)
      .filter((j) => !(j.holds || j.difference <= slack * j.within || j.text === "status"))
      .map((j) => `${j.text} = ${j.found}, not ${j.expected}`);
}

async function entry(path: string, name: string, answer: Answer | undefined): Promise<Entry> {
  const { problem, diagnostics } = await compileFile(path);
  if (problem === undefined) throw new Error(`${name}: ${diagnostics.map((d) => d.message).join("; ")}`);
  const local: Entry["local"] = ({ x, y }) => (localAnswers[name] ?? []).some((other) => other(x, y, 1).length === 0);
  return { name, problem, misses: met(problem, answer), local };
}

/** All problem files: the examples, then the acceptance problems. */
export async function entries(): Promise<readonly Entry[]> {
  const examples = join(root, "examples");
  const shown = readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".blo"))
    .sort();
  const acceptance = join(root, "test", "acceptance", "problems");
  const accepted = readdirSync(acceptance)
    .filter((file) => file.endsWith(".blo"))
    .sort();
  return Promise.all([
    ...shown.map((file) => entry(join(examples, file), file.slice(0, -".blo".length).replaceAll("\\", "/"), undefined)),
    ...accepted.map((file) => {
      const name = basename(file, ".blo");
      if (answers[name] === undefined) throw new Error(`${name} has no known answer in answers.ts`);
      return entry(join(acceptance, file), name, answers[name]);
    }),
  ]);
}

/** The methods whose requirements accept the problem. */
export function fittingMethods({ problem }: Entry): readonly Method[] {
  return methods().filter((method) => whyNot(method, problem).length === 0);
}

export interface Outcome {
  readonly outcome: string;
  readonly result: Result;
  readonly misses: readonly string[];
}

export async function runCell(entry: Entry, method: string, calls: number): Promise<Outcome> {
  const result = await solve(entry.problem, { method, calls, seed: 1 });
  return { outcome: outcomeOf(entry, result), result, misses: entry.misses(result, 1) };
}

function outcomeOf({ misses, local }: Entry, result: Result): string {
  const { status } = result;
  const met = misses(result, 1).length === 0;
  if (status !== "converged") return met ? `${status} at the answer` : status;
  if (met) return "converged";
  if (misses(result, ROUGHLY).length === 0) return "converged roughly";
  return local(result) ? "a local solution" : "wrong";
}
