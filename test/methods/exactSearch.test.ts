/** What branch and bound says of its proof: exhausted trees, and trees cut off by a limit. */
import { expect, test } from "vitest";
import { asText, linearBilevel } from "../../bench/linearBilevelProblems.mjs";
import { compile, solve } from "../../src/api.js";

// its value also comes from the search that branches on complementarities alone
const made = linearBilevel({ family: "box", n: 10, m: 10, rows: 12, seed: 5 });

test("an exhausted tree: the number of nodes and programs", async () => {
  const { problem } = await compile(asText(made));
  const result = await solve(problem!, { method: "branch-and-bound" });
  expect(result.status).toBe("converged");
  expect(result.reason).toMatch(/proved by \d+ nodes? of the search tree and \d+ linear or quadratic programs/);
  expect(result.upper.objective).toBeCloseTo(-454.977153, 5);
});

test("a limit: bound and gap, with a bound below the best value", async () => {
  const { problem } = await compile(asText(made));
  const result = await solve(problem!, { method: "branch-and-bound", iterations: 2 });
  const said = /better than (-?[\d.]+), a gap of ([\d.e+-]+) %/.exec(result.reason);
  expect(said).not.toBeNull();
  expect(Number(said![1])).toBeLessThan(-454.977);
  expect(Number(said![2])).toBeGreaterThan(0);
});
