/** Data files: what cannot be found, opened or read as numbers. Rows and columns count from 1; a header is row 1. */
import { entry } from "./entry.js";

/** `a, b, c` with at most ten names. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((n) => `"${n}"`);
  return names.length > 10 ? `${shown.join(", ")} and ${names.length - 10} more` : shown.join(", ");
}

/** Long cells are cut: a message quotes at most 40 characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

export const data = {
  BLO0701: entry<{ file: string; why: string }>({
    severity: "error",
    title: "Data file cannot be read",
    message: ({ file, why }) => `the data file ${quote(file)} cannot be read: ${why}`,
    hint: "paths are relative to the problem file; another file can be given with --data NAME=PATH",
    page: `A \`data\` declaration names a file that could not be opened.

Paths in a problem file are relative to that file; paths given with \`--data name=path\` are relative to the
directory the command runs in. Used as a library, \`compile\` reads nothing by itself: it asks the resolver the
caller grants, and without one no data file can be read.

Wrong (the file lies one folder up):

    data d = "diabetes.csv"

Mended:

    data d = "../diabetes.csv"`,
  }),
  BLO0702: entry<{ file: string; format: string; known: readonly string[] }>({
    severity: "error",
    title: "Unknown data format",
    message: ({ file, format, known }) =>
      `${quote(file)}: the data format ${quote(format)} is not known; known are ${known.join(", ")}`,
    page: `The format of a data file follows from the ending of its name or from the word after \`as\`. Any format may
also be compressed with gzip (ending \`.gz\`).

Wrong:

    data d = "points.txt"

Mended, the format being said:

    data d = "points.txt" as csv`,
  }),
  BLO0703: entry<{ file: string; what: string }>({
    severity: "error",
    title: "Data file is empty",
    message: ({ file, what }) => `${quote(file)} ${what}`,
    page: `A data file must hold at least one row of numbers. A CSV file whose only line is taken as the header is
empty too: say \`without header\` if that line holds numbers.

    data d = "points.csv" without header`,
  }),
  BLO0704: entry<{ file: string; size: number; most: number; unit: string }>({
    severity: "error",
    title: "Data file is too large",
    message: ({ file, size, most, unit }) =>
      `${quote(file)} holds ${size} ${unit}; at most ${most} ${unit} can be read`,
    hint: "take a sample of the rows, or keep only the columns that the problem uses",
    page: `All data are held in memory as numbers of 8 bytes. Files beyond the limit, and small compressed files that
unfold to more than the limit, are refused before memory runs out.

Wrong (ten gigabytes):

    data d = "all.csv"

Mended:

    data d = "sample.csv"`,
  }),
  BLO0705: entry<{ file: string; format: string; expected: number; found: number; unit: string }>({
    severity: "error",
    title: "Data file is truncated",
    message: ({ file, format, expected, found, unit }) =>
      `${quote(file)} ends too early: its ${format} header promises ${expected} ${unit}, found ${found}`,
    hint: "the file was probably not copied or downloaded to its end",
    page: `Binary formats (NPY, NPZ, IDX) say in their header how much data follow. Here the file ends before that.

Wrong (a part of a binary file):

    head -c 1000000 points.npy > part.npy

Mended:

    python3 -c "import numpy as np; np.save('part.npy', np.load('points.npy')[:1000])"`,
  }),
  BLO0706: entry<{ file: string; format: string; why: string }>({
    severity: "error",
    title: "File does not hold the format it claims",
    message: ({ file, format, why }) => `${quote(file)} is not a valid ${format} file: ${why}`,
    page: `The first bytes of NPY, NPZ, IDX and gzip files identify the format; text formats must be UTF-8 without NUL
bytes. Here they do not fit the ending of the file's name or the word after \`as\`.

Wrong (the file holds comma-separated text):

    data d = "points.csv" as npy

Mended:

    data d = "points.csv"`,
  }),
  BLO0707: entry<{ file: string; format: string; what: string }>({
    severity: "error",
    title: "Data of a kind that cannot be read",
    message: ({ file, format, what }) => `${quote(file)}: ${what} cannot be read from ${format} files`,
    page: `Read are real numbers: from NPY and NPZ files the types b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4, f8 of
either byte order; from IDX files all its types. Complex numbers, text, records and Python objects are not.

In Python, \`numpy.save("x.npy", a.astype("float64"))\` writes a file that can be read.

Wrong (text):

    numpy.save("x.npy", numpy.array(["1.5", "2"]))

Mended:

    numpy.save("x.npy", numpy.array(["1.5", "2"]).astype("float64"))`,
  }),
  BLO0710: entry<{ file: string; row: number; expected: number; found: number }>({
    severity: "error",
    title: "Row of a different length",
    message: ({ file, row, expected, found }) =>
      `${quote(file)}, row ${row}: ${found} ${found === 1 ? "value" : "values"} where the rows before have ${expected}`,
    page: `All rows of a table must have the same number of values. Often a separator is missing or stands inside an
unquoted text; with decimal commas, values must be separated by semicolons and numbers written with points.

Wrong:

    age,bmi
    59,32.1
    48

Mended:

    age,bmi
    59,32.1
    48,21.6`,
  }),
  BLO0711: entry<{ file: string; row: number; column: string; text: string }>({
    severity: "error",
    title: "Text where a number belongs",
    message: ({ file, row, column, text }) =>
      `${quote(file)}, row ${row}, column ${quote(column)}: ${quote(text)} is not a number`,
    page: `A column that the problem uses holds something that is not a number. Columns that are not used may hold
anything. Numbers are written with a decimal point; \`1e-3\` is fine, \`1,5\`, \`12 %\` and \`1 000\` are not.

A file without a header line whose first row is taken as names: say \`without header\`.
A file with a header line declared \`without header\`: remove those words.

Wrong (a decimal comma):

    age,bmi
    59,"32,1"

Mended:

    age,bmi
    59,32.1`,
  }),
  BLO0712: entry<{ file: string; row: number; column: string }>({
    severity: "error",
    title: "Missing value",
    message: ({ file, row, column }) =>
      `${quote(file)}, row ${row}, column ${quote(column)}: the value is missing (empty, NA, NaN or ?)`,
    hint: "missing values are not filled in: remove the row or write a number",
    page: `A column that the problem uses has a cell that is empty or says that its value is missing (\`NA\`, \`NaN\`, \`?\`,
\`null\`). Nothing is guessed: decide what the value should be, or leave the row out. Columns that the problem does not
use may have missing values.

Wrong:

    age,bmi
    59,32.1
    48,NA

Mended:

    age,bmi
    59,32.1`,
  }),
  BLO0713: entry<{ file: string; where: string; value: number }>({
    severity: "error",
    title: "Value is not finite",
    message: ({ file, where, value }) => `${quote(file)}, ${where}: ${value} is not a finite number`,
    hint: "missing or infinite values are not filled in: remove them or write a number",
    page: `NaN and infinities in data would make every objective NaN. They are refused where the column or array is
used. Decide what the value should be, or leave the row out.

Wrong:

    age,bmi
    59,inf

Mended:

    age,bmi
    59,32.1`,
  }),
  BLO0714: entry<{ file: string; column: string; first: number; second: number }>({
    severity: "error",
    title: "Two columns of one name",
    message: ({ file, column, first, second }) =>
      `${quote(file)}: columns ${first} and ${second} are both called ${quote(column)}`,
    hint: "rename one of them in the header",
    page: `Columns are addressed by name, \`d.age\` or \`d[["age", "bmi"]]\`, so names must differ. Names that differ only in
letter case are different names.

Wrong:

    age,age
    59,60

Mended:

    age,age2
    59,60`,
  }),
  BLO0715: entry<{ file: string; format: string; row: number; why: string }>({
    severity: "error",
    title: "Malformed row",
    message: ({ file, format, row, why }) => `${quote(file)}, row ${row}: ${why} (read as ${format})`,
    page: `A row of a text file does not follow the format. In CSV, a text that holds a separator or a line break stands
in double quotes, and a double quote within it is written twice: \`"5"" disk"\`. In LIBSVM, a row is a label
followed by \`index:value\` pairs with indices from 1 in rising order.

Wrong (a LIBSVM row; indices count from 1):

    1 0:2.5 1:3

Mended:

    1 1:2.5 2:3`,
  }),
  BLO0716: entry<{ file: string; why: string }>({
    severity: "error",
    title: "Malformed JSON",
    message: ({ file, why }) => `${quote(file)}: ${why}`,
    page: `A JSON data file holds one of:

    [1, 2, 3]                                    a vector
    [[1, 2], [3, 4]]                             a matrix, row by row (or deeper)
    [{"age": 59, "bmi": 32.1}, {"age": 48, …}]   a table, one record a row
    {"age": [59, 48], "bmi": [32.1, 21.6]}       a table, one array a column

An object whose arrays differ in length or shape is read as a set of arrays, addressed by name.`,
  }),
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
