/**
 * Every deterministic method with a loop of steps, on the problem and with the settings of its first acceptance row on P1 (one
 * variable on each level: all bookkeeping, hardly any arithmetic), or of its first row where it has none there; and runs of it
 * for a given number of iterations. Families whose iteration is the solve of a whole program have no loop to measure.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../src/api.js";
import { families } from "../src/methods/builtin.js";
import type { Method, MethodState, ParameterValue } from "../src/methods/method.js";
import { defaultsOf } from "../src/methods/params.js";
import { runMethod } from "../src/methods/run.js";
import type { Problem } from "../src/model/problem.js";
import type { Oracle } from "../src/oracle/oracle.js";
import { rows } from "../test/acceptance/rows.js";

/** Families whose iterations are random, or solves of whole programs. */
export const leftOut: readonly string[] = ["stochastic", "singleLevel", "exact"];

export const deterministic: readonly Method[] = families
  .filter(({ name }) => !leftOut.includes(name))
  .flatMap(({ methods }) => methods);

export interface Case {
  readonly method: Method;
  /** Name of the acceptance problem. */
  readonly name: string;
  readonly problem: Problem;
  readonly parameters: Readonly<Record<string, ParameterValue | undefined>>;
}

/** Undefined where no acceptance row names the method. `root`: the folder of the repository. */
export async function caseOf(method: Method, root: string): Promise<Case | undefined> {
  const all = rows.filter(({ method: id }) => id === method.id);
  const first = all.find(({ problem }) => problem === "P1") ?? all[0];
  if (first === undefined) return undefined;
  // settings belong to a problem; an automatic run has none
  const automatic =
    Object.keys(first.options ?? {}).length === 0 && !first.problem.startsWith("C") && !method.requirements.minimaxOnly;
  const row = automatic ? { ...first, problem: "P1" } : first;
  const source = readFileSync(join(root, "test/acceptance/problems", `${row.problem}.blo`), "utf8");
  const { problem } = await compile(source);
  if (problem === undefined) throw new Error(`${row.problem} does not compile`);
  return { method, name: row.problem, problem, parameters: { ...defaultsOf(method), ...row.options } };
}

/** Strongly convex with n variables on each level; `rows`: with n lower constraints. */
function ofSize(n: number, minimax: boolean, rows: boolean): string {
  const curved = (v: string): string => `0.5sum(i in 1..n: (1 + i/n) * ${v}^2)`;
  if (minimax) {
    return `param n = ${n}
minimax {
  minimize var x[n]
  maximize var y[n]
  objective ${curved("(x[i] - 1)")} + dot(x, y) - ${curved("y[i]")}
}`;
  }
  return `param n = ${n}
upper { var x[n]; minimize ${curved("(x[i] - 1)")} + ${curved("(y[i] - 2)")} }
lower {
  var y[n]
  minimize 4 * ${curved("(y[i] - x[i])")}
  ${rows ? "subject to  below: y <= 1.2" : ""}
}`;
}

/** The method on a problem with n variables on each level, with the settings of its first acceptance row on P1, or of its first row. */
export async function caseOfSize(method: Method, n: number): Promise<Case | undefined> {
  const all = rows.filter(({ method: id }) => id === method.id);
  const row = all.find(({ problem }) => problem === "P1") ?? all[0];
  if (row === undefined) return undefined;
  const { lowerConstraints, minimaxOnly } = method.requirements;
  const { problem } = await compile(ofSize(n, minimaxOnly, lowerConstraints));
  if (problem === undefined) throw new Error("the problem of a size does not compile");
  return { method, name: `n = ${n}`, problem, parameters: { ...defaultsOf(method), ...row.options } };
}

/** Never done: where the method has finished, x goes back to the start and it goes on. */
function endless(method: Method, start: Float64Array): Method {
  return {
    ...method,
    step: (state: MethodState, context) => {
      method.step(state, context);
      if (state.finished === "no") return;
      state.finished = "no";
      state.x.set(start);
    },
  };
}

/** Runs of a case without a trace, on one oracle. */
export class Runs {
  private readonly given: Case;
  private readonly oracle: Oracle;
  private readonly method: Method;
  private readonly restarts: boolean;

  /** `restarts`: for methods that remember that they are done; runs follow each other until enough iterations are made. `watch` may wrap its steps. */
  constructor(given: Case, oracle: Oracle, restarts: boolean, watch: (method: Method) => Method = (method) => method) {
    this.given = given;
    this.oracle = oracle;
    this.restarts = restarts;
    this.method = watch(restarts ? given.method : endless(given.method, oracle.startX));
  }

  /** Makes that many iterations; returns the number of runs it took. */
  iterate(iterations: number): number {
    let runs = 0;
    for (let left = iterations; left > 0; runs++) {
      const done = this.run(left);
      if (done === 0 || (!this.restarts && done < left))
        throw new Error(`${this.given.method.id} on ${this.given.name} ends early`);
      left -= done;
    }
    return runs;
  }

  /** Runs of no iterations: what `iterate` does besides iterating. */
  begin(runs: number): void {
    for (let k = 0; k < runs; k++) this.run(0);
  }

  private run(iterations: number): number {
    const { parameters } = this.given;
    const options = { parameters, tolerance: 1e-12, limits: { iterations }, now: () => 0, traceRows: 0 };
    return runMethod(this.method, this.oracle, options).iterations;
  }
}
