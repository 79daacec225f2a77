/**
 * Parts of the documentation are generated from the records they describe; this test keeps them fresh.
 * `UPDATE_GOLDEN=1 npx vitest run test/docs/reference.test.ts` writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./blocks.js";
import { commandList, diagnostics, ebnf, functions, methodPages, operators } from "./generated.js";

it.each([
  ["language.md", "operators", operators],
  ["language.md", "functions", functions],
  ["language.md", "ebnf", ebnf],
  ["command-line.md", "commands", commandList],
  ["diagnostics.md", "diagnostics", diagnostics],
  ["methods.md", "methods", methodPages],
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
