import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonErrorAt } from "../../src/elaborate/data/jsonSyntax.js";
import { columnMajor, gz, idx, load, npy, plainly, read, utf8, zip } from "./bytes.js";

describe("CSV and TSV", () => {
  it("reads numbers, text, quotes, line ends and a byte order mark", async () => {
    const text = '\ufeffSex, Length ,"a ""b"", c"\r\nM,0.455,1e-3\r\n\r\n"F","-2",+.5\r\n';
    expect(await read(text, "x.csv")).toEqual({ Sex: ["M", "F"], Length: [0.455, -2], 'a "b", c': [1e-3, 0.5] });
  });
  it("reads semicolons where the header has them, also with decimal commas in the text", async () => {
    expect(await read("a;b\n1;2\n", "x.csv")).toEqual({ a: [1], b: [2] });
    expect(await read("a;b\n1,5;2,5\n", "x.csv")).toEqual({ a: ["1,5"], b: ["2,5"] });
    expect(await read('"a;x",b\n1,2\n', "x.csv")).toEqual({ "a;x": [1], b: [2] });
  });
  it("names columns c1, c2 without a header", async () => {
    expect(await read("1,2\n3,4", "x.csv", { header: false })).toEqual({ c1: [1, 3], c2: [2, 4] });
  });
  it("keeps empty cells of TSV, quoted or not", async () => {
    expect(await read("a\tb\tc\n1\t\t3\n\t\t\n", "x.tsv")).toEqual({
      a: [1, Number.NaN],
      b: [Number.NaN, Number.NaN],
      c: [3, Number.NaN],
    });
    expect(await read('a\tb\tc\n1\t\t"3"\n', "x.tab")).toEqual({ a: [1], b: [Number.NaN], c: [3] });
  });
  it("knows numbers from what only looks like them", async () => {
    const cells = ["0x10", "1_000", "1,5", "12%", "0b1", "--1", "1e", "True", "1 2"];
    for (const cell of cells) expect(await read(`a\tb\n${cell}\t1`, "x.tsv"), cell).toMatchObject({ a: [cell] });
    expect(await read("a\n1e999\n-inf\nNaN\nNA\n?\n", "x.csv")).toEqual({
      a: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, Number.NaN],
    });
  });
  it("takes names of objects for names", async () => {
    const { data } = await load("__proto__,constructor,toString\n1,2,3\n", "x.csv");
    expect(data?.kind === "table" && [...data.columns.keys()]).toEqual(["__proto__", "constructor", "toString"]);
  });
  it("means the same with and without quotes", async () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.string({ unit: fc.constantFrom("a", "b", ".", "1", " ") }),
    );
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), fc.constantFrom(",", "\t"), async (rows, eol, sep) => {
        const path = sep === "," ? "x.csv" : "x.tsv";
        const bare = [["p", "q", "r", "s"].slice(0, rows[0].length), ...rows];
        const quoted = bare.map((r, i) => (i === 0 ? r : r.map((c) => `"${c.trim()}"`)));
        const write = (t: string[][]) => t.map((r) => r.join(sep)).join(eol);
        expect(await read(write(quoted), path)).toEqual(await read(write(bare), path));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
  it("keeps every double through text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), async (xs) => {
        expect(await read(`a\n${xs.join("\n")}\n`, "x.csv")).toEqual({ a: xs });
      }),
      { seed: 4, numRuns: 50 },
    );
  });
});

