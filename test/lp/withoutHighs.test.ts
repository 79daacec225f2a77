/** Small linear bilevel problems where HiGHS is never loaded: answers, infeasible and unbounded problems. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import { BranchAndBound } from "../../src/lp/branchAndBound.js";
import { linearModel } from "../../src/lp/linearModel.js";
import type { Search } from "../../src/lp/search.js";
import { SeparableSearch } from "../../src/lp/separableSearch.js";
import { isSmall } from "../../src/lp/smallModel.js";
import { affineComplementarity } from "../../src/reform/affineComplementarity.js";

const run = (search: Search): Search => {
  while (search.status === "searching") search.step();
  search.dispose();
  return search;
};

async function searches(text: string): Promise<readonly Search[]> {
  const { problem } = await compile(text);
  const found = affineComplementarity(problem!, generated);
  if (typeof found === "string") throw new Error(found);
  expect(isSmall(found.program)).toBe(true);
  expect(() => linearModel(found.program)).toThrow("not loaded");
  const separable = SeparableSearch.of(found.program, found);
  return [new BranchAndBound(found.program, found), ...(separable === undefined ? [] : [separable])].map(run);
}

test("optima: by hand, y = min(8 - x, ...) and the best of its ties", async () => {
  const found = await searches(`
    upper { var x in [0, 10]; minimize -x - 3y[1] + y[2] }
    lower { var y[2] in [0, 5]; minimize -y[1] - y[2]; subject to  cap: y[1] + y[2] + x <= 8 }`);
  expect(found.length).toBe(2);
  for (const { status, objective } of found) {
    expect(status).toBe("optimal");
    expect(objective).toBeCloseTo(-18, 9);
  }
});

test("a relaxation without bound: y is free to rise, but the lower level holds it down", async () => {
  // y = max(x, 4 - x) while the relaxation lets it rise for ever: x - 2y is least at x = 0, y = 4 (and -5 at the other end)
  const found = await searches(`
    upper { var x in [0, 5]; minimize x - 2y }
    lower { var y >= 0; minimize y; subject to  first: y >= x;  second: y >= 4 - x }`);
  expect(found.length).toBe(2);
  for (const { status, objective } of found) {
    expect(status).toBe("optimal");
    expect(objective).toBeCloseTo(-8, 9);
  }
});

test("infeasible and unbounded problems", async () => {
  const [none] = await searches(`
    upper { var x in [0, 1]; minimize x; subject to  high: y >= 2 }
    lower { var y in [0, 1]; minimize x * y }`);
  expect(none.status).toBe("infeasible");
  const [endless, other] = await searches(`
    upper { var x >= 0; minimize -y }
    lower { var y >= 0; minimize -y; subject to  cap: y <= x }`);
  expect(endless.status).toBe("unbounded");
  expect(endless.ray![1]).toBeGreaterThan(0);
  // left to the general search
  expect(other?.status ?? "failed").toBe("failed");
});
