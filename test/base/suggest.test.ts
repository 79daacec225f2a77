import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, editDistance } from "../../src/base/suggest.js";

describe("closest", () => {
  it.each([
    ["sumsqq", ["sum", "sumsq", "sqrt"], "sumsq"],
    ["maen", ["mean", "max"], "mean"],
    ["X", ["x", "y"], "x"],
    ["y", ["x", "z"], undefined],
    ["crosentropy", ["crossentropy", "exp"], "crossentropy"],
    ["zebra", ["sum", "mean"], undefined],
    ["", ["a"], undefined],
    ["x", ["x"], undefined],
  ])("%s of %j is %s", (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected);
  });
});

describe("editDistance", () => {
  it("knows the four edits", () => {
    expect(editDistance("abc", "abc")).toBe(0);
    expect(editDistance("abc", "abd")).toBe(1);
    expect(editDistance("abc", "ab")).toBe(1);
    expect(editDistance("abc", "acb")).toBe(1);
    expect(editDistance("kitten", "sitting")).toBe(3);
  });

  it("is symmetric, bounded by the longer word, and cut off faithfully", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 8 }), (a, b, limit) => {
        const d = editDistance(a, b);
        expect(editDistance(b, a)).toBe(d);
        expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b, limit)).toBe(d <= limit ? d : limit + 1);
      }),
      { seed: 1 },
    );
  });
});
