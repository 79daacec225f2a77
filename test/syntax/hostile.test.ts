import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { parse } from "../../src/syntax/parse.js";
import { format } from "../../src/syntax/print.js";
import { treeOf } from "./support.js";

/** Answers arrive within two seconds on an idle machine; the tests allow for a busy one. */
const LIMIT = 10_000;

function bytes(count: number): string {
  let state = 1;
  let text = "";
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(1 + ((state >>> 16) % 255));
  }
  return text;
}

const inputs: Readonly<Record<string, readonly [text: string, firstCode: string]>> = {
  "binary without NUL": [bytes(200_000), "BLO0101"],
  "binary with NUL": [`${bytes(1000)}\0`, "BLO0003"],
  "5,000 open round brackets": [`let a = ${"(".repeat(5000)}`, "BLO0107"],
  "5,000 nested brackets": [`let a = ${"(".repeat(5000)}x${")".repeat(5000)}`, "BLO0107"],
  "5,000 nested arrays": [`param a = ${"[".repeat(5000)}1${"]".repeat(5000)}`, "BLO0107"],
  "5,000 open curly brackets": ["{".repeat(5000), "BLO0114"],
  "5,000 nested levels": ["upper{".repeat(5000), "BLO0122"],
  "5,000 closing brackets": ["}".repeat(5000), "BLO0106"],
  "unterminated strings": ['problem "abc\n'.repeat(5000), "BLO0102"],
  "one unterminated string of 3 MB": [`problem "${"a".repeat(3e6)}`, "BLO0102"],
  backslashes: [`problem "${"\\".repeat(1e6)}`, "BLO0102"],
  "unknown escapes": [`problem "${"\\q".repeat(1e6)}"`, "BLO0103"],
  "a sum of 3 MB on one line": [`let a = ${"x + ".repeat(750_000)}x`, "BLO0126"],
  "a name of 3 MB": ["x".repeat(3e6), "BLO0114"],
  "a number of 3 MB": [`let a = ${"1".repeat(3e6)}`, "BLO0104"],
  "a comment of 3 MB": [`#${"c".repeat(3e6)}`, "BLO0001"],
  "3 MB of signs that mean nothing": ["@ ".repeat(1.5e6), "BLO0101"],
  "3 MB of newlines": ["\n".repeat(3e6), "BLO0001"],
  "3 MB of semicolons": [";".repeat(3e6), "BLO0001"],
  "100,000 signs": [`let a = ${"-".repeat(1e5)}1`, "BLO0107"],
  "100,000 times not": [`let a = ${"not ".repeat(1e5)}1`, "BLO0107"],
  "100,000 powers": [`let a = ${"x^".repeat(1e5)}1`, "BLO0107"],
  "50,000 times else": [`let a = ${"if a then b else ".repeat(5e4)}1`, "BLO0107"],
  "20,000 transposes": [`let a = x${"'".repeat(2e4)}`, "BLO0126"],
  "20,000 indices": [`let a = x${"[1]".repeat(2e4)}`, "BLO0126"],
  "lone surrogates": ["\ud800".repeat(1e5), "BLO0101"],
};

describe("hostile input", () => {
  it.each(Object.entries(inputs))("%s is answered", { timeout: LIMIT }, (_, [text, code]) => {
    const { diagnostics } = parse(new Source("hostile.blo", text));
    expect(diagnostics[0].code).toBe(code);
    expect(diagnostics.length).toBeLessThanOrEqual(21);
    for (const { message } of diagnostics) expect(message.length).toBeLessThan(300);
  });

  it("a table of 300,000 numbers on one line of 1 MB is read and printed", { timeout: LIMIT }, () => {
    const text = `param A = [${Array.from({ length: 100_000 }, (_, i) => `[${i % 90}, -1.5, 3]`).join(", ")}]`;
    const source = new Source("table.blo", text);
    expect(parse(source).tree?.items).toMatchObject([{ value: { kind: "array", items: { length: 100_000 } } }]);
    expect(
      format(source)
        .text?.split("\n")
        .every((line) => line.length <= 120),
    ).toBe(true);
  });

  it("the deepest formulas that are let in can be printed", () => {
    for (const text of [
      `let a = ${"x + ".repeat(1990)}x`,
      `let a = ${"x * ".repeat(1990)}x`,
      `let a = x${"'".repeat(1990)}`,
      `let a = x${"[1]".repeat(1990)}`,
      `let a = ${"(1 + ".repeat(190)}x${")".repeat(190)}`,
      `let a = ${"x^".repeat(190)}x`,
      `let a = ${"-".repeat(190)}x`,
      `let a = ${"if a then b else ".repeat(190)}c`,
      `let a = ${"a^2 * ".repeat(900)}x`,
    ]) {
      const once = format(new Source("deep.blo", text)).text ?? "";
      expect(once).not.toBe("");
      expect(format(new Source("deep.blo", once)).text).toBe(once);
    }
  });

  it("names like those of object properties are plain names", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];
    const text = names.map((n) => `param ${n} = ${n}(${n}.${n}[${n}])`).join("\n");
    const { items } = treeOf(`${text}\nsolve { ${names.map((n) => `${n} ${n}`).join("; ")} }`);
    expect(items.slice(0, -1).map((i) => i.kind === "param" && i.name.name)).toEqual(names);
    expect(items.at(-1)).toMatchObject({ settings: names.map((n) => ({ name: { name: n }, value: { name: n } })) });
    for (const n of names) expect(parse(new Source("t", `${n} { }`)).diagnostics[0].code).toBe("BLO0114");
  });
});
