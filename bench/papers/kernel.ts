/**
 * Example 5.3 of Chen, Xu and Zhang: f = (x - y2)² + (y1 - 1)², g = y1² - 2 x y1. Lower solutions y1 = x, y2 free; phi(x) = (x - 1)²,
 * solved by (1; 1, 1). Whoever never moves y2 ends at x = (1 + y2)/2: from 0 at (1/2; 1/2, 0), where R_ker = |b - Hv|/|b| is not 0.
 */
import { certify, methods, type Result, solve } from "../../src/api.js";
import { fitting } from "../../src/methods/registry.js";
import type { Experiment, Findings } from "./experiment.js";
import { coordinates, short } from "./numbers.js";
import { figure } from "./plot.js";
import { acceptanceProblem } from "./problem.js";

const CALLS = 30_000;
const ITERATIONS = 20_000;
/** How near to one of the two ends counts as there. */
const NEAR = 0.02;

/** Of the paper and of the methods' own analyses: y2 never moves, or it does. */
const known: Readonly<Record<string, "stays" | "moves">> = {
  "ift-direct": "stays",
  "aid-cg": "stays",
  "aid-fp": "stays",
  "aid-neumann": "stays",
  itd: "stays",
  "t-rhg": "stays",
  galet: "stays",
  bgs: "stays",
  mgbio: "stays",
  "v-pbgd": "moves",
  "g-pbgd": "moves",
  bome: "moves",
  bda: "moves",
  iaptt: "moves",
  "ia-gm": "moves",
  igfm: "moves",
};

interface End {
  readonly method: string;
  readonly at: "(1; 1, 1)" | "(1/2; 1/2, 0)" | "elsewhere";
  /** NaN where grad_y f vanishes: then nothing is left to weigh. */
  readonly rker: number;
  readonly result: Result;
}

/** Below this |grad_y f| the share of it that lies in the kernel is rounding. */
const VANISHED = 1e-3;

function place({ x, y }: Result): End["at"] {
  const near = (p: readonly number[]): boolean => [...x, ...y].every((v, i) => Math.abs(v - p[i]) <= NEAR);
  return near([1, 1, 1]) ? "(1; 1, 1)" : near([0.5, 0.5, 0]) ? "(1/2; 1/2, 0)" : "elsewhere";
}

export const kernel: Experiment = {
  id: "kernel",
  title: "IGFM, example 5.3: who finds the optimistic solution",
  paper: "Chen, Xu and Zhang, On bilevel optimization without lower-level strong convexity, 2023, example 5.3",
  setting: `Every method that fits the problem, as it runs without options from 0, with at most ${CALLS} calls and ${ITERATIONS} iterations; R_ker from the certificate.`,
  same: true,
  async run(): Promise<Findings> {
    const problem = await acceptanceProblem("E53");
    const ids = fitting(problem);
    const ends: End[] = [];
    for (const { id } of methods().filter((m) => ids.includes(m.id))) {
      const result = await solve(problem, { method: id, calls: CALLS, iterations: ITERATIONS, seconds: 600 });
      const { rker } = result.certificate ?? (await certify(problem, { x: result.x[0], y: [...result.y] }));
      const slope = Math.hypot(2 * (result.y[0] - 1), 2 * (result.x[0] - result.y[1]));
      ends.push({ method: id, at: place(result), rker: slope < VANISHED ? Number.NaN : rker, result });
    }
    const of = (kind: "stays" | "moves"): readonly End[] => ends.filter((e) => known[e.method] === kind);
    const names = (list: readonly End[]): string => (list.length === 0 ? "none" : list.map((e) => e.method).join(", "));
    const [stays, moves] = [of("stays"), of("moves")];
    const stuck = stays.filter((e) => e.at === "(1/2; 1/2, 0)");
    const found = moves.filter((e) => e.at === "(1; 1, 1)");
    const halfway = ends.filter((e) => e.at === "(1/2; 1/2, 0)");
    const told = halfway.filter((e) => e.result.status !== "converged" && e.rker > 0.6);
    const certified = ends.filter((e) => e.result.status === "converged");
    const others = ends.filter((e) => known[e.method] === undefined && e.at === "(1; 1, 1)");
    return {
      findings: [
        {
          published: "Implicit and unrolled differentiation (with the pseudo-inverse, too) end at x = 1/2 from y = 0.",
          agrees: stuck.length === stays.length,
          ours: `${names(stuck)} end there${stuck.length < stays.length ? `; not so ${names(stays.filter((e) => !stuck.includes(e)))}` : ""}. So do ${names(halfway.filter((e) => known[e.method] === undefined))}.`,
        },
        {
          published: "Methods that weigh f among the lower solutions find (1; 1, 1).",
          agrees: found.length === moves.length,
          ours: `${names(found)} do${found.length < moves.length ? `; not so ${names(moves.filter((e) => !found.includes(e)))}` : ""}. Beside them ${names(others)}.`,
        },
        {
          published: "R_ker tells the two ends apart, where GALET's residuals vanish at both.",
          agrees: told.length === halfway.length && certified.every((e) => e.at === "(1; 1, 1)"),
          ours: `R_ker is about ${short(Math.min(...told.map((e) => e.rker)), 1)} in all ${halfway.length} runs that end at (1/2; 1/2, 0), and none of them is reported as converged; the ${certified.length} runs that are end at (1; 1, 1), where ∇y f = 0.`,
        },
      ],
      tables: [
        {
          caption: `Ends of plain runs; there: within ${NEAR} of the point`,
          head: ["method", "reached (x; y)", "end", "status", "R_ker"],
          rows: ends.map(({ method, at, rker, result: { x, y, status } }) => [
            method,
            `(${coordinates(x, 2)}; ${coordinates(y, 2)})`,
            at,
            status,
            Number.isNaN(rker) ? "∇y f = 0" : String(Number(rker.toFixed(1))),
          ]),
        },
      ],
      figures: [
        {
          name: "kernel",
          spec: figure("Example 5.3 from 0: where plain runs end", "the optimistic solution is (1; 1, 1)", [
            {
              title: "x at the end",
              x: { title: "x" },
              dots: ends.map((e) => ({ label: e.method, value: e.result.x[0], group: e.at })),
            },
          ]),
        },
      ],
    };
  },
};
