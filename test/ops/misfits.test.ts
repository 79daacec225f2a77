/** What functions and operators say of arguments that do not fit. */
import { describe, expect, it } from "vitest";
import { elementwise, power, product, quotient } from "../../src/ops/algebra.js";
import { isProblem, makeValue, type ShapeProblem } from "../../src/ops/align.js";
import { Builder } from "../../src/ops/build.js";
import { functions } from "../../src/ops/functions/index.js";
import { sliceValue } from "../../src/ops/slice.js";
import { plain, type Value } from "../../src/ops/value.js";

describe("misfits in words", () => {
  const b = new Builder();
  const zeros = (...shape: number[]) => plain(b.filled(shape, 1));
  const row = (k: number) => makeValue(b.filled([k], 1), [], true);
  const words = (v: Value | ShapeProblem) => (isProblem(v) ? v : "fits");
  const of = (name: string, ...args: Value[]) => words(functions.get(name)!.apply(b, args));
  it("functions", () => {
    expect([
      of("dot", zeros(3), zeros(4)),
      of("dot", zeros(3), zeros()),
      of("quadform", zeros(2, 3), zeros(3)),
      of("quadform", zeros(2, 2), zeros(3)),
      of("solve", zeros(2, 2), zeros(3)),
      of("crossentropy", zeros(3), plain(b.constant(4))),
      of("zeros", plain(b.constant(1.5))),
      of("linspace", zeros(), zeros(), plain(b.constant(1))),
      of("rows", zeros()),
      of("length", zeros(2, 2)),
      of("concat", zeros(2), zeros(2, 2)),
      of("concat", zeros(2, 3), zeros(2, 2)),
      of("huber", zeros(2), zeros(2)),
      of("max", zeros(2), zeros(3)),
    ]).toMatchInlineSnapshot(`
      [
        {
          "argument": 1,
          "problem": "dot needs two vectors of the same length; the first has shape [3], the second [4]",
        },
        {
          "argument": 1,
          "problem": "dot needs two vectors of the same length; the second is a scalar",
        },
        {
          "argument": 0,
          "problem": "quadform needs a square matrix; the first is a matrix [2, 3]",
        },
        {
          "argument": 1,
          "problem": "quadform needs a vector with as many entries as the matrix has rows: 2, not 3",
        },
        {
          "argument": 1,
          "problem": "solve needs a vector or matrix of 2 rows on its right side",
        },
        {
          "argument": 1,
          "problem": "crossentropy needs a class number from 1 to 3, not 4",
        },
        {
          "argument": 0,
          "problem": "zeros needs whole numbers of at least 0 that are known at compile time",
        },
        {
          "argument": 2,
          "problem": "linspace needs whole numbers of at least 2 that are known at compile time",
        },
        {
          "argument": 0,
          "problem": "rows needs a vector or matrix; the argument is a scalar",
        },
        {
          "argument": 0,
          "problem": "length needs a vector; the argument is a matrix [2, 2]",
        },
        {
          "argument": 1,
          "problem": "concat joins scalars and vectors, or matrices, but not both",
        },
        {
          "argument": 1,
          "problem": "concat needs matrices with equally many columns; it has a matrix [2, 3] and a matrix [2, 2]",
        },
        {
          "argument": 1,
          "problem": "huber needs a scalar there; the second is a vector [2]",
        },
        {
          "argument": 1,
          "problem": "max needs equal shapes or a scalar; it has a vector [2] and a vector [3]",
        },
      ]
    `);
  });
  it("operators", () => {
    expect([
      words(product(b, zeros(2), zeros(2))),
      words(product(b, zeros(2, 3), zeros(2))),
      words(product(b, zeros(2), zeros(2, 3))),
      words(product(b, row(2), row(2))),
      words(quotient(b, zeros(), zeros(2))),
      words(power(b, zeros(2), plain(b.constant(2)))),
      words(elementwise(b, "add", [zeros(2), zeros(3)], "+")),
      words(elementwise(b, "add", [zeros(2), row(2)], "+")),
      words(sliceValue(b, zeros(2, 2), [{ kind: "all" }])),
    ]).toMatchInlineSnapshot(`
      [
        {
          "problem": "* of two vectors (a vector [2] and a vector [2]) is not defined: write dot(a, b) for the inner product or a .* b entry by entry",
        },
        {
          "problem": "* needs 3 rows on its right, one for each column on its left; it has a matrix [2, 3] and a vector [2]",
        },
        {
          "argument": 0,
          "problem": "* of a vector [2] and a matrix [2, 3] is not defined: transpose the vector (v' * A)",
        },
        {
          "problem": "* of two rows (a row [1, 2] and a row [1, 2]) is not defined: transpose the second for the inner product",
        },
        {
          "argument": 1,
          "problem": "/ needs a scalar divisor, not a vector [2]: write ./ entry by entry, or solve(A, b)",
        },
        {
          "argument": 0,
          "problem": "^ needs scalars, not a vector [2]: write .^ entry by entry, or sumsq(v) for a sum of squares",
        },
        {
          "argument": 1,
          "problem": "+ needs equal shapes or a scalar; it has a vector [2] and a vector [3]",
        },
        {
          "argument": 1,
          "problem": "+ needs equal shapes; it has a vector [2] and a row [1, 2] (transpose one of them with ')",
        },
        {
          "problem": "a matrix [2, 2] takes 2 indices, not 1",
        },
      ]
    `);
  });
});
