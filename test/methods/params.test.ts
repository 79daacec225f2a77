import { describe, expect, it } from "vitest";
import { BloError } from "../../src/base/diagnostic.js";
import { aidAuto } from "../../src/methods/implicit/aidAuto.js";
import type { Method, Parameter } from "../../src/methods/method.js";
import { defaultsOf, resolveParameters } from "../../src/methods/params.js";
import { fitting, methodOf, methods, registerMethod, whyNot } from "../../src/methods/registry.js";
import type { Status } from "../../src/methods/result.js";
import { outcomes, sentenceOf } from "../../src/methods/stop.js";
import type { Problem } from "../../src/model/problem.js";
import { ball, handOracle } from "./handOracle.js";
import { M1, P1 } from "./handProblems.js";

const parameters: readonly Parameter[] = [
  { name: "lambda", type: "number", default: 100, min: 1e-6, doc: "penalty" },
  {
    name: "rounds",
    type: "integer",
    default: undefined,
    min: 1,
    max: 50,
    auto: "from the condition",
    doc: "inner steps",
  },
  { name: "debias", type: "boolean", default: false, doc: "Richardson" },
  { name: "rule", type: "choice", default: "auto", choices: ["auto", "fixed"], doc: "steps" },
];
const method = { id: "toy", parameters };
const messages = (given: Parameters<typeof resolveParameters>[1]): string[] =>
  resolveParameters(method, given).diagnostics.map((d) => `${d.code} ${d.message}`);

describe("options of methods", () => {
  it("take defaults and read text by type", () => {
    expect(defaultsOf(method)).toEqual({ lambda: 100, rounds: undefined, debias: false, rule: "auto" });
    const read = resolveParameters(method, { lambda: "1e3", rounds: "7", debias: "true", rule: "fixed" });
    expect(read.diagnostics).toEqual([]);
    expect(read.values).toEqual({ lambda: 1000, rounds: 7, debias: true, rule: "fixed" });
  });

  it("reject unknown names with the nearest known one", () => {
    expect(messages({ lamda: 3 })).toEqual(['BLO0802 method "toy" has no option "lamda"; did you mean "lambda"?']);
    expect(messages({ zzz: 3 })).toEqual([
      'BLO0802 method "toy" has no option "zzz"; its options are lambda, rounds, debias, rule',
    ]);
    expect(messages({ toString: 3 })).toHaveLength(1);
    expect(messages({ constructor: 3, __proto__: 3 })).toHaveLength(1);
  });

  it("reject wrong types", () => {
    expect(messages({ lambda: "much" })).toEqual([
      'BLO0803 option "lambda" of method "toy" must be a number, found "much"',
    ]);
    expect(messages({ lambda: true, rounds: 2.5, debias: 3, rule: "other" }).map((m) => m.slice(0, 7))).toEqual([
      "BLO0803",
      "BLO0803",
      "BLO0803",
      "BLO0803",
    ]);
    expect(messages({ lambda: "" })).toHaveLength(1);
    expect(messages({ lambda: Number.NaN })).toHaveLength(1);
    expect(messages({ rounds: Number.POSITIVE_INFINITY })).toHaveLength(1);
    expect(messages({ rule: "other" })).toEqual([
      'BLO0803 option "rule" of method "toy" must be one of auto, fixed, found "other"',
    ]);
  });

  it("reject values out of range", () => {
    expect(messages({ lambda: -1 })).toEqual([
      'BLO0804 option "lambda" of method "toy" must be at least 0.000001, found -1',
    ]);
    expect(messages({ rounds: 51 })).toEqual([
      'BLO0804 option "rounds" of method "toy" must be between 1 and 50, found 51',
    ]);
    expect(resolveParameters(method, { lambda: -1 }).values.lambda).toBe(100);
  });

  it("point at the source where a span is known", () => {
    const spans = new Map([["lamda", { start: 3, end: 8 }]]);
    expect(resolveParameters(method, { lamda: 1 }, spans).diagnostics[0].span).toEqual({ start: 3, end: 8 });
  });
});

describe("the registry", () => {
  it("finds methods by id and suggests the nearest", () => {
    expect(methodOf("aid-auto").id).toBe("aid-auto");
    expect(() => methodOf("aid-atuo")).toThrow(BloError);
    expect(() => methodOf("aid-atuo")).toThrow(/did you mean "aid-auto"/);
  });

  it("documents every method and each of its parameters", () => {
    const ids = methods().map((m) => m.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const m of methods()) {
      expect(m.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [m.title, m.reference, m.assumptions, m.failures, m.requirements.class]) {
        expect(text.length).toBeGreaterThan(10);
      }
      expect(m.formulas.length).toBeGreaterThan(0);
      expect(new Set(m.parameters.map((p) => p.name)).size).toBe(m.parameters.length);
      for (const p of m.parameters) {
        expect(p.doc.length).toBeGreaterThan(5);
        if (p.default === undefined) expect(p.auto, `${m.id} ${p.name}`).toBeTruthy();
        else expect(resolveParameters(m, { [p.name]: p.default }).diagnostics).toEqual([]);
      }
    }
  });

  it("says what keeps a method from a problem, and which ones fit", () => {
    const needy: Method = {
      ...aidAuto,
      id: "needy",
      requirements: { ...aidAuto.requirements, upperDomain: false, lowerDomain: false, minimaxOnly: true },
    } as Method;
    registerMethod(needy);
    const plain = handOracle(P1).problem;
    expect(whyNot(aidAuto, plain)).toEqual([]);
    expect(fitting(plain)).toContain("aid-auto");
    expect(fitting(plain)).not.toContain("needy");
    expect(whyNot(needy, handOracle(M1).problem)).toEqual([]);
    const found = whyNot(needy, handOracle({ ...P1, blocksX: [ball([0], 1)] }).problem);
    expect(found.map((d) => d.code)).toEqual(["BLO0812", "BLO0813"]);
    expect(found[0].message).toMatch(
      /upper variables without bounds, but x lies in a ball; methods that fit: .*aid-auto/,
    );

    const constraint = { name: "c", kind: "le", body: plain.upper.objective, rows: 1, span: { start: 1, end: 2 } };
    const level = { ...plain.upper, constraints: [constraint] };
    const constrained = { ...plain, upper: level, lowers: [level] } as unknown as Problem;
    expect(whyNot(aidAuto, constrained).map((d) => d.code)).toEqual(["BLO0810", "BLO0811"]);
    expect(whyNot(aidAuto, constrained)[0].span).toEqual({ start: 1, end: 2 });
    const game = { ...plain, independentFollowers: false } as Problem;
    expect(whyNot(aidAuto, game).map((d) => d.code)).toEqual(["BLO0814"]);
    const empty = { ...plain, upper: { ...plain.upper, variables: [] } } as Problem;
    expect(whyNot(aidAuto, empty).map((d) => d.code)).toEqual(["BLO0815"]);
  });
});

describe("reasons to stop", () => {
  it("are complete sentences with exit codes", () => {
    for (const [status, outcome] of Object.entries(outcomes)) {
      expect(outcome.sentence).toMatch(/^[A-Z].*\.$/);
      expect(outcome.exit === 0).toBe(status === "converged");
      expect(sentenceOf(status as Status)).toBe(outcome.sentence);
    }
    expect(sentenceOf("stalled", "because")).toBe("because");
  });
});
