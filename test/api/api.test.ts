/** The public interface end to end, from source text to a certified result. */
import { describe, expect, test } from "vitest";
import {
  BloError,
  certify,
  compile,
  format,
  iterate,
  methods,
  type Problem,
  parse,
  type SolveOptions,
  solve,
} from "../../src/api.js";

const quadratic = `problem "Q"
upper { var x ; minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }
lower { var y ; minimize 4y^2 - 4x*y + x^2 + 17 }`;

async function problemOf(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

const refusal = async (problem: Problem, options: SolveOptions): Promise<readonly string[]> => {
  const error: unknown = await solve(problem, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(BloError);
  return (error as BloError).diagnostics.map((d) => d.code);
};

describe("compile", () => {
  test("mistakes come back as diagnostics, several at once, never thrown", async () => {
    const { problem, diagnostics } = await compile("upper { var x ; minimize q + r }\nlower { var y ; minimize y^2 }");
    expect(problem).toBeUndefined();
    expect(diagnostics.filter((d) => d.severity === "error").length).toBeGreaterThanOrEqual(2);
    expect(diagnostics.every((d) => /^BLO\d{4}$/.test(d.code) && d.span !== undefined)).toBe(true);
    expect((await compile("")).diagnostics).toHaveLength(1);
    expect((await compile("\u0000)(")).problem).toBeUndefined();
  });

  test("parameters override, data come through the resolver only", async () => {
    const source = `param k = 1
data d = "d.csv"
upper { var x ; minimize (x - k)^2 + y^2 - y^2 }
lower { var y ; minimize (y - x - mean(d.a))^2 }`;
    const asked: string[] = [];
    const { problem } = await compile(source, {
      params: { k: 4 },
      data: async (path) => {
        asked.push(path);
        return new TextEncoder().encode("a\n1\n3\n");
      },
    });
    expect(asked).toEqual(["d.csv"]);
    const { values } = await solve(problem!);
    expect(values.x).toBeCloseTo(4, 6);
    expect(values.y).toBeCloseTo(6, 6);
    const without = await compile(source);
    expect(without.problem).toBeUndefined();
    expect(without.diagnostics.some((d) => d.code.startsWith("BLO07"))).toBe(true);
  });
});

describe("solve", () => {
  test("the seed problem, with a certificate", async () => {
    const result = await solve(await problemOf(quadratic));
    expect(result.status).toBe("converged");
    expect(result.certificate?.certified).toBe(true);
    expect(result.values.x).toBeCloseTo(7, 6);
    expect(result.values.y).toBeCloseTo(3.5, 6);
    expect(result.upper.objective).toBeCloseTo(-100, 6);
    expect(result.lower.objective).toBeCloseTo(17, 6);
    expect(result.lower.gap).toBeLessThan(1e-9);
    expect(result.trace.length).toBeGreaterThan(1);
  });

  test("the trace, too, has maximised objectives as written", async () => {
    const source = "upper { var x ; maximize 5 - (x - 2)^2 - y^2 + y^2 }\nlower { var y ; minimize (y - x)^2 }";
    const { problem } = await compile(source);
    if (!problem) throw new Error("does not compile");
    const rows: number[] = [];
    const result = await solve(problem, { trace: (row) => rows.push(row.value) });
    expect(rows[0]).toBeCloseTo(1, 12);
    expect(rows.at(-1)).toBeCloseTo(5, 9);
    expect(result.trace.map((row) => row.value)).toEqual(rows);
  });
  test("maximised objectives are reported as written", async () => {
    const source = "upper { var x ; maximize 5 - (x - 2)^2 - y^2 + y^2 }\nlower { var y ; maximize 3 - (y - x)^2 }";
    const { upper, lower, values } = await solve(await problemOf(source));
    expect(values.x).toBeCloseTo(2, 5);
    expect([upper.objective, lower.objective].map((v) => v.toFixed(6))).toEqual(["5.000000", "3.000000"]);
  });

  test("the same seed gives the same bytes, both back ends the same answer", async () => {
    const problem = await problemOf(quadratic);
    const [a, b, c] = [
      await solve(problem, { seed: 3 }),
      await solve(problem, { seed: 3 }),
      await solve(problem, { seed: 3, backend: "interpreted" }),
    ];
    expect([...a.x, ...a.y]).toEqual([...b.x, ...b.y]);
    expect(a.counts).toEqual(b.counts);
    expect(Math.abs(a.x[0] - c.x[0])).toBeLessThan(1e-9);
  });

  test("starts where it is told to, by name", async () => {
    const points: number[] = [];
    await solve(await problemOf(quadratic), {
      start: { x: 6, y: 2 },
      iterations: 1,
      method: "f2ba",
      onIteration: (row, x) => {
        if (row.iteration === 0) points.push(x[0]);
      },
    });
    expect(points).toEqual([6]);
  });

  test("what `solve { }` says holds until an option overrides it", async () => {
    const problem = await problemOf(`${quadratic}\nsolve { method f2ba ; iterations 2 ; seed 5 ; lambda 50 }`);
    const asWritten = await solve(problem);
    expect([asWritten.method, asWritten.iterations, asWritten.seed, asWritten.options.lambda]).toEqual([
      "f2ba",
      2,
      5,
      50,
    ]);
    // Options of the source belong to its method.
    const other = await solve(problem, { method: "aid-auto", iterations: 100, seed: 6 });
    expect([other.method, other.status, other.seed]).toEqual(["aid-auto", "converged", 6]);
  });

  test.each([
    [{ method: "aid-atuo" }, ["BLO0801"]],
    [{ method: "f2ba", options: { lamda: 3 } }, ["BLO0802"]],
    [{ iterations: 0 }, ["BLO0904"]],
    [{ seconds: Number.NaN }, ["BLO0904"]],
    [{ start: { z: 1 } }, ["BLO0906"]],
    [{ start: { x: [1, 2] } }, ["BLO0907"]],
  ] as const)("options that make no sense are refused: %j", async (options, codes) => {
    expect(await refusal(await problemOf(quadratic), options as SolveOptions)).toEqual(codes);
  });

  test("a method that does not fit says why, in the result", async () => {
    const problem = await problemOf(quadratic);
    const game = methods().find((m) => m.requirements.minimaxOnly);
    const result = await solve(problem, { method: game?.id });
    expect(result.status).toBe("not-applicable");
    expect(result.warnings.map((d) => d.code)).toContain("BLO0813");
    expect(result.reason).toContain("minimax");
  });

  test("numbers that are not finite at the start name the expression", async () => {
    const source = "upper { var x ; minimize x^2 + log(x - 5) }\nlower { var y ; minimize (y - x)^2 }";
    const problem = await problemOf(source);
    const result = await solve(problem);
    expect(result.status).toBe("not-finite");
    const finding = result.warnings.find((d) => d.code === "BLO0901");
    expect(finding?.span && problem.source.slice(finding.span)).toBe("log(x - 5)");
  });

  test("a cancelled run keeps its best point and makes no certificate", async () => {
    const controller = new AbortController();
    const result = await solve(await problemOf(quadratic), {
      method: "f2ba",
      signal: controller.signal,
      onIteration: (row) => {
        if (row.iteration === 2) controller.abort();
      },
    });
    expect([result.status, result.certificate]).toEqual(["interrupted", undefined]);
    expect(Number.isFinite(result.upper.objective)).toBe(true);
  });

  test("a time limit covers the certificate too", async () => {
    const problem = await problemOf(
      "upper { var x[40] ; minimize sumsq(x - y) + sum(i in 1..40: cos(9x[i])) }\nlower { var y[40] ; minimize logsumexp(3(y - x)) + sumsq(y .* y) }",
    );
    const began = performance.now();
    const result = await solve(problem, { method: "f2ba", options: {}, seconds: 0.5 });
    expect((performance.now() - began) / 1000).toBeLessThan(1.5);
    expect(["time-limit", "converged", "stalled", "uncertified"]).toContain(result.status);
  });
});

test("iterate yields every iteration and returns what solve returns", async () => {
  const problem = await problemOf(quadratic);
  const steps = iterate(problem, { method: "f2ba", iterations: 5 });
  const seen: number[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) {
      const { x, iterations } = await solve(problem, { method: "f2ba", iterations: 5 });
      expect(next.value.iterations).toBe(iterations);
      expect([...next.value.x]).toEqual([...x]);
      break;
    }
    seen.push(next.value.iteration);
    expect(next.value.x).toHaveLength(1);
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
});

test("any point can be certified", async () => {
  const problem = await problemOf(quadratic);
  expect((await certify(problem, { x: 7, y: 3.5 })).certified).toBe(true);
  const wrong = await certify(problem, { x: 6, y: 3 });
  expect(wrong.certified).toBe(false);
  expect(wrong.sentence).toContain("Not certified");
});

test("parse and format work on text alone", () => {
  expect(parse(quadratic).tree?.items.length).toBeGreaterThan(1);
  const once = format(quadratic).text!;
  expect(format(once).text).toBe(once);
  expect(format("upper {").text).toBeUndefined();
});
