/** The emitted text itself: golden kernels, exact numbers, and nothing of the source's words in it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generated, generatedWith, interpreted, sourceOf, statistics } from "../../src/codegen/backend.js";
import { literal } from "../../src/codegen/literal.js";
import { gradient, hvp } from "../../src/diff/index.js";
import type { Node } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";
import { generator } from "./randomGraph.js";

const X = { name: "x", size: 1 };
const Y = { name: "y", size: 1 };

function scalars(b: Builder): Node[] {
  return [X, Y].map((block) => b.reshape(b.input(block), []));
}

describe("emitted text", () => {
  it("prints a scalar quadratic with its gradients as straight-line code", () => {
    const b = new Builder();
    const [x, y] = scalars(b);
    const g = b.addAll([
      b.mul(b.constant(4), b.square(y)),
      b.mul(b.constant(-4), b.mul(x, y)),
      b.exp(x),
      b.constant(17),
    ]);
    const request = { name: "kernel", inputs: [X, Y], outputs: [g, ...gradient(b, g, [X, Y])] };
    expect(sourceOf(request)).toMatchInlineSnapshot(`
      ""use strict";
      return function kernel(i0, i1, o0, o1, o2) {
      const t0 = i0[0];
      const t1 = Math.exp(t0);
      const t2 = i1[0];
      o0[0] = 17 + (t1 + 4 * (t2 * t2 - t0 * t2));
      o1[0] = t1 - 4 * t2;
      o2[0] = 8 * t2 - 4 * t0;
      return o0[0];
      };"
    `);
    expect(statistics(request)).toMatchInlineSnapshot(`
      {
        "characters": 152,
        "nodes": 21,
        "statements": 6,
      }
    `);
  });

  it("prints a sum over neighbours with its gradient as one fused loop", () => {
    const b = new Builder();
    const block = { name: "y", size: 200 };
    const y = b.input(block);
    const now = b.take(y, 0, b.graph.range(0, 199));
    const next = b.take(y, 0, b.graph.range(1, 199));
    const f = b.sum(b.square(b.sub(next, b.apply("sin", [now]))));
    expect(
      sourceOf({ name: "kernel", inputs: [block], outputs: [f, ...gradient(b, f, [block])] }),
    ).toMatchInlineSnapshot(`
      ""use strict";
      return function kernel(i0, o0, o1) {
      o1.fill(0, 0, 200);
      let s0 = 0;
      {
      for (let k1 = 0; k1 < 199; k1++) {
      const t0 = i0[k1];
      const t1 = i0[k1 + 1] - Math.sin(t0);
      s0 += t1 * t1;
      o1[k1] += -2 * (t1 * Math.cos(t0));
      o1[k1 + 1] += 2 * t1;
      }
      }
      o0[0] = s0;
      return o0[0];
      };"
    `);
  });

  it("prints a matrix-vector product four rows at a time", () => {
    const b = new Builder();
    const block = { name: "y", size: 40 };
    const random = generator(3);
    const matrix = b.tensor({ shape: [30, 40], values: Float64Array.from({ length: 1200 }, random) });
    expect(
      sourceOf({ name: "kernel", inputs: [block], outputs: [b.matvec(matrix, b.input(block))] }),
    ).toMatchInlineSnapshot(`
      ""use strict";
      const c0 = C[0];
      return function kernel(i0, o0) {
      {
      const t3 = 0, t4 = 0;
      for (let t0 = 0; t0 < 28; t0 += 4) {
      const t5 = t0 * 40, t6 = (t0 + 1) * 40, t7 = (t0 + 2) * 40, t8 = (t0 + 3) * 40;
      let t9 = 0, t10 = 0, t11 = 0, t12 = 0;
      for (let t1 = 0; t1 < 40; t1++) {
      const t2 = i0[t3 + t1];
      t9 += c0[t5 + t1] * t2;
      t10 += c0[t6 + t1] * t2;
      t11 += c0[t7 + t1] * t2;
      t12 += c0[t8 + t1] * t2;
      }
      o0[t4 + t0] = t9;
      o0[t4 + t0 + 1] = t10;
      o0[t4 + t0 + 2] = t11;
      o0[t4 + t0 + 3] = t12;
      }
      for (let t0 = 28; t0 < 30; t0++) {
      const t13 = t0 * 40;
      let t14 = 0;
      for (let t1 = 0; t1 < 40; t1++) {
      const t2 = i0[t3 + t1];
      t14 += c0[t13 + t1] * t2;
      }
      o0[t4 + t0] = t14;
      }
      }
      return 0;
      };"
    `);
  });

  it("prints numbers that read back bit for bit", () => {
    const same = (v: number) => {
      expect(new Function(`return ${literal(v)};`)()).toBe(v);
    };
    for (const v of [0, -0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity]) same(v);
    fc.assert(fc.property(fc.double(), same), { seed: 1, numRuns: 500 });
  });

  it("survives special constants in every position", () => {
    const b = new Builder();
    const block = { name: "y", size: 2 };
    const y = b.input(block);
    const specials = [-1, -0, 1e-300, -2.5, Infinity, -Infinity];
    const outputs = specials.flatMap((v) => {
      const c = b.constant(v);
      return [b.sub(y, c), b.sub(c, y), b.neg(b.mul(c, y)), b.div(y, b.neg(c)), b.max(y, c), b.min(b.neg(y), c)];
    });
    const run = (backend: typeof generated) => {
      const results = outputs.map(() => new Float64Array(2));
      backend.compile({ name: "kernel", inputs: [block], outputs })(Float64Array.of(1.5, -0.25), ...results);
      return results;
    };
    const right = run(interpreted).map((r) => Array.from(r, (v) => v + 0));
    for (const backend of [generated, generatedWith({ axis: 0 })]) {
      expect(run(backend).map((r) => Array.from(r, (v) => v + 0))).toEqual(right);
    }
  });

  it("contains no word of the source: names of blocks, of tensors and of the problem", () => {
    const b = new Builder();
    const words = ["__proto__", "constructor", "*/ alert(1) /*", "$" + "{evil}", "\u2028evil"];
    const block = { name: words[0], size: 3 };
    const shared = { shape: [3], values: Float64Array.of(1, 2, 3), name: words[2] };
    const large = { shape: [50, 3], values: new Float64Array(150).fill(0.5), name: words[3] };
    const out = b.sum(b.square(b.matvec(b.tensor(large), b.mul(b.tensor(shared), b.input(block)))));
    for (const axis of [0, 100]) {
      const text = sourceOf({ name: "kernel", inputs: [block], outputs: [out] }, { axis });
      for (const word of words) expect(text).not.toContain(word);
      expect(text).not.toMatch(/evil|alert|proto/);
    }
  });
});

describe("calls", () => {
  it("read a table of sampled positions anew each time", () => {
    const b = new Builder();
    const block = { name: "y", size: 6 };
    const index = b.graph.positions([5, 0, 3], 1);
    const outputs = [b.take(b.input(block), 0, index), b.put(b.take(b.input(block), 0, index), 0, index, 6)];
    const y = Float64Array.of(1, 2, 3, 4, 5, 6);
    for (const backend of [generated, interpreted]) {
      const kernel = backend.compile({ name: "kernel", inputs: [block], outputs });
      const results = [new Float64Array(3), new Float64Array(6)];
      index.values?.set([5, 0, 3]);
      kernel(y, ...results);
      expect(results.map((r) => Array.from(r))).toEqual([
        [6, 1, 4],
        [1, 0, 0, 4, 0, 6],
      ]);
      index.values?.set([1, 2, 1]);
      kernel(y, ...results);
      expect(results.map((r) => Array.from(r))).toEqual([
        [2, 3, 2],
        [0, 4, 3, 0, 0, 0],
      ]);
    }
  });

  it("allocate nothing", () => {
    const b = new Builder();
    const block = { name: "y", size: 64 };
    const direction = { name: "v", size: 64 };
    const random = generator(8);
    const matrix = b.tensor({ shape: [64, 64], values: Float64Array.from({ length: 4096 }, random) });
    const f = b.logsumexp(b.matvec(matrix, b.input(block)));
    const outputs = [f, ...gradient(b, f, [block]), hvp(b, f, block, b.input(direction))];
    for (const backend of [generated, interpreted]) {
      const kernel = backend.compile({ name: "kernel", inputs: [block, direction], outputs });
      const [y, v, value, g, h] = [64, 64, 1, 64, 64].map((size) => Float64Array.from({ length: size }, random));
      const calls = (count: number) => {
        for (let k = 0; k < count; k++) kernel(y, v, value, g, h);
      };
      calls(2000);
      const before = process.memoryUsage();
      calls(2000);
      const after = process.memoryUsage();
      // an array of 64 doubles per call would take a megabyte outside the heap
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(50_000);
      // the interpreter's calls through function pointers box numbers; generated code does not even do that
      if (backend.id === "generated") expect(after.heapUsed - before.heapUsed).toBeLessThan(400_000);
    }
  });
});
