/**
 * What an iteration of a deterministic method leaves behind, measured in a process of its own in which nothing is collected.
 *
 * Arrays, on a problem with 64 variables on each level: none. Their bytes are counted by the engine when they are made,
 * whatever has been compiled so far, so that the number is exact: less than one array in 64 iterations.
 * Boxed numbers, on a problem with one variable on each level: a number that a function returns to a caller it is not compiled
 * into takes 16 bytes, such as the values of an oracle, norms, and step lengths. How many there are is up to the engine: the bar
 * is two for each oracle query and 40 for the loop and the method, with code that is still cold in it; records and lists made
 * in inner loops are above it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heapFlags } from "../../bench/allocation.js";
import { deterministic } from "../../bench/deterministic.js";
import { rows } from "../acceptance/rows.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "blo-allocation-"));
const found = new Map<string, { readonly bytes: number; readonly queries: number; readonly arrays: number }>();
const BOXED = 16;
const ARRAY = 8 * 64;

/** Bytes of arrays of an iteration: fewer than one array in 64 iterations, or as given with the reason. */
const arraysAllowed = (id: string): number =>
  // its looks at the curvature by Lanczos' method come after 32 iterations, 64 more, 128 more, and so on: ever rarer
  id === "f2ba" ? ARRAY : ARRAY / 64;

/** Each of its evaluations is the solve of the lower level as a program, with factors of the size of its active set. */
const left = ["kkt-sensitivity"];

const measured = deterministic
  .map(({ id }) => id)
  .filter((id) => !left.includes(id) && rows.some((row) => row.method === id));

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
  const text = execFileSync(process.execPath, [...heapFlags, outfile, ...measured], { encoding: "utf8" });
  for (const line of text.trim().split("\n")) {
    const { id, ...rest } = JSON.parse(line);
    found.set(id, rest);
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(measured)("%s", (id) => {
  it("makes no arrays", () => {
    const arrays = found.get(id)?.arrays ?? Number.NaN;
    expect(arrays).toBeGreaterThanOrEqual(0);
    expect(arrays).toBeLessThan(arraysAllowed(id));
  });
  it("leaves no more than boxed numbers", () => {
    const { bytes, queries } = found.get(id) ?? { bytes: Number.NaN, queries: 0 };
    // far below 0 where something was collected after all
    expect(bytes).toBeGreaterThan(-ARRAY);
    expect(bytes).toBeLessThan(BOXED * (2 * queries + 40));
  });
});
