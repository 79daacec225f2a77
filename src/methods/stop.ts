/** Why a run ended: one documented sentence per outcome. Reports and help are written from this table. */
import type { Status } from "./result.js";

export interface Outcome {
  /** Complete sentence for people; a method's own reason, where it gave one, stands in its place. */
  readonly sentence: string;
  /** Exit code of the command line. */
  readonly exit: number;
  /** True where the point returned is worth looking at. */
  readonly usable: boolean;
}

export const outcomes: Readonly<Record<Status, Outcome>> = {
  converged: { sentence: "The point satisfies the optimality conditions within tolerance.", exit: 0, usable: true },
  uncertified: {
    sentence: "The method claims convergence, but the independent check does not confirm it.",
    exit: 6,
    usable: true,
  },
  stalled: {
    sentence: "The method can make no further progress, and optimality is not established.",
    exit: 6,
    usable: true,
  },
  "iteration-limit": { sentence: "The limit on iterations was reached.", exit: 6, usable: true },
  "call-limit": { sentence: "The limit on oracle calls was reached.", exit: 6, usable: true },
  "time-limit": { sentence: "The time limit was reached.", exit: 6, usable: true },
  diverged: {
    sentence: "The iterates grew without bound, even with smaller steps; the best point seen is returned.",
    exit: 7,
    usable: false,
  },
  "not-finite": {
    sentence: "Numbers that are not finite were met, even with smaller steps; the best point seen is returned.",
    exit: 7,
    usable: false,
  },
  "not-applicable": { sentence: "The method does not fit this problem.", exit: 5, usable: false },
  infeasible: {
    sentence: "No point satisfies the constraints of both levels with y a lower solution: proved.",
    exit: 5,
    usable: false,
  },
  unbounded: {
    sentence: "An objective falls without bound: the upper one along lower solutions, or the lower one at every x.",
    exit: 5,
    usable: false,
  },
  "not-attained": {
    sentence: "The best value is approached by points that pass the certificate, but no point seems to have it.",
    exit: 5,
    usable: true,
  },
  interrupted: { sentence: "The run was interrupted; the last good point is returned.", exit: 130, usable: true },
  invalid: { sentence: "The source or its data have errors.", exit: 3, usable: false },
};

/** The sentence of an outcome, or the method's own reason. */
export function sentenceOf(status: Status, reason = ""): string {
  return reason === "" ? outcomes[status].sentence : reason;
}
