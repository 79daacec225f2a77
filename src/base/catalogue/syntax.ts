/** BLO01xx: characters, words, statements (what the lexer and the parser refuse). */
import { entry } from "./entry.js";
import { statements } from "./statements.js";

export const syntax = {
  BLO0101: entry<{ readonly character: string }>({
    severity: "error",
    title: "Unexpected character",
    message: (p) => `the character ${p.character} has no meaning here`,
    page: `Blo reads letters of any alphabet, digits, \`_\`, strings in straight double quotes, and the signs of its operators.
Any other character is refused, so that a slip is never read as something else.

Wrong: \`minimize x² + |y|\`

Mended:

\`\`\`blo
minimize x^2 + abs(y)
\`\`\`
`,
  }),
  BLO0102: entry({
    severity: "error",
    title: "Unterminated string",
    message: () => "this string has no closing quote on its line",
    hint: 'close it with `"`; inside a string a quote is written `\\"`',
    page: `A string begins and ends with a straight double quote on one line.

Wrong: \`problem "Toll setting\`

Mended:

\`\`\`blo
problem "Toll setting"
\`\`\`
`,
  }),
  BLO0103: entry<{ readonly escape: string }>({
    severity: "error",
    title: "Unknown escape",
    message: (p) => `\`${p.escape}\` is no escape of a string`,
    hint: 'the escapes are `\\"`, `\\\\`, `\\/`, `\\n`, `\\r`, `\\t` and `\\uXXXX`; a backslash itself is written `\\\\`',
    page: `After a backslash a string knows \`"\`, \`\\\`, \`/\`, \`n\`, \`r\`, \`t\` and \`u\` with four hexadecimal digits. Paths are
written with forward slashes on every system.

Wrong: \`data d = "C:\\points.csv"\`

Mended:

\`\`\`blo
data d = "C:/points.csv"
\`\`\`
`,
  }),
  BLO0104: entry<{ readonly text: string }>({
    severity: "error",
    title: "Number too large",
    message: (p) => `\`${p.text}\` is larger than any number that can be computed with (about 1.8e308)`,
    hint: "for no bound at all write `inf`",
    page: `Numbers are IEEE doubles; a literal beyond 1.8e308 would silently become infinite.

Wrong: \`var x in [0, 1e999]\`

Mended:

\`\`\`blo
var x in [0, inf]
\`\`\`
`,
  }),
  BLO0105: entry<{ readonly opener: string; readonly closer: string }>({
    severity: "error",
    title: "Bracket never closed",
    message: (p) => `this \`${p.opener}\` is never closed: its \`${p.closer}\` is missing`,
    page: `A bracket that is open carries a statement over line ends, until it is closed. Here the next statement, a curly
bracket, \`;\` or the end of the file came first.

Wrong: \`minimize (x + y * 2\`

Mended:

\`\`\`blo
minimize (x + y) * 2
\`\`\`
`,
  }),
  BLO0106: entry<{ readonly closer: string; readonly wanted?: string }>({
    severity: "error",
    title: "Closing bracket that fits nothing",
    message: (p) =>
      p.wanted === undefined
        ? `this \`${p.closer}\` closes nothing`
        : `found \`${p.closer}\` where \`${p.wanted}\` must close the bracket`,
    page: `Round, square and curly brackets close in the order in which they opened.

Wrong: \`minimize sum(y[1)]\`

Mended:

\`\`\`blo
minimize sum(y[1])
\`\`\`
`,
  }),
  BLO0107: entry<{ readonly limit: number }>({
    severity: "error",
    title: "Nested too deeply",
    message: (p) => `this statement is nested more than ${p.limit} deep`,
    hint: "name inner parts with `let`",
    page: `Brackets, powers of powers, signs before signs and chains of \`else if\` nest. Two hundred deep is more than a person
can read; deeper text was written by a program or by accident.

Wrong: \`minimize ((((((…x…))))))\`

Mended:

\`\`\`blo
let r = x - 1
minimize r^2
\`\`\`
`,
  }),
  BLO0108: entry<{ readonly found: string; readonly expected: string }>({
    severity: "error",
    title: "Unexpected word or sign",
    message: (p) => `${p.found} does not fit here; expected ${p.expected}`,
    page: `What stands here fits no rule of the language at this place; the message says what would fit.

Wrong: \`minimize x + * y\`

Mended:

\`\`\`blo
minimize x * y
\`\`\`
`,
  }),
  BLO0109: entry<{ readonly after: string; readonly expected: string }>({
    severity: "error",
    title: "Unexpected end of a statement",
    message: (p) => `the statement ends after ${p.after}; expected ${p.expected}`,
    page: `A newline ends a statement unless a bracket is open or an operator is pending at the line's end or the next line's
beginning. This statement ended before it was whole.

Wrong: \`let a =\` and nothing after it.

Mended:

\`\`\`blo
let a = 2
\`\`\`
`,
  }),
  BLO0110: entry<{ readonly left: string; readonly right: string }>({
    severity: "error",
    title: "Missing operator",
    message: (p) => `an operator is missing between ${p.left} and ${p.right}`,
    page: `Only a number that DIRECTLY touches a name or a bracket multiplies it. With a space between, or between two names, a
reader cannot know what was meant.

Wrong: \`minimize 7 x + a b\`

Mended:

\`\`\`blo
minimize 7x + a * b
\`\`\`
`,
  }),
  BLO0111: entry<{ readonly text: string }>({
    severity: "error",
    title: "Division by a coefficient",
    message: (p) => `\`${p.text}\` can be read in two ways`,
    page: `A reader may take \`1/2x\` as half of x or as one over 2x. Blo does not guess.

Wrong: \`minimize 1/2x\`

Mended, for either meaning:

\`\`\`blo
minimize 1/2 * x
minimize 1/(2x)
\`\`\`
`,
  }),
  BLO0112: entry<{ readonly text: string }>({
    severity: "error",
    title: "Power with a coefficient",
    message: (p) => `\`${p.text}\` can be read in two ways`,
    page: `A reader may take \`x^2y\` as x squared times y or as x to the power 2y. Blo does not guess.

Wrong: \`minimize x^2y\`

Mended, for either meaning:

\`\`\`blo
minimize x^2 * y
minimize x^(2y)
\`\`\`
`,
  }),
  BLO0113: entry<{ readonly word: string }>({
    severity: "error",
    title: "Reserved word as a name",
    message: (p) => `\`${p.word}\` is a word of the language and cannot be a name`,
    hint: "choose another name",
    page: `The words that build statements are reserved: \`problem param data set fn let upper lower minimax expect var in init
minimize maximize objective subject forall where batch if then else and or not\`.

Wrong: \`var set[3]\`

Mended:

\`\`\`blo
var chosen[3]
\`\`\`
`,
  }),
  ...statements,
} as const;
