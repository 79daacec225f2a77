/**
 * Example 4.1 of Chen, Xu and Zhang: f = x² + y, g = -xy, y in [-1, 1]. phi(x) = x² + sign x for x != 0 and phi(0) = -1 in the
 * optimistic sense: the hyper-objective jumps by 2 at its global minimiser, and differences grow like 1/delta.
 */
import { type Result, solve } from "../../src/api.js";
import type { Experiment, Findings } from "./experiment.js";
import { hyperObjective } from "./hyperValue.js";
import { coordinates, geometric, short, slope } from "./numbers.js";
import { figure } from "./plot.js";
import { acceptanceProblem } from "./problem.js";

const CALLS = 20_000;
const asked = ["aid-auto", "null-aid", "f2ba", "v-pbgd", "bda", "igfm", "blocc", "bic-gaffa", "branch-and-bound"];

const exact = (x: number): number => x * x + (x > 0 ? 1 : -1);

export const jump: Experiment = {
  id: "jump",
  title: "IGFM, example 4.1: a hyper-objective that jumps",
  paper: "Chen, Xu and Zhang, On bilevel optimization without lower-level strong convexity, 2023, example 4.1",
  setting: `φ by an accurate optimistic lower solver on [-1.5, 1.5]; (φ(δ) - φ(-δ)) / 2δ for δ from 0.1 to 1e-6; methods as they run without options from x = 1, at most ${CALLS} calls.`,
  same: true,
  async run(): Promise<Findings> {
    const problem = await acceptanceProblem("EX41");
    const phi = hyperObjective(problem);
    const grid = Array.from({ length: 61 }, (_, i) => -1.5 + 0.05 * i).filter((x) => Math.abs(x) > 1e-9);
    const values = grid.map((x) => [x, phi(x)] as const);
    const off = Math.max(...values.map(([x, v]) => Math.abs(v - exact(x))));
    const atZero = phi(0);
    const deltas = geometric(0.1, 1e-6, 11);
    const quotients = deltas.map((d) => [d, (phi(d) - phi(-d)) / (2 * d)] as const);
    const power = slope(quotients);
    const constant = Math.max(...quotients.map(([d, q]) => Math.abs(q * d - 1)));
    const ends: (readonly [string, Result])[] = [];
    for (const method of asked) {
      ends.push([method, await solve(problem, { method, calls: CALLS, iterations: CALLS, seconds: 600 })]);
    }
    const igfm = ends.find(([method]) => method === "igfm")?.[1];
    const said = /The hyper-objective jumps at [^:.]*/.exec(igfm?.reason ?? "")?.[0];
    const silent = ends.filter(([, r]) => r.status === "converged" && Math.abs(r.x[0]) > 1e-3);
    const part = (from: number, to: number) => values.filter(([x]) => x > from && x < to);
    return {
      findings: [
        {
          published: "Example 4.1: φ(x) = x² + sign x is not continuous (the paper leaves sign 0 open).",
          agrees: off < 1e-9 && Math.abs(atZero + 1) < 1e-9,
          ours: `computed φ differs from it by less than 1e-9 on the grid. φ(0) = ${short(atZero)}: the optimistic follower picks y = -1, so that the minimum -1 is attained.`,
        },
        {
          published: "Not Lipschitz: no Goldstein stationarity; differences over 2δ grow like 1/δ.",
          agrees: Math.abs(power + 1) < 0.01 && constant < 1e-6,
          ours: `exponent of δ ${short(power, 4)}; the quotient is 1/δ to ${constant < 1e-6 ? "6 digits" : short(constant)}.`,
        },
        {
          published: "A zeroth-order method has no guarantee here.",
          agrees: said !== undefined && silent.length === 0,
          ours: `igfm ends ${igfm?.status} at the minimiser and says: “${said}.” No run is certified at a point away from 0.`,
        },
      ],
      tables: [
        {
          caption: "Difference quotients across the jump",
          head: ["δ", "(φ(δ) - φ(-δ)) / 2δ", "1/δ"],
          rows: quotients.filter((_, i) => i % 2 === 0).map(([d, q]) => [short(d), short(q, 4), short(1 / d, 4)]),
        },
        {
          caption: "What methods report; the solution is x = 0, y = -1, φ = -1",
          head: ["method", "x", "y", "f", "status"],
          rows: ends.map(([method, { x, y, upper, status }]) => [
            method,
            coordinates(x),
            coordinates(y),
            coordinates([upper.objective]),
            status,
          ]),
        },
      ],
      figures: [
        {
          name: "jump",
          spec: figure("Example 4.1: the hyper-objective jumps", "φ(x) = x² + sign x, φ(0) = -1", [
            {
              title: "hyper-objective",
              x: { title: "x" },
              y: { title: "φ(x)", domain: [-1.5, 3.5] },
              columns: 1,
              series: [
                { label: "φ, x ≤ 0", points: [...part(-2, 0), [0, atZero]], dash: 0, colour: 0 },
                { label: "φ, x > 0", points: [[0, 1], ...part(0, 2)], dash: 0, colour: 5 },
                { label: "φ, x ≤ 0", points: [[0, atZero]], as: "marks" },
              ],
            },
            {
              title: "differences grow without bound",
              x: { title: "δ", log: true },
              y: { title: "(φ(δ) - φ(-δ)) / 2δ", log: true },
              columns: 1,
              series: [
                { label: "computed", points: quotients, as: "marks" },
                { label: "1/δ", points: deltas.map((d) => [d, 1 / d] as const), dash: 0, colour: 7 },
              ],
            },
          ]),
        },
      ],
    };
  },
};
