import { describe, expect, it } from "vitest";
import type { Method, MethodState } from "../../src/methods/method.js";
import type { TraceRow } from "../../src/methods/result.js";
import { type RunOptions, runMethod, runMethodAsync, runSteps } from "../../src/methods/run.js";
import { axpyInto } from "../../src/num/vector.js";
import { calls } from "../../src/oracle/oracle.js";
import { handOracle } from "./handOracle.js";
import { P1, scalarLevel } from "./handProblems.js";

interface DescentState extends MethodState {
  step: number;
  readonly g: Float64Array;
}

/** Alternating gradient steps with a given step size: the simplest thing the loop can run. */
function descent(step: number, shrinks = true): Method<DescentState> {
  return {
    id: "descent",
    title: "Alternating gradient steps",
    reference: "none",
    formulas: [],
    assumptions: "",
    failures: "",
    requirements: {
      order: 1,
      class: "any",
      upperDomain: false,
      lowerDomain: false,
      upperConstraints: false,
      lowerConstraints: false,
      minimaxOnly: false,
    },
    parameters: [{ name: "stop", type: "number", default: 0, min: 0, doc: "stop at this gradient" }],
    init({ oracle }) {
      const x = Float64Array.from(oracle.startX);
      const y = Float64Array.from(oracle.startY);
      const [value, stationarity] = [Number.NaN, Number.NaN];
      return { x, y, value, stationarity, finished: "no", reason: "", extra: {}, step, g: new Float64Array(1) };
    },
    step(state, { oracle, parameters }) {
      oracle.lower.gradY(state.x, state.y, state.g);
      axpyInto(-state.step, state.g, state.y);
      state.value = oracle.lower.value(state.x, state.y);
      state.stationarity = Math.abs(state.g[0]);
      state.extra.step = state.step;
      if (state.stationarity <= (parameters.stop as number)) {
        state.finished = "converged";
        state.reason = "gradient small";
      }
    },
    ...(shrinks
      ? {
          backOff(state: DescentState) {
            state.step *= 0.5;
            return true;
          },
        }
      : {}),
  };
}

/** A clock that advances by a fixed number of milliseconds each time it is read. */
function steadyClock(tick: number): { now: () => number; readonly reads: number } {
  let reads = 0;
  return {
    now: () => tick * reads++,
    get reads() {
      return reads;
    },
  };
}

const fast: RunOptions = { now: () => 0, parameters: { stop: 1e-12 } };

