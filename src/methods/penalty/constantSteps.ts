/** The published loops of methods on a surrogate: constant steps a in x and b in y (the same where b is not given). */
import { OuterStep } from "../kit/outerStep.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { JointLoop } from "../pieces/joint.js";
import type { Surrogate } from "../pieces/piece.js";

/** `afterX`: y moves after x, at the new point. */
export function constantSteps(
  context: MethodContext,
  surrogate: Surrogate,
  a: number,
  b = a,
  { afterX = false } = {},
): Running {
  const { n, m } = context.oracle;
  return new JointLoop(context, { surrogate, ruleX: new OuterStep(n, a), ruleY: new OuterStep(m, b), afterX });
}
