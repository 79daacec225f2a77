/**
 * Proposition 4.1 of Chen, Xu and Zhang: adding r/2 |y - pivot|² to a lower level with many solutions changes the problem for
 * every r > 0, however small. Here g = 0, pivot 0, f = y² - 2xy, x in [-1, 1]: phi(x) = -x², phi_r(x) = f(x, 0) = 0.
 */
import { type Result, solve } from "../../src/api.js";
import type { Experiment, Findings } from "./experiment.js";
import { hyperObjective } from "./hyperValue.js";
import { coordinates, short } from "./numbers.js";
import { figure } from "./plot.js";
import { acceptanceProblem, problemOf } from "./problem.js";

const regularised = `
param r = 1
param pivot = 0
upper { var x in [-1, 1] init 0.5; minimize y^2 - 2x * y }
lower { var y; minimize 0.5r * (y - pivot)^2 }
`;

const weights = [1, 1e-2, 1e-4, 1e-6, 1e-8];
const pivots = [0, 0.25];
const asked = ["aid-auto", "galet", "itd", "null-aid", "f2ba", "v-pbgd", "bome", "bda", "igfm"];
const CALLS = 40_000;
const grid = Array.from({ length: 41 }, (_, i) => -1 + 0.05 * i);

export const regularise: Experiment = {
  id: "regularise",
  title: "IGFM, proposition 4.1: regularising the lower level does not help",
  paper: "Chen, Xu and Zhang, On bilevel optimization without lower-level strong convexity, 2023, proposition 4.1",
  setting: `g = 0, f = y² - 2xy, x in [-1, 1]; regularised with r/2 (y - pivot)², pivot 0 and 1/4, r from 1 to 1e-8, solved by aid-auto; methods on the problem itself from x = 1/2, y = 0, at most ${CALLS} calls.`,
  same: true,
  async run(): Promise<Findings> {
    const problem = await acceptanceProblem("PROP41");
    const phi = hyperObjective(problem);
    const own = grid.map((x) => [x, phi(x)] as const);
    const off = Math.max(...own.map(([x, v]) => Math.abs(v + x * x)));
    const rows: string[][] = [];
    const curves: (readonly [number, number])[][] = [];
    let [worst, least] = [0, Number.POSITIVE_INFINITY];
    for (const pivot of pivots) {
      for (const r of weights) {
        const changed = await problemOf(regularised, { r, pivot });
        const phiR = hyperObjective(changed);
        const curve = grid.map((x) => [x, phiR(x)] as const);
        if (r === weights[weights.length - 1]) curves.push(curve);
        worst = Math.max(worst, ...curve.map(([x, v]) => Math.abs(v - (pivot * pivot - 2 * x * pivot))));
        const { upper } = await solve(changed, { method: "aid-auto", calls: CALLS, seconds: 600 });
        least = Math.min(least, upper.objective);
        const best = pivot * pivot - 2 * pivot;
        rows.push([
          short(pivot),
          short(r),
          coordinates([best]),
          coordinates([upper.objective]),
          coordinates([upper.objective + 1]),
        ]);
      }
    }
    const ends: (readonly [string, Result])[] = [];
    for (const method of asked) {
      ends.push([method, await solve(problem, { method, calls: CALLS, iterations: CALLS, seconds: 600 })]);
    }
    const found = ends.filter(([, r]) => Math.abs(r.upper.objective + 1) < 1e-3);
    const missed = ends.filter(([, r]) => Math.abs(r.upper.objective + 1) >= 1e-3);
    const names = (list: typeof ends): string => (list.length === 0 ? "none" : list.map(([m]) => m).join(", "));
    return {
      findings: [
        {
          published:
            "Proposition 4.1: a quadratic φ may have linear regularised hyper-objectives, for every weight of the regularisation.",
          agrees: off < 1e-9 && worst < 1e-9,
          ours: `φ = -x², and with r from 1 to 1e-8 the regularised one is pivot² - 2 pivot x: the same line for all r.`,
        },
        {
          published: "So their minima need not come near to min φ.",
          agrees: least > -0.5,
          ours: `min φ = -1; regularised 0 (pivot 0) and -0.4375 (pivot 1/4), and the gap does not shrink with r.`,
        },
        {
          published: "Methods that choose among lower solutions do not need it.",
          agrees: found.length >= 4 && missed.every(([, r]) => r.status !== "converged"),
          ours: `${names(found)} reach φ = -1 on the problem itself${missed.length > 0 ? `; ${names(missed)} do not, and none of these is reported as converged` : ""}. (From the lower solution y = 0 the certificate sends implicit methods on to a better one.)`,
        },
      ],
      tables: [
        {
          caption: "Regularised problems; min φ = -1",
          head: ["pivot", "r", "min φ_r (closed form)", "aid-auto", "gap to min φ"],
          rows,
        },
        {
          caption: "Methods on the problem itself",
          head: ["method", "x", "y", "f", "status"],
          rows: ends.map(([method, { x, y, upper, status }]) => [
            method,
            coordinates(x, 3),
            coordinates(y, 3),
            coordinates([upper.objective], 3),
            status,
          ]),
        },
      ],
      figures: [
        {
          name: "regularise",
          spec: figure(
            "Regularised hyper-objectives do not come near",
            "lower level g = 0, regularised with r/2 (y - pivot)², r = 1e-8 (the same for r = 1)",
            [
              {
                title: "y² - 2xy over the lower solutions",
                x: { title: "x" },
                y: { title: "hyper-objective" },
                columns: 1,
                series: [
                  { label: "φ(x) = -x²", points: own },
                  ...curves.map((points, i) => ({ label: `regularised, pivot ${pivots[i]}`, points })),
                ],
              },
            ],
          ),
        },
      ],
    };
  },
};
