/**
 * The tables of the language reference are generated from the records they describe; this test keeps them fresh.
 * `npm run docs` (UPDATE_GOLDEN=1) writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeFunctions } from "../../src/ops/describe.js";
import { operatorTable } from "../../src/syntax/vocabulary.js";
import { root } from "./blocks.js";

const cell = (text: string) => text.replaceAll("|", "\\|");
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((r) => `| ${r.map(cell).join(" | ")} |`).join("\n");

function operators(): string {
  const tightestFirst = [...operatorTable].sort((a, b) => b.precedence - a.precedence);
  return table(
    ["operator", "place", "groups", "meaning"],
    tightestFirst.map((o) => [`\`${o.symbol}\``, o.fixity, o.associativity, o.meaning]),
  );
}

function functions(): string {
  return table(
    ["function", "meaning"],
    describeFunctions().map((f) => [`\`${f.signature}\``, f.doc]),
  );
}

function ebnf(): string {
  return `\`\`\`ebnf\n${readFileSync(join(root, "grammar", "blo.ebnf"), "utf8").trimEnd()}\n\`\`\``;
}

const page = join(root, "docs", "language.md");
it.each([
  ["operators", operators],
  ["functions", functions],
  ["ebnf", ebnf],
] as const)("the generated part `%s` of the language reference is fresh", (name, generate) => {
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
