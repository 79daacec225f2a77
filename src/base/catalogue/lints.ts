import { entry } from "./entry.js";

/** Four digits, powers of ten where the number is large or small. */
const digits = (v: number): string => {
  if (!Number.isFinite(v)) return v > 0 ? "any large number" : "any large negative number";
  const size = Math.abs(v);
  if (size < 1e-12) return "0";
  const [digit, power] = v.toExponential(3).split("e");
  return size >= 1e5 || size < 1e-4 ? `${Number(digit)}e${Number(power)}` : String(Number(v.toPrecision(4)));
};

/** Two numbers of one kind: what rounding leaves of the smaller one beside the larger is 0. */
const both = (a: number, b: number): readonly [string, string] => {
  const least = 1e-7 * Math.max(...[a, b].map(Math.abs).filter(Number.isFinite), 0);
  const shown = (v: number): string => digits(Math.abs(v) < least ? 0 : v);
  return [shown(a), shown(b)];
};

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

/** BLO10xx: problems that are sound but may not be what was meant. */
export const lints = {
  BLO1001: entry<{ point: string; best: number; worst: number }>({
    severity: "warning",
    title: "lower level with several solutions",
    message: (p) =>
      `at ${p.point} the lower level has solutions between which the upper objective differs: ${both(p.best, p.worst).join(" and ")}`,
    hint: "answers take the one that is best for the upper level (optimistic); if the follower need not be kind, add a small term to the lower objective that says what it prefers",
    page: `The lower objective has the same smallest value at several points, and the upper objective is not the same there. A bilevel
program in its optimistic form takes the best of them for the upper level; a pessimistic one the worst. Both values are shown for a
sampled point; the result of a run has the pessimistic value beside the optimistic one.

\`\`\`
upper { var x in [0, 1]; minimize x + (y - 2)^2 }
lower { var y in [0, 5]; minimize 0*y }            # every y is a solution
\`\`\``,
  }),
  BLO1002: entry<{ variable: string; at: number; left: number; right: number; others?: string | undefined }>({
    severity: "warning",
    title: "the hyper-objective jumps",
    message: (p) =>
      `the upper objective at lower solutions jumps from ${both(p.left, p.right).join(" to ")} where ${p.variable} = ${digits(p.at)}${p.others ? ` (${p.others})` : ""}`,
    hint: "methods that follow gradients of x cannot see across a jump: try several starting points, or igfm",
    page: `As x moves, the lower solution jumps from one point to another, and the upper objective with it: typical for linear lower
levels (the solution moves from corner to corner) and for lower levels with several minima. There are no gradients at the jump, and a
minimum may be approached without being attained.

\`\`\`
upper { var x; minimize x^2 + y }
lower { var y in [-1, 1]; minimize -x*y }          # y = sign(x): a jump at x = 0
\`\`\``,
  }),
  BLO1003: entry<{ variable: string; at: number; slope: number; typical: number; others?: string | undefined }>({
    severity: "warning",
    title: "the hyper-objective is not Lipschitz",
    message: (p) =>
      `the upper objective at lower solutions has slopes of ${digits(p.slope)} near ${p.variable} = ${digits(p.at)}${p.others ? ` (${p.others})` : ""}, against ${digits(p.typical)} around it: it does not look Lipschitz there`,
    hint: "step sizes that fit elsewhere are too long there; add a term to the lower objective that keeps its curvature away from 0",
    page: `The lower solution moves infinitely fast where the lower Hessian loses rank, as y*(x) = x^(1/3) does at 0. Hypergradients grow
without bound near such points, and the theory of most methods (a Lipschitz hyper-objective) does not apply.

\`\`\`
upper { var x; minimize (x - 1)^2 + y }
lower { var y; minimize y^4/4 - x*y }              # y = x^(1/3)
\`\`\``,
  }),
  BLO1004: entry<{ level: "upper" | "lower"; small: string; large: string; ratio: number; factor: number }>({
    severity: "warning",
    title: "badly scaled variables",
    message: (p) =>
      `the ${p.level} objective${p.level === "upper" ? " at lower solutions" : ""} curves ${digits(p.ratio)} times as strongly along ${p.large} as along ${p.small}: with ${p.small} = ${digits(p.factor)} * z it would curve about as much along z as along ${p.large}`,
    hint: "measure them in units of like size; runs without step options scale the variables of boxes themselves (implicit, unrolled and penalty methods) or take Newton's steps, which hardly depend on units (kkt-auto); published loops and methods on minibatches do neither",
    page: `A gradient step has one length for all variables. Where the second derivatives along two variables differ by many orders of
magnitude, a step that is safe for the one hardly moves the other. Choosing units in which typical values are near 1 mends it: with
y = factor * z the curvature along z is factor^2 that along y.

\`\`\`
lower { var y[2]; minimize 1e6*(y[1] - x)^2 + 1e-6*(y[2] - x)^2 }      # y[2] in units of 1e6
\`\`\``,
  }),
  BLO1005: entry<{ kappa: number; rests: string }>({
    severity: "warning",
    title: "ill-conditioned lower level",
    message: (p) => `the condition number of the lower Hessian is ${digits(p.kappa)} (${p.rests})`,
    hint: "numbers of inner steps grow with it, or its root: prefer aid-auto, and expect fewer digits of y along the flat directions",
    page: `The condition number is the ratio of the largest to the smallest eigenvalue of the second derivatives of the lower objective
in y. Gradient steps need a number of iterations proportional to it, accelerated ones to its root, and solutions of linear systems lose
as many digits as it has.

\`\`\`
lower { var y[2]; minimize (y[1] - x)^2 + 1e-9*y[2]^2 }
\`\`\``,
  }),
  BLO1006: entry<{ term: string; share: number }>({
    severity: "warning",
    title: "a regularisation that chooses the lower solution",
    message: (p) =>
      `without the term ${p.term} the lower level has many solutions: the term, ${digits(p.share)} times the curvature of the rest, chooses among them, however small it is`,
    hint: "the solution is not close to the one without the term: leave it out to get the optimistic choice, or keep it because it says what the follower prefers",
    page: `A small multiple of |y|² makes a lower level with many solutions strongly convex, with the solution of smallest norm. The
hyper-objective then is that of this choice. As the factor goes to 0 it does not tend to the optimistic hyper-objective of the problem
without the term (Chen, Xu and Zhang, On finding small hyper-gradients in bilevel optimization, COLT 2024, section 4): regularising
is not an approximation, it is another problem.

\`\`\`
upper { var x in [-1, 1]; minimize y^2 - 2*x*y }
lower { var y; minimize 1e-6*y^2 }                 # y = 0, whatever x; without the term y = x is the best choice
\`\`\``,
  }),
  BLO1007: entry<{ constraints: readonly string[]; samples: number }>({
    severity: "info",
    title: "a constraint that is always active",
    message: (p) =>
      `${list(p.constraints)} ${p.constraints.length === 1 ? "holds" : "hold"} with equality at the lower solutions of all ${p.samples} sampled points x`,
    hint: "if that is meant, write it as an equation (or put the value in): the problem gets smaller and smoother",
    page: `At every sampled x the lower solution lies on this bound or constraint. Either it is part of the model, and then an equation
says so and spares the solver the question which constraints are active; or a bound has been set too tight.

\`\`\`
lower { var y in [0, 1]; minimize -y + x*0 }       # y = 1 always
\`\`\``,
  }),
  BLO1008: entry<{ name: string; columns: readonly string[] }>({
    severity: "info",
    title: "data that are constant",
    message: (p) =>
      p.columns.length === 0
        ? `all entries of the data ${p.name} are the same number`
        : `${p.columns.length === 1 ? "a column" : "columns"} of the data ${p.name} ${p.columns.length === 1 ? "is" : "are"} constant: ${p.columns.join(", ")}`,
    hint: "one column of ones is an intercept; any other constant column says the same once more and makes the lower level singular",
    page: `A column in which every row has the same number carries no information about the rows. Two of them (or one beside an intercept)
cannot be told apart, and a regression on them has many solutions.

\`\`\`
data d = "cars.csv"                                # with a column "year" that is 1982 throughout
\`\`\``,
  }),
} as const;
