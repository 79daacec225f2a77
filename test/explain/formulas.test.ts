/** Formulas against the graph: read back by the compiler of the language, by mathjs, and against differences. */
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { gradient, hvp } from "../../src/diff/index.js";
import { scalarEvaluator } from "../../src/diff/scalar.js";
import { Formulary } from "../../src/explain/formulas.js";
import { starred, variablesOf } from "../../src/explain/graph/blocks.js";
import { variablePart } from "../../src/explain/graph/leaves.js";
import { closedForm } from "../../src/explain/problem/closedForm.js";
import type { Node } from "../../src/expr/node.js";
import type { Problem } from "../../src/model/problem.js";
import { fileResolver } from "../../src/node.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { printExpression } from "../../src/syntax/printExpression.js";
import { root } from "../structure/source.js";
import { all, examples, own, problemOf, textOf } from "./files.js";

function pointOf({ x, y }: Problem, random: Random): { x: Float64Array; y: Float64Array } {
  const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => 0.1 + 0.8 * random.uniform());
  return { x: draw(x.size), y: draw(y.size) };
}

function values(problem: Problem, node: Node, at: { x: Float64Array; y: Float64Array }): Float64Array {
  const [found] = evaluate(
    [node],
    new Map([
      [problem.x, at.x],
      [problem.y, at.y],
    ]),
  );
  return Float64Array.from(found);
}

interface Shown {
  readonly node: Node;
  readonly text: string;
}

/** Gradients of both objectives by each variable, and what a formula says of them, without abbreviations. */
function shownGradients(problem: Problem): readonly Shown[] {
  const { builder: b, x, y, upper, lowers } = problem;
  const formulary = new Formulary(problem);
  const shown: Shown[] = [];
  for (const objective of [upper.objective, ...lowers.filter((l) => !l.priceOf).map((l) => l.objective)]) {
    const [gx, gy] = gradient(b, objective, [x, y]);
    const nodes = [
      objective,
      ...variablesOf(problem).map((v) => variablePart(problem, v.level === "upper" ? gx : gy, v)),
    ];
    const written = formulary.write(nodes);
    if (!written) continue;
    nodes.forEach((node, k) => {
      let text = printExpression(written.expressions[k]);
      for (const { name, value } of [...written.definitions].reverse())
        text = text.replace(new RegExp(`\\b${name}\\b`, "g"), `(${printExpression(value)})`);
      shown.push({ node, text });
    });
  }
  return shown;
}

/** Constants that only the explanation names, and row-wise functions, are not of the language. */
const foreign = /\bC\d\b|OfRows|\bI\b/;

