/** Figure 1 of GALET: its residuals vanish where the optimality gap does; the value function's KKT score does not. */

import { measuring } from "../../src/measures/measuring.js";
import { askedMeasures } from "../../src/measures/table.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Experiment, Findings } from "./experiment.js";
import { constants, optimalityGap, optionsOf, paper, start, steps } from "./galetExample.js";
import { short } from "./numbers.js";
import { figure, type Panel } from "./plot.js";
import { acceptanceProblem, run } from "./problem.js";

interface Point {
  readonly gap: number;
  readonly residual: number;
  readonly score: number;
  readonly x: number;
}

const LONG = 100;

/** The run by its points 0, 1, …; once the method has nothing left to do its last point stands. */
async function follow(warm: boolean): Promise<readonly Point[]> {
  const problem = await acceptanceProblem("E1");
  const scores = measuring(compileOracle(problem), askedMeasures(["galet", "vf-kkt"], problem), 1, () => false);
  const points: Point[] = [];
  const add = (x: Float64Array, y: Float64Array): void => {
    const at: Record<string, number> = {};
    scores.at(x, y, at);
    points.push({ gap: optimalityGap(x, y), residual: at.R_x + at.R_w + at.R_y, score: at.S_vf, x: x[0] });
  };
  const options = optionsOf({ ...constants, warm, update: "hessian" });
  run(problem, { method: "galet", options, iterations: LONG, start, watch: (_k, _calls, x, y) => add(x, y) });
  while (points.length <= LONG) points.push(points[points.length - 1]);
  return points;
}

/** Of the independent computation behind the numbers of figure 4, at 30 steps: warm and with w reset. */
const reference = { warm: { gap: 9.66e-9, score: 2.58 }, reset: { gap: 0.3229921, x: 0.0981343 } };

function panel(title: string, points: readonly Point[]): Panel {
  const series = (label: string, of: (p: Point) => number) => ({
    label,
    points: points.map((p, k) => [k, Math.max(1e-18, of(p))] as const),
  });
  return {
    title,
    x: { title: "outer step" },
    y: { title: "squared residuals", log: true, domain: [1e-18, 1e3] },
    columns: 1,
    series: [
      series("optimality gap (46)", (p) => p.gap),
      series("R_x + R_w + R_y", (p) => p.residual),
      series("value-function KKT score (47)", (p) => p.score),
    ],
  };
}

export const galetScores: Experiment = {
  id: "galet-scores",
  title: "GALET, figure 1: which score vanishes at the solutions",
  paper,
  setting: `Example 1 from x = 3, y = (2, 2) with the paper's constants α = 0.3, β = 1, ρ = 0.1, N = T = 1 (options eta, alpha, adjointStep, K, M), ${steps} and ${LONG} outer steps; scores (46), (47) and those of definition 3 with the shortest w.`,
  same: true,
  async run(): Promise<Findings> {
    const warm = await follow(true);
    const reset = await follow(false);
    const [here, later, stuck] = [warm[steps], warm[LONG], reset[steps]];
    const scores = warm.slice(10).map((p) => p.score);
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    const close =
      Math.abs(here.gap / reference.warm.gap - 1) < 0.1 && Math.abs(here.score - reference.warm.score) < 0.01;
    return {
      findings: [
        {
          published: "Figure 1: along GALET the optimality gap and R_x + R_w + R_y go to 0 together.",
          agrees: close && later.gap < 1e-20 && later.residual < 1e-20,
          ours: `after ${steps} steps gap ${short(here.gap)} and R_x + R_w + R_y ${short(here.residual)}, after ${LONG} both below 1e-20.`,
        },
        {
          published: "Figure 1: the KKT score (47) of the value-function reformulation does not, at the same points.",
          agrees: least > 1.9 && most < 3,
          ours: `it stays in [${short(least, 3)}, ${short(most, 3)}] from step 10 on: at every solution it is 2 + cos² y₂.`,
        },
        {
          published:
            "Algorithm 1 does not fix where w begins in an outer step; the default of the experiments is T = 1, which converges.",
          agrees: later.gap < 1e-20 && Math.abs(stuck.gap - reference.reset.gap) < 1e-5,
          ours: `only a warm w gives the figure. With w reset one step from 0 is a biased rule: x stays at ${short(stuck.x, 4)}, gap ${short(stuck.gap, 4)} at ${steps} steps and ${short(reset[LONG].gap, 4)} at ${LONG}.`,
        },
      ],
      tables: [
        {
          caption: `At ${steps} outer steps; the reference is an independent computation`,
          head: ["w", "gap, reference", "gap", "R_x + R_w + R_y", "score (47), reference", "score (47)"],
          rows: [
            [
              "warm",
              short(reference.warm.gap, 3),
              short(here.gap, 3),
              short(here.residual),
              short(reference.warm.score, 3),
              short(here.score, 3),
            ],
            [
              "reset",
              short(reference.reset.gap, 5),
              short(stuck.gap, 5),
              short(stuck.residual),
              "",
              short(stuck.score, 3),
            ],
          ],
        },
      ],
      figures: [
        {
          name: "galet-scores",
          spec: figure("GALET on its example 1", "after Xiao, Lu and Chen 2023, figure 1", [
            panel("w goes on from step to step", warm),
            panel("w reset to 0 at every step, T = 1", reset),
          ]),
        },
      ],
    };
  },
};
