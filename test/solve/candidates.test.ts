/** What a plain run tries, and that features of the written problem are not looked at where presolve leaves a proof. */
import { describe, expect, test } from "vitest";
import { compile, iterate } from "../../src/api.js";
import type { Method } from "../../src/methods/method.js";
import { methodOf } from "../../src/methods/registry.js";
import type { Problem } from "../../src/model/problem.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { presolve } from "../../src/presolve/presolve.js";
import { candidatesFor } from "../../src/solve/candidates.js";
import { plan } from "../../src/solve/plan.js";
import { solvingInTurn, type Turn } from "../../src/solve/portfolio.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem } = await compile(text);
  return problem!;
}

const convex = "upper { var x ; minimize (x - 7)^2 + y^2 }\nlower { var y ; minimize (y - x/2)^2 }";
const wavy = "upper { var x ; minimize sin(x) + y^2 }\nlower { var y ; minimize (y - x/2)^2 }";

/** Throws where features are asked for: Lanczos' method reads the lower Hessian on a fork. */
function unread(oracle: Oracle): Oracle {
  return new Proxy(oracle, {
    get(target, name, self): unknown {
      if (name === "fork") throw new Error("looked at");
      return Reflect.get(target, name, self);
    },
  });
}

describe("candidates", () => {
  test("after a proof the others are found only when they are asked for", async () => {
    const problem = await problemOf(convex);
    const { first, rest } = candidatesFor(unread(compileOracle(problem)), presolve(problem), {}, 1, {});
    expect(first.map((c) => [c.method.id, c.part, c.reduced])).toEqual([["single-level", "proof", true]]);
    const all = candidatesFor(compileOracle(problem), presolve(problem), {}, 1, {}).rest!();
    expect(all.length).toBeGreaterThan(0);
    expect(all.every((c) => !c.reduced && c.method.id !== "single-level")).toBe(true);
    expect(rest).toBeDefined();
  });

  test("without a proof all are there at once", async () => {
    const problem = await problemOf(wavy);
    const { first, rest } = candidatesFor(compileOracle(problem), presolve(problem), {}, 1, {});
    expect(rest).toBeUndefined();
    expect(first[0]).toMatchObject({ part: "answer", reduced: true });
    expect(first.length).toBeGreaterThan(1);
  });

  test("a plain run of a proof tries nothing else", async () => {
    const problem = await problemOf(convex);
    const { chosen } = plan(problem, {});
    expect(chosen.map((m) => m.id)).toEqual(["single-level"]);
    const run = iterate(problem, {}, false);
    const { value } = await run.next();
    expect(value).toMatchObject({ status: "converged", tried: [{ method: "single-level" }] });
  });

  test("what is found later has its turn where the first ends without an answer", async () => {
    const problem = await problemOf(convex);
    const oracle = compileOracle(problem);
    const idle: Method = {
      ...methodOf("aid-auto"),
      id: "idle",
      init: ({ oracle: { startX, startY } }) => ({
        x: startX.slice(),
        y: startY.slice(),
        value: 0,
        stationarity: 1,
        finished: "stalled",
        reason: "It does nothing.",
        extra: {},
      }),
      step: () => undefined,
    };
    const turn = (method: Method, part: Turn["part"]): Turn => {
      const parameters = Object.fromEntries(method.parameters.map((p) => [p.name, p.default]));
      return {
        part,
        request: { method, parameters, seed: 1, limits: {}, now: () => performance.now(), warnings: [] },
      };
    };
    const asked: string[] = [];
    const steps = solvingInTurn(oracle, [turn(idle, "proof")], false, () => {
      asked.push("more");
      return [turn(methodOf("aid-auto"), "answer")];
    });
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    expect(asked).toEqual(["more"]);
    expect(next.value.tried?.map((t) => [t.method, t.status])).toEqual([
      ["idle", "stalled"],
      ["aid-auto", "converged"],
    ]);
  });
});
