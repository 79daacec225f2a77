/**
 * What looking at a problem costs beside solving it, on seeded problems with tensor data. Run through bench/analysis.mjs:
 *   node bench/analysis.mjs [name …]
 * "analysis" is what a plain run does before its first method besides compiling: curvature, presolve, curvature at the start with the
 * choice. The bars, each marked "!" where it is missed: under a second, and a tenth of the whole run. Constants and lints are worked out for `blo explain` and `blo check` only: under a second.
 * CPU seconds; analysis and run on problems compiled anew, as analyses are remembered. Last the modulus of the lower level, if proved.
 */
import { solve } from "../src/api.js";
import { Source } from "../src/base/source.js";
import { findConstants } from "../src/constants/find.js";
import { curvatureOf } from "../src/curvature/index.js";
import { elaborate } from "../src/elaborate/elaborate.js";
import { lint } from "../src/lints/index.js";
import type { Problem } from "../src/model/problem.js";
import { createRandom } from "../src/num/random.js";
import { compileOracle } from "../src/oracle/compile.js";
import { presolve } from "../src/presolve/presolve.js";
import { chooseMethods } from "../src/solve/choose.js";
import { parse } from "../src/syntax/parse.js";
import { cpuSeconds } from "./measure.js";

type Rows = readonly (readonly number[])[];

interface Workload {
  readonly text: string;
  readonly params: Readonly<Record<string, number | readonly number[] | Rows>>;
}

const random = createRandom(1);
const normals = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, i) => s + v * b[i], 0);

/** Half of the rows to fit, half to validate; labels of a noisy linear rule. */
function rowsOf(rows: number, columns: number): { readonly A: number[][]; readonly b: number[] } {
  const A = normals(rows, columns);
  const truth = normals(1, columns)[0];
  return { A, b: A.map((row) => (dot(row, truth) + Math.sqrt(columns) * random.normal() >= 0 ? 1 : -1)) };
}

/** One penalty for all weights, or one each. */
function logistic(rows: number, columns: number, each: boolean): Workload {
  const penalty = each ? [`x[${columns}] in [-8, 4]`, "dot(exp(x), w.^2)"] : ["x in [-8, 4]", "exp(x) * sumsq(w)"];
  const half = rows / 2;
  return {
    params: rowsOf(rows, columns),
    text: `param A = [[1]]
param b = [1]
upper { var ${penalty[0]}; minimize mean(i in ${half + 1}..${rows}: softplus(-b[i] * (A[i, :] * w))) }
lower { var w[${columns}]; minimize mean(i in 1..${half}: softplus(-b[i] * (A[i, :] * w))) + ${penalty[1]} }
`,
  };
}

function ridge(rows: number, columns: number): Workload {
  const half = rows / 2;
  return {
    params: rowsOf(rows, columns),
    text: `param A = [[1]]
param b = [1]
upper { var x in [-8, 4]; minimize mean(i in ${half + 1}..${rows}: (A[i, :] * w - b[i])^2) }
lower { var w[${columns}]; minimize mean(i in 1..${half}: (A[i, :] * w - b[i])^2) + exp(x) * sumsq(w) }
`,
  };
}

/** A weight for each row to fit. */
function cleaning(rows: number, columns: number, classes: number): Workload {
  const A = normals(2 * rows, columns);
  const truth = normals(classes, columns);
  const label = A.map((row, i) => {
    const scores = truth.map((t) => dot(t, row));
    return i < rows && random.uniform() < 0.3
      ? 1 + Math.floor(classes * random.uniform())
      : 1 + scores.indexOf(Math.max(...scores));
  });
  return {
    params: { A, label },
    text: `param A = [[1]]
param label = [1]
upper { var x[${rows}] in [-5, 5]; minimize mean(j in ${rows + 1}..${2 * rows}: crossentropy(A[j, :] * W, label[j])) }
lower { var W[${columns}, ${classes}]; minimize mean(i in 1..${rows}: sigmoid(x[i]) * crossentropy(A[i, :] * W, label[i])) + 0.01 * sumsq(W) }
`,
  };
}

