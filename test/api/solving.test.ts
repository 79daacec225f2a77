/** The solve around a method: certificate, one polish round, budgets. Methods here are stand-ins with known behaviour. */
import { describe, expect, test } from "vitest";
import {
  compile,
  type Method,
  type MethodContext,
  type MethodState,
  type Result,
  registerMethod,
  solve,
} from "../../src/api.js";

interface State extends MethodState {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** x goes to 2 at once, y down the gradient of g from where it starts (or from `forced`), then it claims convergence. */
function local(id: string, forced?: number): Method<State> {
  return {
    id,
    title: "a local method",
    reference: "for this test",
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
    parameters: [],
    init({ oracle }: MethodContext): State {
      const y = forced === undefined ? oracle.startY.slice() : Float64Array.of(forced);
      return { x: Float64Array.of(2), y, value: 0, stationarity: 0, finished: "no", reason: "", extra: {} };
    },
    step(state: State, { oracle }: MethodContext): void {
      const g = new Float64Array(1);
      oracle.lower.gradY(state.x, state.y, g);
      state.y[0] -= 0.05 * g[0];
      state.stationarity = Math.abs(g[0]);
      if (state.stationarity < 1e-11) {
        state.finished = "converged";
        state.reason = "The lower gradient vanishes.";
      }
    },
  };
}

// Two lower minima, near 1 and -1; the one near -1 is lower.
const twoWells = `upper { var x ; minimize (x - 2)^2 }
lower { var y init 0.9 ; minimize (y^2 - 1)^2 + 0.3y }`;

async function run(method: Method<State>, source = twoWells, options = {}): Promise<Result> {
  registerMethod(method as unknown as Method);
  const { problem } = await compile(source);
  return solve(problem!, { method: method.id, ...options });
}

describe("a claim that the certificate refutes by a better lower point", () => {
  test("gets one more round from that point", async () => {
    const result = await run(local("test-local"));
    expect(result.status).toBe("converged");
    expect(result.y[0]).toBeCloseTo(-1.0354, 3);
    const rows = result.trace.map((r) => r.iteration);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(rows.at(-1)).toBe(result.iterations);
    expect(result.counts.lowerGradient).toBe(result.iterations);
  });

  test("stays uncertified, with the reason, where that does not help", async () => {
    const result = await run(local("test-stubborn", 0.9));
    expect(result.status).toBe("uncertified");
    expect(result.y[0]).toBeCloseTo(0.96, 1);
    expect(result.reason).toMatch(/lower/);
    expect(result.lower.gap).toBeGreaterThan(0.1);
  });

  test("gets none where the budget is used up", async () => {
    const { iterations } = await run(local("test-probe", 0.9));
    const result = await run(local("test-local-2"), twoWells, { iterations });
    expect([result.iterations, result.status]).toEqual([iterations, "uncertified"]);
  });
});

test("a limit that ends the run at a point which holds is no failure, and says so", async () => {
  const convex = `upper { var x ; minimize (x - 2)^2 }\nlower { var y init 1 ; minimize (y - 1)^2 }`;
  const slow: Method<State> = {
    ...local("test-slow"),
    step(state) {
      state.stationarity = 1;
    },
  };
  const result = await run(slow, convex, { iterations: 3 });
  expect(result.status).toBe("converged");
  expect(result.reason).toContain("The limit on iterations was reached.");
  expect(result.certificate?.certified).toBe(true);
});
