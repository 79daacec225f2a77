/** The catalogue as a whole: each code has a rendered text somewhere, and a page that explains and shows. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/base/catalogue/index.js";
import { codes, entryOf, explainCode } from "../../src/base/explain.js";

const folders = ["./fixtures/", "../elaborate/fixtures/"].map((f) => fileURLToPath(new URL(f, import.meta.url)));
const goldens = folders.flatMap((f) => readdirSync(f)).filter((f) => f.endsWith(".txt"));

test("every code has the text that people see, and every text a code", () => {
  const shown = new Set(goldens.map((f) => f.slice(0, 7)));
  expect([...shown].sort()).toEqual(Object.keys(catalogue).sort());
});

describe("pages", () => {
  test.each(codes())("%s", (code) => {
    const { severity, title, page } = entryOf(code);
    expect(title.length).toBeGreaterThan(3);
    expect(page.trim().length).toBeGreaterThan(60);
    // An example: a fence, indented lines, or a `Wrong:` with code on its line.
    if (severity === "error") expect(page).toMatch(/^```|^ {4}\S|^Wrong: `/m);
    const text = explainCode(code);
    expect(text.split("\n")[0]).toBe(`# ${code}: ${title}`);
    expect(text).toContain(page.trim());
    expect(text).toMatch(/\n$/);
    expect(text.match(/^```/gm)?.length ?? 0, "fences come in pairs").toSatisfy((n: number) => n % 2 === 0);
  });
});
