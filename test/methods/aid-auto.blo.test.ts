/** aid-auto through the whole pipeline: source text, derivatives, generated code, oracle, loop. */
import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { elaborate } from "../../src/elaborate/elaborate.js";
import { aidAuto } from "../../src/methods/implicit/aidAuto.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { runMethod } from "../../src/methods/run.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { parse } from "../../src/syntax/parse.js";
import { handOracle } from "./handOracle.js";
import { P1 } from "./handProblems.js";

async function solve(text: string, backend: "generated" | "interpreted" = "generated"): Promise<RunOutcome> {
  const source = new Source("test.blo", text);
  const { tree, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  const made = await elaborate(tree!, source, {});
  expect(made.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return runMethod(aidAuto, compileOracle(made.problem!, { backend }), { now: () => 0, limits: { calls: 20_000 } });
}

const p1 = `
upper {
  var x
  minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2
}
lower {
  var y
  minimize 4y^2 - 4x*y + x^2 + 17
}
`;

describe("aid-auto on source text", () => {
  it.each(["generated", "interpreted"] as const)(
    "P1 with %s code asks exactly what it asks by hand",
    async (backend) => {
      const out = await solve(p1, backend);
      expect(out.status).toBe("converged");
      expect(out.x[0]).toBeCloseTo(7, 9);
      expect(out.y[0]).toBeCloseTo(3.5, 9);
      const hand = runMethod(aidAuto, handOracle(P1), { now: () => 0 });
      expect(out.counts).toEqual(hand.counts);
    },
  );

  it("boxes at both levels, minimax, simplex", async () => {
    const c2 = await solve(`
upper {
  var x in [-5, 5]
  minimize 0.5*(x - 2)^2 + 0.25*y^2
}
lower {
  var y in [0, 1]
  minimize 0.5*(y - x)^2
}
`);
    expect([c2.status, c2.x[0].toFixed(8), c2.y[0]]).toEqual(["converged", "2.00000000", 1]);
    const m1 = await solve(`
minimax {
  minimize var x in [-5, 5]
  maximize var y
  objective x^2 + 2x*y - y^2 - 4x + 2y
}
`);
    expect([m1.status, m1.x[0].toFixed(8), m1.y[0].toFixed(8)]).toEqual(["converged", "0.50000000", "1.50000000"]);
    // y* = projection of x onto the simplex; f = ½|y - (.7, .2, .1)|² + ½|x - (.7, .2, .1)|²: all at (.7, .2, .1).
    const share = await solve(`
param target[3] = [0.7, 0.2, 0.1]
upper {
  var x[3]
  minimize 0.5*sumsq(y - target) + 0.5*sumsq(x - target)
}
lower {
  var y[3] in simplex
  minimize 0.5*sumsq(y - x)
}
`);
    expect(share.status).toBe("converged");
    expect(Math.max(...share.y.map((v, i) => Math.abs(v - [0.7, 0.2, 0.1][i])))).toBeLessThan(1e-8);
  });

  it("a learning problem with a logarithmic ridge", async () => {
    const out = await solve(`
param A[4, 2] = [[1, 0.5], [0.2, 1], [1.5, -1], [0.3, 0.8]]
param b[4] = [1, 0.4, 0.9, 1.2]
upper {
  var rho in [-10, 5]
  minimize mean(i in 3..4: 0.5*(A[i, :]*w - b[i])^2)
}
lower {
  var w[2]
  minimize mean(i in 1..2: 0.5*(A[i, :]*w - b[i])^2) + exp(rho)*sumsq(w)
}
`);
    expect(["converged", "stalled"]).toContain(out.status);
    // The hyper-objective by the normal equations, and its slope by differences.
    const phi = (rho: number): number => {
      const lambda = 4 * Math.exp(rho);
      const [a, c, d] = [1 + 0.04 + lambda, 0.5 + 0.2, 0.25 + 1 + lambda];
      const [p, q] = [1 + 0.2 * 0.4, 0.5 + 0.4];
      const det = a * d - c * c;
      const w = [(d * p - c * q) / det, (a * q - c * p) / det];
      return 0.25 * ((1.5 * w[0] - w[1] - 0.9) ** 2 + (0.3 * w[0] + 0.8 * w[1] - 1.2) ** 2);
    };
    expect(out.value).toBeCloseTo(phi(out.x[0]), 10);
    const inside = out.x[0] > -10 && out.x[0] < 5;
    const slope = (phi(out.x[0] + 1e-5) - phi(out.x[0] - 1e-5)) / 2e-5;
    if (inside) expect(Math.abs(slope)).toBeLessThan(1e-8);
    else expect(Math.sign(slope)).toBe(out.x[0] === -10 ? 1 : -1);
  });
});
