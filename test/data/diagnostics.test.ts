import { describe, expect, it } from "vitest";
import { data as family } from "../../src/base/catalogue/data.js";
import { diagnostic } from "../../src/base/diagnostic.js";
import { arrayProblem, columnProblem } from "../../src/elaborate/data/problem.js";
import { gz, idx, load, npy, utf8, zip } from "./bytes.js";

type Given = Parameters<typeof load>[2];
const small = { bytes: 2000, values: 10 };

/** Everything a reader refuses: bytes, path, options, and the line `CODE place: message` that comes out. */
const cases: [string, Uint8Array | string, string, Given, string][] = [
  [
    "unknown ending",
    "1",
    "points.txt",
    {},
    'BLO0702 points.txt: "points.txt": the data format ".txt" is not known; known are csv, tsv, json, npy, npz, idx, libsvm',
  ],
  [
    "unknown format",
    "1",
    "p.csv",
    { as: "cvs" },
    'BLO0702 p.csv: "p.csv": the data format "cvs" is not known; known are csv, tsv, json, npy, npz, idx, libsvm',
  ],
  ["no bytes", "", "p.csv", {}, 'BLO0703 p.csv: "p.csv" is empty'],
  ["only blanks", " \n\n", "p.csv", {}, 'BLO0703 p.csv: "p.csv" is empty'],
  ["only a header", "a,b\n", "p.csv", {}, 'BLO0703 p.csv: "p.csv" holds a header but no rows'],
  ["empty gzip", gz(utf8("")), "p.csv.gz", {}, 'BLO0703 p.csv.gz: "p.csv.gz" is empty once unpacked'],
  ["array without entries", npy([0, 3], []), "p.npy", {}, 'BLO0703 p.npy: "p.npy" holds an array of shape [0, 3]'],
  ["NPZ without arrays", zip({ "a.txt": utf8("x") }), "p.npz", {}, 'BLO0703 p.npz: "p.npz" holds no arrays'],
  ["empty list", "[]", "p.json", {}, 'BLO0703 p.json: "p.json" holds an empty list'],
  ["empty record", "{}", "p.json", {}, 'BLO0703 p.json: "p.json" holds an empty record'],
  ["labels only", "1\n2\n", "p.svm", {}, 'BLO0703 p.svm: "p.svm" holds labels but no values'],
  ["comment only", "# x\n", "p.svm", {}, 'BLO0703 p.svm: "p.svm" holds no rows'],
  [
    "too many bytes",
    "a\n".repeat(1500),
    "p.csv",
    { limits: small },
    'BLO0704 p.csv: "p.csv" holds 3000 bytes; at most 2000 bytes can be read',
  ],
  ["gzip bomb", gz(new Uint8Array(1e6)), "p.csv.gz", { limits: small }, "BLO0704 p.csv.gz: "],
  [
    "ZIP bomb",
    zip({ "a.npy": new Uint8Array(1e5) }),
    "p.npz",
    { limits: small },
    'BLO0704 p.npz: "p.npz" holds 100000 bytes once unpacked; at most 2000 bytes once unpacked can be read',
  ],
  [
    "too many cells",
    `a,b,c\n${"1,2,3\n".repeat(4)}`,
    "p.csv",
    { limits: small },
    'BLO0704 p.csv: "p.csv" holds 12 cells; at most 10 cells can be read',
  ],
  [
    "too large an array",
    npy([4, 4], Array(16).fill(0)),
    "p.npy",
    { limits: small },
    'BLO0704 p.npy: "p.npy" holds 16 numbers; at most 10 numbers can be read',
  ],
  [
    "claimed size",
    idx(8, "u1", [2 ** 31, 2 ** 31], [1]),
    "p.idx",
    {},
    'BLO0704 p.idx: "p.idx" holds 4611686018427388000 numbers; at most 134217728 numbers can be read',
  ],
  [
    "wide LIBSVM",
    "1 1000000000:1\n2 1:1\n",
    "p.libsvm",
    {},
    'BLO0704 p.libsvm: "p.libsvm" holds 2000000000 numbers once filled up with zeros; at most 134217728 numbers once filled up with zeros can be read',
  ],
  [
    "too long a list",
    `[${"1,".repeat(10)}1]`,
    "p.json",
    { limits: small },
    'BLO0704 p.json: "p.json" holds 11 numbers; at most 10 numbers can be read',
  ],
  [
    "truncated NPY",
    npy([2, 2], [1, 2, 3]),
    "p.npy",
    {},
    'BLO0705 p.npy: "p.npy" ends too early: its NPY header promises 32 bytes, found 24',
  ],
  [
    "truncated IDX",
    idx(8, "u1", [2, 2], [1, 2, 3]),
    "p.idx",
    {},
    'BLO0705 p.idx: "p.idx" ends too early: its IDX header promises 4 bytes, found 3',
  ],
  [
    "truncated IDX header",
    Uint8Array.from([0, 0, 8, 3, 0, 0]),
    "p.idx",
    {},
    'BLO0705 p.idx: "p.idx" ends too early: its IDX header promises 16 bytes, found 6',
  ],
  [
    "truncated gzip",
    gz(utf8("a\n1\n")).slice(0, 15),
    "p.csv.gz",
    {},
    'BLO0706 p.csv.gz: "p.csv.gz" is not a valid gzip file: the compressed data are damaged or end too early',
  ],
  [
    "no NPY",
    "hello world",
    "p.npy",
    {},
    'BLO0706 p.npy: "p.npy" is not a valid NPY file: it does not begin with \\x93NUMPY',
  ],
  [
    "NPY of the future",
    npy([1], [1]).map((b, i) => (i === 6 ? 9 : b)),
    "p.npy",
    {},
    'BLO0706 p.npy: "p.npy" is not a valid NPY file: version 9 of the format is not known',
  ],
  [
    "NPY header",
    npy([1], [1]).map((b, i) => (i === 11 ? 120 : b)),
    "p.npy",
    {},
    'BLO0706 p.npy: "p.npy" is not a valid NPY file: its header cannot be read',
  ],
  ["no ZIP", "hello", "p.npz", {}, 'BLO0706 p.npz: "p.npz" is not a valid NPZ file: it is not a ZIP archive'],
  [
    "broken ZIP",
    zip({ "a.npy": npy([1], [1]) }).slice(0, 40),
    "p.npz",
    {},
    'BLO0706 p.npz: "p.npz" is not a valid NPZ file: the ZIP archive cannot be unpacked (invalid zip data)',
  ],
  [
    "no IDX",
    "hello",
    "p.idx",
    {},
    'BLO0706 p.idx: "p.idx" is not a valid IDX file: it does not begin with two zero bytes',
  ],
  [
    "binary as CSV",
    Uint8Array.from([65, 0, 66]),
    "p.csv",
    {},
    'BLO0706 p.csv: "p.csv" is not a valid CSV file: byte 1 is NUL, so this is no text',
  ],
  [
    "UTF-16",
    Uint8Array.from([255, 254, 65, 0]),
    "p.csv",
    {},
    'BLO0706 p.csv: "p.csv" is not a valid CSV file: the text is UTF-16; save it as UTF-8',
  ],
  [
    "Latin-1",
    Uint8Array.from([0xe4, 44, 65]),
    "p.csv",
    {},
    'BLO0706 p.csv: "p.csv" is not a valid CSV file: the text is not UTF-8',
  ],
  ["NPY saved as text", utf8(new TextDecoder("latin1").decode(npy([1], [1]))), "p.npy", {}, "BLO0706 p.npy: "],
  [
    "IDX type",
    Uint8Array.from([0, 0, 7, 1, 0, 0, 0, 1, 1]),
    "p.idx",
    {},
    'BLO0707 p.idx: "p.idx": the type code 0x07 cannot be read from IDX files',
  ],
  [
    "ragged row",
    "a,b\n1,2\n\n3\n",
    "p.csv",
    {},
    'BLO0710 p.csv:4: "p.csv", row 4: 1 value where the rows before have 2',
  ],
  [
    "ragged quoted row",
    'a,b\n"1\n",2\n3,4,5\n',
    "p.csv",
    {},
    'BLO0710 p.csv:4: "p.csv", row 4: 3 values where the rows before have 2',
  ],
  [
    "ragged JSON",
    "[[1, 2], [3]]",
    "p.json",
    {},
    'BLO0710 p.json:2: "p.json", row 2: 1 value where the rows before have 2',
  ],
  ["doubled column", "a,b,a\n1,2,3\n", "p.csv", {}, 'BLO0714 p.csv:1:3: "p.csv": columns 1 and 3 are both called "a"'],
  [
    "open quote",
    'a,b\n1,"2\n3,4\n',
    "p.csv",
    {},
    'BLO0715 p.csv:2: "p.csv", row 2: a double quote is opened and never closed (read as CSV)',
  ],
  [
    "stray quote",
    'a,b\n1,2"3\n',
    "p.csv",
    {},
    'BLO0715 p.csv:2: "p.csv", row 2: a double quote stands inside a value that does not begin with one (read as CSV)',
  ],
  [
    "text after quote",
    'a,b\n1,"2"3\n',
    "p.csv",
    {},
    'BLO0715 p.csv:2: "p.csv", row 2: something follows a closing double quote before the next separator (read as CSV)',
  ],
  [
    "LIBSVM index 0",
    "1 1:2\n1 0:2\n",
    "p.svm",
    {},
    'BLO0715 p.svm:2: "p.svm", row 2: the index is 0; indices count from 1 (read as LIBSVM)',
  ],
  [
    "LIBSVM order",
    "1 3:2 2:1\n",
    "p.svm",
    {},
    'BLO0715 p.svm:1: "p.svm", row 1: the index 2 follows 3; indices must rise (read as LIBSVM)',
  ],
  ["LIBSVM colon", "1 3\n", "p.svm", {}, 'BLO0715 p.svm:1: "p.svm", row 1: "3" has no colon (read as LIBSVM)'],
  [
    "LIBSVM label",
    "x 1:1\n",
    "p.svm",
    {},
    'BLO0715 p.svm:1: "p.svm", row 1: the label "x" is not a number (read as LIBSVM)',
  ],
  [
    "LIBSVM index",
    "1 qid:1\n",
    "p.svm",
    {},
    'BLO0715 p.svm:1: "p.svm", row 1: the index "qid" is not a whole number (read as LIBSVM)',
  ],
  [
    "LIBSVM value",
    "1 1:\n",
    "p.svm",
    {},
    'BLO0715 p.svm:1: "p.svm", row 1: the value "" is not a number (read as LIBSVM)',
  ],
  ["JSON syntax", "[1,\n2,]", "p.json", {}, 'BLO0716 p.json:2:3: "p.json": line 2, column 3: a value was expected'],
  [
    "JSON text",
    '[1, "2"]',
    "p.json",
    {},
    'BLO0716 p.json: "p.json": the string "2" stands where a number belongs at [2]',
  ],
  ["JSON mix", "[1, [2]]", "p.json", {}, 'BLO0716 p.json: "p.json": a list among numbers at [2]'],
  ["JSON mix, other way", "[[2], 1]", "p.json", {}, 'BLO0716 p.json: "p.json": a number among lists at [2]'],
  [
    "JSON records",
    '[{"a": 1}, 2]',
    "p.json",
    {},
    'BLO0716 p.json: "p.json": entry 2 is the number 2, the first is a record',
  ],
  [
    "JSON list in a record",
    '[{"a": [1]}]',
    "p.json",
    {},
    'BLO0716 p.json: "p.json": row 1, "a": a list stands where a number belongs',
  ],
  ["nameless column", "a,,c\n1,2,3\n", "p.csv", {}, 'BLO0725 p.csv:1:2: "p.csv": column 2 has no name in the header'],
  [
    "numbers as header",
    "1,2\n3,4\n",
    "p.csv",
    {},
    'BLO0725 p.csv:1:1: "p.csv": column 1 is called 1, and so on: the first row holds numbers, not names',
  ],
];

