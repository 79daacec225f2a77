import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/base/catalogue/index.js";
import { type Diagnostic, diagnostic } from "../../src/base/diagnostic.js";
import { asCode, codes, entryOf, explainCode, isCode } from "../../src/base/explain.js";
import { toJson } from "../../src/base/json.js";
import { toSarif } from "../../src/base/sarif.js";
import { Source } from "../../src/base/source.js";

const source = new Source("a b/quad#1.blo", "param a = 1\nupper {\n  minimize foo }\n");
const span = { start: source.text.indexOf("foo"), end: source.text.indexOf("foo") + 3 };
const found: Diagnostic[] = [
  diagnostic(
    "BLO0701",
    { file: "d.csv", why: "no such file" },
    { span, related: [{ span: { start: 6, end: 7 }, message: "declared here" }] },
  ),
  diagnostic("BLO0710", { file: "d.csv", row: 3, expected: 2, found: 1 }, { at: { file: "d.csv", row: 3 } }),
];

describe("toJson", () => {
  it("gives codes, places and data places", () => {
    expect(toJson(found, source)).toMatchInlineSnapshot(`
      [
        {
          "code": "BLO0701",
          "hint": "paths are relative to the problem file; another file can be given with --data NAME=PATH",
          "message": "the data file "d.csv" cannot be read: no such file",
          "place": {
            "end": {
              "column": 15,
              "line": 3,
            },
            "file": "a b/quad#1.blo",
            "offset": [
              31,
              34,
            ],
            "start": {
              "column": 12,
              "line": 3,
            },
          },
          "related": [
            {
              "message": "declared here",
              "place": {
                "end": {
                  "column": 8,
                  "line": 1,
                },
                "file": "a b/quad#1.blo",
                "offset": [
                  6,
                  7,
                ],
                "start": {
                  "column": 7,
                  "line": 1,
                },
              },
            },
          ],
          "severity": "error",
        },
        {
          "code": "BLO0710",
          "data": {
            "file": "d.csv",
            "row": 3,
          },
          "message": ""d.csv", row 3: 1 value where the rows before have 2",
          "related": [],
          "severity": "error",
        },
      ]
    `);
  });
  it("survives JSON and does without a source", () => {
    const out = toJson(found, undefined);
    expect(JSON.parse(JSON.stringify(out))).toEqual(out);
    expect(out[0]).not.toHaveProperty("place");
    expect(out[0].related).toEqual([{ message: "declared here" }]);
  });
});

describe("toSarif", () => {
  it("is a log with rules and results that point at them", () => {
    const log = toSarif(found, source, "1.2.3");
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.tool.driver.rules.map((r) => r.id)).toEqual(["BLO0701", "BLO0710"]);
    expect(run.results).toMatchInlineSnapshot(`
      [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/quad%231.blo",
                },
                "region": {
                  "charLength": 3,
                  "charOffset": 31,
                  "endColumn": 15,
                  "endLine": 3,
                  "startColumn": 12,
                  "startLine": 3,
                },
              },
            },
          ],
          "message": {
            "text": "the data file "d.csv" cannot be read: no such file
      paths are relative to the problem file; another file can be given with --data NAME=PATH",
          },
          "relatedLocations": [
            {
              "id": 0,
              "message": {
                "text": "declared here",
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/quad%231.blo",
                },
                "region": {
                  "charLength": 1,
                  "charOffset": 6,
                  "endColumn": 8,
                  "endLine": 1,
                  "startColumn": 7,
                  "startLine": 1,
                },
              },
            },
          ],
          "ruleId": "BLO0701",
          "ruleIndex": 0,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "d.csv",
                },
                "region": {
                  "startLine": 3,
                },
              },
            },
          ],
          "message": {
            "text": ""d.csv", row 3: 1 value where the rows before have 2",
          },
          "ruleId": "BLO0710",
          "ruleIndex": 1,
        },
      ]
    `);
  });
  it("writes absolute paths as file URIs", () => {
    const [run] = toSarif(found, new Source("/tmp/ä.blo", source.text), "1").runs;
    expect(JSON.stringify(run.results[0])).toContain('"file:///tmp/%C3%A4.blo"');
  });
});

describe("the catalogue", () => {
  it("has a title, a message and a page for every code, and codes of one form", () => {
    expect(codes().length).toBe(Object.keys(catalogue).length);
    for (const code of codes()) {
      expect(code).toMatch(/^BLO(0\d|1[01])\d{2}$/);
      const e = entryOf(code);
      expect(e.title.length, code).toBeGreaterThan(3);
      expect(e.page.length, code).toBeGreaterThan(20);
      expect(explainCode(code)).toContain(e.title);
    }
  });
  it("understands how people write a code", () => {
    expect(["BLO0701", "blo0701", "0701", "701", " BLO-701 "].map(asCode)).toEqual(Array(5).fill("BLO0701"));
    expect(asCode("quad.blo")).toBeUndefined();
    expect(isCode("BLO0701")).toBe(true);
    expect(isCode("constructor")).toBe(false);
  });
});
