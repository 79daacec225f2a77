/**
 * The step size c of adjoint iterations v <- v - c (H v - b): as given, else 1/L with L by Lanczos at the first point and
 * doubled whenever an iteration enlarges what it must shrink (for symmetric H >= 0 that happens only for c > 1/L).
 */
import { estimateCurvature } from "../../kit/constants.js";
import { given } from "../../kit/options.js";
import type { MethodContext } from "../../method.js";
import type { AdjointSystem } from "./adjoint.js";

const LANCZOS_STEPS = 15;

export class AdjointStep {
  private readonly fixed: number | undefined;
  private readonly context: MethodContext;
  private L = Number.NaN;

  constructor(context: MethodContext) {
    this.fixed = given(context, "adjointStep") ?? given(context, "alpha");
    this.context = context;
  }

  /** True where the user chose the step: it is kept, whatever happens. */
  get chosen(): boolean {
    return this.fixed !== undefined;
  }

  /** c for the system; a given step is shortened by the curvature of the lower domain's boundary, as the projection does. */
  for(system: AdjointSystem): number {
    const { fixed } = this;
    if (fixed !== undefined) return fixed / (1 + fixed * (system.space.curvature ?? 0));
    if (Number.isNaN(this.L)) {
      const { random, oracle } = this.context;
      this.L = estimateCurvature(system.apply, oracle.m, random.split("adjoint step"), LANCZOS_STEPS).L;
    }
    return 1 / this.L;
  }

  shorten(): void {
    this.L *= 2;
  }
}
