/** Verdicts of all examples, and of a library of problems; none takes long. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { curvatureOf } from "../../src/curvature/index.js";
import type { Problem } from "../../src/model/problem.js";
import { compileFile } from "../../src/node.js";
import { problemOf } from "../elaborate/compile.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const library = fileURLToPath(new URL("../../../shared/problems/", import.meta.url));

/** Class words, convexity of the lower objective in y and jointly. */
function line(problem: Problem): string {
  const { upper, lower, minimaxLike } = curvatureOf(problem);
  const mu = lower.strong ? ` mu=${lower.strong.mu?.toPrecision(4)}` : "";
  return `${lower.word}${mu}; own ${lower.objective.own.shape}, joint ${lower.objective.joint.shape}; sets ${lower.constraints.map((c) => c.set[0]).join("")}; upper ${upper.word}, joint ${upper.objective.joint.shape}${minimaxLike ? "; minimax" : ""}`;
}

describe("examples", () => {
  const files = readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((f) => f.endsWith(".blo"))
    .sort();
  test("verdicts", async () => {
    const found: Record<string, string> = {};
    for (const file of files) {
      const { problem } = await compileFile(join(examples, file));
      found[file] = line(problem!);
    }
    expect(found).toMatchSnapshot();
  });
});

describe.skipIf(!existsSync(`${library}bolib.json`))("BOLIB (skipped where ../shared/problems is absent)", () => {
  test("verdicts", async () => {
    const found: Record<string, string> = {};
    const out = mkdtempSync(join(tmpdir(), "blo-curvature-"));
    try {
      execFileSync(process.execPath, [`${library}to-blo.mjs`, `${library}bolib.json`, out]);
      for (const file of readdirSync(out).sort()) {
        const problem = await problemOf(readFileSync(join(out, file), "utf8"));
        found[file] = line(problem);
      }
      expect(found).toMatchSnapshot();
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
