/** How time is shared between a search tree that does not end and the methods after it, by a clock that counts steps. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import type { Method, MethodState } from "../../src/methods/method.js";
import { methodOf } from "../../src/methods/registry.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { solvingInTurn, type Turn } from "../../src/solve/portfolio.js";
import { ProofTime } from "../../src/solve/proofTime.js";

// the constraint keeps certificates from confirming x = 2, which is not the best
const text =
  "upper { var x in [0, 5] init 4; minimize x^2; subject to x >= 1 }\nlower { var y in [0, 9] init 4; minimize (y - x)^2; subject to y <= 8 }";

/** Ten milliseconds a step. */
class Ticks {
  time = 0;
  readonly now = (): number => this.time;
}

/** Stays at a point; `gap` and `bound` after its k-th step. */
function tree(ticks: Ticks, x: number, gap: (k: number) => number, bound: (k: number) => number): Method {
  let k = 0;
  const at = (): MethodState["extra"] => ({ gap: gap(k), bound: bound(k) });
  return {
    ...methodOf("aid-auto"),
    id: "tree",
    init: () => ({
      x: Float64Array.of(x),
      y: Float64Array.of(x),
      value: x * x,
      stationarity: 1,
      finished: "no",
      reason: "",
      extra: at(),
    }),
    step: (state) => {
      k++;
      ticks.time += 10;
      Object.assign(state.extra, at());
    },
  };
}

/** Looks at where it starts, and ends. */
function looker(starts: number[][]): Method {
  return {
    ...methodOf("aid-auto"),
    id: "looker",
    init: ({ oracle: { startX, startY } }) => {
      starts.push([...startX, ...startY]);
      return {
        x: startX.slice(),
        y: startY.slice(),
        value: 0,
        stationarity: 1,
        finished: "stalled",
        reason: "It does nothing.",
        extra: {},
      };
    },
    step: () => undefined,
  };
}

interface Told {
  readonly steps: number;
  readonly starts: readonly number[][];
  readonly tried: readonly (readonly [string, string])[];
}

async function told(
  gap: (k: number) => number,
  bound: (k: number) => number,
  { x = 2, alone = false } = {},
): Promise<Told> {
  const { problem } = await compile(text);
  const oracle: Oracle = compileOracle(problem!);
  const ticks = new Ticks();
  const starts: number[][] = [];
  const turn = (method: Method, part: Turn["part"]): Turn => {
    const parameters = Object.fromEntries(method.parameters.map((p) => [p.name, p.default]));
    return {
      part,
      request: { method, parameters, seed: 1, limits: { seconds: 10 }, now: ticks.now, warnings: [] },
    };
  };
  const turns = [turn(tree(ticks, x, gap, bound), "proof")];
  const steps = solvingInTurn(oracle, alone ? turns : [...turns, turn(looker(starts), "answer")]);
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  return {
    steps: Math.round(ticks.time / 10),
    starts,
    tried: (next.value.tried ?? []).map((t) => [t.method, t.status] as const),
  };
}

describe("time of proofs", () => {
  test("with a point, and a bound that moves, all but 15 % of it, and the others start at the point", async () => {
    const { steps, starts, tried } = await told(
      () => 0.5,
      (k) => k,
    );
    expect(steps).toBeGreaterThanOrEqual(850);
    expect(steps).toBeLessThan(870);
    // more rounds may follow from better neighbours that its certificate met
    expect(starts[0]).toEqual([2, 2]);
    expect(tried.map(([method]) => method)).toEqual(["tree", "looker"]);
  });

  test("without a point 60 % of it, less what is kept for its certificate", async () => {
    const { steps, starts } = await told(
      () => Number.POSITIVE_INFINITY,
      (k) => k,
      { x: 0.5 },
    );
    expect(steps).toBeGreaterThanOrEqual(510);
    expect(steps).toBeLessThan(530);
    // 0.5 violates the upper constraint
    expect(starts[0]).toEqual([4, 4]);
  });

  test("with a bound that has stopped, no more than its share", async () => {
    const { steps, starts } = await told(
      () => 0.5,
      (k) => Math.min(k, 200),
    );
    expect(steps).toBeGreaterThanOrEqual(510);
    expect(steps).toBeLessThan(530);
    // more rounds may follow from better neighbours that its certificate met
    expect(starts[0]).toEqual([2, 2]);
  });

  test("where nothing else could answer, all but the certificate's part", async () => {
    const { steps } = await told(
      () => 0.5,
      (k) => k,
      { alone: true },
    );
    expect(steps).toBeGreaterThanOrEqual(850);
    expect(steps).toBeLessThan(870);
  });

  test("the bound is compared between the middle and the end of the share", () => {
    const state = (gap: number, bound: number): MethodState => ({
      x: Float64Array.of(0),
      y: Float64Array.of(0),
      value: 0,
      stationarity: 1,
      finished: "no",
      reason: "",
      extra: { gap, bound },
    });
    const rising = new ProofTime(100);
    const first = rising.stages(50);
    expect([rising.share, first.seconds]).toEqual([60, 25]);
    expect(first.longer(state(Number.POSITIVE_INFINITY, 3))).toBe(50);
    expect(first.longer(state(0.1, 4))).toBe(85);
    expect(rising.granted).toBe(true);
    expect(first.longer(state(0.1, 5))).toBeUndefined();
    const still = new ProofTime(100).stages(50);
    still.longer(state(0.1, 3));
    expect(still.longer(state(0.1, 3))).toBeUndefined();
    // a method that tells of no bound
    const silent = new ProofTime(100).stages(50);
    silent.longer({ ...state(0, 0), extra: {} });
    expect(silent.longer({ ...state(0, 0), extra: {} })).toBeUndefined();
  });
});
