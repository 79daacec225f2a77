/** Better points that could not be certified are told beside the answer that was. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, solve } from "../../src/api.js";
import type { Result } from "../../src/methods/result.js";
import { uncertifiedBetter } from "../../src/solve/uncertifiedBetter.js";

interface Point {
  readonly method: string;
  readonly f: number;
  readonly certified?: boolean;
  readonly violation?: number;
  readonly gap?: number;
}

const resultOf = ({ method, f, certified = false, violation = 0, gap = 0 }: Point): Result =>
  ({
    method,
    status: certified ? "converged" : "uncertified",
    x: Float64Array.of(1),
    y: Float64Array.of(1),
    upper: { objective: f, violation },
    lower: { objective: 1, violation: 0, gap },
    certificate: {
      certified,
      checks: [
        { name: "value gap", value: 0, tolerance: 1, holds: true, words: "" },
        { name: "neighbours", value: 2, tolerance: 1, holds: certified, words: "" },
      ],
    },
  }) as unknown as Result;

async function told(sense: "minimize" | "maximize", ...others: readonly Point[]): Promise<readonly string[]> {
  const { problem } = await compile(`upper { var x; ${sense} x + y }\nlower { var y; minimize (y - x)^2 }`);
  const answer = resultOf({ method: "a", f: 2, certified: true });
  return uncertifiedBetter(problem!, answer, [answer, ...others.map(resultOf)], 1e-6);
}

describe("said", () => {
  test("of a better point", async () => {
    const [sentence, ...more] = await told("minimize", { method: "b", f: 1 });
    expect(sentence).toMatch(/^b ended .* better upper objective 1, but without certificate \(neighbours\)/);
    expect(more).toEqual([]);
  });

  test("of a larger one where the upper level maximises", async () => {
    expect(await told("maximize", { method: "b", f: 3 }, { method: "c", f: 1 })).toHaveLength(1);
  });
});

test("not said of points that violate, are no lower solutions, are certified, or are hardly better", async () => {
  const others: Point[] = [
    { method: "b", f: 1, violation: 1e-3 },
    { method: "c", f: 1, gap: 1e-3 },
    { method: "d", f: 1, gap: Number.NaN },
    { method: "e", f: 1, certified: true },
    { method: "f", f: 2 - 1e-5 },
  ];
  expect(await told("minimize", ...others)).toEqual([]);
});

test("of a problem whose best point no certificate confirms", async () => {
  const text = readFileSync(new URL("../literature/mitsos-barton-3-13.blo", import.meta.url), "utf8");
  const { problem } = await compile(text);
  const { status, upper, reason } = await solve(problem!, { seconds: 20 });
  expect(status).toBe("converged");
  expect(upper.objective).toBeCloseTo(0, 6);
  expect(reason).toMatch(/kkt-auto ended at a point .* better upper objective -1\.00/);
});
