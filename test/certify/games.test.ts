/** Followers that depend on each other: equilibria with closed forms, certificates follower by follower, games without one. */
import { describe, expect, test } from "vitest";
import { certify, compile, type Problem, solve } from "../../src/api.js";
import { methodOf, whyNot } from "../../src/methods/registry.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const failed = (c: { readonly checks: readonly { readonly name: string; readonly holds: boolean }[] }) =>
  c.checks.filter((k) => !k.holds).map((k) => k.name);

/** Price a - x - y - z. Followers answer y = z = (a - x) / 3, the leader's profit is x (a - x) / 3: x = a / 2, y = z = a / 6. */
const cournot = `param a = 12
upper {
  var x >= 0
  maximize x * (a - x - y - z)
}
lower first {
  var y
  maximize y * (a - x - y - z)
}
lower second {
  var z
  maximize z * (a - x - y - z)
}
`;

describe("Stackelberg leader with two Cournot followers", () => {
  test("the closed form, certified", async () => {
    const result = await solve(await problemOf(cournot));
    expect(result.status).toBe("converged");
    expect([...result.x, ...result.y]).toEqual([6, 2, 2].map((v) => expect.closeTo(v, 6)));
    expect(result.upper.objective).toBeCloseTo(12, 6);
    expect(result.certificate?.sentence).toContain("other equilibria are not ruled out");
    expect(result.lower.gap).toBeLessThan(1e-9);
  });

  test("the minimum of the followers' sum, a cartel, is refused and each follower that would leave it is named", async () => {
    // the sum (y + z)(a - x - y - z) is largest at y + z = (a - x) / 2: y = z = 1.5 at x = 6
    const verdict = await certify(await problemOf(cournot), { x: 6, y: 1.5, z: 1.5 });
    expect(verdict.certified).toBe(false);
    expect(failed(verdict)).toEqual(
      expect.arrayContaining(["first: lower stationarity", "second: value gap", "value gap"]),
    );
    // best answer to 1.5: y = 2.25, profit 2.25² instead of 1.5 (6 - 3)
    expect(verdict.valueGap).toBeCloseTo(2.25 ** 2 - 4.5, 8);
  });

  test("an equilibrium at an x that is not the leader's best is refused", async () => {
    const verdict = await certify(await problemOf(cournot), { x: 5.9, y: 6.1 / 3, z: 6.1 / 3 });
    expect(failed(verdict)).toEqual(["neighbours"]);
  });

  test("methods that would minimise the sum refuse", async () => {
    const problem = await problemOf(cournot);
    expect(whyNot(methodOf("bvfim"), problem).map((d) => d.code)).toEqual(["BLO0814"]);
    expect(whyNot(methodOf("branch-and-bound"), problem)).toEqual([]);
  });
});

describe("followers with shared limits", () => {
  // without the cap y = z = 2x/3, and the upper level wants y + z = 3: (32/9 + 0.2) x = 8
  const shared = (cap: number): string => `upper {
  var x in [0, 10]
  minimize (y + z - 3)^2 + 0.1x^2
}
lower first {
  var y >= 0
  minimize (y - x)^2 + y*z
  subject to
    cap: y + z <= ${cap}
}
lower second {
  var z >= 0
  minimize (z - x)^2 + y*z
  subject to
    limit: y + z <= ${cap}
}
`;

  test("a cap that does not bind", async () => {
    const result = await solve(await problemOf(shared(4)));
    expect(result.status).toBe("converged");
    const x = 8 / (32 / 9 + 0.2);
    expect([...result.x, ...result.y]).toEqual([x, (2 * x) / 3, (2 * x) / 3].map((v) => expect.closeTo(v, 6)));
  });

  test("a cap that binds leaves many equilibria: the lowest upper objective over all of them, equilibrium by equilibrium", async () => {
    const problem = await problemOf(shared(2));
    const result = await solve(problem, { method: "branch-and-bound" });
    // y + z = 2 whatever x; equilibria there: 2(y - x) + z <= 0 for both, x least: y = z = 1, x = 1.5
    expect(result.upper.objective).toBeCloseTo(1 + 0.1 * 1.5 ** 2, 6);
    expect(result.lower.gap).toBeLessThan(1e-6);
    expect(failed(await certify(problem, { x: 2, y: 1.3, z: 0.7 })).filter((n) => n !== "neighbours")).toEqual([]);
    expect(failed(await certify(problem, { x: 1.5, y: 1.3, z: 0.7 }))).toContain("first: value gap");
  });
});

describe("games without an equilibrium", () => {
  test("convex followers who outbid each other: proved", async () => {
    const result = await solve(
      await problemOf(`upper {
  var x in [0, 1]
  minimize (y - x)^2
}
lower first {
  var y
  minimize (y - z - x)^2
}
lower second {
  var z
  minimize (z - y - 1)^2
}
`),
    );
    expect(result.status).toBe("infeasible");
    expect(result.obstruction).toEqual({ kind: "no equilibrium", proved: true, constraints: [] });
  });

  test("one hides, the other seeks: the stationary point is refused, and branch and bound does not apply", async () => {
    const problem = await problemOf(`upper {
  var x in [0, 1]
  minimize x^2
}
lower hider {
  var y in [-1, 1]
  minimize -(y - z)^2 + 0*x
}
lower seeker {
  var z in [-1, 1]
  minimize (z - y)^2
}
`);
    expect(whyNot(methodOf("branch-and-bound"), problem).map((d) => d.code)).toEqual(["BLO0818"]);
    const verdict = await certify(problem, { x: 0, y: 0, z: 0 });
    expect(verdict.certified).toBe(false);
    expect(failed(verdict)).toContain("hider: value gap");
    expect(verdict.valueGap).toBeCloseTo(1, 8);
  });
});
