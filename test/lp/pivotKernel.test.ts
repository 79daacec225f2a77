/** The WebAssembly kernel of pivots against the loop in JavaScript: the same numbers to the last bit. */
import { expect, test } from "vitest";
import { eliminateRows, pivotMemory } from "../../src/lp/pivotKernel.js";
import { createRandom } from "../../src/num/random.js";

test.each([
  [60, 100],
  [50, 61],
  [7, 3],
  [3, 2],
  [1, 1],
])("%i rows of %i columns", (rows, n) => {
  const random = createRandom(rows);
  const memory = pivotMemory(2 * rows * n);
  const [first, T] = [memory.allocate(rows * n), memory.allocate(rows * n)];
  // V8 runs it; the loop is for engines without SIMD
  expect(memory.eliminate).not.toBe(eliminateRows);
  const wanted = new Float64Array(rows * n);
  for (let pivot = 0; pivot < 20; pivot++) {
    const [p, q] = [random.integer(rows), random.integer(n)];
    for (let e = 0; e < T.length; e++) T[e] = random.uniform() < 0.2 ? 0 : random.uniform() - 0.5;
    T[p * n + q] = 0;
    wanted.set(T);
    const inverse = 2 * random.uniform() - 1;
    memory.eliminate(T, rows, n, p, q, inverse);
    eliminateRows(wanted, rows, n, p, q, inverse);
    expect([...T]).toEqual([...wanted]);
  }
  expect(first.every((v) => v === 0)).toBe(true);
  memory.release();
  // released memory is used again, cleared
  expect(
    pivotMemory(rows * n)
      .allocate(rows * n)
      .every((v) => v === 0),
  ).toBe(true);
});