describe("JSON", () => {
  it.each([
    ["[1, 2.5, -3]", { shape: [3], values: [1, 2.5, -3] }],
    ["[[1, 2], [3, 4], [5, 6]]", { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }],
    ["[[[1], [2]]]", { shape: [1, 2, 1], values: [1, 2] }],
    ["7", { shape: [], values: [7] }],
    ['[{"a": 1, "b": "x"}, {"b": "y", "c": true}]', { a: [1, Number.NaN], b: ["x", "y"], c: [Number.NaN, 1] }],
    ['{"a": [1, 2], "b": [3, null]}', { a: [1, 2], b: [3, Number.NaN] }],
    ['{"X": [[1, 2]], "y": [3]}', { X: { shape: [1, 2], values: [1, 2] }, y: { shape: [1], values: [3] } }],
    ['{"a": [1], "b": [2, 3]}', { a: { a: [1] }, b: { b: [2, 3] } }],
  ])("reads %s", async (text, expected) => {
    const got = await read(text, "x.json");
    if (text.includes('"b": [2, 3]')) {
      expect(got).toEqual({ a: { shape: [1], values: [1] }, b: { shape: [2], values: [2, 3] } });
    } else expect(got).toEqual(expected);
  });
  it("takes __proto__ for a name", async () => {
    const { data } = await load('{"__proto__": [1, 2], "a": [3, 4]}', "x.json");
    expect(data?.kind === "table" && [...data.columns.keys()]).toEqual(["__proto__", "a"]);
  });
});

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 3 });
const sized = <T>(value: fc.Arbitrary<T>) =>
  shapes.chain((shape) => {
    const n = shape.reduce((p, k) => p * k, 1);
    return fc.tuple(fc.constant(shape), fc.array(value, { minLength: n, maxLength: n }));
  });
const ranges: Record<string, [number, number]> = {
  b1: [0, 1],
  i1: [-128, 127],
  u1: [0, 255],
  i2: [-32768, 32767],
  u2: [0, 65535],
  i4: [-(2 ** 31), 2 ** 31 - 1],
  u4: [0, 2 ** 32 - 1],
  i8: [-(2 ** 53) + 1, 2 ** 53 - 1],
  u8: [0, 2 ** 53 - 1],
};

describe("NPY", () => {
  it.each([...Object.keys(ranges), "f4", "f8"])("round trips %s of both orders and all versions", async (type) => {
    const value = ranges[type]
      ? fc.maxSafeInteger().map((x) => {
          const [lo, hi] = ranges[type];
          return lo + (Math.abs(x) % (hi - lo + 1));
        })
      : fc.double({ noNaN: true }).map((x) => (type === "f4" ? Math.fround(x) : x));
    await fc.assert(
      fc.asyncProperty(
        sized(value),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(1 as const, 2 as const, 3 as const),
        async ([shape, values], little, fortran, version) => {
          const inFile = fortran ? columnMajor(shape, values) : values;
          const bytes = npy(shape, inFile, { type, little, fortran, version });
          expect(await read(bytes, "x.npy")).toEqual({ shape, values });
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });
  it("reads half precision", async () => {
    const bits = [0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x7c00];
    const bytes = npy([7], bits, { type: "u2" });
    const at = new TextDecoder("latin1").decode(bytes).indexOf("<u2");
    bytes.set(utf8("<f2"), at);
    expect(await read(bytes, "x.npy")).toEqual({
      shape: [7],
      values: [0, 1, -2, 0.333251953125, 65504, 2 ** -24, Number.POSITIVE_INFINITY],
    });
  });
  it("reads a view into a larger buffer", async () => {
    const bytes = npy([2], [1, 2]);
    const padded = new Uint8Array(bytes.length + 7);
    padded.set(bytes, 3);
    expect(await read(padded.subarray(3, 3 + bytes.length), "x.npy")).toEqual({ shape: [2], values: [1, 2] });
  });
});

describe("NPZ, IDX, LIBSVM, gzip", () => {
  it("reads the members of an NPZ", async () => {
    const bytes = zip({
      "X.npy": npy([2, 2], [1, 2, 3, 4]),
      "y.npy": npy([2], [5, 6], { type: "i4" }),
      "note.txt": utf8("x"),
    });
    expect(await read(bytes, "x.npz")).toEqual({
      X: { shape: [2, 2], values: [1, 2, 3, 4] },
      y: { shape: [2], values: [5, 6] },
    });
  });
  it.each([
    [0x08, "u1"],
    [0x09, "i1"],
    [0x0b, "i2"],
    [0x0c, "i4"],
    [0x0d, "f4"],
    [0x0e, "f8"],
  ])("round trips IDX type %i", async (code, type) => {
    const value = ranges[type]
      ? fc.integer({ min: ranges[type][0], max: ranges[type][1] })
      : fc.double({ noNaN: true }).map((x) => (type === "f4" ? Math.fround(x) : x));
    await fc.assert(
      fc.asyncProperty(sized(value), async ([shape, values]) => {
        expect(await read(idx(code, type, shape, values), "train-images-idx3-ubyte")).toEqual({ shape, values });
      }),
      { seed: 6, numRuns: 40 },
    );
  });
  it("reads sparse LIBSVM rows", async () => {
    expect(await read("+1 1:0.5 3:-2 # note\n\n-1 2:1e2\n0\n", "a.libsvm")).toEqual({
      X: { shape: [3, 3], values: [0.5, 0, -2, 0, 100, 0, 0, 0, 0] },
      y: { shape: [3], values: [1, -1, 0] },
    });
  });
  it("unfolds gzip by its magic bytes, whatever the name", async () => {
    expect(await read(gz(utf8("a\n1\n")), "x.csv.gz")).toEqual({ a: [1] });
    expect(await read(gz(utf8("a\n1\n")), "x.csv")).toEqual({ a: [1] });
    expect(await read(gz(npy([1], [3])), "x.npy.gz")).toEqual({ shape: [1], values: [3] });
    expect(await read(gz(idx(8, "u1", [1], [3])), "t10k-labels-idx1-ubyte.gz")).toEqual({ shape: [1], values: [3] });
  });
  it("takes the format from `as`, in any letter case", async () => {
    expect(await read("a,b\n1,2\n", "x.txt", { as: "CSV" })).toEqual({ a: [1], b: [2] });
  });
});

describe("jsonErrorAt", () => {
  it.each([
    ["[1,\n2,]", 6, "a value"],
    ["[1 2]", 3, "a comma or ]"],
    ["[NaN]", 1, "a value or ]"],
    ['{"a": 1,}', 8, "a name in double quotes"],
    ["{'a': 1}", 1, "a name in double quotes or }"],
    ['{"a" 1}', 5, "a colon"],
    ["[1, 2", 5, "a comma or ]"],
    ["[1] x", 4, "the end of the file"],
    ['{"a": [1, {}], "b": 01}', 21, "a comma or }"],
  ])("%s", (text, at, expected) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorAt(text)).toEqual({ at, expected });
  });
  it("finds no error inside valid JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorAt(text)).toEqual({ at: text.length, expected: "the end of the file" });
      }),
      { seed: 9 },
    );
  });
});

