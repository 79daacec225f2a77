/** BLO082x: measures that do not exist, do not fit or are set wrongly, through the path that the command line takes. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { attempt } from "../../src/cli/solveFlags.js";
import { expectGolden } from "./golden.js";

const upper = "upper {\n  var x\n  minimize (x - 1)^2 + y^2\n}\n";
const lower = "lower {\n  var y\n  minimize (y - x)^2\n}\n";

test.each([
  ["BLO0820", upper + lower, ["hypergradiant", "gap"]],
  ["BLO0821", upper + lower.replace("}\n", "  subject to\n    y <= x\n}\n"), ["gap"]],
  ["BLO0822", upper + lower, ["goldstein:radius=0.1"]],
])("%s", async (name, text, measures) => {
  const { problem } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error("does not compile");
  const tried = await attempt(problem, { iterations: 5, measures });
  expect("diagnostics" in tried).toBe(true);
  if ("diagnostics" in tried) expectGolden(name, tried.diagnostics, problem.source);
});
