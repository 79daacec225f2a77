/** Every snippet of the documentation runs: problems compile and meet their expectations, scripts and commands end well. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compile, type Problem, solve } from "../../src/api.js";
import type { ExpectationModel } from "../../src/model/problem.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { type Block, blocks, root } from "./blocks.js";

const command = join(root, "dist", "cli", "main.js");
const title = (b: Block) => `${b.file}:${b.line}`;

async function compiled(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  if (!problem) throw new Error("no problem and no error");
  return problem;
}

function checkValue(
  problem: Problem,
  e: Extract<ExpectationModel, { kind: "value" }>,
  x: Float64Array,
  y: Float64Array,
) {
  if ("objective" in e.target) return;
  const [got] = evaluate(
    [e.target],
    new Map([
      [problem.x, x],
      [problem.y, y],
    ]),
  );
  got.forEach((v, i) => {
    const want = e.value[e.value.length === 1 ? 0 : i];
    expect(Math.abs(v - want), `${e.text}: ${v} instead of ${want}`).toBeLessThanOrEqual(
      e.within ?? 1e-6 * (1 + Math.abs(want)),
    );
  });
}

describe("problems in the documentation", () => {
  it.each(blocks(/^blo$/).map((b) => [title(b), b] as const))("%s", async (_, block) => {
    const problem = await compiled(block.text);
    const values = problem.expect.filter((e) => e.kind === "value");
    if (values.length === 0) return;
    const result = await solve(problem);
    expect(result.status, result.reason).toBe("converged");
    for (const e of values) checkValue(problem, e, result.x, result.y);
  });
});

describe("values in the documentation", () => {
  it.each(blocks(/^blo values$/).map((b) => [title(b), b] as const))("%s", async (_, block) => {
    const levels = "upper { var x; minimize x^2 + y }\nlower { var y; minimize (y - x)^2 }\n";
    const problem = await compiled(`${levels}expect {\n${block.text}}\n`);
    const values = problem.expect.filter((e) => e.kind === "value");
    expect(values.length).toBe(block.text.trim().split("\n").length);
    for (const e of values) checkValue(problem, e, new Float64Array(1), new Float64Array(1));
  });
});

describe("errors in the documentation", () => {
  it.each(blocks(/^blo error /).map((b) => [title(b), b] as const))("%s", async (_, block) => {
    const { diagnostics } = await compile(block.text);
    expect(diagnostics.map((d) => d.code)).toContain(block.info.split(" ")[2]);
  });
});

describe("scripts in the documentation", () => {
  const folder = mkdtempSync(join(root, ".snippets-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  it.each(blocks(/^js$/).map((b, i) => [title(b), b, i] as const))("%s", (_, block, i) => {
    const file = join(folder, `snippet${i}.mjs`);
    writeFileSync(file, block.text);
    const run = spawnSync(process.execPath, [file], { cwd: root, encoding: "utf8", timeout: 60_000 });
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
  });
});

describe("commands in the documentation", () => {
  const folder = mkdtempSync(join(tmpdir(), "blo-docs-"));
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const lines = blocks(/^sh$/).flatMap((b) =>
    b.text
      .split("\n")
      .map((text, i) => ({ at: `${b.file}:${b.line + 1 + i}`, text: text.replace(/\s+#.*$/, "").trim() }))
      .filter(({ text }) => text.startsWith("blo ")),
  );
  it.each(lines.map((l) => [l.at, l.text]))("%s %s", (_, text) => {
    const run = spawnSync("sh", ["-c", text.replaceAll(/(^|\| )blo /g, `$1"${process.execPath}" "${command}" `)], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(run.status, run.stderr).toBe(0);
  });
});
