/** The published loop of BiC-GAFFA (Yao and others, NeurIPS 2024, Algorithm 1), projected onto X x Y. */
import { given } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { constantSteps } from "../penalty/constantSteps.js";
import { regularisedGapOf } from "../pieces/surrogates/regularisedGap.js";

export function bicGaffaPaper(context: MethodContext): Running {
  const { surrogate, settings } = regularisedGapOf(context, given(context, "alpha"));
  return constantSteps(context, surrogate, settings.alpha);
}
