/**
 * Every code of the families names, levels, shapes, sets and domains is provoked by a file in fixtures/ and its rendered
 * text kept beside it. `UPDATE_GOLDEN=1 npx vitest run test/elaborate` rewrites the texts.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { domains } from "../../src/base/catalogue/domains.js";
import { levels } from "../../src/base/catalogue/levels.js";
import { names } from "../../src/base/catalogue/names.js";
import { sets } from "../../src/base/catalogue/sets.js";
import { shapes } from "../../src/base/catalogue/shapes.js";
import type { ParameterValue } from "../../src/elaborate/elaborate.js";
import { compileText } from "./compile.js";

const folder = fileURLToPath(new URL("fixtures/", import.meta.url));
const families = { ...names, ...levels, ...shapes, ...sets, ...domains };
const fixtures = readdirSync(folder)
  .filter((f) => f.endsWith(".blo"))
  .map((f) => f.slice(0, -4));

test("every code has a fixture and every fixture a code", () => {
  expect([...new Set(fixtures.map((f) => f.slice(0, 7)))].sort()).toEqual(Object.keys(families).sort());
});

test("every page explains and shows source", () => {
  for (const [code, entry] of Object.entries(families)) {
    expect(entry.page, code).toMatch(/\n {4}\S/);
    expect(entry.page.length, code).toBeGreaterThan(100);
  }
});

describe("rendered text", () => {
  test.each(fixtures)("%s", async (name) => {
    const text = readFileSync(`${folder}${name}.blo`, "utf8");
    const given = /^# params: (.*)$/m.exec(text)?.[1];
    const params: Record<string, ParameterValue> = given ? JSON.parse(given) : {};
    const compiled = await compileText(text, { params }, `${name}.blo`);
    expect(compiled.codes, compiled.text).toContain(name.slice(0, 7));
    const golden = `${folder}${name}.txt`;
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, `${compiled.text}\n`);
    expect(existsSync(golden), `no ${golden}: run with UPDATE_GOLDEN=1`).toBe(true);
    expect(`${compiled.text}\n`).toBe(readFileSync(golden, "utf8"));
  });
});

test("a fixture provokes little else: errors do not cascade", async () => {
  for (const name of fixtures) {
    const code = name.slice(0, 7);
    const text = readFileSync(`${folder}${name}.blo`, "utf8");
    const given = /^# params: (.*)$/m.exec(text)?.[1];
    const { codes } = await compileText(text, { params: given ? JSON.parse(given) : {} });
    const others = codes.filter((c) => c !== code);
    expect(others, name).toEqual([]);
  }
});