describe("read back by the compiler", () => {
  let read = 0;
  test.each(all)("%s", async (path) => {
    const problem = await problemOf(path);
    const shown = shownGradients(problem).filter(({ text }) => !foreign.test(text));
    const lines = shown.map(({ text }) => `  (${text}) = 0`);
    const plain = textOf(path).replace(/^(expect|solve) \{[\s\S]*?^\}/gm, "");
    const again = await compile(`${plain}\nexpect {\n${lines.join("\n")}\n}\n`, {
      data: fileResolver(dirname(join(root, path)), {}),
    });
    expect(again.diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
    const targets = again.problem?.expect ?? [];
    expect(targets.length).toBe(shown.length);
    const at = pointOf(problem, createRandom(7));
    shown.forEach(({ node, text }, k) => {
      const target = targets[k];
      if (target.kind !== "value" || "objective" in target.target) throw new Error("not an expression");
      const got = values(again.problem as Problem, target.target, at);
      const want = values(problem, node, at);
      const scale = Math.max(1e-3, ...want.map(Math.abs));
      want.forEach((w, i) => {
        // one number stands for all entries of a constant gradient
        const value = got[got.length === 1 ? 0 : i];
        expect(Math.abs(value - w), `${text}: ${value} instead of ${w}`).toBeLessThanOrEqual(2e-7 * scale);
      });
      read++;
    });
  });
  test("most of them are formulas of the language", () => {
    expect(read).toBeGreaterThan(80);
  });
});

describe("read back by mathjs", () => {
  const scalar = [
    ...examples.filter((p) => /seed|duopoly|subsidy|saddle|PBGD|C1|indifferent/.test(p)),
    ...own.filter((p) => /quotient/.test(p)),
  ];
  test.each(scalar)("%s", async (path) => {
    const problem = await problemOf(path);
    const variables = variablesOf(problem);
    const at = pointOf(problem, createRandom(3));
    const names = variables.flatMap((v) =>
      v.shape.length === 0 ? [v.name] : Array.from({ length: v.size }, (_, k) => `${v.name}_${k + 1}`),
    );
    let checked = 0;
    for (const { node, text } of shownGradients(problem)) {
      const parts = text.startsWith("[") ? text.slice(1, -1).split(/,(?![^(]*\))/) : [text];
      const want = values(problem, node, at);
      for (const [k, part] of parts.entries()) {
        const evaluator = await scalarEvaluator(part.replace(/\[(\d+)\]/g, "_$1"), names);
        const got = evaluator?.(...at.x, ...at.y);
        expect(got, part).toBeCloseTo(want[k], 6);
        checked++;
      }
    }
    expect(checked).toBeGreaterThanOrEqual(4);
  });
});

describe("closed forms", () => {
  test.each([
    ["examples/seed/quadratic.blo", 2],
    ["examples/stackelberg/duopoly.blo", 40],
    ["examples/followers/subsidy.blo", 3],
    ["test/explain/problems/quotient.blo", 1.3],
  ])("%s", async (path, x0) => {
    const problem = await problemOf(path);
    const closed = closedForm(problem);
    if (!closed) throw new Error("no closed form");
    const { builder: b, x, y, upper, lowerObjective } = problem;
    const of = (node: Node, t: number): number => evaluate([node], new Map([[x, Float64Array.of(t)]]))[0][0];
    const [solution] = evaluate([closed.solution], new Map([[x, Float64Array.of(x0)]]));
    const at = { x: Float64Array.of(x0), y: Float64Array.from(solution) };
    // stationary below, the same value above, and the slope of differences
    const slope = values(problem, gradient(b, lowerObjective, [y])[0], at);
    expect(Math.max(...slope.map(Math.abs))).toBeLessThan(1e-9);
    expect(of(closed.value, x0)).toBeCloseTo(values(problem, upper.objective, at)[0], 9);
    const h = 1e-5;
    expect(of(closed.gradient, x0)).toBeCloseTo((of(closed.value, x0 + h) - of(closed.value, x0 - h)) / (2 * h), 5);
  });

  test("none where the lower Hessian is singular, the level constrained or not quadratic", async () => {
    for (const path of ["examples/seed/curve.blo", "test/acceptance/problems/C1.blo", "examples/stackelberg/toll.blo"])
      expect(closedForm(await problemOf(path)), path).toBeUndefined();
  });
});

test("the hypergradient worked out for one lower variable is the slope along lower solutions", async () => {
  const problem = await problemOf("test/acceptance/problems/PBGD.blo");
  const { builder: b, y, upper, lowerObjective: g } = problem;
  const [slopeNode] = gradient(b, g, [y]);
  const bend = hvp(b, g, y, b.filled([1], 1));
  const solved = (t: number): number => {
    let z = -t;
    for (let k = 0; k < 50; k++) {
      const at = { x: Float64Array.of(t), y: Float64Array.of(z) };
      z -= values(problem, slopeNode, at)[0] / values(problem, bend, at)[0];
    }
    return values(problem, upper.objective, { x: Float64Array.of(t), y: Float64Array.of(z) })[0];
  };
  const { explainProblem } = await import("../../src/explain/index.js");
  const [section] = explainProblem(problem, { only: ["hypergradient"] });
  const line = section.blocks.find((block) => block.kind === "formula" && block.name === "worked out");
  if (line?.kind !== "formula") throw new Error("not worked out");
  const evaluator = await scalarEvaluator(line.formula.text.split(" = ")[1], ["x", "y"]);
  for (const t of [0.7, 1.4]) {
    const h = 1e-5;
    // y = -x is the lower solution
    expect(evaluator?.(t, -t)).toBeCloseTo((solved(t + h) - solved(t - h)) / (2 * h), 5);
  }
});

test("a second point of the lower level has names of its own", async () => {
  const { problem } = await compile(`upper {
  var x in [0, 1]
  maximize (dual(first) + dual(second)) * x
}
lower {
  var q[2] >= 0
  minimize q[1] + 2 * q[2]
  subject to
    first: q[1] >= x
    second: q[2] >= 1 - x
}
`);
  if (!problem) throw new Error("no problem");
  const names = starred(problem).places.map((p) => printExpression(p.expression));
  expect(names).toEqual(["q_star", "dual_first_star", "dual_second_star"]);
});

describe("as a person would write them", () => {
  const shown = async (source: string): Promise<readonly string[]> => {
    const { problem } = await compile(source);
    if (!problem) throw new Error("no problem");
    return shownGradients(problem).map(({ text }) => text);
  };
  const upper = "upper {\n  var x in [0, 5]\n  minimize x\n}\n";

  test("numbers that were folded into a parameter's entries come back under its name", async () => {
    const lines = await shown(
      `param w = [0.7, 0.1, 0.4]\n${upper}lower {\n  var y[3]\n  minimize 0.5 * sum(w .* (y - x).^2)\n}\n`,
    );
    expect(lines).toContain("w .* (y - x)");
  });

  test("entries of two parameters that are equal have no name", async () => {
    const lines = await shown(
      `param w = [0.7, 0.1, 0.4]\nparam v = [0.7, 0.1, 0.4]\n${upper}lower {\n  var y[3]\n  minimize 0.5 * sum(w .* (y - x).^2) + dot(v, y)\n}\n`,
    );
    expect(lines.some((l) => l.includes("[0.7, 0.1, 0.4] .* (y - x)"))).toBe(true);
  });

  test("choices with one condition are one, powers of one base too", async () => {
    const lines = await shown(
      `${upper}lower {\n  var y\n  minimize (if y > 1 then (y - 1)^2 else (1 - y)^3) + 0.25 * y^4 * exp(x)\n}\n`,
    );
    expect(lines).toContain("(if y > 1 then 2 * (y - 1) else -3 * (1 - y)^2) + y^3 * exp(x)");
    expect(lines.some((l) => l.includes("0.25y^4 * exp(x)"))).toBe(true);
  });

  test("what all terms of a sum begin with stands in front", async () => {
    const lines = await shown(
      `param A = [[1, 2, 3], [0, 1, 4], [2, 2, 1], [1, 0, 1], [5, 1, 2], [3, 2, 2], [1, 1, 1]]\n${upper}lower {\n  var y[3]\n  var z[3]\n  minimize sumsq(A * y - A * z) + sumsq(y) * exp(x)\n}\n`,
    );
    expect(lines.some((l) => l.includes("A * (y - z)"))).toBe(true);
  });
});
