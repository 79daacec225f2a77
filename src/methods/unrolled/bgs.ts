/** bgs: bilevel games with selection, warm unrolling with an implicit correction (pieces/estimators/selection.ts). */
import { compose } from "../pieces/compose.js";
import { SelectionSweep, selection } from "../pieces/estimators/selection.js";
import { gradient } from "../pieces/lower/gradient.js";
import { automaticRun } from "./automatic.js";

export const bgs = compose({
  id: "bgs",
  title: "Bilevel games with selection",
  reference: "Arbel and Mairal, Non-convex bilevel games with critical point selection maps, NeurIPS 2022, Algorithm 1",
  assumptions:
    "The lower steps lead to critical points that move smoothly with x (Morse-Bott functions); H may be singular.",
  failures:
    "Where the lower level has many solutions, the one that the steps select is kept: its kernel component is that of the start, which is not optimistic; the automatic mode says so where ∇y f has a part out of reach.",
  class: "critical points of the lower level form manifolds (Morse-Bott); domains by projection",
  lower: gradient,
  estimator: selection,
  start: "warm",
  K: 10,
  automatic: {
    formula:
      "auto: Nesterov's steps until y stands, v by conjugate gradients to 1e-11; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, {
        kernel: "solved",
        estimator: (scaled, map) => new SelectionSweep(scaled, map),
        unreached: (estimator) => (estimator instanceof SelectionSweep ? estimator.unreached : 0),
      }),
  },
});
