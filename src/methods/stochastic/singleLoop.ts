/**
 * Single-loop stochastic methods: field x sampling rule x step rule. All variables move at once, from the old point:
 *
 *   d ~ D(x, y, v) by the sampling rule;   y -= rho_t d_y,   v -= rho_t d_v,   x <- P_X(x - gamma_t d_x)
 */
import { axpyInto, norm } from "../../num/vector.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import type { FieldEstimator, SamplingPiece } from "../pieces/sampling/field.js";
import { type JointField, joinParts, jointField } from "./field.js";
import { stochasticLoop } from "./loop.js";
import type { LoopRecipe, Recursion, RecursionSetting } from "./recursion.js";

type Vector = Float64Array;

/** What a method of this form is made of, and its facts. */
export interface SingleLoopRecipe extends Omit<LoopRecipe, "make" | "parameters"> {
  readonly sampling: SamplingPiece;
}

class AllAtOnce implements Recursion {
  readonly residuals = { lowerResidual: 0, adjointResidual: 0 };
  private readonly v: Vector;
  private readonly field: JointField;
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];

  constructor({ context, sampled, x, y }: RecursionSetting, sampling: SamplingPiece) {
    this.v = new Float64Array(y.length);
    this.field = jointField(sampled.batch);
    this.estimator = sampling.make(context, sampled, this.field);
    this.at = [x, y, this.v];
    this.d = this.field.parts.map((p) => new Float64Array(p.length));
  }

  get value(): number {
    return this.field.value;
  }

  direction(rho: number): Vector {
    const { at, d, v, residuals } = this;
    this.estimator.direction(at, d);
    joinParts(d);
    const [dy, dv, dx] = d;
    axpyInto(-rho, dy, at[1]);
    axpyInto(-rho, dv, v);
    residuals.lowerResidual = norm(dy);
    residuals.adjointResidual = norm(dv);
    return dx;
  }

  reset(): void {
    this.v.fill(0);
    this.estimator.reset();
  }
}

export function singleLoop(recipe: SingleLoopRecipe): Method<Running> {
  const { sampling } = recipe;
  return stochasticLoop({
    ...recipe,
    parameters: sampling.parameters,
    make: (setting) => new AllAtOnce(setting, sampling),
  });
}
