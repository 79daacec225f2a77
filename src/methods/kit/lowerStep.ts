/**
 * The step size of plain lower iterations, alpha = 1/L with L the largest curvature of g(x, ·) at the starting point by
 * Lanczos (see constants.ts), unless the option `alpha` gives it. Estimated once a run, whoever of its pieces asks first.
 */
import type { MethodContext } from "../method.js";
import { type Curvature, estimateCurvature, exactProducts } from "./constants.js";
import { given } from "./options.js";

const known = new WeakMap<MethodContext, Curvature>();

/** Both ends of the spectrum of d²g/dy² at the starting point; at most 30 products, once a run. */
export function startingCurvature(context: MethodContext): Curvature {
  let found = known.get(context);
  if (found === undefined) {
    const { lower, startX, startY, m } = context.oracle;
    found = estimateCurvature(exactProducts(lower, startX, startY), m, context.random.split("constants"));
    known.set(context, found);
  }
  return found;
}

/** `alpha` as given, else 1/L. */
export function lowerStepOf(context: MethodContext): number {
  return given(context, "alpha") ?? 1 / startingCurvature(context).L;
}