/** The same with the matrix itself: a quadratic form. */
function form(m: number): Workload {
  const W = normals(m, m);
  const Q = W.map((v, i) => W.map((w, j) => dot(v, w) / m + (i === j ? 0.2 : 0)));
  return {
    params: { Q, c: normals(1, m)[0] },
    text: `param Q = [[1]]
param c = [1]
upper { var x[${m}]; minimize sumsq(y - 1) + 0.1 * sumsq(x) + sum(softplus(x)) }
lower { var y[${m}]; minimize quadform(Q, y) + dot(c - x, y) + softplus(y[1]) }
`,
  };
}

/** A dense quadratic lower level, and a nonlinear upper one. */
function dense(m: number): Workload {
  return {
    params: { Q: normals(m, m), c: normals(1, m)[0] },
    text: `param Q = [[1]]
param c = [1]
upper { var x[${m}]; minimize sumsq(y - 1) + 0.1 * sumsq(x) + sum(softplus(x)) }
lower { var y[${m}]; minimize sumsq(Q * y - x) / ${m} + 0.1 * sumsq(y) + dot(c, y) }
`,
  };
}

const workloads: Readonly<Record<string, () => Workload>> = {
  "logistic-4000x50": () => logistic(4000, 50, false),
  "logistic-20000x100": () => logistic(20000, 100, false),
  "logistic-each-4000x200": () => logistic(4000, 200, true),
  "ridge-20000x100": () => ridge(20000, 100),
  "ridge-20000x10": () => ridge(20000, 10),
  "ridge-2000x40": () => ridge(2000, 40),
  "cleaning-500x20x5": () => cleaning(500, 20, 5),
  "cleaning-5000x50x10": () => cleaning(5000, 50, 10),
  "dense-90": () => dense(90),
  "dense-400": () => dense(400),
  "form-300": () => form(300),
};

async function problemOf({ text, params }: Workload): Promise<Problem> {
  const source = new Source("bench.blo", text);
  const { tree, diagnostics: wrong } = parse(source);
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong.map((d) => d.message)));
  const { problem, diagnostics } = await elaborate(tree!, source, { params });
  if (!problem) throw new Error(JSON.stringify(diagnostics.map((d) => d.message)));
  return problem;
}

async function timed(work: () => unknown): Promise<number> {
  const before = cpuSeconds();
  await work();
  return cpuSeconds() - before;
}

const show = (s: number): string => s.toFixed(3).padStart(10);
const named = process.argv.slice(2);
const columns = ["compile", "curvature", "presolve", "choice", "analysis", "run", "share", "constants", "lints"];
console.log(`${"".padEnd(24)}${columns.map((c) => c.padStart(10)).join("")}`);
// the code is in machine code before anything is measured
await solve(await problemOf(logistic(200, 5, false)), { seconds: 5 });
await solve(await problemOf(ridge(200, 20)), { seconds: 5 });
for (const [name, make] of Object.entries(workloads)) {
  if (named.length > 0 && !named.some((n) => name.startsWith(n))) continue;
  const workload = make();
  let problem = await problemOf(workload);
  const compile = await timed(async () => {
    problem = await problemOf(workload);
  });
  const curvature = await timed(() => [curvatureOf(problem).lower.strong, curvatureOf(problem).minimaxLike]);
  const reducing = await timed(() => presolve(problem));
  const oracle = compileOracle(problem);
  const choice = await timed(() => chooseMethods(oracle, createRandom(1), { seconds: 60 }));
  const analysis = curvature + reducing + choice;
  problem = await problemOf(workload);
  let outcome = "";
  const run = await timed(async () => {
    const { method, status, tried } = await solve(problem, { seconds: 60 });
    outcome = `${method} ${status}${(tried?.length ?? 0) > 1 ? ` after ${tried?.map((t) => t.method).join(", ")}` : ""}`;
  });
  const found = await timed(() => findConstants(compileOracle(problem), createRandom(1)));
  const lints = await timed(() => lint(compileOracle(problem), 1));
  const share = analysis / run;
  const bad = analysis > 1 || share > 0.1 || found > 1 || lints > 1 ? "!" : " ";
  const numbers = [compile, curvature, reducing, choice, analysis, run, share, found, lints];
  console.log(
    `${name.padEnd(24)}${numbers.map(show).join("")} ${bad} ${curvatureOf(problem).lower.strong?.mu ?? "-"} ${outcome}`,
  );
}
