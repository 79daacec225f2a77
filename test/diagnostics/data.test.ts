/** BLO07xx: what data files are told, with the place of the declaration or of the use. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { Source } from "../../src/base/source.js";
import { compileInput } from "../../src/cli/compiled.js";
import { gz, idx, npy, utf8, zip } from "../data/bytes.js";
import { expectGolden, folder } from "./golden.js";

/** A problem with one data declaration that uses an expression over it. */
const problem = (declaration: string, use: string): string => `data d = ${declaration}
upper {
  var x
  minimize (x - y)^2 + ${use}
}
lower {
  var y
  minimize (y - x)^2
}
`;

const table = "age,bmi\n59,32.1\n48,21.6\n";

/** Name of the golden file, declaration, use, the file's bytes. */
const cases: readonly (readonly [string, string, string, Uint8Array | string | undefined])[] = [
  ["BLO0701", '"../points.csv"', "sum(d.age)", undefined],
  ["BLO0702", '"points.txt"', "sum(d.age)", table],
  ["BLO0702-as", '"points.csv" as excel', "sum(d.age)", table],
  ["BLO0703", '"points.csv"', "sum(d.age)", "age,bmi\n"],
  ["BLO0704", '"points.idx"', "sum(d)", idx(8, "u1", [2 ** 20, 2 ** 10], [1])],
  ["BLO0705", '"points.npy"', "sum(d)", npy([2, 2], [1, 2, 3])],
  ["BLO0706", '"points.csv" as npy', "sum(d)", table],
  ["BLO0706-text", '"points.csv"', "sum(d.age)", Uint8Array.from([0xff, 0xfe, 65, 0])],
  ["BLO0706-gzip", '"points.csv.gz"', "sum(d.age)", gz(utf8(table)).slice(0, 20)],
  ["BLO0707", '"points.idx"', "sum(d)", Uint8Array.from([0, 0, 7, 1, 0, 0, 0, 1, 1])],
  ["BLO0710", '"points.csv"', "sum(d.age)", "age,bmi\n59,32.1\n48\n"],
  ["BLO0711", '"points.csv"', "sum(d.age)", "age,bmi\n59,32.1\nunknown,21.6\n"],
  ["BLO0711-header", '"points.csv" without header', "sum(d.c1)", table],
  ["BLO0712", '"points.csv"', "sum(d.bmi)", "age,bmi\n59,32.1\n48,NA\n"],
  ["BLO0713", '"points.csv"', "sum(d.bmi)", "age,bmi\n59,32.1\n48,inf\n"],
  ["BLO0714", '"points.csv"', "sum(d.age)", "age,age\n59,32.1\n"],
  ["BLO0715", '"points.svm"', "sum(d.y)", "1 1:2\n1 0:2\n"],
  ["BLO0716", '"points.json"', "sum(d)", "[1,\n2,]\n"],
  ["BLO0720", '"points.csv"', "sum(d.agee)", table],
  ["BLO0721", '"points.npy"', "sum(d.age)", npy([2], [1, 2])],
  ["BLO0722", '"points.npz"', "sum(d)", zip({ "X.npy": npy([2], [1, 2]), "y.npy": npy([1], [1]) })],
  ["BLO0724", '"points.npy"', "sum(d)", npy([2], [1, 2 ** 60], { type: "i8" })],
  ["BLO0725", '"points.csv"', "sum(d.c1)", "59,32.1\n48,21.6\n"],
];

test.each(cases)("%s", async (name, declaration, use, bytes) => {
  const text = problem(declaration, use);
  const data = async () => (typeof bytes === "string" ? utf8(bytes) : bytes);
  const { diagnostics } = await compile(text, { name: "problem.blo", data });
  expect(diagnostics.map((d) => d.code)).toEqual([name.slice(0, 7)]);
  expectGolden(name, diagnostics, new Source("problem.blo", text));
});

test("BLO0723: --data for a name that is not declared", async () => {
  const path = `${folder}BLO0723.blo`;
  const { diagnostics, source } = await compileInput(path, { data: new Map([["dd", "points.csv"]]) });
  expectGolden("BLO0723", diagnostics, source && new Source("BLO0723.blo", source.text));
});
