import { entry } from "./entry.js";

/** BLO09xx: numbers at run time. */
export const running = {
  BLO0901: entry<{ what: string; point?: string }>({
    severity: "error",
    title: "not finite at the start",
    message: (p) => `${p.what} is not a finite number at the starting point${p.point ? `, ${p.point}` : ""}`,
    hint: "give the variables a starting value inside the functions' domains: `var x init 1`",
    page: `A run starts where \`init\` says (or at the point of the domain nearest to 0). There the objectives and their gradients
must be finite numbers. Typical causes: log or a power of 0 or of a negative number, a division by 0, exp of a large number.

Wrong, since x starts at 0:

\`\`\`blo
upper {
  var x
  minimize x - log(x)
}
\`\`\`

Mended:

\`\`\`blo
upper {
  var x in [1e-6, inf] init 1
  minimize x - log(x)
}
\`\`\``,
  }),
  BLO0902: entry<{ iteration: number; backOffs: number; what?: string; point?: string }>({
    severity: "warning",
    title: "run met numbers that are not finite",
    message: (p) =>
      p.what === undefined
        ? `numbers that are not finite were met (${when(p)}); the best point seen is returned`
        : `${p.what} is not finite at ${p.point} (${when(p)}); the best point seen is returned`,
    hint: "bound the variables so that the method stays where the functions are defined, or choose smaller steps",
    page: `A step led to NaN or infinity. The loop puts back the last good point and asks the method to shrink its steps, ten
times at most. If that does not help, the problem is not defined near the path of the method: bound the variables.

The message names the part of the source that was not finite first, and the point.

Wrong, since steps lead to a negative x:

\`\`\`blo
upper {
  var x init 1
  minimize x + x * log(x)
}
\`\`\`

Mended:

\`\`\`blo
upper {
  var x in [1e-6, inf] init 1
  minimize x + x * log(x)
}
\`\`\``,
  }),
  BLO0903: entry<{ iteration: number; backOffs: number }>({
    severity: "warning",
    title: "run diverged",
    message: (p) => `the iterates grew without bound (${when(p)}); the best point seen is returned`,
    hint: "bound the variables, or choose smaller steps",
    page: `The norm of x or y passed 1e8 (1 + norm at the start), or the objective passed 1e4 times its recent size. Either the
step sizes were too large, or the problem is unbounded below: then bound the variables.

Wrong, since the objective has no least value:

\`\`\`blo
upper {
  var x
  minimize x + y
}
\`\`\`

Mended:

\`\`\`blo
upper {
  var x in [-10, 10]
  minimize x + y
}
\`\`\``,
  }),
  BLO0904: entry<{ limit: string; value: string }>({
    severity: "error",
    title: "limit out of range",
    message: (p) => `the limit "${p.limit}" must be a number above 0, found ${p.value}`,
    page: `Limits of a run are iterations, oracle calls and seconds. Each is above 0; leave it out for none.

\`\`\`js
solve(problem, { seconds: 0 })     // wrong
solve(problem, { seconds: 30 })    // right
\`\`\``,
  }),
  BLO0905: entry<{ reason: string }>({
    severity: "error",
    title: "checkpoint does not fit",
    message: (p) => `the checkpoint cannot be resumed here: ${p.reason}`,
    page: `A checkpoint holds the point of a run, its method and its seed. It resumes the same method on a problem of the same
size. To go on from that point with another method, give it as a start instead.

\`\`\`js
solve(problem, { method: "f2ba", resume: checkpoint })                // wrong: made by aid-auto
solve(problem, { method: "f2ba", start: { x: 1.5, w: [0, 1, 0] } })   // right
\`\`\``,
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
  BLO0908: entry<{ what: string; point: string }>({
    severity: "warning",
    title: "not finite where the run ended",
    message: (p) => `${p.what} is not finite where the run ended: ${p.point}`,
    hint: "bound the variables so that the functions are defined at every point",
    page: `The run ended at the edge of where the problem is defined, such as x = 0 in x^0.7, whose slope there is infinite, or
beyond it. Nothing can be certified at such a point. Often the edge is where the objective draws the variables: bound them
a little inside, or choose smaller steps.

Wrong:

\`\`\`blo
upper {
  var x init 1
  minimize sqrt(x) + x + y^2
}
\`\`\`

Mended:

\`\`\`blo
upper {
  var x in [1e-8, inf] init 1
  minimize sqrt(x) + x + y^2
}
\`\`\``,
  }),
  BLO0909: entry<{ name: string; value: string }>({
    severity: "error",
    title: "noise out of range",
    message: (p) => `the noise "${p.name}" must be a number from 0, found ${p.value}`,
    page: `Noise for experiments is a standard deviation per level: every gradient of the level that the method is given differs from
the exact one by a normal vector whose squared length is its square on average. \`products\` does the same for products with
second derivatives, times the length of the direction; left out, they have their level's. Certificates see no noise.

\`\`\`js
solve(problem, { noise: { lower: -1 } })                  // wrong
solve(problem, { noise: { upper: 0.1, lower: 0.1 } })     // right
\`\`\``,
  }),
} as const;

function when({ iteration, backOffs }: { readonly iteration: number; readonly backOffs: number }): string {
  if (backOffs === 0) return `iteration ${iteration}`;
  return `iteration ${iteration}, after ${backOffs} ${backOffs === 1 ? "attempt" : "attempts"} with smaller steps`;
}
