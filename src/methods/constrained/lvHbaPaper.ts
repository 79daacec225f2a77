/** The published loop of LV-HBA (Yao and others, ICLR 2024, Algorithm 1): its steps, its weights c_k, its projection onto C. */
import { given } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { constantSteps } from "../penalty/constantSteps.js";
import { proximalLagrangianOf } from "../pieces/surrogates/proximalLagrangian.js";

export function lvHbaPaper(context: MethodContext): Running {
  const { surrogate, settings } = proximalLagrangianOf(context, given(context, "alpha"));
  return constantSteps(context, surrogate, settings.alpha);
}
