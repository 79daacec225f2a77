/** BLO00xx: the source text as a whole. */
import { entry } from "./entry.js";

export const text = {
  BLO0001: entry({
    severity: "error",
    title: "Empty source",
    message: () => "the file declares nothing",
    hint: "a problem needs at least an `upper { … }` and a `lower { … }` section",
    page: `The text holds no declaration: it is empty, blank, or comments only.

Wrong: a file that holds nothing but \`# to do\`.

Mended, the smallest bilevel problem:

\`\`\`blo
upper {
  var x
  minimize (x - y)^2
}
lower {
  var y
  minimize (y - 1)^2
}
\`\`\`
`,
  }),
  BLO0002: entry<{ readonly size: number; readonly limit: number }>({
    severity: "error",
    title: "Source too large",
    message: (p) => `the source has ${p.size} characters; at most ${p.limit} are read`,
    hint: 'keep large tables in a data file and read them with `data d = "table.csv"`',
    page: `Problem files are formulas, not storage. Beyond 16 million characters the text is not read at all.

Wrong: a \`param A = [[…], […]]\` with millions of numbers in the source.

Mended:

\`\`\`blo
data d = "table.npy"
param A = d
\`\`\`
`,
  }),
  BLO0003: entry({
    severity: "error",
    title: "Not a text",
    message: () => "this is not a text: it holds a NUL character",
    hint: 'give a UTF-8 text file; data files are named inside it with `data d = "…"`',
    page: `The source holds a character with the code 0, which texts never do. Most often a data file, an archive or a compiled
program was given in place of a \`.blo\` file, or the text was saved as UTF-16.

Wrong: \`blo run points.npy\`

Mended: \`blo run problem.blo --data d=points.npy\`, or save the text as UTF-8.
`,
  }),
  BLO0004: entry<{ readonly count: number }>({
    severity: "warning",
    title: "Damaged characters",
    message: (p) =>
      `${p.count === 1 ? "a character" : `${p.count} characters`} could not be read as UTF-8 and became U+FFFD`,
    hint: "save the file as UTF-8",
    page: `The file is not UTF-8 throughout, or went through a program that damaged it: unreadable bytes were replaced by
U+FFFD (�). In a comment that is harmless; in a name or formula it is an error (BLO0101).

Wrong: a file saved as Latin-1 with \`# café\` in a comment.

Mended: the same text saved as UTF-8.
`,
  }),
  BLO0005: entry<{ readonly limit: number }>({
    severity: "error",
    title: "Statement too long",
    message: (p) => `this statement has more than ${p.limit} words and signs`,
    hint: "write repeated terms as a comprehension, `sum(i in 1..n: …)`, or name parts with `let`",
    page: `One statement may hold a few thousand terms; an array of plain numbers counts as one word whatever its size. A longer
formula was most likely written by a program that unrolled a sum.

Wrong: \`minimize x[1]^2 + x[2]^2 + … + x[9999]^2\`

Mended:

\`\`\`blo
minimize sum(i in 1..9999: x[i]^2)
\`\`\`
`,
  }),
  BLO0006: entry<{ readonly limit: number }>({
    severity: "info",
    title: "Too many findings",
    message: (p) => `only the first ${p.limit} findings are shown`,
    hint: "mend the first ones and look again: later ones often follow from them",
    page: `After 20 findings the rest are left out, since most of them follow from the first.

Wrong: a file of another language, which fails in each line.

Mended: the first finding put right, then another look.
`,
  }),
} as const;
