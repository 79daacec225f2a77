/** Followers that depend on each other, and prices as players: the joint first-order conditions are the equilibrium's. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, type Problem, solve } from "../../src/api.js";
import { methodOf, whyNot } from "../../src/methods/registry.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const IDS = ["kkt-mpcc", "kkt-fb", "auglag"] as const;

/** A leader and two Cournot followers at the price a - x - y - z; the first follower's capacity, and what its units cost. */
const cournot = (first: string, cost: string): string => `param a = 12
upper { var x >= 0
  maximize x * (a - x - y - z) }
lower first { var y ${first}
  maximize y * (a - x - y - z) - ${cost} }
lower second { var z
  maximize z * (a - x - y - z) }
`;

test("strong-duality: two Cournot followers, quadratic each in its own variable; refuses a cost that is not quadratic", async () => {
  const result = await solve(await problemOf(cournot("in [0, 1.5]", "0")), { method: "strong-duality" });
  expect(result.status).toBe("converged");
  expect([...result.x, ...result.y]).toEqual([5.25, 1.5, 2.625].map((v) => expect.closeTo(v, 5)));
  const why = whyNot(methodOf("strong-duality"), await problemOf(cournot("", "exp(y) / 4")));
  expect(why.map((d) => d.code)).toEqual(["BLO0818"]);
  expect(why[0].message).toContain("neither linear nor quadratic");
});

describe.each(IDS)("%s on games", (method) => {
  test("two Cournot followers: y = z = (a - x) / 3, x = a / 2", async () => {
    const result = await solve(await problemOf(cournot("", "0")), { method });
    expect(result.status).toBe("converged");
    expect([...result.x, ...result.y]).toEqual([6, 2, 2].map((v) => expect.closeTo(v, 6)));
    expect(result.upper.objective).toBeCloseTo(12, 6);
  });

  test("a follower at its capacity 1.5: z = (10.5 - x) / 2, the leader's profit is x (10.5 - x) / 2", async () => {
    const result = await solve(await problemOf(cournot("in [0, 1.5]", "0")), { method });
    expect(result.status).toBe("converged");
    expect([...result.x, ...result.y]).toEqual([5.25, 1.5, 2.625].map((v) => expect.closeTo(v, 5)));
  });

  test("a cost that is not quadratic: each follower's own marginal profit vanishes, that of the sum does not", async () => {
    const result = await solve(await problemOf(cournot("", "exp(y) / 4")), { method });
    expect(result.status).toBe("converged");
    const [x] = result.x;
    const [y, z] = result.y;
    expect(12 - x - 2 * y - z - Math.exp(y) / 4).toBeCloseTo(0, 6);
    expect(12 - x - y - 2 * z).toBeCloseTo(0, 6);
    // profit on the equilibria through (x, y(x), z(x)) by their derivatives: rows [2 + e^y/4, 1; 1, 2] (y', z') = -(1, 1)
    const d = 2 + Math.exp(y) / 4;
    const slope = -(1 / (2 * d - 1)) - (d - 1) / (2 * d - 1);
    expect(12 - 2 * x - y - z - x * slope).toBeCloseTo(0, 5);
  });

  test("a market's price as `dual(balance)`: local solutions, at the price of the dearest offer that is taken", async () => {
    const written = readFileSync(new URL("../../examples/stackelberg/market.blo", import.meta.url), "utf8");
    // revenue by the market's dual programme: price times quantity has no bound while complementarity is relaxed
    const revenue = "dual(balance) * demand - 40 * q[2] - 60 * q[3] - 30 * dual(second) - 15 * dual(third)";
    const text = written.replace("(dual(balance) - cost) * q[1]", `${revenue} - cost * q[1]`);
    expect(text).toContain(revenue);
    // at price 40 it sells 80, at 60 what one rival leaves, 70, at 100 what both leave, 55; each unit costs 10
    const profits = new Map([
      [40, 30 * 80],
      [60, 50 * 70],
      [100, 90 * 55],
    ]);
    for (const start of [0, 50, 90]) {
      const result = await solve(await problemOf(text.replace("[0, 100]", `[0, 100] init ${start}`)), { method });
      expect(result.status).toBe("converged");
      const price = result.values["dual(balance)"] as number;
      expect(price).toBeCloseTo(Math.round(price), 4);
      expect(result.upper.objective).toBeCloseTo(profits.get(Math.round(price))!, 3);
      // the price is the bid and the multiplier of the generator's capacity
      expect((result.values.bid as number) + (result.multipliers?.first as number)).toBeCloseTo(price, 4);
    }
  });
});

test("methods on the sum of the followers or its value refuse, and say why", async () => {
  const text = readFileSync(new URL("../../examples/stackelberg/market.blo", import.meta.url), "utf8");
  const [game, market] = [await problemOf(cournot("", "0")), await problemOf(text)];
  for (const id of ["kkt-auto", "vf-idca", "snllvf"]) {
    expect(whyNot(methodOf(id), game).map((d) => d.code)).toEqual(["BLO0814"]);
    expect(whyNot(methodOf(id), market).map((d) => d.code)).toEqual(["BLO0819"]);
  }
  for (const id of IDS) for (const problem of [game, market]) expect(whyNot(methodOf(id), problem)).toEqual([]);
});
