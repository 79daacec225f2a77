import { entry } from "./entry.js";

const naming = `A method is named by its id, an option by the name that \`blo methods ID\` lists.`;

const boundHint =
  "state a bound on one variable as its domain, `var x in [0, 5]`; solve an equation for a variable; or add a penalty such as `1e3 * relu(x + y - 6)^2` to the objective";

/** BLO08xx: methods, their options, and whether a method fits a problem. */
export const methods = {
  BLO0801: entry<{ method: string; suggestion: string | undefined }>({
    severity: "error",
    title: "unknown method",
    message: (p) =>
      `there is no method "${p.method}"${p.suggestion === undefined ? "" : `; did you mean "${p.suggestion}"?`}`,
    hint: "`blo methods` lists them all",
    page: `${naming}

\`\`\`
solve { method aid-atuo }    # wrong: no such method
solve { method aid-auto }    # right
\`\`\``,
  }),
  BLO0802: entry<{ option: string; method: string; suggestion: string | undefined; known: readonly string[] }>({
    severity: "error",
    title: "unknown option",
    message: (p) =>
      `method "${p.method}" has no option "${p.option}"` +
      (p.suggestion !== undefined
        ? `; did you mean "${p.suggestion}"?`
        : p.known.length === 0
          ? "; it has no options"
          : `; its options are ${p.known.join(", ")}`),
    page: `${naming} Options belong to one method: what another method calls \`lambda\` may not exist here.

\`\`\`
solve { method f2ba ; lamda 100 }     # wrong
solve { method f2ba ; lambda 100 }    # right
\`\`\``,
  }),
  BLO0803: entry<{ option: string; method: string; expected: string; found: string }>({
    severity: "error",
    title: "wrong type of option",
    message: (p) => `option "${p.option}" of method "${p.method}" must be ${p.expected}, found ${p.found}`,
    page: `Each option has a type: a number, an integer, true or false, or one of a list of words.

\`\`\`
solve { method f2ba ; debias 3 }       # wrong: true or false
solve { method f2ba ; debias true }    # right
\`\`\``,
  }),
  BLO0804: entry<{ option: string; method: string; range: string; found: string }>({
    severity: "error",
    title: "option out of range",
    message: (p) => `option "${p.option}" of method "${p.method}" must be ${p.range}, found ${p.found}`,
    page: `The range of an option is where its method is defined. It is part of the method's documentation (\`blo methods ID\`).

\`\`\`
solve { method f2ba ; lambda -1 }     # wrong: a penalty is positive
solve { method f2ba ; lambda 100 }    # right
\`\`\``,
  }),
  BLO0805: entry<{
    kind: "lower" | "estimator" | "outer" | "surrogate" | "field" | "sampling";
    piece: string;
    suggestion: string | undefined;
    known: readonly string[];
  }>({
    severity: "error",
    title: "unknown piece of a method",
    message: (p) => {
      const what = {
        lower: "lower map",
        estimator: "estimator",
        outer: "outer rule",
        surrogate: "surrogate",
        field: "field",
        sampling: "sampling rule",
      }[p.kind];
      const rest =
        p.suggestion === undefined ? `it is one of ${p.known.join(", ")}` : `did you mean "${p.suggestion}"?`;
      return `there is no ${what} "${p.piece}"; ${rest}`;
    },
    hint: "`blo methods --pieces` lists them all",
    page: `A method can be put together from a lower map, an estimator of the hypergradient and an outer rule, from a surrogate and
an outer rule, or from a field and a sampling rule. Each piece is named by its id.

\`\`\`
blo run quadratic.blo --lower nestrov --estimator cg     # wrong: no such map
blo run quadratic.blo --lower nesterov --estimator cg    # right
\`\`\``,
  }),
  BLO0806: entry<{ piece: string; other: string; why: string; fitting: readonly string[] }>({
    severity: "error",
    title: "pieces of a method do not fit each other",
    message: (p) =>
      `the ${p.piece} makes no sense with the ${p.other}: ${p.why}${p.fitting.length > 0 ? `; it fits ${p.fitting.join(", ")}` : ""}`,
    page: `Estimators that sweep through the lower steps (\`reverse\`, \`truncated\`, \`forward\`) work with every lower map. Those that
solve a linear system with the lower Hessian need points where the lower gradient vanishes, which steps that mix in the
upper objective do not lead to. A surrogate is a function of x and y that takes the place of lower map and estimator; a field
brings steps of its own; sampling rules that keep tables or differences (\`saga\`, \`spider\`, \`storm\`) are for fields.

\`\`\`
blo run quadratic.blo --lower aggregation --estimator cg         # wrong: its iterates are no lower solutions
blo run quadratic.blo --lower aggregation --estimator reverse    # right
blo run quadratic.blo --surrogate value-gap --estimator cg       # wrong: a surrogate has no estimator
blo run quadratic.blo --surrogate value-gap --outer adam         # right
\`\`\``,
  }),
  BLO0810: entry<{ method: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "method cannot keep upper constraints",
    message: (p) => refusal(p, "cannot keep constraints of the upper level"),
    hint: boundHint,
    page: `The upper level has a \`subject to\`, and this method has no rule for it. Methods that follow the hypergradient keep
simple domains (boxes, balls, simplices) by projection, not general constraints. State simple bounds as the variable's
domain, or choose a method for constrained problems.

\`\`\`
upper { var x
  minimize x^2
  subject to x >= 1 }          # a general constraint

upper { var x >= 1             # the same as a domain
  minimize x^2 }
\`\`\``,
  }),
  BLO0811: entry<{ method: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "method cannot keep lower constraints",
    message: (p) => refusal(p, "cannot keep constraints of the lower level"),
    hint: boundHint,
    page: `The lower level has a \`subject to\`, and this method differentiates an unconstrained (or simply bounded) lower solution.
State simple bounds as the variable's domain, or choose a method for constrained lower levels.

\`\`\`
lower { var y
  minimize (y - x)^2
  subject to y <= 1 }

lower { var y <= 1             # the same as a domain
  minimize (y - x)^2 }
\`\`\``,
  }),
  BLO0812: entry<{
    method: string;
    level: "upper" | "lower";
    variable: string;
    domain: string;
    alternatives: readonly string[];
  }>({
    severity: "error",
    title: "method cannot keep a domain",
    message: (p) =>
      `method "${p.method}" needs ${p.level} variables without bounds, but ${p.variable} lies in ${p.domain}${others(p.alternatives)}`,
    page: `Some methods are defined on the whole space only: a step may leave any bounded set and nothing projects it back.
Remove the domain if it is not binding, or choose a method that projects.

\`\`\`
var x in [0, 1]    # wrong, where the method cannot project and the bounds are not needed
var x              # right
\`\`\``,
  }),
  BLO0813: entry<{ method: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "method is for minimax problems",
    message: (p) =>
      `method "${p.method}" solves minimax problems (lower objective = -upper objective) only${others(p.alternatives)}`,
    page: `Descent-ascent methods move x down and y up the SAME function. They apply where the lower objective is the negative of
the upper one: write the problem with \`minimax { … }\`, or choose a bilevel method.

\`\`\`
upper { var x; minimize x^2 - y^2 }                # wrong: two levels
lower { var y; minimize y^2 - x^2 }

minimax {                                          # right: one function
  minimize var x; maximize var y
  objective x^2 - y^2 }
\`\`\``,
  }),
  BLO0814: entry<{ method: string; first: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "followers depend on each other",
    message: (p) =>
      `the followers play a game: their problems depend on each other's variables, and method "${p.method}" solves each as if it were alone${others(p.alternatives)}`,
    hint: "make every lower level depend on upper variables and its own variables only, or merge the followers into one",
    page: `Several \`lower\` sections are solved together as one lower level with the sum of their objectives. That is right only
where no follower's objective or constraints use another follower's variables. Where they do, the lower level is a Nash
equilibrium: no follower can improve by itself. The sum would be a different problem.

Methods that stand on the first-order conditions of every follower treat such games: branch-and-bound where every follower is
linear or convex quadratic in its own variables, kkt-mpcc, kkt-fb and auglag for smooth ones. Others need followers that are
independent.

\`\`\`
lower a { var y; minimize (y - z)^2 }              # a game: each uses the other's variable
lower b { var z; minimize (z - y)^2 }

lower { var y; var z                               # one follower who decides both
  minimize (y - x)^2 + (z - y)^2 }
\`\`\``,
  }),
  BLO0819: entry<{ method: string; constraint: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "method does not find multipliers",
    message: (p) =>
      `the upper level uses \`dual(${p.constraint})\`, and method "${p.method}" does not find multipliers of lower constraints${others(p.alternatives)}`,
    page: `\`dual(NAME)\` is a multiplier of the lower level. It is part of what is solved for only in methods that stand on the
first-order conditions of the lower level: branch-and-bound, which needs levels that are linear or convex quadratic, and
kkt-mpcc, kkt-fb and auglag, which find local solutions.
Where an upper objective has products such as price times quantity, write them by the lower level's dual programme, in which
they often are linear: \`dual(balance) * q\` of a market is what consumers pay less what the other producers get.

\`\`\`
blo run market.blo --method bvfim               # wrong: it knows y only
blo run market.blo --method branch-and-bound    # right
\`\`\``,
  }),
  BLO0815: entry<{ method: string; level: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "no variables at a level",
    message: (p) =>
      `the ${p.level} level has no variables, so method "${p.method}" has nothing to do there${others(p.alternatives)}`,
    page: `A bilevel problem has at least one variable at each level.

\`\`\`
upper { minimize y^2 }            # wrong: nothing to decide
upper { var x; minimize y^2 }     # right
\`\`\``,
  }),
  BLO0816: entry<{ method: string; status: string; reason: string }>({
    severity: "info",
    title: "another method was tried too",
    message: (p) => `${p.method} was tried too and ended ${p.status}: ${p.reason}`,
    page: `A run without \`--method\` tries methods in turn until the certificate confirms an answer. This note tells
what became of the others. To see only one method's answer, name it:

\`\`\`
solve { method f2ba }
\`\`\``,
  }),
  BLO0818: entry<{ method: string; why: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "problem lacks a structure that the method needs",
    message: (p) => `method "${p.method}" does not apply: ${p.why}${others(p.alternatives)}`,
    page: `Some methods are exact for problems of one kind only: branch and bound needs linear or convex quadratic levels with
affine constraints. Write the problem in that form, or choose a method for the general case.

\`\`\`
lower { var y; minimize (y - x)^2; subject to  round: y^2 <= x }     # not affine
lower { var y in [-1, 1]; minimize (y - x)^2 }                       # affine
\`\`\``,
  }),
  BLO0830: entry<{ method: string; why: string; alternatives: readonly string[] }>({
    severity: "error",
    title: "theory gives no parameters",
    message: (p) => `theory gives no parameters for "${p.method}": ${p.why}${others(p.alternatives)}`,
    hint: "leave out `--theory`: the automatic rules need no strong convexity",
    page: `Formulas for step sizes and numbers of inner steps come from the analysis of a method, which speaks of lower levels that
are strongly convex: smallest eigenvalue mu of the lower Hessian above 0. \`blo explain FILE --method M\` prints the constants and
the parameters.

\`\`\`
lower { var y; minimize (y - x)^2 }            # mu = 2
lower { var y[2]; minimize (y[1] - x)^2 }      # mu = 0: y[2] is free
\`\`\``,
  }),
  BLO0831: entry<Record<string, never>>({
    severity: "error",
    title: "parameters by theory of no method",
    message: () => "parameters by theory are those of one method, and none is named",
    hint: "name it: `--method f2ba --theory`",
    page: `\`--theory\` works out the parameters of one method from the problem's constants. A run that chooses its methods itself
sets their parameters by automatic rules.

\`\`\`
blo run quadratic.blo --method f2ba --theory
\`\`\``,
  }),
  BLO0817: entry<{ entries: number; most: number }>({
    severity: "error",
    title: "tables of a variance-reduced method are too large",
    message: (p) =>
      `the method keeps a vector for every block of terms: ${p.entries.toExponential(1)} numbers, and ${p.most.toExponential(1)} are allowed`,
    hint: "raise `batch` (fewer blocks), or choose a method without tables such as soba",
    page: `SAGA keeps the last gradient and the last products of every block of terms. With N terms read b at a time, m lower and n
upper variables this is about (N / b) (3 m + 2 n) numbers. Read more terms at a time, or choose a method that keeps only the last
estimate.

\`\`\`
minimize mean(i in 1..N batch 1: ...)      # a table of N rows
minimize mean(i in 1..N batch 256: ...)    # a table of N / 256 rows
\`\`\``,
  }),
} as const;

/** Where no method fits, it is not the fault of one. */
function refusal({ method, alternatives }: { method: string; alternatives: readonly string[] }, what: string): string {
  const rest = alternatives.length > 0 ? others(alternatives) : ", and no other method fits this problem";
  return `method "${method}" ${what}${rest}`;
}

function others(alternatives: readonly string[]): string {
  return alternatives.length === 0 ? "" : `; methods that fit: ${alternatives.join(", ")}`;
}
