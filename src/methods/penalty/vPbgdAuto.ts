/** Automatic V-PBGD: f + gamma (g - g*) over (x, y) by the automatic outer rule, with continuation unless gamma is given. */
import { descend } from "../implicit/aidAuto.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { EnvelopeEvaluator } from "../kit/envelope.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { Continuation } from "./continuation.js";
import { jointOracle } from "./jointOracle.js";

export function automaticVPbgd(context: MethodContext): Running {
  const { random } = context;
  const base = differenceOracle(context.oracle);
  const { n, m } = base;
  const fixed = given(context, "gamma");
  const gamma = fixed ?? firstPenalty(base, random.split("penalty"));
  const joint = jointOracle(base, gamma);
  const { dx, dy } = estimateScaling(base, random.split("scaling"));
  const scaling = { dx: Float64Array.from([...dx, ...dy]), dy };
  const problem = new ScaledProblem(joint.oracle, scaling);
  const evaluator = new EnvelopeEvaluator(problem, context.exhausted, () => ({
    value: joint.cancelledValue,
    gradient: 0.2 * joint.cancelledGradient,
  }));
  const inner = descend(evaluator, context.tolerance);
  const stage = {
    inner,
    evaluator,
    setPenalty: (value: number): void => {
      joint.gamma = value;
    },
    readInto: (out: Float64Array): void => {
      const { x } = inner.current;
      for (let i = 0; i < n + m; i++) out[i] = scaling.dx[i] * x[i];
    },
  };
  return new Continuation(context, stage, gamma, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
