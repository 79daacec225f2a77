#!/usr/bin/env node
// Compiles grammar/blo.ne with nearley into src/syntax/grammar.gen.ts: the rules as typed data, the actions by name.
// Fails on anything nearley only warns about. `--print` writes to standard output instead (a test compares).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const nearley = require("nearley");
const compile = require("nearley/lib/compile.js");
const lint = require("nearley/lib/lint.js");
const language = require("nearley/lib/nearley-language-bootstrapped.js");

const root = fileURLToPath(new URL("..", import.meta.url));

export function generate(text) {
  const parser = new nearley.Parser(nearley.Grammar.fromCompiled(language));
  parser.feed(text);
  const readings = new Set(parser.results.map((reading) => JSON.stringify(reading)));
  if (readings.size !== 1) throw new Error(`grammar/blo.ne has ${readings.size} readings`);
  const compiled = compile(parser.results[0], { args: [] });
  const warnings = [];
  lint(compiled, { out: { write: (line) => warnings.push(line.trim()) } });
  const used = new Set(compiled.rules.flatMap((rule) => rule.symbols.filter((s) => typeof s === "string")));
  const starts = new Set(["file"]);
  for (const { name } of compiled.rules) {
    if (!used.has(name) && !starts.has(name)) warnings.push(`rule \`${name}\` is never used`);
    if (name.includes("$")) warnings.push(`rule \`${name}\` comes from a list operator; write the list out`);
  }
  if (warnings.length > 0) throw new Error(`grammar/blo.ne:\n${[...new Set(warnings)].join("\n")}`);
  return [
    "// Generated from grammar/blo.ne by scripts/grammar.mjs. Do not edit.",
    'import * as statements from "./declare.js";',
    'import * as expressions from "./nodes.js";',
    'import type { GrammarRule } from "./rule.js";',
    "",
    "const actions = { ...expressions, ...statements };",
    "",
    "export const rules: readonly GrammarRule[] = [",
    ...compiled.rules.map(rule),
    "];",
    "",
  ].join("\n");
}

function rule({ name, symbols, postprocess }) {
  if (postprocess === undefined) throw new Error(`a rule of \`${name}\` has no action`);
  const action = typeof postprocess === "string" ? postprocess.trim() : `actions.${postprocess.builtin}`;
  const called = action === "id" ? "actions.id" : action;
  return `  { name: ${JSON.stringify(name)}, symbols: [${symbols.map(symbol).join(", ")}], postprocess: ${called} },`;
}

function symbol(s) {
  if (typeof s === "string") return JSON.stringify(s);
  if (s.literal !== undefined) return `{ literal: ${JSON.stringify(s.literal)} }`;
  const type = /\{type: ("\w+")\}/.exec(s.token ?? "");
  if (type === null) throw new Error(`unknown kind of symbol: ${JSON.stringify(s)}`);
  return `{ type: ${type[1]} }`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const text = generate(readFileSync(`${root}grammar/blo.ne`, "utf8"));
    if (process.argv.includes("--print")) process.stdout.write(text);
    else writeFileSync(`${root}src/syntax/grammar.gen.ts`, text);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
