/** Domains of variables, starting points, and what must be a finite constant. */
import { entry } from "./entry.js";

export const domains = {
  BLO0601: entry<{ problem: string }>({
    severity: "error",
    title: "Constant without a finite value",
    message: ({ problem }) => problem,
    page: `A part of the problem that does not depend on variables has no finite real value: a logarithm of a negative number,
a division by zero, an overflow.

Wrong:

    param k = 0
    upper { var x ; minimize log(k) * x^2 }

\`inf\` itself stands in domains only, where it means that there is no bound: \`x in [0, inf]\`.`,
  }),
  BLO0602: entry<{ what: string; name: string }>({
    severity: "error",
    title: "Value must be known before solving",
    message: ({ what, name }) => `${what} depends on the variable \`${name}\`, whose value is not known before solving`,
    page: `Sizes, indices, parameters and starting points are computed when the problem is compiled. They may depend on
\`param\`, \`data\`, \`set\` and on the sizes of variables, not on the values of variables.

Wrong:

    upper { var x ; minimize x^2 }
    lower { var y[3] init x ; minimize y[x]^2 }`,
  }),
  BLO0603: entry<{ lower: number; upper: number; where: string }>({
    severity: "error",
    title: "Lower bound above the upper bound",
    message: ({ lower, upper, where }) =>
      `no value lies between ${lower} and ${upper}${where === "" ? "" : ` (${where})`}`,
    page: `In \`[lo, hi]\` the lower bound comes first. Several bounds on one variable hold together.

Wrong:

    var x in [5, 0]
    var y in [0, 1] >= 2`,
  }),
  BLO0604: entry<{ bound: string; where: string }>({
    severity: "error",
    title: "Bound that leaves no finite value",
    message: ({ bound, where }) => `${bound}${where === "" ? "" : ` (${where})`} leaves no finite value`,
    page: `\`inf\` as an upper bound and \`-inf\` as a lower bound mean that there is none. The other way round nothing is left.

Wrong:

    var x >= inf`,
  }),
  BLO0605: entry<{ name: string; suggestion: string | undefined }>({
    severity: "error",
    title: "Unknown domain",
    message: ({ name, suggestion }) =>
      `there is no domain \`${name}\`${suggestion === undefined ? "" : `; did you mean \`${suggestion}\`?`}`,
    hint: "domains are `[lo, hi]`, `box(lo, hi)`, `ball(center, radius)`, `simplex`, `simplex(total)`",
    page: `After \`in\`, a variable's declaration says where its values lie: an interval \`[lo, hi]\`, \`box(lo, hi)\`,
\`ball(center, radius)\`, \`simplex\` or \`simplex(total)\`.

Wrong:

    var x in interval(0, 1)

Mended:

    var x in [0, 1]`,
  }),
  BLO0606: entry<{ name: string }>({
    severity: "error",
    title: "Whole numbers are not supported",
    message: ({ name }) => `\`${name}\` variables are not supported yet: no method here can decide whole numbers`,
    hint: "relax it to an interval, `in [0, 1]`, and judge the result",
    page: `All variables are real numbers. \`integer\` and \`binary\` are understood, so that a file says what it means, and
refused, so that nobody takes a relaxed answer for a whole one.

Wrong:

    var open[5] in binary

Relaxed:

    var open[5] in [0, 1]`,
  }),
  BLO0607: entry<{ name: string; signature: string; found: number }>({
    severity: "error",
    title: "Wrong number of arguments of a domain",
    message: ({ name, signature, found }) => `\`${name}\` is written \`${signature}\`, found ${found} arguments`,
    page: `The domains with arguments are \`box(lo, hi)\`, \`ball(center, radius)\` and \`simplex(total)\`; \`simplex\` alone has the
total 1.

Wrong:

    var y[2] in ball(1)

Mended:

    var y[2] in ball(0, 1)     # center 0, radius 1`,
  }),
  BLO0608: entry<{ domain: string; shape: string }>({
    severity: "error",
    title: "Domain of vectors",
    message: ({ domain, shape }) => `\`${domain}\` is a set of vectors, the variable is ${shape}`,
    page: `\`ball\` and \`simplex\` are for vectors. A scalar has an interval; the rows of a matrix can be declared one by one.

Wrong:

    var p in simplex

Mended:

    var p[3] in simplex`,
  }),
  BLO0609: entry<{ first: string; second: string }>({
    severity: "error",
    title: "Domains that cannot be combined",
    message: ({ first, second }) => `\`${first}\` and \`${second}\` cannot be combined`,
    hint: "write one of them as a constraint, under `subject to`",
    page: `Methods keep a variable in its domain by projection. Intervals, boxes and bounds are combined entry by entry; a ball or
a simplex stands alone. (\`simplex\` includes that entries are not negative.)

Wrong:

    var y[3] in ball(0, 2) >= 0

Mended:

    var y[3] in ball(0, 2)
    subject to
      y >= 0`,
  }),
  BLO0610: entry<{ what: string; found: number }>({
    severity: "error",
    title: "Size of a domain must be positive",
    message: ({ what, found }) => `${what} must be a positive number, found ${found}`,
    page: `The radius of a ball and the total of a simplex are positive and finite. Where nothing is left to decide, use a
parameter instead of a variable.

Wrong:

    var y[3] in ball([1, 2, 3], 0)

Mended:

    param y = [1, 2, 3]`,
  }),
  BLO0611: entry<{ name: string; domain: string }>({
    severity: "warning",
    title: "Starting point outside the domain",
    message: ({ name, domain }) =>
      `the starting value of \`${name}\` lies outside its domain ${domain}; its projection is used`,
    page: `Methods start at points of the domain. The nearest such point is used in place of the one written.

Doubtful:

    var x in [0, 1] init 2`,
  }),
  BLO0612: entry<{ name: string; variable: string }>({
    severity: "error",
    title: "Domain depends on a variable",
    message: ({ name, variable }) => `the domain of \`${name}\` depends on the variable \`${variable}\``,
    hint: "write it as a constraint, under `subject to`",
    page: `A domain is a fixed set that methods project on. Bounds that depend on variables are constraints.

Wrong:

    upper { var x ; minimize x^2 - y }
    lower { var y <= x ; minimize y^2 }

Mended:

    upper { var x ; minimize x^2 - y }
    lower {
      var y
      minimize y^2
      subject to
        y <= x
    }`,
  }),
  BLO0613: entry<{ found: string }>({
    severity: "error",
    title: "Tolerance of an expectation is not a positive number",
    message: ({ found }) => `\`within\` takes one positive number, found ${found}`,
    page: `An expectation holds where the difference of the two sides is at most the number after \`within\`. Without it, 1e-6
times one plus the size of the expected value is allowed.

    expect { x = 7 within 1e-6 }`,
  }),
} as const;