describe("hostile bytes", () => {
  it.each(["csv", "tsv", "json", "npy", "npz", "idx", "libsvm"])(
    "%s never throws on arbitrary bytes",
    async (format) => {
      const seeds = [
        npy([2, 2], [1, 2, 3, 4]),
        idx(8, "u1", [2, 2], [1, 2, 3, 4]),
        zip({ "a.npy": npy([1], [1]) }),
        gz(utf8("a\n1\n")),
        utf8('{"a": [1, 2], "b": [[{}]]}'),
        utf8("1 1:2 3:4\n"),
        utf8('a,"b"\n1,2\n'),
      ];
      const mutated = fc
        .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }), fc.nat(200))
        .map(([bytes, edits, cut]) => {
          const out = bytes.slice(0, Math.max(1, bytes.length - (cut > 150 ? cut - 150 : 0)));
          for (const [at, value] of edits) out[at % out.length] = value;
          return out;
        });
      const limits = { bytes: 1e6, values: 1e5 };
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), fc.boolean(), async (bytes, header) => {
          const { data, diagnostics } = await load(bytes, "x.bin", { as: format, header, limits });
          expect(data === undefined).toBe(diagnostics.some((d) => d.severity === "error"));
          if (data) plainly(data);
          for (const d of diagnostics) expect(d.code).toMatch(/^BLO07/);
        }),
        { seed: 8, numRuns: 300 },
      );
    },
  );
  it("deep JSON is refused, not a stack overflow", async () => {
    const { diagnostics } = await load("[".repeat(100_000), "x.json");
    expect(diagnostics.map((d) => d.code)).toEqual(["BLO0716"]);
    const closed = await load(`${"[".repeat(5000)}1${"]".repeat(5000)}`, "x.json");
    expect(closed.diagnostics.map((d) => d.code)).toEqual(["BLO0716"]);
    const nested = await load(`${'{"a":'.repeat(500)}1${"}".repeat(500)}`, "x.json");
    expect(nested.diagnostics.map((d) => d.code)).toEqual(["BLO0716"]);
  });
});
