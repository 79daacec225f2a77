/** The reformulations of a bilevel problem by a single level, in the order in which they are explained. */
import type { Reformulation } from "../step.js";
import { kkt } from "./kkt.js";
import { penalty } from "./penalty.js";
import { strongDuality } from "./strongDuality.js";
import { valueFunction } from "./valueFunction.js";

/** What is known of a step without its target. */
export type StepFacts = Omit<Reformulation<unknown, never, unknown>, "apply">;

export const reformulations: readonly StepFacts[] = [kkt, strongDuality, valueFunction, penalty];