describe("the loop", () => {
  it("stops when the method says so, with its reason", () => {
    const out = runMethod(descent(0.1), handOracle({ ...P1, startY: [1] }), fast);
    expect(out.status).toBe("converged");
    expect(out.reason).toBe("gradient small");
    expect(Math.abs(out.y[0])).toBeLessThan(1e-11);
    expect(calls(out.counts)).toBe(out.iterations);
    expect(out.trace[0].iteration).toBe(0);
    expect(out.trace.at(-1)?.iteration).toBe(out.iterations);
  });

  it("keeps limits on iterations and calls exactly", () => {
    const method = descent(1e-3);
    const oracle = () => handOracle({ ...P1, startY: [1] });
    const a = runMethod(method, oracle(), { now: () => 0, limits: { iterations: 37 } });
    expect([a.status, a.iterations]).toEqual(["iteration-limit", 37]);
    const b = runMethod(method, oracle(), { now: () => 0, limits: { calls: 53 } });
    expect([b.status, calls(b.counts)]).toEqual(["call-limit", 53]);
  });

  it("keeps the time limit and reads the clock rarely", () => {
    let time = 0;
    const oracle = handOracle({ ...P1, startY: [1] });
    const method = descent(1e-6);
    const step = method.step.bind(method);
    // Each step takes 1 microsecond of a simulated clock.
    const timed: Method<DescentState> = {
      ...method,
      step(state, context) {
        time += 1e-3;
        step(state, context);
      },
    };
    let reads = 0;
    const out = runMethod(timed, oracle, {
      traceRows: 0,
      limits: { seconds: 0.5 },
      now: () => {
        reads++;
        return time;
      },
    });
    expect(out.status).toBe("time-limit");
    expect(out.seconds).toBeGreaterThanOrEqual(0.5);
    expect(out.seconds).toBeLessThan(0.51);
    expect(out.iterations).toBeGreaterThan(490_000);
    expect(reads).toBeLessThan(600);
  });

  it("ends a batch early when steps become dearer", () => {
    let time = 0;
    const oracle = handOracle({ ...P1, startY: [1] });
    const base = descent(1e-6);
    let k = 0;
    const method: Method<DescentState> = {
      ...base,
      step(state, context) {
        // From step 100,000 on each asks 10,000 times as much.
        const times = ++k > 100_000 ? 10_000 : 1;
        for (let i = 0; i < times; i++) context.oracle.lower.gradY(state.x, state.y, state.g);
        time += 1e-3 * times;
      },
    };
    const out = runMethod(method, oracle, { traceRows: 0, limits: { seconds: 0.15 }, now: () => time });
    expect(out.status).toBe("time-limit");
    expect(out.seconds).toBeLessThan(0.2);
  });

  it("puts the last good point back and lets the method shrink its step", () => {
    // Step 0.9 diverges on g'' = 8 (factor -6.2); a quarter of it converges.
    const out = runMethod(descent(0.9), handOracle({ ...P1, startY: [1] }), fast);
    expect(out.status).toBe("converged");
    expect(out.backOffs).toBeGreaterThan(0);
    expect(Math.abs(out.y[0])).toBeLessThan(1e-11);
  });

  it("gives up where nothing can be shrunk, and returns the best point", () => {
    const out = runMethod(descent(1, false), handOracle({ ...P1, startY: [1] }), fast);
    expect(out.status).toBe("diverged");
    expect(out.y[0]).toBe(-7);
    expect(out.diagnostics.map((d) => d.code)).toEqual(["BLO0903"]);
  });

  it("names numbers that are not finite, after ten back-offs", () => {
    const bad = scalarLevel({
      value: (_x, y) => y,
      x: () => 0,
      y: (_x, y) => (y === 1 ? 1 : Number.NaN),
      yy: () => 0,
      xy: () => 0,
    });
    const out = runMethod(descent(1), handOracle({ ...P1, g: bad, startY: [1] }), fast);
    expect(out.status).toBe("not-finite");
    expect(out.backOffs).toBe(11);
    expect(Number.isFinite(out.y[0])).toBe(true);
    expect(out.diagnostics.map((d) => d.code)).toEqual(["BLO0902"]);
  });

  it("refuses a start where an objective is not finite", () => {
    const g = scalarLevel({ value: (_x, y) => Math.log(y), x: () => 0, y: (_x, y) => 1 / y, yy: () => 0, xy: () => 0 });
    const out = runMethod(descent(1), handOracle({ ...P1, g }), fast);
    expect([out.status, out.iterations]).toEqual(["not-finite", 0]);
    expect(out.diagnostics[0].message).toBe("the lower objective is not a finite number at the starting point");
    const f = runMethod(descent(1), handOracle({ ...P1, f: g }), fast);
    expect(f.diagnostics[0].message).toBe("the upper objective is not a finite number at the starting point");
  });

  it("keeps the trace bounded and even, and gives every row to the sink", () => {
    const rows: TraceRow[] = [];
    const out = runMethod(descent(1e-4), handOracle({ ...P1, startY: [1] }), {
      now: () => 0,
      limits: { iterations: 50_000 },
      sink: (row) => rows.push(row),
    });
    expect(rows.length).toBe(50_001);
    expect(rows.every((row, i) => row.iteration === i)).toBe(true);
    expect(out.trace.length).toBeLessThanOrEqual(2001);
    expect(out.trace.length).toBeGreaterThanOrEqual(1000);
    const gaps = new Set(out.trace.slice(1, -1).map((row, i) => row.iteration - out.trace[i].iteration));
    expect([...gaps]).toEqual([32]);
  });

  it("stops when the signal is aborted from a callback", () => {
    const controller = new AbortController();
    const out = runMethod(descent(1e-4), handOracle({ ...P1, startY: [1] }), {
      now: () => 0,
      signal: controller.signal,
      onIteration: (row) => {
        if (row.iteration === 12) controller.abort();
      },
    });
    expect([out.status, out.iterations]).toEqual(["interrupted", 12]);
  });

  it("pauses about every 20 ms, and an abort from outside is seen", async () => {
    const clock = steadyClock(0.5);
    const steps = runSteps(descent(1e-9), handOracle({ ...P1, startY: [1] }), { now: clock.now, traceRows: 0 });
    const first = steps.next();
    expect(first.done).toBe(false);
    const second = steps.next();
    if (first.done !== true && second.done !== true) {
      const passed = (second.value.seconds - first.value.seconds) * 1000;
      expect(passed).toBeGreaterThanOrEqual(20);
      expect(passed).toBeLessThan(25);
    }
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const out = await runMethodAsync(descent(1e-9), handOracle({ ...P1, startY: [1] }), {
      now: () => performance.now(),
      traceRows: 0,
      signal: controller.signal,
      limits: { seconds: 20 },
    });
    expect(out.status).toBe("interrupted");
  });

  it("writes checkpoints that resume where they stood", () => {
    const kept: string[] = [];
    const oracle = handOracle({ ...P1, startY: [1] });
    const method = descent(1e-2);
    const options = { now: () => 0, limits: { iterations: 40 } };
    runMethod(method, oracle, {
      ...options,
      checkpoint: { everySeconds: 1, write: (c) => kept.push(JSON.stringify(c)) },
    });
    expect(kept.length).toBe(1);
    const resumed = runMethod(method, handOracle({ ...P1, startY: [1] }), {
      now: () => 0,
      limits: { iterations: 100 },
      resume: JSON.parse(kept[0]),
    });
    const whole = runMethod(method, handOracle({ ...P1, startY: [1] }), { now: () => 0, limits: { iterations: 100 } });
    expect(resumed.y[0]).toBe(whole.y[0]);
    expect(resumed.counts).toEqual(whole.counts);
    expect(resumed.trace[0].iteration).toBe(40);
    expect(() => runMethod({ ...method, id: "other" }, oracle, { now: () => 0, resume: JSON.parse(kept[0]) })).toThrow(
      /BLO0905/,
    );
  });

  it("tells a long step that the budget is used up", () => {
    let time = 0;
    let turns = 0;
    const base = descent(1e-6);
    const method: Method<DescentState> = {
      ...base,
      step(_state, context) {
        while (!context.exhausted()) {
          turns++;
          time += 0.01;
        }
      },
    };
    const out = runMethod(method, handOracle(P1), { now: () => time, limits: { seconds: 1 }, traceRows: 0 });
    expect(out.status).toBe("time-limit");
    expect(out.seconds).toBeLessThan(1.01);
    expect(turns).toBeGreaterThan(90_000);
  });
});
