/**
 * Parts of the documentation are generated from the records they describe; this test keeps them fresh.
 * `UPDATE_GOLDEN=1 npx vitest run test/docs/reference.test.ts` writes them.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtin } from "../../src/methods/builtin.js";
import { root } from "./blocks.js";
import {
  commandList,
  diagnostics,
  ebnf,
  functions,
  methodPage,
  methodTables,
  operators,
  piecesPage,
} from "./generated.js";
import { rulesTable, stageList } from "./rules.js";

it.each([
  ["language.md", "operators", operators],
  ["language.md", "functions", functions],
  ["language.md", "ebnf", ebnf],
  ["command-line.md", "commands", commandList],
  ["diagnostics.md", "diagnostics", diagnostics],
  ["methods/README.md", "methods", methodTables],
  ["choosing.md", "rules", rulesTable],
  ["choosing.md", "stages", stageList],
] as const)("%s: the generated part `%s` is fresh", (file, name, generate) => {
  const page = join(root, "docs", file);
  const text = readFileSync(page, "utf8");
  const begin = `<!-- begin generated: ${name} -->\n`;
  const end = `<!-- end generated: ${name} -->`;
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  expect(from).toBeGreaterThan(begin.length);
  expect(to).toBeGreaterThanOrEqual(from);
  const wanted = `${generate()}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(page, text.slice(0, from) + wanted + text.slice(to));
  else expect(text.slice(from, to)).toBe(wanted);
});

it.each(builtin.map((m) => [m.id, m] as const))("the page of %s is fresh", (id, method) => {
  const page = join(root, "docs", "methods", `${id}.md`);
  if (process.env.UPDATE_GOLDEN) writeFileSync(page, methodPage(method));
  else expect(readFileSync(page, "utf8")).toBe(methodPage(method));
});

it("the page of the pieces is fresh", () => {
  const page = join(root, "docs", "methods", "pieces.md");
  if (process.env.UPDATE_GOLDEN) writeFileSync(page, piecesPage());
  else expect(readFileSync(page, "utf8")).toBe(piecesPage());
});

it("no page tells of a method that is gone", () => {
  const known = new Set(["README.md", "pieces.md", ...builtin.map((m) => `${m.id}.md`)]);
  const stale = readdirSync(join(root, "docs", "methods")).filter((page) => !known.has(page));
  if (process.env.UPDATE_GOLDEN) for (const page of stale) rmSync(join(root, "docs", "methods", page));
  else expect(stale).toEqual([]);
});
