/** What an explanation says of reformulations: which apply, their programs, and what is in the way of the others. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { reformulationsTopic } from "../../src/explain/topics/reformulations.js";

async function explained(text: string) {
  const { problem } = await compile(text);
  const section = reformulationsTopic({ problem: problem!, seed: 1 });
  const facts = section?.blocks.find((b) => b.kind === "facts");
  const verdicts = facts?.kind === "facts" ? facts.rows.map((r) => [r.value, r.mood]) : [];
  return { section, facts, verdicts };
}

test("a linear lower level: all apply, and the size of the first-order conditions is said", async () => {
  const { section, verdicts } = await explained(`upper { var x in [0, 1]; minimize x - y }
lower { var y in [0, 2]; minimize y; subject to  low: y >= 1 - x }`);
  expect(section?.id).toBe("reformulations");
  expect(verdicts).toEqual(Array.from({ length: 4 }, () => ["applies", "good"]));
  // slacks: the constraint and both bounds of y; rows: the constraint and stationarity
  expect(section?.blocks).toContainEqual({
    kind: "text",
    text: "With first-order conditions: 5 variables (1 of x, 1 of y, 3 multipliers), 2 rows, 3 complementarities.",
  });
});

test("a quartic lower level: strong duality does not apply, and why", async () => {
  const { facts } = await explained(`upper { var x in [0, 1]; minimize x - y }
lower { var y; minimize y^4 - x*y; subject to  cap: y <= 1 }`);
  expect(facts).toMatchObject({
    rows: [
      { value: "applies" },
      {
        value: "does not apply",
        mood: "bad",
        why: "The objective of `lower` has degree 4 in its variables: it is neither linear nor quadratic.",
      },
      { value: "applies" },
      { value: "applies" },
    ],
  });
});
