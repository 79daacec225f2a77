/**
 * Compiled kernels against references, run in turn: hand-written JavaScript closures, and C (cc -O3 -march=native) where
 * a compiler is at hand. The bar: at most 1.7 times the hand-written closure; one outer iteration of f2ba on the scalar
 * quadratic through `solve`, bookkeeping included, at most 3 times C.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../src/api.js";
import { generated, statistics } from "../src/codegen/backend.js";
import type { KernelRequest } from "../src/codegen/kernel.js";
import { gradient, hvp } from "../src/diff/index.js";
import { sizeOf } from "../src/expr/node.js";
import type { Problem } from "../src/model/problem.js";
import { createRandom } from "../src/num/random.js";
import { compare, type Side } from "./measure.js";
import { chain } from "./reference/chain.js";
import { logisticGradient, logisticProduct } from "./reference/logistic.js";
import { quadratic, quadraticUnrolled } from "./reference/quadratic.js";
import { outerIteration } from "./scalarRun.js";

type Vector = Float64Array;

export interface Row {
  readonly name: string;
  readonly comparison: ReturnType<typeof compare>;
  readonly note: string;
  /** Largest difference to the hand-written closure, relative to 1 + its value. */
  readonly error: number;
  readonly bar: { readonly of: string; readonly most: number };
}

interface Workload {
  readonly name: string;
  readonly request: KernelRequest;
  readonly inputs: readonly Vector[];
  /** The hand-written closure over the same inputs and outputs. */
  readonly closure: (inputs: readonly Vector[], outputs: readonly Vector[]) => () => void;
  /** Arguments of the C program after the number of calls. */
  readonly c: readonly [what: string, ...sizes: number[]];
  readonly budget: number;
}

const random = createRandom(1);

function draw(size: number, scale = 1): Vector {
  return Float64Array.from({ length: size }, () => scale * (2 * random.uniform() - 1));
}

function rowsOf(values: Vector, columns: number): Vector[] {
  return Array.from({ length: values.length / columns }, (_, i) => values.subarray(i * columns, (i + 1) * columns));
}

async function problemOf(folder: string, file: string, params: Parameters<typeof compile>[1] = {}): Promise<Problem> {
  const { problem, diagnostics } = await compile(readFileSync(join(folder, "problems", file), "utf8"), params);
  if (!problem) throw new Error(JSON.stringify(diagnostics));
  return problem;
}

async function quadraticOf(folder: string, d: number): Promise<Workload> {
  const Q = draw(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) Q[i * d + j] = Q[j * d + i];
  const P = draw(d * d);
  const c = draw(d);
  const params = { d, Q: rowsOf(Q, d), P: rowsOf(P, d), c };
  const problem = await problemOf(folder, "quadratic.blo", { params });
  const { builder: b, x, y, lowerObjective: g } = problem;
  const v = { name: "v", size: d };
  const outputs = [g, ...gradient(b, g, [x, y]), hvp(b, g, y, b.input(v))];
  const closure = d <= 12 ? quadraticUnrolled(d, Q, P, c) : quadratic(d, Q, P, c);
  return {
    name: `W2 quadratic d=${d}: value, gradients, H v`,
    request: { name: "quadratic", inputs: [x, y, v], outputs },
    inputs: [draw(d), draw(d), draw(d)],
    closure: ([x0, y0, v0], [f, gx, gy, hv]) => {
      return () => closure(x0, y0, v0, f, gx, gy, hv);
    },
    c: ["quadratic", d],
    budget: d >= 1000 ? 0.2 : 0.03,
  };
}

async function logisticOf(folder: string, n: number, d: number): Promise<Workload[]> {
  const A = draw(n * d, 0.1);
  const problem = await problemOf(folder, "logistic.blo", { params: { n, d, A: rowsOf(A, d) } });
  const { builder: b, x, y, lowerObjective: g } = problem;
  const v = { name: "v", size: d };
  const value = logisticGradient(n, d, A);
  const product = logisticProduct(n, d, A);
  const inputs = [draw(1), draw(d)];
  const common = { budget: 0.2 };
  return [
    {
      ...common,
      name: `W3 logistic ${n}x${d}: value, gradients`,
      request: { name: "logistic", inputs: [x, y], outputs: [g, ...gradient(b, g, [x, y])] },
      inputs,
      closure: ([x0, y0], [f, gx, gy]) => {
        return () => value(x0, y0, f, gx, gy);
      },
      c: ["logistic", d, n],
    },
    {
      ...common,
      name: `W3 logistic ${n}x${d}: H v`,
      request: { name: "product", inputs: [x, y, v], outputs: [hvp(b, g, y, b.input(v))] },
      inputs: [...inputs, draw(d)],
      closure: ([x0, y0, v0], [out]) => {
        return () => product(x0, y0, v0, out);
      },
      c: ["product", d, n],
    },
  ];
}

async function chainOf(folder: string): Promise<Workload> {
  const n = 200;
  const { builder: b, y, lowerObjective: g } = await problemOf(folder, "chain.blo");
  const reference = chain(n);
  return {
    name: "W5 chain of 200 variables: value, gradient",
    request: { name: "chain", inputs: [y], outputs: [g, ...gradient(b, g, [y])] },
    inputs: [draw(n)],
    closure: ([y0], [f, gy]) => {
      return () => reference(y0, f, gy);
    },
    c: ["chain", n],
    budget: 0.03,
  };
}

