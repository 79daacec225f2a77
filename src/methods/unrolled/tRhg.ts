/**
 * t-rhg: truncated back-propagation, the reverse sweep over the last D of K lower steps (pieces/estimators/truncated.ts).
 * Automatic: lower steps from the last y, of which as many are swept as leave a negligible adjoint; no bias is left then.
 */
import { compose } from "../pieces/compose.js";
import { ReverseSweep } from "../pieces/estimators/reverse.js";
import { truncated } from "../pieces/estimators/truncated.js";
import { gradient } from "../pieces/lower/gradient.js";
import { automaticRun } from "./automatic.js";

export const tRhg = compose({
  id: "t-rhg",
  title: "Truncated back-propagation (reverse mode over the last D steps)",
  reference: "Shaban, Cheng, Hatch and Boots, Truncated back-propagation for bilevel optimization, AISTATS 2019",
  assumptions: "g strongly convex in y; the lower map contracts. For D of the order κ log(1/ε) the bias is below ε.",
  failures:
    "With D given the answer is biased by (1 - αμ)^D, however long K is; where H is singular y keeps its start's kernel component.",
  lower: gradient,
  estimator: truncated,
  start: "cold",
  K: 20,
  automatic: {
    formula:
      "auto: Nesterov's steps from the last y, D doubled while more than 1e-9 of the adjoint is left; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, { kernel: "refused", estimator: ({ oracle }, map) => new ReverseSweep(oracle, map) }),
  },
});
