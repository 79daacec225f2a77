/** Input that nobody meant: each ends soon, with a code of the user's side, and with a message of ours. */
import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blo, file, quadratic, temporary } from "./command.js";

const folder = temporary("folder.blo");
mkdirSync(folder, { recursive: true });
const brackets = (n: number) =>
  `upper { var x\n minimize ${"(".repeat(n)}x${")".repeat(n)} }\nlower { var y\n minimize y^2 }\n`;

/** What it is, its bytes, the codes that are right. */
const inputs: [string, string | Uint8Array, readonly number[]][] = [
  ["empty file", "", [3]],
  ["only blanks", "\n \t\r\n", [3]],
  ["only a comment", "# nothing\n", [3]],
  ["binary", Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), [3]],
  ["a PNG's beginning", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), [3]],
  ["UTF-16", Uint8Array.from([0xff, 0xfe, ...Buffer.from(quadratic, "utf16le")]), [3]],
  ["5,000 nested brackets", brackets(5000), [3]],
  ["100,000 open brackets", `upper { var x\n minimize ${"(".repeat(100_000)}`, [3]],
  ["100,000 open braces", "{".repeat(100_000), [3]],
  ["unterminated string", 'problem "never closed\nupper { var x\n minimize x }\n', [3]],
  ["a line of 3 MB", `upper { var x\n minimize ${"x + ".repeat(750_000)}x }`, [3]],
  ["a comment of 3 MB", `# ${"x".repeat(3_000_000)}\nupper { }`, [3]],
  ["a name of 1 MB", `upper { var ${"x".repeat(1_000_000)}\n minimize y }`, [3]],
  [
    "a number of 100,000 digits",
    `upper { var x\n minimize ${"9".repeat(100_000)} * x }\nlower { var y\n minimize y^2 }`,
    [3],
  ],
  ["deep powers", `upper { var x\n minimize x${"^x".repeat(20_000)} }\nlower { var y\n minimize y^2 }`, [3]],
  ["many minus signs", `upper { var x\n minimize ${"-".repeat(20_000)}x }\nlower { var y\n minimize y^2 }`, [3]],
  ["50,000 statements", "let a = 1\n".repeat(50_000), [3]],
  ["control characters", "upper { var \u001b[31mx\u0007 }\n", [3]],
  ["lone surrogates", Uint8Array.from([0xed, 0xa0, 0x80, 0x0a]), [3]],
  [
    "a param of 1e9 entries",
    "param p[1000000000] = 0\nupper { var x\n minimize x^2 + p[1] }\nlower { var y\n minimize y^2 }",
    [3],
  ],
  ["endless range", "upper { var x\n minimize x^2 + sum(i in 1..1e15: x) }\nlower { var y\n minimize y^2 }", [3]],
];

describe("hostile sources", () => {
  it.each(inputs)("%s", async (name, content, codes) => {
    const path = file(`${name.replace(/\W/g, "-")}.blo`, content);
    const [text, json] = await Promise.all([blo(["check", path]), blo(["run", path, "--json"])]);
    const { code, out, err, seconds } = text;
    expect(codes, err.slice(0, 500)).toContain(code);
    expect(out).toBe("");
    expect(err).toMatch(/BLO\d{4}/);
    expect(err.length).toBeLessThan(30_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing of the input may steer a terminal
    expect(err).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(seconds).toBeLessThan(4);
    expect(codes).toContain(json.code);
    expect(JSON.parse(json.out)).toMatchObject({ status: "invalid" });
    expect(json.out.length).toBeLessThan(1e6);
  });

  it.each([
    ["a directory", folder],
    ["a missing file", temporary("missing.blo")],
    ["a path through a file", `${file("plain.blo", quadratic)}/x.blo`],
    ["a very long path", `/${"x".repeat(5000)}`],
  ])("%s ends with 2 in every command that reads files", async (_, path) => {
    const [json, ...others] = await Promise.all([
      blo(["run", path, "--json"]),
      ...["run", "check", "explain", "fmt", "compile"].map((command) => blo([command, path])),
    ]);
    for (const { code, out, err } of others) {
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain("BLO0010");
    }
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({ status: "invalid", diagnostics: [{ code: "BLO0010" }] });
  });

  it("CR LF and a byte order mark change nothing", async () => {
    const plain = await blo(["run", file("lf.blo", quadratic), "--json"]);
    const windows = file("crlf.blo", `\ufeff${quadratic.replaceAll("\n", "\r\n")}`);
    const other = await blo(["run", windows, "--json"]);
    expect([plain.code, other.code]).toEqual([0, 0]);
    expect(JSON.parse(other.out).values).toEqual(JSON.parse(plain.out).values);
  });

  it("names of object properties are names", async () => {
    const source = `param constructor = 2
data toString = "p.json"
upper { var __proto__ in [-10, 10]
  minimize (__proto__ - constructor)^2 + hasOwnProperty^2 + 0 * sum(toString.__proto__) }
lower { var hasOwnProperty
  minimize (hasOwnProperty - __proto__)^2 }
`;
    file("p.json", '{"__proto__": [1, 2], "valueOf": [3, 4]}');
    const { code, out, err } = await blo(["run", file("names.blo", source), "--json", "--set", "constructor=4"]);
    expect([code, err]).toEqual([0, ""]);
    const values = new Map<string, number>(Object.entries(JSON.parse(out).values));
    expect(values.get("__proto__")).toBeCloseTo(2, 5);
    expect(values.get("hasOwnProperty")).toBeCloseTo(2, 5);
    const refused = await Promise.all([
      ...["__proto__=1", "valueOf=1"].flatMap((given) =>
        ["--set", "--opt"].map((flag) => blo(["run", temporary("names.blo"), flag, given])),
      ),
      ...["__proto__", "constructor"].map((word) => blo(["methods", word])),
    ]);
    expect(refused.map((r) => r.code)).toEqual(Array(6).fill(2));
  });
});

describe("bugs of our own", () => {
  it("never show a stack unless asked for", async () => {
    const { err } = await blo(["run", temporary("missing.blo")], { env: { BLO_DEBUG: "1" } });
    expect(err).not.toContain("    at ");
  });
});
