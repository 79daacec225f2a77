/** Derivations as people read them, the section on classes, and what is said where a proof is wrong. */
import { afterEach, describe, expect, test } from "vitest";
import type { Derivation } from "../../src/base/derivation.js";
import { BloError } from "../../src/base/diagnostic.js";
import { curvatureOf } from "../../src/curvature/index.js";
import { verifyCurvature } from "../../src/curvature/verify.js";
import { classesSection } from "../../src/explain/topics/classes.js";
import type { Problem } from "../../src/model/problem.js";
import { operatorNamed } from "../../src/ops/registry.js";
import { expectGolden } from "../diagnostics/golden.js";
import { problemOf } from "../elaborate/compile.js";

const written = (objective: string, more = ""): string => `param a = [1, -2, 3]
upper {
  var x in [1, 2]
  minimize (x - 1)^2 + sum(y)
}
lower {
  var y[3]
  var t >= 0 init 1
  minimize ${objective}${more}
}
`;

function lines(problem: Problem, d: Derivation, depth = 0): string[] {
  const marked = d.span ? ` <${problem.source.text.slice(d.span.start, d.span.end)}>` : "";
  const own = `${"  ".repeat(depth)}${d.statement}${d.rule ? ` [${d.rule}]` : ""}${d.breaks ? " BREAKS" : ""}${marked}`;
  return [own, ...d.premises.flatMap((p) => lines(problem, p, depth + 1))];
}

describe("derivations", () => {
  const objectives = [
    "x * sumsq(y) + sum(i in 1..3: softplus(-a[i] * y[i])) + t",
    "max(0, 1 - dot(a, y))^2 + norm(y) + t * log(t)",
    "exp(dot(a, y)) + t + y[1] * sin(y[2]) * t",
    "y[1]^2 - 2 * y[1] * y[2] + 2 * y[2]^2 + y[3]^2 + exp(-t)",
    "sumsq(y) - log(1 + exp(t)) + t * y[1]",
  ];
  test.each(objectives)("%s", async (objective) => {
    const problem = await problemOf(written(objective));
    const { own } = curvatureOf(problem).lower.objective;
    const shown = `${own.shape}\n${lines(problem, own.derivation).join("\n")}`;
    expect(shown).toMatchSnapshot();
    const broken = lines(problem, own.derivation).some((l) => l.includes("BREAKS"));
    expect(broken, shown).toBe(own.shape === "unknown" || own.shape === "nonconvex");
  });
});

describe("the section on classes", () => {
  test("says shapes, modulus, constraints, blocks and kinks", async () => {
    const text = written(
      "4 * sumsq(y) + 3 * (t - x)^2 + norm1(y)",
      "\n  subject to\n    cap: sum(y) + t <= x\n    round: sumsq(y) <= 4",
    );
    expect(classesSection(await problemOf(text))).toMatchSnapshot();
  });
});

describe("disagreement", () => {
  const tanh = operatorNamed("tanh");
  const { curvature } = tanh;
  afterEach(() => {
    Object.assign(tanh, { curvature });
  });

  test("BLO1101: a wrong rule is found by samples, and said", async () => {
    Object.assign(tanh, { curvature: () => ({ bend: "convex", trends: ["increasing"] }) });
    const problem = await problemOf(written("tanh(sum(y)) + t"));
    expect(curvatureOf(problem).lower.objective.own.shape).toBe("convex");
    const { disagreements } = verifyCurvature(problem);
    expect(disagreements.length).toBeGreaterThan(0);
    for (const { witness } of disagreements) expect(witness.excess).toBeGreaterThan(0);
    try {
      classesSection(problem);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(BloError);
      expectGolden("BLO1101", (error as BloError).diagnostics, problem.source);
    }
  });

  test("a right rule is not", async () => {
    const problem = await problemOf(written("tanh(sum(y)) + sumsq(y) + t"));
    expect(verifyCurvature(problem).disagreements).toEqual([]);
  });
});
