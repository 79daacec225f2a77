/** fsla: y, v and x move one after the other, each on samples of its own; momentum corrected on the new sample for x. */
import { axpyInto, norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import type { FieldEstimator, SampledField } from "../pieces/sampling/field.js";
import { minibatch } from "../pieces/sampling/minibatch.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { storm } from "../pieces/sampling/storm.js";
import { stochasticLoop } from "./loop.js";
import { momentumOf, momentumParameter } from "./momentum.js";
import type { Recursion, RecursionSetting } from "./recursion.js";

type Vector = Float64Array;

/** grad_y g at (x, y). */
function lowerField({ n, m, lower }: Oracle): SampledField {
  return {
    variables: [n, m],
    parts: [{ length: m, level: "lower" }],
    evaluate: ([x, y], [d]) => lower.gradY(x, y, d),
  };
}

/** H v and grad_y f at (x, y, v). */
function adjointField({ n, m, upper, lower }: Oracle): SampledField {
  return {
    variables: [n, m, m],
    parts: [
      { length: m, level: "lower" },
      { length: m, level: "upper" },
    ],
    evaluate([x, y, v], [Hv, gradYf]) {
      lower.hvpYY(x, y, v, Hv);
      upper.gradY(x, y, gradYf);
    },
  };
}

/** J v and grad_x f at (x, y, v), with the estimate of f. */
function hyperField({ n, m, upper, lower }: Oracle): SampledField & { value: number } {
  const gradYf = new Float64Array(m);
  const field = {
    variables: [n, m, m],
    parts: [
      { length: n, level: "lower" as const },
      { length: n, level: "upper" as const },
    ],
    value: Number.NaN,
    evaluate([x, y, v]: readonly Vector[], [Jv, gradXf]: readonly Vector[]): void {
      lower.jvpXY(x, y, v, Jv);
      field.value = upper.valueGrad(x, y, gradXf, gradYf);
    },
  };
  return field;
}

/** A field, the rule that estimates it, and the last estimate. */
interface Estimated {
  readonly at: readonly Vector[];
  readonly d: readonly Vector[];
  readonly estimator: FieldEstimator;
}

class OneAfterTheOther implements Recursion {
  readonly residuals = { lowerResidual: 0, adjointResidual: 0 };
  private readonly v: Vector;
  private readonly hyper: SampledField & { value: number };
  private readonly ofY: Estimated;
  private readonly ofV: Estimated;
  private readonly ofX: Estimated;

  constructor({ context, sampled, x, y }: RecursionSetting) {
    const v = new Float64Array(y.length);
    this.v = v;
    this.hyper = hyperField(sampled.batch);
    const estimated = (name: string, field: SampledField, at: readonly Vector[], rule: typeof storm): Estimated => ({
      at,
      d: field.parts.map((p) => new Float64Array(p.length)),
      estimator: rule.make(context, sampled, field, {
        random: context.random.split(`samples of ${name}`),
        eta: momentumOf(context, 0.5),
      }),
    });
    this.ofY = estimated("y", lowerField(sampled.batch), [x, y], minibatch);
    this.ofV = estimated("v", adjointField(sampled.batch), [x, y, v], minibatch);
    this.ofX = estimated("x", this.hyper, [x, y, v], storm);
  }

  get value(): number {
    return this.hyper.value;
  }

  direction(rho: number): Vector {
    const { ofX, ofY, ofV, v, residuals } = this;
    ofY.estimator.direction(ofY.at, ofY.d);
    residuals.lowerResidual = norm(ofY.d[0]);
    axpyInto(-rho, ofY.d[0], ofY.at[1]);
    ofV.estimator.direction(ofV.at, ofV.d);
    const [Hv, gradYf] = ofV.d;
    axpyInto(1, gradYf, Hv);
    residuals.adjointResidual = norm(Hv);
    axpyInto(-rho, Hv, v);
    ofX.estimator.direction(ofX.at, ofX.d);
    const [Jv, gradXf] = ofX.d;
    axpyInto(1, gradXf, Jv);
    return Jv;
  }

  reset(): void {
    this.v.fill(0);
    for (const { estimator } of [this.ofY, this.ofV, this.ofX]) estimator.reset();
  }
}

export const fsla = stochasticLoop({
  id: "fsla",
  title: "Fully single-loop algorithm with momentum for x",
  reference:
    "Li, Gu and Huang, A fully single loop algorithm for bilevel optimization without Hessian inverse, AAAI 2022, Algorithm 1",
  formulas: [
    "y <- y - ρ_t ∇y g(x, y; ξ1)",
    "v <- v - ρ_t (H(x, y; ξ2) v + ∇y f(x, y; ζ1)),  at the new y",
    "h(z) = ∇x f(x, y; ζ2) + J(x, y; ξ3) v at z = (x, y, v);   d <- h(z_t) + (1 - η_t) (d - h(z_{t-1})),  d_0 = h(z_0)",
    "x <- P_X(x - γ_t d)",
    "ρ_t, γ_t ~ (1 + t/t0)^(-1/2),  η_t = (1 + t/20)^(-1/2)",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance.",
  failures:
    "The noise of y and v stays, as in soba; the momentum takes it from the direction of x only. Two to three digits are usual.",
  make: (setting) => new OneAfterTheOther(setting),
  reducesVariance: false,
  decay: { t0: 200, power: 0.5 },
  parameters: [momentumParameter(0.5), samplerParameter],
});
