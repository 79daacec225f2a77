/** The game methods: closed forms of their linear rates, the rule of two timescales, domains, automatic runs. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { gameConstants } from "../../src/methods/minimax/gdaLoop.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { resolveParameters } from "../../src/methods/params.js";
import { methodOf } from "../../src/methods/registry.js";
import { runMethod } from "../../src/methods/run.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls, type Oracle } from "../../src/oracle/oracle.js";

async function game(text: string): Promise<Oracle> {
  const { problem, diagnostics } = await compile(`minimax {\n${text}\n}`);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return compileOracle(problem);
}

function play(oracle: Oracle, id: string, options: Record<string, number | string>, iterations: number): RunOutcome {
  const method = methodOf(id);
  const { values, diagnostics } = resolveParameters(method, options);
  expect(diagnostics).toEqual([]);
  return runMethod(method, oracle, { parameters: values, limits: { iterations }, now: () => 0, traceRows: 0 });
}

const bilinear = `minimize var x init 1
  maximize var y init 1
  objective x*y`;
const curved = `minimize var x[2] init 1
  maximize var y[2] init -1
  objective 2x[1]^2 + 0.5x[2]^2 + 3x[1]*y[1] - x[2]*y[2] - 4y[1]^2 - 0.5y[2]^2 + x[1] - y[2]`;

describe("bilinear games", () => {
  it.each([
    // per step: simultaneous sqrt(1 + eta²); extragradient sqrt((1 - eta²)² + eta²)
    ["gda", { etaX: 0.1, etaY: 0.1 }, 50, Math.SQRT2 * 1.01 ** 25],
    ["extragradient", { eta: 0.1 }, 50, Math.SQRT2 * (0.99 ** 2 + 0.01) ** 25],
  ])("%s has the norm of its closed form", async (id, options, steps, norm) => {
    const { x, y } = play(await game(bilinear), id, options, steps);
    expect(Math.hypot(x[0], y[0])).toBeCloseTo(norm, 10);
  });

  it("alternating descent-ascent keeps its invariant x² + y² - eta x y", async () => {
    const { x, y } = play(await game(bilinear), "gda", { etaX: 0.1, etaY: 0.1, order: "alternating" }, 333);
    expect(x[0] ** 2 + y[0] ** 2 - 0.1 * x[0] * y[0]).toBeCloseTo(1.9, 10);
  });

  it("ogda follows its recurrence", async () => {
    let [x, y, px, py] = [1, 1, 1, 1];
    for (let t = 0; t < 25; t++) {
      const [nx, ny] = [x - 0.2 * (2 * y - py), y + 0.2 * (2 * x - px)];
      [px, py, x, y] = [x, y, nx, ny];
    }
    const end = play(await game(bilinear), "ogda", { eta: 0.2 }, 25);
    expect(end.x[0]).toBeCloseTo(x, 12);
    expect(end.y[0]).toBeCloseTo(y, 12);
  });

  it("ogda without options converges on them, and on a box", async () => {
    const free = play(await game(bilinear), "ogda", {}, 5000);
    expect(free.status).toBe("converged");
    expect(Math.hypot(free.x[0], free.y[0])).toBeLessThan(1e-8);
    // y - 3 < 0, so x goes up to 2; then x - 1 > 0, so y goes up to 1
    const box = play(
      await game(`minimize var x in [-1, 2] init 0
  maximize var y in [-1, 1] init 0
  objective (x - 1)*(y - 3)`),
      "ogda",
      {},
      5000,
    );
    expect(box.status).toBe("converged");
    expect(box.x[0]).toBeCloseTo(2, 8);
    expect(box.y[0]).toBeCloseTo(1, 8);
  });

  it("ogda asks for one gradient a step, extragradient for two", async () => {
    const spent = async (id: string): Promise<number> => {
      const oracle = await game(curved);
      play(oracle, id, { eta: 0.01 }, 100);
      return calls(oracle.counts);
    };
    expect(await spent("ogda")).toBeLessThanOrEqual(105);
    expect(await spent("extragradient")).toBeGreaterThanOrEqual(200);
  });
});

describe("two timescales", () => {
  it("L is that of the whole Hessian, kappa = L / mu", async () => {
    // blocks [[4, 3], [3, -8]] and [[1, -1], [-1, -1]]: eigenvalues -2 ± sqrt(45) and ± sqrt(2); mu = 1
    const oracle = await game(curved);
    const { L, kappa } = gameConstants(oracle, createRandom(1));
    expect(L / (1.05 * (2 + Math.sqrt(45)))).toBeCloseTo(1, 6);
    expect(kappa / (L / 0.9)).toBeCloseTo(1, 6);
    const { extra } = play(oracle, "tt-gda", { L: 8, kappa: 3 }, 1);
    expect(extra.etaY).toBeCloseTo(1 / 8, 14);
    expect(extra.etaX).toBeCloseTo(1 / (16 * 16 * 8), 14);
  });

  it("all methods find the same saddle point", async () => {
    for (const id of ["gda", "tt-gda", "extragradient", "ogda"]) {
      const { x, y, status } = play(await game(curved), id, {}, 200_000);
      expect({ id, status }).toEqual({ id, status: "converged" });
      // grad = 0: 4x1 + 3y1 + 1 = 0, 3x1 - 8y1 = 0; x2 - y2 = 0, -x2 - y2 - 1 = 0
      expect(x[0]).toBeCloseTo(-8 / 41, 6);
      expect(y[0]).toBeCloseTo(-3 / 41, 6);
      expect(x[1]).toBeCloseTo(-0.5, 6);
      expect(y[1]).toBeCloseTo(-0.5, 6);
    }
  });
});
