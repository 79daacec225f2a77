/** What is shown of a comparison: quartiles, references, curves, cells, plots and the page, on records made by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparisonPage, comparisonSvg } from "../../src/api.js";
import { curvesOf } from "../../src/compare/curves.js";
import { escapeHtml } from "../../src/compare/html.js";
import { callsTo, quartilesOf, referenceOf, scaleOf, summaryOf, withSuboptimality } from "../../src/compare/summary.js";
import { amount, referenceWords, seedWords, tableOf } from "../../src/compare/table.js";
import type { ComparedRun, Comparison, Contestant } from "../../src/compare/types.js";
import { methodOf } from "../../src/methods/registry.js";
import { emptyCounts } from "../../src/oracle/oracle.js";

/** A run whose values fall by the given numbers at 1, 10, 100 … calls and a thousandth of that in seconds. */
function run(label: string, seed: number, values: readonly number[], changes: Partial<ComparedRun> = {}): ComparedRun {
  const points = values.map((value, i) => {
    const calls = i === 0 ? 0 : 10 ** (i - 1);
    return {
      iteration: i,
      calls,
      seconds: calls / 1000,
      value,
      suboptimality: Number.NaN,
      hypergradient: value,
      claim: value,
    };
  });
  const { calls, seconds, iteration } = points[points.length - 1];
  const end = { status: "converged" as const, reason: "done", certified: true, claimed: true, confirmed: true };
  const value = values[values.length - 1];
  return {
    label,
    seed,
    ...end,
    value,
    iterations: iteration,
    calls,
    seconds,
    counts: emptyCounts(),
    points,
    ...changes,
  };
}

const contestant = (id: string): Contestant => ({ label: id, method: methodOf(id), given: {}, parameters: {} });

function comparison(
  runs: readonly ComparedRun[],
  ids: readonly string[],
  changes: Partial<Comparison> = {},
): Comparison {
  const start = { value: runs[0]?.points[0].value ?? Number.NaN, hypergradient: 1 };
  const reference = referenceOf(runs, undefined);
  const scale = scaleOf(reference.value, start.value);
  const finished = runs.map((r) => withSuboptimality(r, reference.value, scale));
  return {
    problem: "By <hand>",
    sign: 1,
    tolerance: 1e-6,
    budget: { calls: 1e4, seconds: 60 },
    seeds: [...new Set(runs.map((r) => r.seed))],
    spread: 0,
    interrupted: false,
    start,
    reference,
    scale,
    methods: ids.map((id) => summaryOf(contestant(id), finished)),
    skipped: [],
    runs: finished,
    ...changes,
  };
}

const two = [
  run("f2ba", 1, [8, 4, 2, 0]),
  run("f2ba", 2, [8, 6, 4, 2]),
  run("aid-auto", 1, [8, 1, 0]),
  run("aid-auto", 2, [8, 3]),
];
const shown = comparison(two, ["f2ba", "aid-auto"]);

