/** Habits that a reader counts on: short files, no loopholes in the types, no leftovers. */
import { expect, test } from "vitest";
import { sourceFiles } from "./source.js";

const source = sourceFiles("src").filter((f) => !f.generated);
const everything = sourceFiles("src", "test", "bench").filter((f) => !f.generated);

const list = (files: readonly { readonly path: string }[]): string[] => files.map((f) => f.path);

test("no source file is longer than 320 lines", () => {
  expect(source.filter((f) => f.lines > 320).map((f) => `${f.path}: ${f.lines}`)).toEqual([]);
});

test("no file is called utils", () => {
  expect(list(everything.filter((f) => /\/(utils?|helpers?|misc|common)\.ts$/.test(f.path)))).toEqual([]);
});

test("no any, no switched-off checks", () => {
  const loophole =
    /:\s*any\b|\bas any\b|<any>|@ts-(ignore|nocheck|expect-error)|biome-ignore[^\n]*(noExplicitAny|all)\b/;
  expect(list(source.filter((f) => loophole.test(f.text)))).toEqual([]);
});

test("no leftovers", () => {
  // The words are put together so that this file does not find itself.
  const leftover = new RegExp(`\\b(${["TO", "FIX"].map((w, i) => w + ["DO", "ME"][i]).join("|")})\\b`);
  expect(list(everything.filter((f) => leftover.test(f.text)))).toEqual([]);
});
