/** The later half of BLO01xx: statements and sections as wholes. */
import { entry } from "./entry.js";

export const statements = {
  BLO0114: entry<{ readonly word: string; readonly suggestion?: string }>({
    severity: "error",
    title: "Unknown section",
    message: (p) =>
      `no section begins with ${p.word}${p.suggestion === undefined ? "" : `; did you mean \`${p.suggestion}\`?`}`,
    hint: "sections are problem, param, data, set, fn, let, upper, lower, minimax, solve and expect",
    page: `A file is a list of sections; each begins with its word. Variables, objectives and constraints stand inside a level.

Wrong: \`uper { … }\`

Mended:

\`\`\`blo
upper {
  var x
  minimize x^2
}
\`\`\`
`,
  }),
  BLO0115: entry<{ readonly word: string }>({
    severity: "error",
    title: "Section given twice",
    message: (p) => `\`${p.word}\` is given a second time`,
    hint: "put the items of both into one",
    page: `There is one \`problem\` title, one \`upper\` or \`minimax\` level, one \`solve\` and one \`expect\` block, and one
\`subject to\` list in a level. Several followers are several \`lower\` levels with names.

Wrong:

\`\`\`text
upper { var x }
upper { minimize x^2 }
\`\`\`

Mended:

\`\`\`blo
upper {
  var x
  minimize x^2
}
\`\`\`
`,
  }),
  BLO0116: entry<{ readonly word: string; readonly suggestion?: string }>({
    severity: "error",
    title: "Unknown statement",
    message: (p) =>
      `no statement begins with ${p.word}${p.suggestion === undefined ? "" : `; did you mean \`${p.suggestion}\`?`}`,
    hint: "a level holds `var`, `let`, `minimize` or `maximize`, and after `subject to` its constraints",
    page: `Inside a level each statement begins with its word, apart from constraints.

Wrong: \`minimse x^2\`

Mended:

\`\`\`blo
minimize x^2
\`\`\`
`,
  }),
  BLO0117: entry<{ readonly word: string }>({
    severity: "error",
    title: "Statements not separated",
    message: (p) => `a new statement begins with \`${p.word}\` on the line of the one before`,
    hint: "begin it on its own line, or put `;` before it",
    page: `Statements end at a newline or at \`;\`.

Wrong: \`lower { var y minimize y^2 }\`

Mended:

\`\`\`blo
lower { var y; minimize y^2 }
\`\`\`
`,
  }),
  BLO0118: entry({
    severity: "error",
    title: "Single equals sign",
    message: () => "`=` gives a name its value; it does not compare",
    hint: "write `==` for an equation",
    page: `\`=\` defines (\`param k = 3\`, \`let r = x - 1\`); \`==\` states an equation or asks for equality.

Wrong: \`demand: sum(flow) = 10\`

Mended:

\`\`\`blo
demand: sum(flow) == 10
\`\`\`
`,
  }),
  BLO0119: entry<{ readonly operator: string }>({
    severity: "error",
    title: "Relation that no constraint can have",
    message: (p) => `neither a constraint nor a bound can be stated with \`${p.operator}\``,
    hint: "constraints use `<=`, `>=` and `==`; strict inequalities have no closed feasible set, so give a margin: `x >= 1e-6`",
    page: `A strict inequality leaves the boundary out, so that a best point need not exist; \`!=\` leaves out even less. Solvers
work with closed sets.

Wrong: \`x + y < 3\`

Mended:

\`\`\`blo
x + y <= 3
\`\`\`
`,
  }),
  BLO0120: entry({
    severity: "error",
    title: "Chain of comparisons",
    message: () => "comparisons can be chained only in constraints, and only two of them",
    hint: "join them with `and`: `a < b and b < c`",
    page: `\`0 <= x <= 1\` is a two-sided constraint. Inside formulas a comparison is a value (1 or 0), and a chain would compare
that value.

Wrong: \`if 0 < x < 1 then x else 0\`

Mended:

\`\`\`blo
let r = if 0 < x and x < 1 then x else 0
\`\`\`
`,
  }),
  BLO0121: entry({
    severity: "error",
    title: "Constraint outside `subject to`",
    message: () => "a constraint stands after `subject to`",
    hint: "write `subject to` on the line before the constraints",
    page: `The constraints of a level are a list after the words \`subject to\`.

Wrong:

\`\`\`text
minimize x^2
x >= 1
\`\`\`

Mended:

\`\`\`blo
minimize x^2
subject to
  x >= 1
\`\`\`
`,
  }),
  BLO0122: entry<{ readonly section: string }>({
    severity: "error",
    title: "Section never closed",
    message: (p) => `the section \`${p.section}\` has no closing \`}\``,
    page: `A section with \`{\` lasts until its \`}\`. Another section began first, or the file ended.

Wrong: \`upper { var x\`

Mended:

\`\`\`blo
upper {
  var x
}
\`\`\`
`,
  }),
  BLO0123: entry<{ readonly section: string; readonly found: string }>({
    severity: "error",
    title: "Section without its curly bracket",
    message: (p) => `\`${p.section}\` needs \`{\` here, found ${p.found}`,
    hint: "the items of a section stand in curly brackets",
    page: `The items of \`upper\`, \`lower\`, \`minimax\`, \`solve\` and \`expect\` stand in curly brackets; \`lower\` may have one name
before them. Other sections have none.

Wrong: \`upper minimize x^2\`

Mended:

\`\`\`blo
upper {
  var x
  minimize x^2
}
\`\`\`
`,
  }),
  BLO0124: entry<{ readonly what: string }>({
    severity: "error",
    title: "Only inside minimax",
    message: (p) => `${p.what} can stand inside \`minimax\` only`,
    hint: "in `upper` and `lower` write `var x` for a variable, and `minimize` or `maximize` with the objective",
    page: `In \`minimax\` each variable says which player owns it, and one \`objective\` serves both. In \`upper\` and \`lower\` a
variable is declared with \`var\` and the objective with \`minimize\` or \`maximize\`.

Wrong: \`upper { minimize var x; objective x^2 }\`

Mended:

\`\`\`blo
upper {
  var x
  minimize x^2
}
\`\`\`
`,
  }),
  BLO0125: entry({
    severity: "error",
    title: "Constraint without a relation",
    message: () => "this constraint has no relation: nothing is compared",
    hint: "constraints use `<=`, `>=` and `==`; a line that goes on with the one before ends that line with an operator",
    page: `After \`subject to\` each line is a constraint of its own, and a line that begins with \`+\` or \`-\` begins a new one.

Wrong:

\`\`\`text
subject to
  x + y
    - z <= 3
\`\`\`

Mended:

\`\`\`blo
subject to
  x + y -
    z <= 3
\`\`\`
`,
  }),
  BLO0126: entry<{ readonly limit: number }>({
    severity: "error",
    title: "Formula too long",
    message: (p) => `this formula joins more than ${p.limit} terms`,
    hint: "write repeated terms as a comprehension, `sum(i in 1..n: …)`, or name parts with `let`",
    page: `A formula of thousands of terms was most likely written by a program that unrolled a sum. Written as a comprehension
it is read, differentiated and run faster too, since it becomes one operation on vectors.

Wrong: \`minimize c[1]*x[1] + c[2]*x[2] + … + c[5000]*x[5000]\`

Mended:

\`\`\`blo
minimize sum(i in 1..5000: c[i] * x[i])
\`\`\`
`,
  }),
} as const;
