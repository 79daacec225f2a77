/** Random graphs: both back ends against the reference evaluation, straight-line code and loops, plain and staged. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generated, generatedWith, interpreted, sourceOf } from "../../src/codegen/backend.js";
import type { Backend } from "../../src/codegen/kernel.js";
import { sizeOf } from "../../src/expr/node.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { type RandomCase, randomCase } from "./randomGraph.js";

const loops = generatedWith({ axis: 0 });
const splitLoops = generatedWith({ axis: 0, statements: 12 });
const straight = generatedWith({ axis: 1000, entries: 100_000, operators: 100_000 });
const splitStraight = generatedWith({ axis: 1000, entries: 100_000, operators: 100_000, statements: 20 });

function reference(c: RandomCase): Float64Array[] {
  return evaluate(c.outputs, new Map(c.inputs.map((block, k) => [block, c.values[k]])));
}

function agree(actual: readonly Float64Array[], wanted: readonly Float64Array[], text: () => string): void {
  wanted.forEach((array, k) => {
    let scale = 1;
    for (const v of array) if (Number.isFinite(v)) scale = Math.max(scale, Math.abs(v));
    for (let e = 0; e < array.length; e++) {
      const same = Object.is(actual[k][e], array[e]) || Math.abs(actual[k][e] - array[e]) <= 1e-12 * scale;
      if (!same && Number.isFinite(array[e])) {
        throw new Error(`output ${k} entry ${e}: ${actual[k][e]} instead of ${array[e]}\n${text()}`);
      }
    }
  });
}

/** Results of two calls in a row, the first with other inputs: nothing may be left over. */
function run(backend: Backend, c: RandomCase, kept: string): Float64Array[] {
  const outputs = c.outputs.map((node) => new Float64Array(sizeOf(node.shape)).fill(Number.NaN));
  const before = c.values.map((v) => v.map((entry) => entry / 2 + 0.1));
  if (kept === "staged") {
    const request = { name: "kernel", inputs: [c.inputs[0]], late: [c.inputs[1]], outputs: c.outputs };
    const { prepare, apply } = backend.compileStaged(request);
    prepare(before[0]);
    apply(before[1], ...outputs);
    prepare(c.values[0]);
    apply(before[1], ...outputs);
    apply(c.values[1], ...outputs);
    return outputs;
  }
  const kernel = backend.compile({ name: "kernel", inputs: c.inputs, outputs: c.outputs });
  kernel(...before, ...outputs);
  const value = kernel(...c.values, ...outputs);
  const first = c.outputs.findIndex((node) => node.shape.length === 0);
  expect(value).toBe(first < 0 ? 0 : outputs[first][0]);
  return outputs;
}

function check(name: string, backend: Backend, dimensions: readonly number[], runs: number): void {
  for (const kind of ["plain", "staged"]) {
    it(`${name}, ${kind}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 25 }), (seed, count) => {
          const c = randomCase(seed, dimensions, count);
          const source = () => sourceOf({ name: "kernel", inputs: c.inputs, outputs: c.outputs }, { axis: 0 });
          agree(run(backend, c, kind), reference(c), source);
        }),
        { numRuns: runs, seed: 20240711 },
      );
    });
  }
}

describe("random graphs", () => {
  check("interpreted", interpreted, [1, 2, 3, 5], 100);
  check("generated, small", generated, [1, 2, 3, 5], 400);
  check("straight-line code", straight, [1, 2, 3, 4], 200);
  check("straight-line code in parts", splitStraight, [1, 2, 3, 4], 100);
  check("loops, small", loops, [1, 2, 3, 5], 600);
  check("loops, larger", loops, [1, 4, 6, 9, 10], 400);
  check("loops in parts", splitLoops, [1, 3, 5], 100);
});
