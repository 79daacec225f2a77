/** First-order conditions as programs: their sparse derivatives against differences, on small problems and on a library. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated, interpreted } from "../../src/codegen/backend.js";
import type { NonlinearProgram, Pattern } from "../../src/nlp/program.js";
import { createRandom } from "../../src/num/random.js";
import { compileProgram } from "../../src/reform/compile.js";
import { type Complementarity, kktProgram } from "../../src/reform/kkt.js";

const library = resolve(import.meta.dirname, "../../../shared/problems");
const present = existsSync(join(library, "bolib.json"));
const kinds: readonly Complementarity[] = ["scholtes", "fischer", "penalty"];

async function problemOf(text: string) {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

/** A point inside the bounds, without special values. */
function inside(p: NonlinearProgram, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(p.lower, (l, j) => {
    const low = Number.isFinite(l) ? l : Math.min(p.upper[j] - 1, 0.3);
    const high = Number.isFinite(p.upper[j]) ? p.upper[j] : low + 1;
    return low + (0.2 + 0.6 * random.uniform()) * Math.min(high - low, 1);
  });
}

function dense(pattern: Pattern, values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  pattern.rows.forEach((i, e) => {
    out[i * columns + pattern.columns[e]] += values[e];
  });
  return out;
}

/** Largest difference from central differences of `map`, relative to the size of the entries and of the values. */
function error(map: (u: Float64Array, out: Float64Array) => void, u: Float64Array, rows: number, matrix: Float64Array) {
  const [a, b] = [new Float64Array(rows), new Float64Array(rows)];
  let worst = 0;
  for (let j = 0; j < u.length; j++) {
    const h = 1e-5 * Math.max(1, Math.abs(u[j]));
    const [up, down] = [u.slice(), u.slice()];
    up[j] += h;
    down[j] -= h;
    map(up, a);
    map(down, b);
    for (let i = 0; i < rows; i++) {
      const difference = (a[i] - b[i]) / (2 * h);
      const size = 1 + Math.abs(difference) + 1e-5 * (Math.abs(a[i]) + Math.abs(b[i]));
      if (Number.isFinite(difference)) worst = Math.max(worst, Math.abs(matrix[i * u.length + j] - difference) / size);
    }
  }
  return worst;
}

function derivativeErrors(p: NonlinearProgram, seed: number): number {
  const u = inside(p, seed);
  if (!Number.isFinite(p.value(u))) return 0;
  const random = createRandom(seed + 1);
  const z = Float64Array.from({ length: p.rows }, () => random.normal());
  const slope = new Float64Array(p.n);
  p.gradientInto(u, slope);
  const J = new Float64Array(p.jacobian.rows.length);
  p.jacobianInto(u, J);
  const H = new Float64Array(p.hessian.rows.length);
  p.hessianInto(u, 0.7, z, H);
  const lower = dense(p.hessian, H, p.n, p.n);
  const full = lower.slice();
  for (let i = 0; i < p.n; i++) for (let j = i + 1; j < p.n; j++) full[i * p.n + j] = lower[j * p.n + i];
  const lagrangianSlope = (at: Float64Array, out: Float64Array): void => {
    p.gradientInto(at, out);
    for (let j = 0; j < p.n; j++) out[j] *= 0.7;
    const values = new Float64Array(p.jacobian.rows.length);
    p.jacobianInto(at, values);
    p.jacobian.rows.forEach((i, e) => {
      out[p.jacobian.columns[e]] += z[i] * values[e];
    });
  };
  return Math.max(
    error((at, out) => void (out[0] = p.value(at)), u, 1, slope),
    error((at, out) => p.constraintsInto(at, out), u, p.rows, dense(p.jacobian, J, p.rows, p.n)),
    error(lagrangianSlope, u, p.n, full),
  );
}

const domains = `
problem "Every kind of domain"
upper {
  var x[2] in ball([0, 1], 2)
  minimize sumsq(x) + exp(y[1]) * w[2] + q[1] * x[1]^3
  subject to
    coupling: x[1] * y[2] <= 1
}
lower first {
  var y[3] in [0, 2]
  var q[2] in ball([1, 1], 3)
  minimize sum(i in 1..3: (y[i] - x[1])^4) + y[1] * y[2] + sumsq(q - x) + 0.1q[1]^4
  subject to
    cap: sum(y) * x[2] <= 3
    link: y[1]^2 + q[2] == 1
}
lower second {
  var w[3] in simplex
  minimize sum(i in 1..3: exp(w[i]) * x[2]) + w[1] * w[3]
}`;

describe("first-order conditions", () => {
  test.each(kinds)("every kind of domain, two followers: %s", async (kind) => {
    const program = kktProgram(await problemOf(domains), kind);
    for (const backend of [generated, interpreted]) {
      const compiled = compileProgram(program, backend);
      compiled.parameters[0] = 0.3;
      for (const seed of [1, 2, 3]) expect(derivativeErrors(compiled, seed)).toBeLessThan(1e-6);
    }
  });

  test("patterns are sparse where the problem is", async () => {
    const text = `param n = 30
upper { var x[n]; minimize sumsq(x) }
lower { var y[n] >= 0; minimize sum(i in 1..n: (y[i] - x[i])^2) + sum(i in 1..n - 1: y[i] * y[i + 1]) }`;
    const p = compileProgram(kktProgram(await problemOf(text), "scholtes"), generated);
    // stationarity: x_i, y_{i-1}, y_i, y_{i+1}, z_i; complementarity: y_i, z_i
    expect(p.jacobian.rows.length).toBe(30 * 7 - 2);
    expect(p.hessian.rows.length).toBe(60);
    expect(derivativeErrors(p, 1)).toBeLessThan(1e-6);
  });
});

function convert(): { name: string; text: string }[] {
  const out = mkdtempSync(join(tmpdir(), "blo-bolib-"));
  execFileSync(process.execPath, [join(library, "to-blo.mjs"), join(library, "bolib.json"), out], { stdio: "ignore" });
  const problems = readdirSync(out).map((name) => ({ name, text: readFileSync(join(out, name), "utf8") }));
  rmSync(out, { recursive: true });
  return problems;
}

describe.skipIf(!present)(present ? "BOLIB" : "BOLIB (skipped: ../shared/problems is not here)", () => {
  test.each(present ? convert() : [])("$name", async ({ text }) => {
    const problem = await problemOf(text);
    for (const kind of kinds) {
      const compiled = compileProgram(kktProgram(problem, kind), generated);
      compiled.parameters[0] = 0.3;
      expect(derivativeErrors(compiled, 1)).toBeLessThan(1e-5);
    }
  });
});
