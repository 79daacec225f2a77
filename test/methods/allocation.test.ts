/**
 * What an iteration of a deterministic method leaves on the heap, measured in a process of its own in which nothing is collected.
 *
 * What is left are boxed numbers only: a number that a function returns to a caller it is not compiled into takes 16 bytes, such
 * as the values of an oracle, norms, and step lengths. So the bar is one for each oracle query and twelve for the loop and the
 * method: 16 (queries + 12) bytes. An array for each query, or a record for each solve, is above it (a typed array takes 100
 * bytes and more), and so is whatever grows with the number of inner steps besides their queries. The problems have one or two
 * variables on a level: f2ba's looks at the curvature (every 64th iteration or so) have arrays, and are within the bar on average.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heapFlags } from "../../bench/allocation.js";
import { deterministic } from "../../bench/deterministic.js";
import { rows } from "../acceptance/rows.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "blo-allocation-"));
const found = new Map<string, { readonly bytes: number; readonly queries: number }>();
const BOXED = 16;

beforeAll(async () => {
  const outfile = join(folder, "allocation.mjs");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await build({
    entryPoints: [join(root, "bench/allocationRun.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const text = execFileSync(process.execPath, [...heapFlags, outfile, root], { encoding: "utf8" });
  for (const line of text.trim().split("\n")) {
    const { id, bytes, queries } = JSON.parse(line);
    found.set(id, { bytes, queries });
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const measurable = deterministic.filter(({ id }) => rows.some((row) => row.method === id));

it.each(measurable.map(({ id }) => id))("%s leaves no more than boxed numbers", (id) => {
  const measured = found.get(id);
  expect(measured).toBeDefined();
  if (measured === undefined) return;
  expect(measured.bytes).toBeGreaterThanOrEqual(0);
  expect(measured.bytes).toBeLessThan(BOXED * (measured.queries + 12));
});
