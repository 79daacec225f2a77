/**
 * Derivatives on a library of bilevel test problems (86 of BOLIB): every gradient, second-order product and constraint
 * Jacobian against finite differences and TensorFlow.js, and generated code against interpreted code, bit by bit where
 * the order of operations is the same and to rounding elsewhere.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { quantities } from "../../src/oracle/quantities.js";
import { samplePoints } from "../../src/oracle/sample.js";
import { verifyDerivatives } from "../../src/oracle/verify.js";

const library = resolve(import.meta.dirname, "../../../shared/problems");
const present = existsSync(join(library, "bolib.json"));

function convert(): { name: string; text: string }[] {
  const out = mkdtempSync(join(tmpdir(), "blo-bolib-"));
  execFileSync(process.execPath, [join(library, "to-blo.mjs"), join(library, "bolib.json"), out], { stdio: "ignore" });
  const problems = readdirSync(out).map((name) => ({ name, text: readFileSync(join(out, name), "utf8") }));
  rmSync(out, { recursive: true });
  return problems;
}

describe.skipIf(!present)(present ? "BOLIB" : "BOLIB (skipped: ../shared/problems is not here)", () => {
  test.each(present ? convert() : [])("$name", async ({ name, text }) => {
    const { problem, diagnostics } = await compile(text, { name });
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const report = await verifyDerivatives(problem!, { random: createRandom(1), points: 3 });
    expect(report.points).toHaveLength(3);
    expect(report.checks.filter((c) => !c.holds)).toEqual([]);
    const compared = report.checks.reduce((sum, c) => sum + c.compared, 0);
    const undecided = report.checks.reduce((sum, c) => sum + c.undecided, 0);
    expect(undecided).toBeLessThan(0.1 * compared);

    const oracles = [compileOracle(problem!), compileOracle(problem!, { backend: "interpreted" })];
    const [generated, interpreted] = oracles.map(everything);
    expect(generated.length).toBe(interpreted.length);
    for (const [i, v] of generated.entries()) {
      expect(Math.abs(v - interpreted[i])).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(v)));
    }
  });
});

/** Every value and derivative of both levels at a few points, as one list. */
function everything(oracle: Oracle): number[] {
  return (["upper", "lower"] as const).flatMap((level) =>
    quantities(oracle, level, createRandom(4)).flatMap((quantity) =>
      samplePoints(oracle, 2, createRandom(5)).flatMap((point) => {
        const direction = point[quantity.moving].map((v) => 1 + v);
        const value = new Float64Array(quantity.size);
        const derivative = new Float64Array(quantity.size);
        quantity.value(point, value);
        quantity.derivative(point, direction, derivative);
        return [...value, ...derivative];
      }),
    ),
  );
}
