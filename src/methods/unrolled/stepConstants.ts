/**
 * The constants of automatic lower steps, read off anew at each x by Lanczos: α = 1/L and Nesterov's momentum
 * (√κ - 1)/(√κ + 1); L raised by 5 %, μ lowered by 10 %. Where H is singular the momentum is that of κ = 100, where it has
 * negative curvature there is none.
 */
import { lanczosExtremes } from "../../num/lanczos.js";
import type { Random } from "../../num/random.js";
import type { Oracle } from "../../oracle/oracle.js";
import { type Momentum, MomentumMap } from "../pieces/lower/momentumMap.js";
import { GradientField } from "../pieces/lower/stepField.js";

type Vector = Float64Array;

/** Below this share of L the smallest curvature counts as zero. */
const SINGULAR = 1e-7;
const FALLBACK = 1e-2;
const LANCZOS_STEPS = 30;

class SettableMomentum implements Momentum {
  value = 0;
  readonly ahead = true;
  beta(): number {
    return this.value;
  }
}

export class StepConstants {
  readonly map: MomentumMap;
  private readonly field: GradientField;
  private readonly momentum = new SettableMomentum();
  private readonly oracle: Oracle;
  private readonly random: Random;
  private L = 0;

  /** `oracle` is the one whose variables the steps move (scaled). */
  constructor(oracle: Oracle, random: Random) {
    this.oracle = oracle;
    this.random = random;
    this.field = new GradientField(oracle.lower, oracle.m, 1);
    this.map = new MomentumMap(oracle.n, oracle.m, oracle.domainY, this.field, this.momentum);
  }

  get alpha(): number {
    return this.field.alpha;
  }

  get beta(): number {
    return this.momentum.value;
  }

  /** Reads the curvature at (x, y); false where it is not finite. */
  readonly tune = (x: Vector, y: Vector): boolean => {
    const { field, momentum } = this;
    const at = this.oracle.lower.linearize(x, y);
    const split = this.random.split("lanczos");
    const { smallest, largest } = lanczosExtremes((v, out) => at.hvp(v, out), y.length, LANCZOS_STEPS, split);
    const top = Math.max(Math.abs(smallest), Math.abs(largest));
    if (!(top >= 0)) return false;
    momentum.value = 0;
    if (top === 0 && this.L === 0) {
      field.alpha = 1;
      return true;
    }
    // Where the curvature is small only here, steps of its inverse would throw y about.
    this.L = Math.max(1.05 * top, 0.5 * this.L);
    const { L } = this;
    field.alpha = 1 / L;
    if (smallest < -SINGULAR * L) return true;
    const root = Math.sqrt(smallest > SINGULAR * L ? (0.9 * smallest) / L : FALLBACK);
    momentum.value = (1 - root) / (1 + root);
    return true;
  };

  /** The steps led uphill or to and fro: the curvature grows on the way. Twice L, which the next reading may halve. */
  readonly tooLong = (): void => {
    this.L *= 4;
  };
}
