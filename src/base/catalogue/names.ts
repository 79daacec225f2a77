/** Names: what is unknown, declared twice, reserved, circular, never used, or of another kind than its place asks for. */
import { entry } from "./entry.js";

const mean = (suggestion: string | undefined): string =>
  suggestion === undefined ? "" : `; did you mean \`${suggestion}\`?`;

export const names = {
  BLO0201: entry<{ name: string; suggestion: string | undefined }>({
    severity: "error",
    title: "Unknown name",
    message: ({ name, suggestion }) => `nothing is called \`${name}\`${mean(suggestion)}`,
    page: `A name stands for nothing that this place can see. Seen everywhere are \`param\`, \`data\`, \`set\`, \`fn\`, \`let\` at the
top of the file and the variables of all levels; a \`let\` inside a level is seen in that level only, an index inside
its comprehension, a parameter inside its function. Upper and lower case differ.

Wrong:

    param cost = 3
    upper { var x ; minimize Cost * x^2 }

Mended:

    upper { var x ; minimize cost * x^2 }`,
  }),
  BLO0202: entry<{ name: string }>({
    severity: "error",
    title: "Name declared twice",
    message: ({ name }) => `\`${name}\` is declared twice`,
    hint: "give one of them another name",
    page: `Each name is declared once in a file; a \`let\` of a level may not reuse a name of the top of the file either, and
two indices of one comprehension, or two parameters of one function, have different names.

Wrong:

    param k = 3
    set k = 1..3

Mended:

    param k = 3
    set K = 1..k`,
  }),
  BLO0203: entry<{ name: string; what: string }>({
    severity: "error",
    title: "Reserved name",
    message: ({ name, what }) => `\`${name}\` is the name of a ${what} of the language`,
    hint: "choose another name",
    page: `Functions (\`exp\`, \`sum\`, \`dot\`, …) and constants (\`pi\`, \`e\`, \`inf\`) of the language keep their names: a
reader of \`exp(x)\` must know what it is. An index or a function's parameter may be called \`e\` or \`pi\`.

Wrong:

    param norm = 3

Mended:

    param scale = 3`,
  }),
  BLO0204: entry<{ chain: readonly string[] }>({
    severity: "error",
    title: "Circular declarations",
    message: ({ chain }) => `the declaration of \`${chain[0]}\` needs itself: ${chain.join(" -> ")}`,
    page: `Declarations may stand in any order, but none may need its own value.

Wrong:

    param a = b + 1
    param b = a / 2`,
  }),
  BLO0205: entry<{ name: string; suggestion: string | undefined }>({
    severity: "error",
    title: "Unknown function",
    message: ({ name, suggestion }) => `there is no function \`${name}\`${mean(suggestion)}`,
    page: `A call names neither a function of the language nor one declared with \`fn\`. Products need their sign: \`a(b + c)\` is a
call of \`a\`, \`a * (b + c)\` a product; only a number may stand directly before a bracket, \`2(b + c)\`.

Wrong:

    minimize squared(x - 1)

Mended:

    fn squared(r) = r^2
    upper { var x ; minimize squared(x - 1) }`,
  }),
  BLO0206: entry<{ name: string; what: string }>({
    severity: "error",
    title: "Call of something that is no function",
    message: ({ name, what }) => `\`${name}\` is ${what}, not a function`,
    hint: "an entry is written with square brackets, `y[2]`; a product with its sign, `y * (a + b)`",
    page: `Round brackets after a name call a function. Entries of vectors and matrices are written with square brackets.

Wrong:

    minimize y(1)^2 + y(2)^2

Mended:

    minimize y[1]^2 + y[2]^2`,
  }),
  BLO0207: entry<{ name: string }>({
    severity: "error",
    title: "Function without its arguments",
    message: ({ name }) => `\`${name}\` is a function: its arguments are missing`,
    page: `A function is no value of its own; it is called with its arguments in round brackets.

Wrong:

    minimize exp * x

Mended:

    minimize exp(1) * x`,
  }),
  BLO0208: entry<{ chain: readonly string[] }>({
    severity: "error",
    title: "Function that calls itself",
    message: ({ chain }) => `the function \`${chain[0]}\` calls itself: ${chain.join(" -> ")}`,
    hint: "functions stand for formulas; write a sum, mean, prod, max or min over a set",
    page: `A \`fn\` is a formula that is put in place of its call. It may use other functions, but not itself, directly or
through others.

Wrong:

    fn f(n) = if n <= 1 then 1 else n * f(n - 1)

Mended:

    fn f(n) = prod(i in 1..n: i)`,
  }),
  BLO0209: entry<{ name: string; signature: string; expected: string; found: number }>({
    severity: "error",
    title: "Wrong number of arguments",
    message: ({ name, signature, expected, found }) =>
      `\`${name}\` takes ${expected}, found ${found}: \`${signature}\``,
    page: `A function is called with the number of arguments that its declaration names.

Wrong:

    minimize dot(y)

Mended:

    minimize dot(y, y)`,
  }),
  BLO0210: entry<{ name: string; what: string }>({
    severity: "warning",
    title: "Index hides another name",
    message: ({ name, what }) => `the index \`${name}\` hides ${what} of that name`,
    hint: "give the index another name",
    page: `Inside a comprehension its index is what its name means. Where something else has the same name, a reader may take
one for the other.

Doubtful:

    param k = 3
    upper { var x ; minimize sum(k in 1..5: k * x^2) }`,
  }),
  BLO0211: entry<{ what: string; name: string }>({
    severity: "warning",
    title: "Declared and never used",
    message: ({ what, name }) => `the ${what} \`${name}\` is never used`,
    page: `A declaration has no effect on the problem. Often a name was misspelt where it should have been used, or the
declaration is left over.

Doubtful:

    param rate = 0.5
    upper { var x ; minimize (x - 1)^2 + 0.5 * y^2 }

Mended:

    param rate = 0.5
    upper { var x ; minimize (x - 1)^2 + rate * y^2 }`,
  }),
  BLO0212: entry<{ name: string; declared: readonly string[]; suggestion: string | undefined }>({
    severity: "error",
    title: "Value given for a parameter that does not exist",
    message: ({ name, declared, suggestion }) =>
      `a value is given for \`${name}\`, but the problem has no such parameter${mean(suggestion)}${
        suggestion !== undefined || declared.length === 0 ? "" : ` (it has ${declared.join(", ")})`
      }`,
    page: `\`--set name=value\` and the option \`params\` replace the values of \`param\` declarations. Anything else (\`let\`, \`set\`,
variables) cannot be given from outside.

    param budget = 10          # --set budget=12 is possible
    let half = budget / 2      # --set half=6 is not`,
  }),
  BLO0213: entry<{ name: string }>({
    severity: "error",
    title: "Parameter without a value",
    message: ({ name }) => `the parameter \`${name}\` has no value`,
    hint: "give one with --set NAME=VALUE (or the option `params`), or write a default: `param NAME = VALUE`",
    page: `A \`param\` declared without a value must be given by the caller.

    param budget            # must be given: --set budget=10
    param rate = 0.05       # may be given`,
  }),
  BLO0214: entry<{ name: string; what: string; wanted: string }>({
    severity: "error",
    title: "Name of another kind",
    message: ({ name, what, wanted }) => `\`${name}\` is ${what}, where ${wanted} belongs`,
    page: `A name stands for something that has no place here: a set where a number is needed, a parameter where a set is
needed, data without saying which column.

Wrong:

    set S = 1..3
    upper { var x ; minimize S * x^2 }

Mended:

    upper { var x ; minimize sum(i in S: i * x^2) }`,
  }),
  BLO0215: entry<{ text: string; member: string }>({
    severity: "error",
    title: "Member of something that is no data set",
    message: ({ text, member }) => `\`${text}\` has no parts with names: \`.${member}\` is for data sets`,
    page: `A dot after a name picks a column of a \`data\` declaration. Entries of vectors and matrices are picked by number.

Wrong:

    var y[2]
    minimize y.first^2

Mended:

    minimize y[1]^2`,
  }),
  BLO0216: entry<{ text: string }>({
    severity: "error",
    title: "Text where a number belongs",
    message: ({ text }) => `"${text}" is text, where a number belongs`,
    page: `Text has three places: the title, the path of a data file, and names of columns, \`d[["age", "bmi"]]\`. A column that
holds text can be compared with a text in a condition, \`where d.sex[i] == "F"\`.

Wrong:

    param name = "three"`,
  }),
  BLO0217: entry<{ name: string; problem: string }>({
    severity: "error",
    title: "Value given for a parameter does not fit",
    message: ({ name, problem }) => `the value given for the parameter \`${name}\` does not fit: ${problem}`,
    page: `A value given from outside must have the shape that the declaration says, or the shape's number of dimensions where
only a default value is written; it holds finite numbers, and rows of equal length.

    param cost[3] = [6, 9, 4]      # --set cost=[1,2,3] fits, --set cost=[1,2] does not`,
  }),
  BLO0218: entry<{ what: string; most: number }>({
    severity: "error",
    title: "Declarations unfold to too much",
    message: ({ what, most }) => `this unfolds to more than ${most} ${what}`,
    hint: "give parts a name with `let`: a name is computed once, a call each time",
    page: `Functions are put in place of their calls, and names in place of their expressions. Functions that call others
several times, which call others several times, grow without measure; very long chains of declarations grow too deep.

Wrong:

    fn f1(r) = r^2
    fn f2(r) = f1(r) + f1(r + 1)
    fn f3(r) = f2(r) + f2(r + 1)      # and so on, to f20

Mended:

    fn f1(r) = r^2
    fn f20(r) = sum(i in 0..19: f1(r + i))`,
  }),
} as const;
