/** BLO072x: how the data that were read are used: columns, members, names. */
import { entry } from "./entry.js";
import { list, quote } from "./quoting.js";

export const columns = {
  BLO0720: entry<{ name: string; column: string; columns: readonly string[]; suggestion: string | undefined }>({
    severity: "error",
    title: "No such column",
    message: ({ name, column, columns, suggestion }) =>
      `the data ${name} has no column ${quote(column)}${
        suggestion === undefined ? "" : `; did you mean ${quote(suggestion)}?`
      } ${columns.length === 0 ? "" : `(columns: ${list(columns)})`}`.trimEnd(),
    page: `Columns are addressed by the names in the file's header: \`d.age\` where the name is a word, \`d[["body mass"]]\`
always. A file without a header has the columns c1, c2, ….

Wrong (a name of two words):

    param a = d.body mass

Mended:

    param a = d[["body mass"]]`,
  }),
  BLO0721: entry<{ name: string; what: string; member: string }>({
    severity: "error",
    title: "Data without columns",
    message: ({ name, what, member }) => `the data ${name} is ${what}: it has no column ${quote(member)}`,
    hint: "use it as a value, with indices: `d`, `d[i, :]`, `d[:, 2]`",
    page: `A NPY, IDX or JSON file with a plain array has no column names. Use it as a value, with indices: \`d\`, \`d[i, :]\`,
\`d[:, 2]\`. Names exist in tables (CSV, TSV, JSON records) and in sets of arrays (NPZ, LIBSVM: \`d.X\`, \`d.y\`).

Wrong (the second column of a NPY file):

    param a = d.age

Mended:

    param a = d[:, 2]`,
  }),
  BLO0722: entry<{ name: string; members: readonly string[] }>({
    severity: "error",
    title: "Set of arrays used as one value",
    message: ({ name, members }) => `the data ${name} holds several arrays (${list(members)}), not one value`,
    hint: "name the array that is meant, as in d.X",
    page: `NPZ and LIBSVM files, and JSON objects of arrays of different shapes, hold several arrays. Say which one is
meant: \`d.X\`, \`d.y\`.

Wrong (d holds X and y):

    param A = d

Mended:

    param A = d.X`,
  }),
  BLO0723: entry<{ name: string; declared: readonly string[]; suggestion: string | undefined }>({
    severity: "error",
    title: "File given for data that are not declared",
    message: ({ name, declared, suggestion }) =>
      `no data called ${quote(name)} are declared${
        suggestion === undefined
          ? declared.length === 0
            ? ""
            : ` (declared: ${list(declared)})`
          : `; did you mean ${quote(suggestion)}?`
      }`,
    page: `\`--data name=path\` replaces the file of a \`data\` declaration of that name. The problem file has none.

Wrong (the file says \`data d = …\`):

    blo run problem.blo --data dd=points.csv

Mended:

    blo run problem.blo --data d=points.csv`,
  }),
  BLO0724: entry<{ file: string; where: string; text: string }>({
    severity: "warning",
    title: "Integer loses digits",
    message: ({ file, where, text }) =>
      `${quote(file)}${where}: the integer ${text} has more digits than a number keeps (about 15.9)`,
    page: `Numbers are IEEE 754 doubles: integers beyond 2^53 = 9007199254740992 are rounded. That is harmless for
measurements and wrong for identifiers.`,
  }),
  BLO0725: entry<{ file: string; column: string; problem: string }>({
    severity: "error",
    title: "Column without a usable name",
    message: ({ file, column, problem }) => `${quote(file)}: column ${column} ${problem}`,
    hint: "give the column a name in the header, or say `without header` if the first row holds numbers",
    page: `With a header, every column needs a name in the first row. A first row that holds only numbers is taken for
data by mistake more often than for names, so it is refused: say \`without header\`.

Wrong (its first row is 59,32.1):

    data d = "points.csv"

Mended:

    data d = "points.csv" without header`,
  }),
} as const;
