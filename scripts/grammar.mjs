#!/usr/bin/env node
// Compiles grammar/blo.ne with nearley into src/syntax/grammar.gen.ts (the rules as typed data, the actions by name)
// and grammar/blo.ebnf (the same rules to be read). Fails on anything nearley only warns about.
// `--check` writes nothing and fails if a file is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const nearley = require("nearley");
const compile = require("nearley/lib/compile.js");
const lint = require("nearley/lib/lint.js");
const language = require("nearley/lib/nearley-language-bootstrapped.js");

const root = fileURLToPath(new URL("..", import.meta.url));

function compiledRules(text) {
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
  return compiled.rules;
}

function typescript(rules) {
  return [
    "// Generated from grammar/blo.ne by scripts/grammar.mjs. Do not edit.",
    'import * as statements from "./declare.js";',
    'import * as expressions from "./nodes.js";',
    'import type { GrammarRule } from "./rule.js";',
    "",
    "const actions = { ...expressions, ...statements };",
    "",
    "export const rules: readonly GrammarRule[] = [",
    ...rules.map(rule),
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

/** Kinds of tokens, as src/syntax/lexer.ts reads them. */
const tokens = `
(* Tokens. White space and comments (# to the end of the line) part them and are dropped. *)
name           = letter , { letter | digit | "_" } ;            (* letters of any alphabet; no keyword *)
keyword        = ? the reserved words of src/syntax/vocabulary.ts ? ;
number         = ( digits , [ "." , [ digits ] ] | "." , digits ) , [ ( "e" | "E" ) , [ "+" | "-" ] , digits ] ;
                 (* the dot of \`1..5\` and of \`2.*x\` is not the number's *)
coefficient    = ? a number directly followed by a name, "(" or "[" ? ;
string         = '"' , { character | escape } , '"' ;           (* on one line *)
escape         = "\\" , ( '"' | "\\" | "/" | "n" | "r" | "t" | "u" , 4 * hexdigit ) ;
array          = ? a literal array of plain numbers, folded by the reader; reads as "[" expressions "]" ? ;
comparison-sign = "<" | "<=" | ">" | ">=" | "==" | "!=" ;
additive-sign  = "+" | "-" ;
multiplicative-sign = "*" | "/" | ".*" | "./" ;
power-sign     = "^" | ".^" ;
stop           = ";" | ? a newline that ends a statement: src/syntax/statements.ts says when ? ;
`;

/** The rules in ISO 14977's notation, one alternative a line. */
function ebnf(rules) {
  const signs = new Set(["comparison", "additive", "multiplicative", "power"]);
  const quoted = (text) => (text.includes('"') ? `'${text}'` : `"${text}"`);
  const one = (s) => {
    if (typeof s === "string") return s;
    if (s.literal !== undefined) return quoted(s.literal);
    const type = JSON.parse(/\{type: ("\w+")\}/.exec(s.token)[1]);
    return signs.has(type) ? `${type}-sign` : type;
  };
  const names = [...new Set(rules.map((r) => r.name))];
  const lines = names.map((name) => {
    const own = rules.filter((r) => r.name === name);
    const alternatives = own.map((r) => (r.symbols.length === 0 ? "(* nothing *)" : r.symbols.map(one).join(" , ")));
    return `${name.padEnd(14)} = ${alternatives.join(`\n${" ".repeat(14)} | `)} ;`;
  });
  return `(* Generated from grammar/blo.ne by scripts/grammar.mjs. Do not edit. *)\n\n${lines.join("\n")}\n${tokens}`;
}

try {
  const rules = compiledRules(readFileSync(`${root}grammar/blo.ne`, "utf8"));
  const files = { "src/syntax/grammar.gen.ts": typescript(rules), "grammar/blo.ebnf": ebnf(rules) };
  for (const [path, text] of Object.entries(files)) {
    if (!process.argv.includes("--check")) writeFileSync(root + path, text);
    else if (readFileSync(root + path, "utf8") !== text)
      throw new Error(`${path} is stale: run node scripts/grammar.mjs`);
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
