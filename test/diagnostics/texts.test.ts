/** BLO00xx and BLO01xx: what source text as a text, and its words and statements, are told. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Source } from "../../src/base/source.js";
import { compileInput } from "../../src/cli/compiled.js";
import { readSource } from "../../src/cli/sourceFile.js";
import { parse } from "../../src/syntax/parse.js";
import { MAX_SOURCE_LENGTH } from "../../src/syntax/readable.js";
import { expectGolden, folder } from "./golden.js";

const files = readdirSync(folder)
  .filter((f) => /^BLO0[01].*\.blo$/.test(f))
  .map((f) => f.slice(0, -4));

test.each(files)("%s", (name) => {
  const source = new Source(`${name}.blo`, readFileSync(`${folder}${name}.blo`, "utf8"));
  const { diagnostics } = parse(source);
  // One slip, one finding.
  expect(diagnostics.map((d) => d.code)).toEqual([name.slice(0, 7)]);
  expectGolden(name, diagnostics, source);
});

const level = (body: string): string => `upper {\n  var x\n  minimize ${body}\n}\n`;

/** Texts too long or too odd for a file of their own. */
const built: readonly (readonly [string, string])[] = [
  ["BLO0001-blank", " \n\t\n"],
  ["BLO0002", `# ${"x".repeat(MAX_SOURCE_LENGTH)}\n`],
  ["BLO0003", "\u0000\u0001PNG\n"],
  ["BLO0005", `param p = [${"a, ".repeat(11_000)}a]\n`],
  ["BLO0006", "?\n".repeat(50)],
  ["BLO0107", level(`${"(".repeat(201)}x${")".repeat(201)}`)],
  ["BLO0126", level(`${"x + ".repeat(5000)}x`)],
];

test.each(built)("%s", (name, text) => {
  const source = new Source("long.blo", text);
  const { diagnostics } = parse(source);
  const own = diagnostics.filter((d) => d.code === name.slice(0, 7));
  expect(own).toHaveLength(1);
  if (name !== "BLO0006") expect(diagnostics).toHaveLength(1);
  expectGolden(name, own, source);
});

test("a byte order mark is no part of the text: columns count after it", async () => {
  const bytes = Buffer.from("\uFEFFuper {\n}\n", "utf8");
  const source = new Source("bom.blo", new TextDecoder().decode(bytes));
  expectGolden("BLO0114-bom", parse(source).diagnostics, source);
});

test("BLO0010: paths that cannot be read", async () => {
  const missing = await readSource("no-such-folder/toll.blo");
  expectGolden("BLO0010", missing.diagnostics, missing.source);
  const directory = await compileInput("test", {});
  expectGolden("BLO0010-directory", directory.diagnostics, directory.source);
});
