/** igfm: the inexact gradient-free method on the hyper-objective's values (igfmPaper.ts; automatic: igfmAuto.ts). */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, Parameter } from "../method.js";
import { IgfmAuto } from "./igfmAuto.js";
import { IgfmPaper } from "./igfmPaper.js";
import { switchingParameters } from "./sgm.js";

const own: readonly Parameter[] = [
  {
    name: "delta",
    type: "number",
    default: undefined,
    auto: "from 0.1 (1 + |x|) down by tenths; 0.001 in the published loop",
    min: 1e-12,
    doc: "Radius of the differences. Giving delta, eta or an option of the inner loop selects the published loop. At least the inner error over the accuracy wanted.",
  },
  {
    name: "eta",
    type: "number",
    default: undefined,
    auto: "line search; 0.1 in the published loop",
    min: 0,
    doc: "Upper step size.",
  },
];

const others: readonly Parameter[] = [
  {
    name: "directions",
    type: "integer",
    default: undefined,
    auto: "all coordinates for n <= 10, else 10; 1 in the published loop",
    min: 1,
    doc: "Random directions per iteration.",
  },
  {
    name: "inner",
    type: "choice",
    default: undefined,
    auto: "accurate where g is smooth, sgm in stages where it has kinks; sgm in the published loop",
    choices: ["sgm", "accurate"],
    doc: "Solver of the lower level at fixed x: switching subgradients, or quasi-Newton steps on g + e f and then on g.",
  },
  {
    name: "output",
    type: "choice",
    default: "last",
    choices: ["last", "best", "average"],
    doc: "Which iterate the published loop returns: the last one, the one with the lowest value, the mean. (In theory: a random one.)",
  },
];

const loopOptions = [...own, ...switchingParameters].map((p) => p.name);

export const igfm: Method<Running> = {
  id: "igfm",
  title: "Inexact gradient-free method",
  reference:
    "Chen, Xu and Zhang, On bilevel optimization without lower-level strong convexity, 2023, Algorithm 2; automatic: Gilmore and Kelley, An implicit filtering algorithm, SIAM J. Optim. 1995",
  formulas: [
    "φ~(x) = f(x, A(x)),  A(x) ≈ argmin f(x, y) over y ∈ argmin g(x, ·)  (A: sgm)",
    "u uniform on the sphere;  G = (n / 2δ) (φ~(x + δu) - φ~(x - δu)) u, both from the same y",
    "x ← P_X(x - η G)",
    "auto: G by differences along coordinates, BFGS and a search on φ~, δ ← δ/10 where neither search nor stencil is lower",
  ],
  assumptions:
    "φ Lipschitz: lower level with gradient dominance or weak sharp minima. Lower solutions need not be unique, kinks are allowed.",
  failures:
    "About n / δ times the cost of a first-order method. Where φ jumps the differences grow like 1/δ: no stationarity exists there, and the run says so. The published loop stays where the symmetric difference is exactly zero, as at the top of -|x|.",
  requirements: {
    order: 1,
    class: "lower level convex, solutions need not be unique; kinks allowed; few upper variables",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [...own, ...others, ...switchingParameters],
  init: (context) => (anyGiven(context, loopOptions) ? new IgfmPaper(context) : new IgfmAuto(context)),
  ...running,
};
