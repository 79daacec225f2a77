/** Shapes: operands, arguments, indices and declared sizes that do not fit. */
import { entry } from "./entry.js";

/** "`dot` needs two vectors", "`y[A]`: an index is a number". */
function about(what: string, problem: string): string {
  return /^(needs|of|joins|takes) /.test(problem) ? `\`${what}\` ${problem}` : `\`${what}\`: ${problem}`;
}

export const shapes = {
  BLO0401: entry<{ operator: string; problem: string }>({
    severity: "error",
    title: "Operands do not fit",
    message: ({ operator, problem }) => about(operator, problem),
    page: `Every value is a scalar, a vector (a column) or a matrix, and operators fit only certain shapes:

- \`+ - .* ./ .^\`, comparisons: equal shapes, or a scalar on one side
- \`*\`: a scalar with anything, a matrix with a matrix or a vector, a row \`v'\` with a vector or a matrix
- \`/\`: by a scalar; \`^\`: of a scalar

Two vectors have no product: write \`dot(u, v)\` for the sum of products, \`u .* v\` for the products entry by entry.

Wrong, with \`var u[3]\` and \`var v[4]\`:

    minimize sumsq(u + v)`,
  }),
  BLO0402: entry<{ name: string; problem: string }>({
    severity: "error",
    title: "Argument does not fit the function",
    message: ({ name, problem }) => about(name, problem),
    page: `A function was given a value of a shape that it has no meaning for, or numbers that it cannot use (a size that is not
a whole number). The reference lists what each function takes.

Wrong:

    minimize dot(A, y)

Mended:

    minimize sumsq(A * y)`,
  }),
  BLO0403: entry<{ text: string; rank: number; found: number; shape: string }>({
    severity: "error",
    title: "Wrong number of indices",
    message: ({ text, rank, found, shape }) =>
      rank === 0
        ? `\`${text}\` is a scalar: it has no entries`
        : `\`${text}\` is ${shape}: it takes ${rank === 1 ? "one index" : `${rank} indices`}, found ${found}`,
    page: `A vector takes one index, a matrix two; \`:\` stands for a whole row or column.

Wrong:

    param A = [[1, 2], [3, 4]]
    let a = A[2]

Mended:

    let a = A[2, :]       # the second row
    let b = A[:, 2]       # the second column`,
  }),
  BLO0404: entry<{ text: string; index: number; extent: number; where: string }>({
    severity: "error",
    title: "Index out of range",
    message: ({ text, index, extent, where }) =>
      `index ${index} of \`${text}\` is outside 1..${extent}${where === "" ? "" : ` (${where})`}`,
    page: `Indices count from 1 to the size. In a comprehension, all values that the index takes must fit; neighbours such as
\`y[i + 1]\` reach beyond the end unless the set stops earlier, or a condition on the index excludes it.

Wrong:

    var y[5]
    minimize sum(i in 1..5: (y[i + 1] - y[i])^2)

Mended, either:

    minimize sum(i in 1..4: (y[i + 1] - y[i])^2)
    minimize sum(i in 1..5: if i < 5 then (y[i + 1] - y[i])^2 else 0)`,
  }),
  BLO0405: entry<{ index: number; where: string }>({
    severity: "error",
    title: "Index is not a whole number",
    message: ({ index, where }) =>
      `${index} is no index: indices are whole numbers${where === "" ? "" : ` (${where})`}`,
    page: `Entries are counted 1, 2, 3, …. An index that comes from a division or from data must be made whole.

Wrong:

    y[n / 2]              # n = 5`,
  }),
  BLO0406: entry<{ shape: string }>({
    severity: "error",
    title: "Objective is not a number",
    message: ({ shape }) => `an objective is one number, found ${shape}`,
    hint: "sum it up: `sum(…)`, `sumsq(…)` for the sum of squares, `dot(w, …)` with weights",
    page: `What is minimised must be a scalar, and not the truth value of a comparison.

Wrong:

    var y[3]
    minimize y - x

Mended:

    minimize sumsq(y - x)`,
  }),
  BLO0407: entry<{ relation: string; left: string; right: string }>({
    severity: "error",
    title: "Sides of a constraint do not fit",
    message: ({ relation, left, right }) => `\`${relation}\` compares ${left} with ${right}`,
    page: `A constraint compares values of equal shape, entry by entry, or anything with a scalar.

Wrong:

    var y[3]
    subject to
      y >= [0, 1]

Mended:

    subject to
      y >= [0, 1, 0]`,
  }),
  BLO0408: entry<{ problem: string }>({
    severity: "error",
    title: "Uneven list",
    message: ({ problem }) => problem,
    page: `\`[a, b, c]\` with scalars is a vector; \`[u, v]\` with vectors of equal length is the matrix with these rows.

Wrong:

    [[1, 2], [3]]
    [1, [2, 3]]

Mended:

    [[1, 2], [3, 0]]
    concat([1], [2, 3])`,
  }),
  BLO0409: entry<{ what: string; expected: string; found: string }>({
    severity: "error",
    title: "Value of another shape than declared",
    message: ({ what, expected, found }) => `${what} must be ${expected}, found ${found}`,
    page: `A declaration says a shape, and a value given for it has another one. A scalar stands for all entries.

Wrong:

    param cost[3] = [6, 9]
    var y[2] init [1, 2, 3]

Mended:

    param cost[3] = [6, 9, 4]
    var y[2] init [1, 2]`,
  }),
  BLO0410: entry<{ what: string; found: string }>({
    severity: "error",
    title: "Size is not a positive whole number",
    message: ({ what, found }) => `${what} is ${found}; a size is a whole number from 1 to 100000000`,
    page: `\`var y[n]\` and \`param c[n]\` need a size that is known, whole and at least 1.

Wrong:

    param n = 2.5
    var y[n]`,
  }),
  BLO0411: entry<{ from: number; to: number }>({
    severity: "error",
    title: "Slice without entries",
    message: ({ from, to }) => `the slice ${from}:${to} has no entries`,
    page: `A slice \`y[2:5]\` runs upwards and includes both ends; its first index is at most its last one.

Wrong:

    y[5:2]`,
  }),
  BLO0414: entry<{ first: number; other: number; where: string }>({
    severity: "error",
    title: "Slice whose length varies",
    message: ({ first, other, where }) => `this slice has ${first} entries first, but ${other} ${where}`,
    page: `In a comprehension, a slice may move with the index but not grow: all terms are computed at once and have one shape.

Wrong:

    sum(i in 1..5: sumsq(y[1:i]))

Mended:

    sum(i in 1..5, j in 1..i: y[j]^2)`,
  }),
  BLO0412: entry<{ name: string; found: number }>({
    severity: "error",
    title: "Too many dimensions",
    message: ({ name, found }) => `\`${name}\` has ${found} dimensions; a variable is a scalar, a vector or a matrix`,
    hint: "declare a matrix, or several variables",
    page: `Variables have at most two dimensions. A block of numbers with three can be held in a matrix whose rows run over
pairs of indices.

Wrong:

    var flow[3, 4, 5]

Mended:

    var flow[3 * 4, 5]         # the rows are pairs`,
  }),
  BLO0413: entry<{ problem: string }>({
    severity: "error",
    title: "Branches do not fit",
    message: ({ problem }) => about("if", problem),
    page: `Both branches of \`if c then a else b\` have one shape, or one of them is a scalar that is repeated; a condition that
is not a scalar has that shape, too.

Wrong:

    if x > 0 then [1, 2] else [1, 2, 3]`,
  }),
} as const;