describe("quartiles", () => {
  test("of known samples", () => {
    expect(quartilesOf([4, 1, 3, 2])).toEqual({ q1: 1.75, median: 2.5, q3: 3.25 });
    expect(quartilesOf([5])).toEqual({ q1: 5, median: 5, q3: 5 });
    expect(quartilesOf([]).median).toBeNaN();
  });
  test("count what is missing as infinite", () => {
    expect(quartilesOf([1, Number.NaN, 2])).toEqual({ q1: 1.5, median: 2, q3: Number.POSITIVE_INFINITY });
    expect(quartilesOf([Number.NaN, Number.NaN])).toEqual({
      q1: Number.POSITIVE_INFINITY,
      median: Number.POSITIVE_INFINITY,
      q3: Number.POSITIVE_INFINITY,
    });
  });
  test("half of the numbers lie on either side of the median, a quarter below the first quartile", () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, (v) => {
        const { q1, median, q3 } = quartilesOf(v);
        const below = (limit: number) => v.filter((x) => x < limit - 1e-9 * (1 + Math.abs(limit))).length / v.length;
        const above = (limit: number) => v.filter((x) => x > limit + 1e-9 * (1 + Math.abs(limit))).length / v.length;
        expect(q1).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(q3);
        expect(Math.max(below(median), above(median))).toBeLessThanOrEqual(0.5);
        expect(below(q1)).toBeLessThanOrEqual(0.25 + 1 / v.length);
        expect(above(q3)).toBeLessThanOrEqual(0.25 + 1 / v.length);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("the reference", () => {
  const low = run("a", 1, [8, -5], { confirmed: false });
  const high = run("b", 2, [8, 3]);
  test("is the lowest confirmed value; one that is not confirmed does not count", () => {
    expect(referenceOf([low, high], undefined)).toEqual({ value: 3, from: "run", label: "b", seed: 2 });
    expect(referenceOf([low], undefined)).toEqual({ value: -5, from: "unconfirmed run", label: "a", seed: 1 });
    expect(referenceOf([], undefined).from).toBe("none");
  });
  test("is the expected value where no run confirms as low a one", () => {
    expect(referenceOf([high], { value: 2, within: 0.1 }).from).toBe("expectation");
    expect(referenceOf([high], { value: 2, within: 1 }).from).toBe("run");
    expect(referenceOf([low], { value: 2, within: 0.1 }).from).toBe("expectation");
  });
  test("a value below it counts as wrong, not as better", () => {
    const judged = withSuboptimality(run("a", 1, [8, -5]), 3, 5);
    expect(judged.points.map((p) => p.suboptimality)).toEqual([1, 1.6]);
  });
  test("distances are shares of the start's, or of the value where the start is the solution", () => {
    expect(scaleOf(3, 8)).toBe(5);
    expect(scaleOf(3, 3)).toBe(4);
    expect(scaleOf(3, Number.NaN)).toBe(4);
  });
});

describe("summaries and curves", () => {
  test("calls to a target are those of the point from which on the run is within it", () => {
    const judged = withSuboptimality(run("a", 1, [8, 4, 0.04, 0]), 0, 8);
    expect([0.5, 1e-2, 1e-6, -1].map((t) => callsTo(judged, t))).toEqual([1, 10, 100, Number.POSITIVE_INFINITY]);
  });
  test("a run that only passes by has not reached a target", () => {
    const passing = withSuboptimality(run("a", 1, [8, 0, 4, 0, 0]), 0, 8);
    expect(callsTo(passing, 1e-2)).toBe(100);
    expect(callsTo(withSuboptimality(run("a", 1, [8, 0, 4]), 0, 8), 1e-2)).toBe(Number.POSITIVE_INFINITY);
    const unmeasured = withSuboptimality(run("a", 1, [8, 0, Number.NaN]), 0, 8);
    expect(callsTo(unmeasured, 1e-2)).toBe(Number.POSITIVE_INFINITY);
  });
  test("interrupted runs do not count", () => {
    const runs = [...two, run("f2ba", 3, [8, 8], { status: "interrupted" })];
    expect(summaryOf(contestant("f2ba"), runs)).toMatchObject({ runs: 2, certified: 2, statuses: { converged: 2 } });
  });
  test("medians over the seeds of step functions that keep their last value", () => {
    const [f2ba, auto] = curvesOf(shown, "suboptimality", "calls");
    const value = (curve: typeof f2ba, at: number) => curve.points.findLast((p) => p.at <= at * (1 + 1e-9));
    // Seeds 1 and 2 stand at 4/8 and 6/8 after one call, 2/8 and 4/8 after ten, 0 and 2/8 after a hundred.
    expect(value(f2ba, 1)?.median).toBeCloseTo(5 / 8, 12);
    expect(value(f2ba, 5)?.median).toBeCloseTo(5 / 8, 12);
    expect(value(f2ba, 10)?.median).toBeCloseTo(3 / 8, 12);
    expect(value(f2ba, 100)).toMatchObject({ q1: 1 / 16, median: 1 / 8, q3: 3 / 16 });
    expect(f2ba.points.at(-1)?.at).toBe(100);
    // The second seed of aid-auto ended after one call, at 3/8.
    expect(value(auto, 10)?.median).toBeCloseTo(3 / 16, 12);
    expect(auto.points.at(-1)?.at).toBe(10);
  });
  test("against seconds the same", () => {
    const [f2ba] = curvesOf(shown, "hypergradient", "seconds");
    expect(f2ba.points.at(-1)).toMatchObject({ at: 0.1, median: 1 });
  });
});

describe("the table", () => {
  const { columns, rows } = tableOf(shown);
  const cell = (row: number, head: string) => rows[row][columns.findIndex((c) => c.head === head)];
  test("holds medians, a dash for what was not reached, and marks the best", () => {
    expect(rows.map((r) => r[0].text)).toEqual(["f2ba", "aid-auto"]);
    expect(cell(0, "certified")).toEqual({ text: "2/2", best: true });
    expect(cell(0, "suboptimality")).toEqual({ text: "0.125", best: true });
    expect(cell(1, "suboptimality")).toEqual({ text: "0.188", best: false });
    expect(cell(1, "quartiles").text).toBe("0.0938 to 0.281");
    expect(cell(0, "to 1e-6").text).toBe("-");
    expect(cell(0, "calls").text).toBe("100");
  });
  test("numbers in three digits at most", () => {
    expect([0, 1e-16, 2.5e-9, 0.00123, 1234.5, 12345678, Number.POSITIVE_INFINITY].map(amount)).toEqual([
      "0",
      "1e-16",
      "2.5e-9",
      "0.00123",
      "1230",
      "1.2e7",
      "-",
    ]);
  });
  test("words", () => {
    expect([[1, 2, 3, 4, 5], [5], [1, 3, 4, 5, 9, 10]].map(seedWords)).toEqual([
      "seeds 1..5",
      "seed 5",
      "seeds 1, 3..5, 9, 10",
    ]);
    expect(referenceWords(shown)).toContain("from 0, the best confirmed upper objective (f2ba, seed 1)");
  });
});

describe("plots and page", () => {
  test("the SVG names axes with their units and every method", async () => {
    const svg = await comparisonSvg(shown);
    for (const text of [
      "oracle calls",
      "seconds",
      "relative suboptimality",
      "hypergradient norm",
      "f2ba",
      "aid-auto",
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("the legend names every one of many methods", async () => {
    const labels = Array.from({ length: 36 }, (_, i) => `entrant-${i}`);
    const runs = labels.map((label) => run(label, 1, [8, 4, 2]));
    const many = { ...comparison(runs, []), methods: labels.map((label) => ({ ...shown.methods[0], label })) };
    const svg = await comparisonSvg(many);
    for (const label of labels) expect(svg).toContain(`>${label}<`);
  });

  test("the page stands on its own: nothing is fetched, nothing runs, text is escaped", async () => {
    const page = await comparisonPage(shown, { file: "a&b.blo", sha256: "0".repeat(64) });
    expect(page.replaceAll(/ xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(
      /https?:|\/\/\w+\.|<script|<link|@import|url\((?!#)/i,
    );
    expect(page).toContain("<h1>Comparison: By &lt;hand&gt;</h1>");
    expect(page).not.toContain("<hand>");
    expect(page).toContain("a&amp;b.blo");
    expect(page).toMatch(/<meta name="viewport" content="width=device-width/);
    expect(page).toContain("@media print");
    expect(page.match(/<figure>/g)).toHaveLength(6);
    expect(page.match(/<svg [^>]*viewBox/g)).toHaveLength(6);
    expect(page).not.toMatch(/<svg [^>]* width="/);
    // one width for all, so that letters are of one size; nothing white behind them, for pages in the dark
    expect(new Set([...page.matchAll(/<svg [^>]*style="max-width:(\d+)px"/g)].map((m) => m[1])).size).toBe(1);
    expect(page).not.toMatch(/<rect[^>]* fill="white"/);
    expect(page).toContain("@media screen and (prefers-color-scheme: dark)");
    expect(page).toMatch(/class="right best" data-head="suboptimality">0\.125</);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, used] of page.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used);
    // Every element that is opened is closed.
    const body = page.slice(page.indexOf("<body>")).replaceAll(/<[^>]*\/>/g, "");
    const open = new Map<string, number>();
    for (const [, close, name] of body.matchAll(/<(\/?)([a-zA-Z][\w]*)/g)) {
      if (name !== "html") open.set(name, (open.get(name) ?? 0) + (close ? -1 : 1));
    }
    expect([...open].filter(([, n]) => n !== 0)).toEqual([]);
  });

  test("a comparison without a completed run still makes a page and an SVG", async () => {
    const empty = comparison([], ["f2ba"], { interrupted: true, skipped: [{ method: "gda", reasons: ["a < b"] }] });
    const page = await comparisonPage(empty);
    expect(page).toContain("Nothing could be measured.");
    expect(page).toContain("a &lt; b");
    expect(await comparisonSvg(empty)).toContain("<svg");
  });

  test("escapes all that has a meaning in HTML", () => {
    expect(escapeHtml(`<a href="x">'&'`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;");
  });
});
