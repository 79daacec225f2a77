/** The JSON document: real results fit the schema, the schema refuses others, and the published file is fresh. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { compile, solve, toDocument } from "../../src/api.js";
import { root } from "../structure/source.js";

const schema = JSON.parse(readFileSync(join(root, "schema", "result.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

const quadratic = `problem "Q"
upper { var x ; minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }
lower { var y ; minimize 4y^2 - 4x*y + x^2 + 17 }`;

async function documentOf(source: string, options = {}): Promise<Record<string, unknown>> {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const result = await solve(problem!, options);
  const extra = { file: "q.blo", sha256: "0".repeat(64), source: problem!.source, diagnostics: [] };
  return JSON.parse(JSON.stringify(toDocument(result, extra))) as Record<string, unknown>;
}

test.each([
  ["converged", quadratic, {}],
  ["iteration-limit", quadratic, { method: "f2ba", iterations: 1 }],
  ["not-finite", "upper { var x ; minimize x - log(x - 5) }\nlower { var y ; minimize (y - x)^2 }", {}],
  ["interrupted", quadratic, { signal: { aborted: true } }],
] as const)("a document of a run that ended %s fits the schema", async (status, source, options) => {
  const document = await documentOf(source, options);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.status).toBe(status);
  expect(Object.keys(document)).toEqual([
    "problem",
    "file",
    "source",
    "version",
    "method",
    "options",
    "seed",
    "status",
    "reason",
    "values",
    "upper",
    "lower",
    "certificate",
    "counts",
    "iterations",
    "seconds",
    ...("presolve" in document ? ["presolve"] : []),
    ...("tried" in document ? ["tried"] : []),
    "warnings",
    "diagnostics",
  ]);
});

test("the schema refuses what is not a result", async () => {
  const document = await documentOf(quadratic);
  for (const change of [{ status: "fine" }, { seconds: -1 }, { extra: 1 }, { source: "abc" }, { counts: {} }]) {
    expect(validate({ ...document, ...change })).toBe(false);
  }
});

test("the published schema is fresh", () => {
  execFileSync(process.execPath, ["scripts/schema.mjs", "--check"], { cwd: root });
});
