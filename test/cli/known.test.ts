/** `blo test --known`: the table beside best known values, its verdicts, its document and its exit codes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { verdictOf } from "../../src/cli/known.js";
import type { Result } from "../../src/methods/result.js";
import { blo } from "./inMemory.js";

const folder = mkdtempSync(join(tmpdir(), "blo-known-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** y = max(x, 0): F = (x - 1)² / 2 + (y - 2)² / 2 is least at 1.5, with F = 0.25. */
const bend = `problem "Bend"
upper { var x; minimize 0.5(x - 1)^2 + 0.5(y - 2)^2 }
lower { var y; minimize 0.5y^2; subject to  above: x - y <= 0 }
`;
const endless = `upper { var x >= 0; maximize y }
lower { var y >= 0; maximize y; subject to  cap: y <= x }
`;

describe("blo test --known", () => {
  mkdirSync(join(folder, "library"));
  write("library/bend.blo", bend);
  write("library/endless.blo", endless);
  const run = (known: unknown, ...more: string[]) =>
    blo("test", join(folder, "library"), "--known", write("best.json", JSON.stringify(known)), ...more);

  test("a row a problem, by title or by file; progress on standard error", async () => {
    const { code, out, err } = await run([
      { name: "Bend", bestF: 0.25, within: 1e-6, x0: [1] },
      { name: "endless", bestF: null },
    ]);
    expect(code).toBe(6);
    expect(out).toMatch(/^problem +best known +reached +violation +lower gap +method +seconds +verdict$/m);
    expect(out).toMatch(/^Bend +0\.25 +0\.25 .* reached$/m);
    expect(out).toMatch(/^endless .* unbounded$/m);
    expect(out).toContain("2 problems: 1 reached, 1 none");
    expect(err).toContain("1 of 2: Bend  reached");
    expect((await run([], "--quiet")).err).toBe("");
  });

  test("the exit code is 0 only where nothing is missed", async () => {
    rmSync(join(folder, "library", "endless.blo"));
    expect((await run([{ name: "Bend", bestF: 0.25 }])).code).toBe(0);
    expect((await run([{ name: "Bend", bestF: 0.5 }])).out).toMatch(/better$/m);
    const worse = await run([{ name: "Bend", bestF: 0.2, within: 0.01 }], "--json");
    expect(worse.code).toBe(6);
    expect(JSON.parse(worse.out)).toMatchObject({
      totals: { worse: 1, reached: 0 },
      problems: [{ problem: "Bend", verdict: "worse", best: 0.2, certified: true, method: "branch-and-bound" }],
    });
    write("library/broken.blo", "upper {");
    expect((await run([{ name: "Bend", bestF: 0.25 }])).code).toBe(3);
    rmSync(join(folder, "library", "broken.blo"));
  });

  test.each([
    ["{", "it is not JSON"],
    ["{}", "expected a list"],
    ['[{ "bestF": 1 }]', 'entry 1: "name" must be a text'],
    ['[{ "name": "a" }, { "name": "b", "bestF": "1" }]', 'entry 2: "bestF" must be a number or null'],
    ['[{ "name": "a", "within": -1 }]', '"within" must be a number from 0'],
  ])("a file that does not fit: %s", async (text, message) => {
    const { code, err } = await blo("test", join(folder, "library"), "--known", write("wrong.json", text));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("verdicts", async () => {
  const { problem } = await compile("upper { var x; maximize x - y^2 }\nlower { var y; minimize (y - x)^2 }");
  const result = (changes: object): Result =>
    ({
      status: "uncertified",
      x: Float64Array.of(2),
      y: Float64Array.of(3),
      upper: { objective: 10, violation: 0 },
      lower: { objective: 1, violation: 0, gap: 0 },
      ...changes,
    }) as unknown as Result;
  const against = (best: number | undefined, changes: object = {}) =>
    verdictOf(problem!, result(changes), { name: "p", best, within: 0.01 });

  test("of a maximised objective more is better", () => {
    expect(against(8)).toBe("better");
    expect(against(10.1)).toBe("reached");
    expect(against(10.2)).toBe("worse");
    expect(against(undefined)).toBe("solved");
  });
  test("a value counts only at a point that both levels accept", () => {
    // 1e-4 times the largest entry, 3
    expect(against(8, { upper: { objective: 10, violation: 2.9e-4 } })).toBe("better");
    expect(against(8, { upper: { objective: 10, violation: 3.1e-4 } })).toBe("violated");
    expect(against(8, { lower: { objective: 1, violation: 0, gap: 2.1e-4 } })).toBe("not lower");
    expect(against(8, { lower: { objective: 1, violation: 0, gap: Number.NaN } })).toBe("not lower");
    expect(against(8, { upper: { objective: Number.NaN, violation: Number.NaN } })).toBe("violated");
    expect(against(8, { status: "infeasible" })).toBe("none");
  });
});
