/** What one method finds out about a problem is told beside the answer of another. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import type { Method, MethodState } from "../../src/methods/method.js";
import { methodOf } from "../../src/methods/registry.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { solvingInTurn, type Turn } from "../../src/solve/portfolio.js";

const finder: Method = {
  ...methodOf("aid-auto"),
  id: "finder",
  parameters: [],
  init: ({ oracle }): MethodState => ({
    x: oracle.startX.slice(),
    y: oracle.startY.slice(),
    value: 0,
    stationarity: 1,
    finished: "stalled",
    reason: "It went no further.",
    remark: "No point is better than -3.",
    extra: {},
  }),
  step: () => {},
};

test("a finding of a method that failed stands in the reason of the answer, its failure in the warnings", async () => {
  const { problem } = await compile("upper { var x; minimize (x - 1)^2 + y^2 }\nlower { var y; minimize (y - x)^2 }");
  const turn = (method: Method): Turn => ({
    part: "answer",
    request: { method, parameters: {}, seed: 1, limits: {}, now: () => performance.now(), warnings: [] },
  });
  const steps = solvingInTurn(compileOracle(problem!), [turn(finder), turn(methodOf("aid-auto"))]);
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  const { status, method, reason, warnings } = next.value;
  expect([status, method]).toEqual(["converged", "aid-auto"]);
  expect(reason).toMatch(/ finder: No point is better than -3\.$/);
  expect(warnings.map((w) => w.code)).toEqual(["BLO0816"]);
});