/** Builds the C program; undefined where there is no compiler. */
export function buildC(folder: string, into: string): string | undefined {
  const program = join(into, "reference");
  const source = join(folder, "reference", "reference.c");
  try {
    execFileSync("cc", ["-O3", "-march=native", "-fopenmp-simd", "-o", program, source, "-lm"], { stdio: "ignore" });
    return program;
  } catch {
    return undefined;
  }
}

export function runC(program: string, args: readonly (string | number)[]): number {
  return Number(execFileSync(program, args.map(String), { encoding: "utf8" }));
}

function measureWorkload(load: Workload, program: string | undefined, rounds: number): Row {
  const start = performance.now();
  const kernel = generated.compile(load.request);
  const took = performance.now() - start;
  const outputs = load.request.outputs.map((node) => new Float64Array(sizeOf(node.shape)));
  const wanted = outputs.map((o) => new Float64Array(o.length));
  const all = [...load.inputs, ...outputs];
  const ours = called(kernel, all);
  const closure = load.closure(load.inputs, wanted);
  ours();
  closure();
  let error = 0;
  outputs.forEach((out, k) => {
    out.forEach((value, e) => {
      error = Math.max(error, Math.abs(value - wanted[k][e]) / (1 + Math.abs(wanted[k][e])));
    });
  });
  const sides: Side[] = [
    { name: "blo", run: ours },
    { name: "closure", run: closure },
  ];
  const [what, ...sizes] = load.c;
  if (program) sides.push({ name: "C", measure: (calls) => runC(program, [what, calls, ...sizes]) });
  const { nodes, statements, characters } = statistics(load.request);
  const note = `${nodes} nodes, ${statements} statements, ${characters} characters, compiled in ${took.toFixed(1)} ms`;
  return {
    name: load.name,
    comparison: compare(sides, rounds, load.budget),
    note,
    error,
    bar: { of: "closure", most: 1.7 },
  };
}

/** A call without spreading: a fixed number of arguments, as an oracle calls. */
function called(kernel: (...buffers: Vector[]) => number, [a, b, c, d, e, f, g]: readonly Vector[]): () => void {
  return () => {
    kernel(a, b, c, d, e, f, g);
  };
}

function time(seconds: number | undefined): string {
  if (seconds === undefined) return "-";
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} us` : `${(seconds * 1e3).toFixed(2)} ms`;
}

/** What performance notes of earlier prototypes give for a hand-written closure, as a ratio to their own reference. */
const noted: readonly (readonly [prefix: string, ratio: string])[] = [
  ["W1", "1.19-1.8 of C"],
  ["W2 quadratic d=10:", "0.26 of OpenBLAS"],
  ["W2 quadratic d=100:", "6.2 of OpenBLAS"],
  ["W2 quadratic d=1000:", "3.5 of OpenBLAS"],
  ["W3 logistic 5000x784: value", "2.3 of OpenBLAS"],
  ["W3 logistic 5000x784: H v", "2.8 of OpenBLAS"],
  ["W5", "1.3 of C"],
];

function print(row: Row): boolean {
  const { name, comparison, note, error, bar } = row;
  const { seconds } = comparison;
  const parts = [...seconds].map(([side, s]) => `${side} ${time(s)}`);
  const others = [...seconds.keys()].filter((side) => side !== "blo");
  const ratios = others.map((side) => `blo/${side} ${comparison.ratio("blo", side).toFixed(2)}`);
  const earlier = noted.find(([prefix]) => name.startsWith(prefix));
  const held = !seconds.has(bar.of) || comparison.ratio("blo", bar.of) <= bar.most;
  console.log(
    `${name}\n  ${parts.join("   ")}\n  ${ratios.join("   ")}   (bar: blo/${bar.of} <= ${bar.most}: ${held ? "held" : "MISSED"})`,
  );
  if (earlier) console.log(`  earlier prototype of a closure: ${earlier[1]}`);
  console.log(`  ${note}; error ${error.toExponential(1)}`);
  return held;
}

export async function main(folder: string, wanted: readonly string[]): Promise<void> {
  const scratch = mkdtempSync(join(folder, ".c-"));
  try {
    const program = buildC(folder, scratch);
    if (!program) console.log("No C compiler here: the comparison with C is left out.");
    const rounds = 9;
    const chosen = (name: string) =>
      wanted.length === 0 || wanted.some((w) => name.toLowerCase().startsWith(w.toLowerCase()));
    let held = true;
    if (chosen("W1")) {
      const scalar = await problemOf(folder, "scalar.blo");
      const c = program ? (calls: number) => runC(program, ["f2ba", calls]) : undefined;
      held = print(await outerIteration(scalar, c, rounds)) && held;
    }
    const makers: [string, () => Promise<Workload[]>][] = [
      ...[10, 100, 1000].map((d): [string, () => Promise<Workload[]>] => [
        `W2 quadratic d=${d}`,
        async () => [await quadraticOf(folder, d)],
      ]),
      ["W3 logistic 5000x100", () => logisticOf(folder, 5000, 100)],
      ["W3 logistic 5000x784", () => logisticOf(folder, 5000, 784)],
      ["W5 chain", async () => [await chainOf(folder)]],
    ];
    for (const [name, make] of makers) {
      if (!chosen(name)) continue;
      for (const load of await make()) held = print(measureWorkload(load, program, rounds)) && held;
    }
    if (!held) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
