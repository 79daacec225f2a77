/**
 * How the time of a plain run is shared between a method that looks for a proof and those that answer without one. Search trees may
 * grow beyond all limits, so a proof gets PROOF_SHARE of the time, after which the others have their turn. One that has a point whose
 * gap is known, and whose bound rose in the second half of its share, goes on: then the others get OTHERS_SHARE, certificates
 * included, only to better its point, from which they start.
 */
import type { MethodState } from "../methods/method.js";

/** Part of the time that proofs may take where other methods could still answer. */
export const PROOF_SHARE = 0.6;
/** Part of the time that is left to the others where a proof goes on. */
const OTHERS_SHARE = 0.15;

/** What the loop asks: the first limit in seconds, and the next one whenever one is reached. */
export interface Stages {
  readonly seconds: number;
  readonly longer: (state: MethodState) => number | undefined;
}

export class ProofTime {
  /** The proof goes on beyond its share. */
  granted = false;
  private bound = Number.NaN;

  /** `whole`: seconds that are left to the run, certificates and other methods included. */
  constructor(readonly whole: number) {}

  /** Seconds of certificate and method where it goes on no longer than this. */
  get share(): number {
    return PROOF_SHARE * this.whole;
  }

  /** Seconds of the method where it goes on. */
  get most(): number {
    return (1 - OTHERS_SHARE) * this.whole;
  }

  /** `deadline`: seconds of the method in its share. */
  stages(deadline: number): Stages {
    let asked = 0;
    const longer = ({ extra }: MethodState): number | undefined => {
      if (++asked === 1) {
        this.bound = extra.bound;
        return deadline;
      }
      // a first point needs a gap only; bounds are -Infinity before the first relaxation
      this.granted ||= asked === 2 && Number.isFinite(extra.gap) && extra.bound > this.bound;
      return asked === 2 && this.granted ? this.most : undefined;
    };
    return { seconds: 0.5 * deadline, longer };
  }
}
