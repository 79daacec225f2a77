/** `blo run --measures`: in the summary, the document, the trace and the plot. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { measuredPointsOf } from "../../src/report/plot.js";
import { resultSchema } from "../../src/report/schema.js";
import { blo } from "./inMemory.js";

const folder = mkdtempSync(join(tmpdir(), "blo-measures-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "p.blo");
writeFileSync(file, "upper { var x; minimize (x - 1)^2 + y^2 }\nlower { var y; minimize (y - x)^2 }\n");

test("the summary ends with them, every measured line of the trace has them", async () => {
  const trace = join(folder, "t.ndjson");
  const plot = join(folder, "t.svg");
  const steps = ["--method", "itd", "--opt", "eta=0.1", "--opt", "K=20", "--iterations", "9"];
  const asked = ["--measures", "galet, hypergradient", "--measure-every", "2", "--trace", trace, "--plot", plot];
  const { out, err } = await blo("run", file, ...steps, ...asked);
  expect(err).toBe("");
  expect(out).toMatch(/measures\n {2}R_x +\S+\n {2}R_w +\S+\n {2}R_y +\S+\n {2}hypergradient +\S+\n/);
  const lines = readFileSync(trace, "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as Record<string, number>);
  expect(rows.map((r) => r.R_x !== undefined)).toEqual(rows.map((r) => r.iteration % 2 === 0));
  // phi = (x - 1)² + x², and the lower level is solved: |grad phi| is what the method sees
  for (const r of rows.slice(1)) {
    if (r.hypergradient !== undefined) expect(r.hypergradient / r.stationarity).toBeGreaterThan(0.5);
  }
  expect(readFileSync(plot, "utf8")).toContain("R_x");
});

test("the document carries them and keeps to its schema", async () => {
  const { out } = await blo("run", file, "--json", "-q", "--measures", "gap,counts");
  const document = JSON.parse(out);
  expect(resultSchema.safeParse(document).success).toBe(true);
  expect(document.measures.valueGap).toBeLessThan(1e-9);
  expect(document.measures.lowerGradient).toBe(document.counts.lowerGradient);
});

test("wrong names and wrong lists are refused", async () => {
  const wrong = await blo("run", file, "--measures", "gapp");
  expect([wrong.code, wrong.err.includes("BLO0820"), wrong.err.includes('did you mean "gap"')]).toEqual([
    3,
    true,
    true,
  ]);
  expect((await blo("run", file, "--measures", "gap,,kernel")).code).toBe(2);
  expect((await blo("run", file, "--measures", "gap", "--measure-every", "0")).code).toBe(2);
});

test("points of a plot: positive numbers of measured rows", () => {
  const row = (calls: number, extra: Record<string, number>) => ({
    iteration: calls,
    value: 0,
    stationarity: 1,
    calls,
    seconds: 0,
    extra,
  });
  expect(measuredPointsOf([row(1, { a: 2, b: 0 }), row(2, {}), row(3, { a: Number.NaN, b: 3 })], ["a", "b"])).toEqual([
    { calls: 1, measure: "a", value: 2 },
    { calls: 3, measure: "b", value: 3 },
  ]);
});
