import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { parse } from "../../src/syntax/parse.js";
import { format, print } from "../../src/syntax/print.js";
import { printExpression } from "../../src/syntax/printExpression.js";
import type { SyntaxTree } from "../../src/syntax/tree.js";
import { bare, commentsOf, commentText, expression, tree } from "./arbitrary.js";

const options = { seed: 20260101, numRuns: 100 };

function parsed(text: string): SyntaxTree {
  const result = parse(new Source("t.blo", text));
  expect(result.diagnostics, text).toEqual([]);
  return result.tree as SyntaxTree;
}

describe("print and parse", () => {
  it("parse(print(tree)) is the tree", () => {
    fc.assert(
      fc.property(tree, (t) => {
        expect(bare(parsed(print(t)))).toEqual(bare(t));
      }),
      options,
    );
  });

  it("one expression survives, on one line", () => {
    fc.assert(
      fc.property(expression, (e) => {
        const text = printExpression(e);
        expect(text).not.toMatch(/\n/);
        const { items } = parsed(`let v = ${text}`);
        expect(bare(items)).toEqual([{ kind: "let", name: { name: "v" }, value: bare(e) }]);
      }),
      { ...options, numRuns: 800 },
    );
  });

  it("formatting twice is formatting once, and lines are narrow where a break allows it", () => {
    fc.assert(
      fc.property(tree, (t) => {
        const once = print(t);
        expect(format(new Source("t.blo", once)).text).toBe(once);
      }),
      options,
    );
  });

  it("keeps every comment, wherever it stands, and stays a fixed point", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.boolean(), commentText), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(tree, edits, (t, wanted) => {
        const lines = print(t).split("\n");
        for (const [place, own, text] of wanted) {
          const at = place % lines.length;
          if (own) lines.splice(at, 0, `   #${text}`);
          else lines[at] += ` #${text}`;
        }
        const text = lines.join("\n");
        const before = parsed(text);
        const once = print(before, new Source("t.blo", text));
        const after = parsed(once);
        expect(commentsOf(after.comments)).toEqual(commentsOf(before.comments));
        expect(bare(after)).toEqual(bare(t));
        expect(print(after, new Source("t.blo", once))).toBe(once);
      }),
      options,
    );
  });
});
