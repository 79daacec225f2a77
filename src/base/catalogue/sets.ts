/** Sets, comprehensions and samples. */
import { entry } from "./entry.js";

export const sets = {
  BLO0501: entry<{ bound: string }>({
    severity: "error",
    title: "Set without end",
    message: ({ bound }) => `this set has no end: ${bound} is not finite`,
    hint: "sets are finite: write a number, or the size of something, `1..rows(A)`",
    page: `An index runs over finitely many numbers.

Wrong:

    sum(i in 1..inf: y / 2^i)

Mended:

    sum(i in 1..50: y / 2^i)`,
  }),
  BLO0502: entry<{ found: number; where: string }>({
    severity: "error",
    title: "Set of numbers that are not whole",
    message: ({ found, where }) => `sets hold whole numbers, found ${found}${where === "" ? "" : ` (${where})`}`,
    page: `An index counts. For a grid of other numbers, compute them from the index.

Wrong:

    sum(t in [0.1, 0.2]: (y - t)^2)

Mended:

    param grid = [0.1, 0.2]
    upper { var y ; minimize sum(k in 1..2: (y - grid[k])^2) }`,
  }),
  BLO0503: entry<{ size: number }>({
    severity: "error",
    title: "Set is too large",
    message: ({ size }) => `this runs over ${size} combinations; at most 100000000 are possible`,
    hint: "take fewer indices or smaller sets",
    page: `A comprehension holds one number for each combination of its indices; more than 10^8 do not fit into memory. A
condition is computed for all combinations before it excludes any: let the sets say it where they can.

Wrong:

    sum(i in 1..20000, j in 1..20000 where j == i + 1: y[i] * y[j])

Mended:

    sum(i in 1..19999: y[i] * y[i + 1])`,
  }),
  BLO0504: entry<{ what: string; value: string }>({
    severity: "warning",
    title: "Set is empty",
    message: ({ what, value }) => `the set of this ${what} is empty${value === "" ? "" : `: it is ${value}`}`,
    page: `A sum over nothing is 0, a product 1, a \`forall\` makes no constraint. Often a bound is off by one, or a condition
excludes everything. The range \`3..1\` is empty: ranges count upwards.

Doubtful:

    sum(i in 3..1: y[i])

Mended:

    sum(i in 1..3: y[i])`,
  }),
  BLO0505: entry<{ operator: string; where: string }>({
    severity: "error",
    title: "Empty set has no value",
    message: ({ operator, where }) =>
      `\`${operator}\` over an empty set has no value${where === "" ? "" : ` (${where})`}`,
    page: `The mean, maximum and minimum of nothing do not exist.

Wrong:

    max(i in 1..0: y[i])
    sum(i in 1..3: mean(j in 1..3 where j > i: y[j]))     # nothing is left for i = 3`,
  }),
  BLO0506: entry<{ found: string }>({
    severity: "error",
    title: "Not a set",
    message: ({ found }) => `an index runs over a set, found ${found}`,
    hint: "write a range `1..n`, a name declared with `set`, or a list `[1, 3, 5]`",
    page: `Sets are ranges, lists of whole numbers, and names declared with \`set\`.

Wrong:

    sum(i in 5: y[i])

Mended:

    sum(i in 1..5: y[i])`,
  }),
  BLO0507: entry<{ what: string; name: string }>({
    severity: "error",
    title: "Set depends on a variable",
    message: ({ what, name }) => `${what} depends on the variable \`${name}\`, whose value is not known before solving`,
    hint: "write the condition into the body: `if … then … else 0`",
    page: `Which indices a comprehension has must be known when the problem is compiled. A condition on variables goes into
the terms.

Wrong:

    sum(i in 1..3 where y[i] > 0: y[i])

Mended:

    sum(i in 1..3: if y[i] > 0 then y[i] else 0)`,
  }),
  BLO0509: entry<{ operator: string }>({
    severity: "error",
    title: "Only sums and means are sampled",
    message: ({ operator }) => `\`batch\` is for \`sum\` and \`mean\`, not for \`${operator}\``,
    page: `\`batch m\` says that the terms of a sum may be looked at m at a time. A sample tells nothing reliable about a maximum,
minimum or product.

Wrong:

    max(i in 1..n batch 10: y[i])

Mended:

    max(i in 1..n: y[i])`,
  }),
  BLO0510: entry<{ found: string }>({
    severity: "error",
    title: "Batch size does not fit",
    message: ({ found }) => `a batch of ${found}: it must be a whole number of at least 1`,
    page: `The number after \`batch\` is how many terms a stochastic method looks at in one step.

    mean(i in Train batch 32: loss(A[i, :] * w - b[i]))`,
  }),
  BLO0511: entry<{ why: string }>({
    severity: "error",
    title: "Sample from a set that varies",
    message: ({ why }) => `\`batch\` needs one set of terms: ${why}`,
    page: `A sample is drawn from one list of terms, once per step. The set may not depend on an outer index, and a sampled
sum may not stand inside the terms of another one.

Wrong:

    sum(i in 1..3: mean(j in 1..i batch 2: y[j]))`,
  }),
  BLO0512: entry<{ name: string; what: string }>({
    severity: "warning",
    title: "Index is never used",
    message: ({ name, what }) => `the index \`${name}\` does not appear in ${what}`,
    page: `Every term (or constraint) is the same. Often another name stands where the index was meant.

Doubtful:

    sum(i in 1..3: y[1]^2)`,
  }),
  BLO0513: entry<{ sense: string }>({
    severity: "warning",
    title: "Sampled sum inside a nonlinear function",
    message: ({ sense }) => `this sampled sum stands ${sense}: estimates from batches are biased`,
    hint: "sample a sum that is added to the objective, or leave `batch` away",
    page: `An average over a batch estimates a sum without bias, and so does anything linear in it. A logarithm, square or
product of estimates does not estimate the logarithm, square or product: stochastic methods then solve another problem.
Methods that compute all terms are not affected.

Doubtful:

    minimize sqrt(mean(i in Train batch 32: (A[i, :] * w - b[i])^2))

Mended:

    minimize mean(i in Train batch 32: (A[i, :] * w - b[i])^2)`,
  }),
  BLO0514: entry({
    severity: "warning",
    title: "Sampled sum in a constraint",
    message: () => "constraints are never sampled: `batch` has no effect here",
    page: `Stochastic methods sample objectives. A constraint always holds for the sum of all terms.

Doubtful:

    subject to
      mean(i in Train batch 32: y[i]) <= 1

Mended:

    subject to
      mean(i in Train: y[i]) <= 1`,
  }),
  BLO0515: entry<{ batch: number; terms: number }>({
    severity: "info",
    title: "Batch is as large as the set",
    message: ({ batch, terms }) => `a batch of ${batch} from ${terms} terms: all of them are used in every step`,
    page: `A sampled sum with no more terms than its batch size is computed in full: nothing is left to draw.

    mean(i in 1..20 batch 32: (y[i] - x)^2)     # 20 terms`,
  }),
} as const;
