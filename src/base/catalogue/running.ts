import { entry } from "./entry.js";

/** BLO09xx: numbers at run time. */
export const running = {
  BLO0901: entry<{ what: string }>({
    severity: "error",
    title: "not finite at the start",
    message: (p) => `${p.what} is not a finite number at the starting point`,
    hint: "give the variables a starting value inside the functions' domains: `var x init 1`",
    page: `A run starts where \`init\` says (or at the point of the domain nearest to 0). There the objectives and their gradients
must be finite numbers. Typical causes: log or a power of 0 or of a negative number, a division by 0, exp of a large number.

\`\`\`
var x                    # starts at 0
minimize x - log(x)      # wrong: log(0)

var x in [1e-6, inf] init 1
minimize x - log(x)      # right
\`\`\``,
  }),
  BLO0902: entry<{ iteration: number; backOffs: number }>({
    severity: "warning",
    title: "run met numbers that are not finite",
    message: (p) =>
      `iteration ${p.iteration} gave numbers that are not finite; after ${p.backOffs} attempts with smaller steps the last finite point is returned`,
    page: `A step led to NaN or infinity. The loop puts back the last good point and asks the method to shrink its steps, ten
times at most. If that does not help, the problem is likely not defined near the path of the method: bound the variables.`,
  }),
  BLO0903: entry<{ iteration: number; backOffs: number }>({
    severity: "warning",
    title: "run diverged",
    message: (p) =>
      `the iterates grew without bound (iteration ${p.iteration}, after ${p.backOffs} attempts with smaller steps); the best point seen is returned`,
    page: `The norm of x or y passed 1e8 (1 + norm at the start), or the objective passed 1e4 times its recent size. Either the
step sizes were too large, or the problem is unbounded below: then bound the variables.`,
  }),
  BLO0904: entry<{ limit: string; value: string }>({
    severity: "error",
    title: "limit out of range",
    message: (p) => `the limit "${p.limit}" must be a number above 0, found ${p.value}`,
    page: "Limits of a run are iterations, oracle calls and seconds. Each is above 0; leave it out for none.",
  }),
  BLO0905: entry<{ reason: string }>({
    severity: "error",
    title: "checkpoint does not fit",
    message: (p) => `the checkpoint cannot be resumed here: ${p.reason}`,
    page: "A checkpoint holds the point of a run, its method and its seed. It resumes the same method on a problem of the same size.",
  }),
  BLO0906: entry<{ name: string; suggestion: string | undefined; known: readonly string[] }>({
    severity: "error",
    title: "no such variable",
    message: (p) =>
      `"${p.name}" is not a variable of the problem` +
      (p.suggestion === undefined ? `; its variables are ${p.known.join(", ")}` : `; did you mean "${p.suggestion}"?`),
    page: `A starting point, or a point to be certified, is given by the names of the variables. Parameters and \`let\` names are
no variables.

\`\`\`js
solve(problem, { start: { x: 1, flow: [1, 2, 3] } })
\`\`\``,
  }),
  BLO0907: entry<{ name: string; expected: string }>({
    severity: "error",
    title: "value does not fit the variable",
    message: (p) => `the value of "${p.name}" must be ${p.expected}`,
    page: `A scalar variable takes a number, a vector a list of numbers, a matrix a list of its rows.

\`\`\`js
solve(problem, { start: { w: [0, 0, 1] } })    // var w[3]
\`\`\``,
  }),
} as const;