const seen = new Set<string>();

describe("data diagnostics", () => {
  it.each(cases)("%s", async (_, bytes, path, given, expected) => {
    const { data, diagnostics } = await load(bytes, path, given);
    expect(data).toBeUndefined();
    const [d, ...more] = diagnostics;
    expect(more).toEqual([]);
    seen.add(d.code);
    const place = [d.at?.file, d.at?.row, d.at?.column].filter((p) => p !== undefined).join(":");
    const line = `${d.code} ${place}: ${d.message}`;
    if (expected.endsWith(": ")) expect(line.startsWith(expected), line).toBe(true);
    else expect(line).toBe(expected);
  });

  it("NPY types that are no real numbers", async () => {
    const say = async (descr: string) => {
      const bytes = npy([1], [1]);
      const text = new TextDecoder("latin1").decode(bytes).replace("'<f8'", descr);
      const { diagnostics } = await load(
        Uint8Array.from(text, (c) => c.charCodeAt(0)),
        "p.npy",
      );
      seen.add(diagnostics[0].code);
      return diagnostics[0].message;
    };
    expect(await say("'c16'")).toBe('"p.npy": the type "c16" cannot be read from NPY files');
    expect(await say("[('a']")).toBe('"p.npy": records with named fields cannot be read from NPY files');
  });

  it("integers that lose digits are a warning", async () => {
    const { data, diagnostics } = await load(npy([2], [1, 2 ** 60], { type: "i8" }), "p.npy");
    expect(data?.kind).toBe("array");
    expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([["BLO0724", "warning"]]);
    expect(diagnostics[0].message).toContain("1152921504606846976");
    seen.add("BLO0724");
  });

  it("columns and arrays that are used must hold finite numbers", async () => {
    const { data } = await load("a,b,c,d\nx,1,2,3\n1,,inf,4\n", "p.csv");
    if (data?.kind !== "table") throw new Error("a table was expected");
    const use = { file: "p.csv", span: { start: 3, end: 4 } };
    const found = [...data.columns].map(([name, column]) => columnProblem(column, name, true, use));
    expect(found.map((d) => d && [d.code, d.message, d.at?.row, d.at?.column, d.span?.start])).toEqual([
      ["BLO0711", '"p.csv", row 2, column "a": "x" is not a number', 2, "a", 3],
      ["BLO0712", '"p.csv", row 3, column "b": the value is missing (empty, NA, NaN or ?)', 3, "b", 3],
      ["BLO0713", '"p.csv", row 3, column "c": Infinity is not a finite number', 3, "c", 3],
      undefined,
    ]);
    const array = await load(npy([2, 3], [1, 2, 3, 4, 5, Number.NaN]), "p.npy");
    if (array.data?.kind !== "array") throw new Error("an array was expected");
    const d = arrayProblem(array.data, { file: "p.npy" });
    expect([d?.code, d?.message]).toEqual(["BLO0713", '"p.npy", entry [2, 3]: NaN is not a finite number']);
    for (const code of ["BLO0711", "BLO0712", "BLO0713"]) seen.add(code);
  });

  it("names and members: the messages other passes use", () => {
    const say = (d: { message: string; code: string }) => {
      seen.add(d.code);
      return d.message;
    };
    expect(say(diagnostic("BLO0701", { file: "a.csv", why: "no such file" }))).toContain("no such file");
    expect(say(diagnostic("BLO0720", { name: "d", column: "agee", columns: ["age", "bmi"], suggestion: "age" }))).toBe(
      'the data d has no column "agee"; did you mean "age"? (columns: "age", "bmi")',
    );
    const many = Array.from({ length: 12 }, (_, i) => `c${i}`);
    expect(say(diagnostic("BLO0720", { name: "d", column: "x", columns: many, suggestion: undefined }))).toContain(
      "and 2 more",
    );
    expect(say(diagnostic("BLO0721", { name: "d", what: "an array", member: "x" }))).toContain('no column "x"');
    expect(say(diagnostic("BLO0722", { name: "d", members: ["X", "y"] }))).toContain('("X", "y")');
    expect(say(diagnostic("BLO0723", { name: "e", declared: ["d"], suggestion: undefined }))).toContain(
      '(declared: "d")',
    );
  });

  it("every code of the family was provoked", () => {
    expect([...seen].sort()).toEqual(Object.keys(family).sort());
  });
});
