import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Diagnostic, diagnostic } from "../../src/base/diagnostic.js";
import { frame, markLine } from "../../src/base/frame.js";
import { type Paint, plain } from "../../src/base/paint.js";
import { countText, renderText } from "../../src/base/render.js";
import { Source } from "../../src/base/source.js";
import { textWidth } from "../../src/base/width.js";

const read = { file: "d.csv", why: "no such file" };
const text = 'problem "P"\r\nparam a = 1\r\nupper {\r\n\tvar x\r\n\tminimize foo(x) + a\r\n}\r\n';
const source = new Source("dir/quad.blo", text);
const spanOf = (word: string, in_ = text) => {
  const start = in_.indexOf(word);
  return { start, end: start + word.length };
};
const one = (span: { start: number; end: number }, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: "BLO0701",
  severity: "error",
  message: "unknown name foo",
  related: [],
  span,
  ...more,
});
const draw = (src: Source, span: { start: number; end: number }, width = 60) =>
  `\n${frame(src, span, { width, paint: plain, accent: (s) => s, mark: "^" }).join("\n")}\n`;

describe("renderText", () => {
  it("shows place, frame, related place and hint", () => {
    const d = one(spanOf("foo"), {
      related: [{ span: spanOf("param a = 1"), message: "a is declared here" }],
      hint: "did you mean fob?",
    });
    expect(`\n${renderText([d], source)}\n`).toMatchInlineSnapshot(`
      "
      dir/quad.blo:5:11: error BLO0701: unknown name foo
      5 |     minimize foo(x) + a
        |              ^^^
        dir/quad.blo:2:1: a is declared here
      2 | param a = 1
        | -----------
        hint: did you mean fob?
      "
    `);
  });

  it("shows a place in a data file, with and without a span", () => {
    const at = { file: "d.csv", row: 12, column: "bmi" };
    const d = diagnostic("BLO0711", { ...at, text: "n/a" }, { at, span: spanOf("param a") });
    expect(
      `\n${renderText([d, diagnostic("BLO0701", read, { at: { file: "d.csv" } })], source)}\n`,
    ).toMatchInlineSnapshot(`
      "
      dir/quad.blo:2:1: error BLO0711: "d.csv", row 12, column "bmi": "n/a" is not a number
      2 | param a = 1
        | ^^^^^^^
        in d.csv:12, column bmi

      d.csv: error BLO0701: the data file "d.csv" cannot be read: no such file
        hint: paths are relative to the problem file; another file can be given with --data NAME=PATH
      "
    `);
    expect(
      renderText([{ ...d, related: [{ span: { start: 0, end: 1 }, message: "why" }] }], undefined),
    ).toMatchInlineSnapshot(`
      "d.csv:12, column bmi: error BLO0711: "d.csv", row 12, column "bmi": "n/a" is not a number
        why"
    `);
  });

  it("limits the number shown and counts the rest", () => {
    const many = Array.from({ length: 5 }, () => one(spanOf("foo")));
    expect(renderText(many, undefined, { limit: 2 }).split("\n\n")).toEqual([
      "error BLO0701: unknown name foo",
      "error BLO0701: unknown name foo",
      "… and 3 more",
    ]);
    expect(countText([...many, one(spanOf("a"), { severity: "warning" })])).toBe("5 errors, 1 warning");
    expect(countText([])).toBe("");
  });

  it("paints by severity", () => {
    const mark = (name: string) => (s: string) => `<${name}>${s}</${name}>`;
    const paint: Paint = {
      error: mark("e"),
      warning: mark("w"),
      info: mark("i"),
      strong: mark("s"),
      dim: mark("d"),
      good: mark("g"),
      bad: mark("b"),
    };
    expect(
      `\n${renderText([one(spanOf("foo"), { severity: "warning" })], source, { paint })}\n`,
    ).toMatchInlineSnapshot(`
      "
      <s>dir/quad.blo:5:11</s>: <w>warning BLO0701</w>: unknown name foo
      <d>5 | </d>    minimize foo(x) + a
      <d>  | </d>             <w>^^^</w>
      "
    `);
  });

  it("never sends control characters of the input to a terminal", () => {
    const bad = new Source("a\u001b[31m.blo", "var \u001b[2J\u0007\u202ex\u0000\n");
    const out = renderText([one({ start: 4, end: 9 }, { message: "odd \u001b[31m" })], bad);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(out.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe("frame", () => {
  it("draws tabs, wide and combining characters in columns", () => {
    const s = new Source("w", "\tαe\u0301変数 := x🎉y + bad");
    expect(draw(s, spanOf("bad", s.text))).toMatchInlineSnapshot(`
      "
      1 |     αé変数 := x🎉y + bad
        |                      ^^^
      "
    `);
    expect(draw(s, spanOf("変数", s.text))).toMatchInlineSnapshot(`
      "
      1 |     αé変数 := x🎉y + bad
        |       ^^^^
      "
    `);
    expect(draw(s, spanOf("🎉", s.text))).toMatchInlineSnapshot(`
      "
      1 |     αé変数 := x🎉y + bad
        |                ^^
      "
    `);
  });

  it("draws spans over several lines, with a gap in long ones", () => {
    const s = new Source("m", "a {\n  b\n\n  c }\nd\ne\nf\n");
    expect(draw(s, { start: 2, end: 14 })).toMatchInlineSnapshot(`
      "
      1 | a {
        |   ^
      2 |   b
        |   ^
      3 |
      4 |   c }
        |   ^^^
      "
    `);
    expect(draw(s, { start: 2, end: 18 })).toMatchInlineSnapshot(`
      "
      1 | a {
        |   ^
      … |
      6 | e
        | ^
      "
    `);
    expect(draw(s, { start: 0, end: 4 })).toMatchInlineSnapshot(`
      "
      1 | a {
        | ^^^
      "
    `);
  });

  it("marks the end of the text and of a line", () => {
    expect(draw(new Source("e", ""), { start: 0, end: 0 })).toMatchInlineSnapshot(`
      "
      1 |
        | ^
      "
    `);
    expect(draw(new Source("e", "var x"), { start: 5, end: 5 })).toMatchInlineSnapshot(`
      "
      1 | var x
        |      ^
      "
    `);
    expect(draw(new Source("e", "var x\n"), { start: 6, end: 6 })).toMatchInlineSnapshot(`
      "
      2 |
        | ^
      "
    `);
  });

  it("cuts long lines around the span", () => {
    const s = new Source("l", `${"a + ".repeat(50)}bad${" + b".repeat(50)}`);
    expect(draw(s, spanOf("bad", s.text), 50)).toMatchInlineSnapshot(`
      "
      1 | … a + a + a + bad + b + b + b + b + b + b + b…
        |               ^^^
      "
    `);
    expect(draw(s, { start: 0, end: 1 }, 50)).toMatchInlineSnapshot(`
      "
      1 | a + a + a + a + a + a + a + a + a + a + a + a…
        | ^
      "
    `);
    expect(draw(s, { start: s.text.length, end: s.text.length }, 50)).toMatchInlineSnapshot(`
      "
      1 | …+ b + b + b + b + b + b + b + b + b + b + b
        |                                             ^
      "
    `);
    expect(draw(s, { start: 4, end: s.text.length }, 50)).toMatchInlineSnapshot(`
      "
      1 | a + a + a + a + a + a + a + a + a + a + a + a…
        |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "
    `);
  });

  it("a line of three megabytes costs milliseconds", () => {
    const s = new Source("big", "x".repeat(3_000_000));
    const t = performance.now();
    const out = draw(s, { start: 1_500_000, end: 1_500_003 }, 60);
    expect(performance.now() - t).toBeLessThan(200);
    expect(out.length).toBeLessThan(200);
    expect(out).toContain("^^^");
  });

  it("never exceeds its width and always underlines the span's first character", () => {
    const unit = fc.constantFrom("a", " ", "\t", "変", "🎉", "e\u0301", "\u0007", "+");
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 120 }),
        fc.nat(120),
        fc.nat(60),
        fc.integer({ min: 10, max: 60 }),
        (units, from, length, width) => {
          const line = units.join("");
          const start = units.slice(0, from).join("").length;
          const end = units.slice(0, from + length).join("").length;
          const { text: drawn, underline } = markLine(line, start, end, width, "^");
          expect(textWidth(drawn)).toBeLessThanOrEqual(width);
          expect(textWidth(underline)).toBeLessThanOrEqual(Math.max(width, textWidth(drawn) + 1));
          expect(underline).toMatch(/^ *\^+$/);
          // What stands above the first caret is the span's first character.
          if (from < units.length && units[from] !== "\t" && units[from] !== "\u0007") {
            const column = underline.indexOf("^");
            let at = 0;
            let found = "";
            for (const c of drawn) {
              if (at === column && found === "" && textWidth(c) > 0) found = c;
              at += textWidth(c);
            }
            expect(found).toBe(Array.from(units[from])[0]);
          }
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
