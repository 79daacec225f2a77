/** Damaged files: whatever the text, the outcome is a problem or diagnostics, never an exception, and errors carry a place. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileText } from "./compile.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const texts = ["examples", "test/elaborate/fixtures"]
  .flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(".blo"))
      .sort()
      .map((f) => readFileSync(`${root}${folder}/${f}`, "utf8")),
  )
  // Those that are refused for their size take longer.
  .filter((t) => !t.includes("1..20000") && !t.includes("fn f20"));
const words = texts.map((t) => t.match(/\s+|[\p{L}_][\p{L}\d_]*|\d+(?:\.\d+)?|"[^"]*"|./gu) ?? []);
const spares = [
  "y",
  "x",
  "0",
  "1",
  "2.5",
  "[1, 2]",
  "i",
  "-",
  "*",
  "'",
  "(",
  ")",
  "sum(i in 1..3: y)",
  "inf",
  "d.age",
  ":",
];

const mutant = fc
  .tuple(
    fc.nat(words.length - 1),
    fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([which, edits]) => {
    const list = [...words[which]];
    for (const [a, b, kind] of edits) {
      const at = a % list.length;
      if (kind === 0) list.splice(at, 1);
      else if (kind === 1) list[at] = spares[b % spares.length];
      else if (kind === 2) list[at] = list[b % list.length];
      else list.splice(at, 0, spares[b % spares.length]);
    }
    return list.join("");
  });

test("damaged files give diagnostics, not exceptions", async () => {
  await fc.assert(
    fc.asyncProperty(mutant, async (text) => {
      const { problem, codes } = await compileText(text, {
        data: async () => new TextEncoder().encode("age,bmi,mpg\n1,2,3\n4,5,6\n"),
      });
      expect(problem !== undefined || codes.length > 0).toBe(true);
    }),
    { seed: 5, numRuns: 600 },
  );
});
