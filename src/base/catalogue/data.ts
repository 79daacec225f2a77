/** Data files: what cannot be found, opened or read as numbers. Rows and columns count from 1; a header is row 1. */
import { columns } from "./columns.js";
import { entry } from "./entry.js";
import { quote } from "./quoting.js";

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
  ...columns,
} as const;
