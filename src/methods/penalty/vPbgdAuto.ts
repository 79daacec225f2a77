/**
 * Automatic V-PBGD: the penalised problem min f + gamma (g - g*) over (x, y) with y eliminated: it is minimised exactly for
 * each x (simultaneous steps on x and y suffer from the condition gamma kappa of the joint problem), with continuation in
 * gamma unless it is given. What remains is the surrogate that F2BA minimises.
 */
import { differenceOracle } from "../kit/differenceOracle.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { Continuation } from "./continuation.js";
import { surrogateStage } from "./f2baAuto.js";

export function automaticVPbgd(context: MethodContext): Running {
  const oracle = differenceOracle(context.oracle);
  const fixed = given(context, "gamma");
  const gamma = fixed ?? firstPenalty(oracle, context.random.split("penalty"));
  const stages = fixed === undefined ? numberOr(context, "stages", 14) : 1;
  return new Continuation(context, surrogateStage(context, oracle, gamma), gamma, stages);
}
