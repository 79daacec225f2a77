/**
 * The stochastic variants of mgbio (Huang, 2023): every first and second derivative is an estimate with momentum,
 *
 *   u ~ grad_y g,  b ~ grad_y f,  a ~ grad_x f,  H,  J       by averages (MSGBiO) or STORM (VR-MSGBiO), dense H and J
 *   w = a - J S(H)⁻¹ b,   y <- y - rho_t u,   x <- P_X(x - gamma_t w),   both from the old point
 *
 * S clips eigenvalues into [muClip, LClip]. Needs m products with H and min(n, m) with J per sample, and O(m³).
 */
import { symmetricEigen } from "../../num/eigen.js";
import { axpyInto, norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { given } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { averaged } from "../pieces/sampling/averaged.js";
import type { FieldEstimator, SampledField, SamplingPiece } from "../pieces/sampling/field.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { storm } from "../pieces/sampling/storm.js";
import { stochasticLoop } from "./loop.js";
import { momentumOf, momentumParameter } from "./momentum.js";
import type { Recursion, RecursionSetting } from "./recursion.js";

type Vector = Float64Array;

/** Share of the largest eigenvalue below which eigenvalues are raised where muClip is not given. */
const SHARE = 1e-4;

/** grad_y g, H, J (n x m, by columns) of the lower sample, grad_y f, grad_x f of the upper one, at (x, y). */
export function secondOrderField({ n, m, upper, lower }: Oracle): SampledField & { value: number } {
  const unit = new Float64Array(Math.max(n, m));
  const column = new Float64Array(n);
  const row = new Float64Array(m);
  const jacobianInto = (x: Vector, y: Vector, J: Vector): void => {
    if (m <= n) {
      const e = unit.subarray(0, m);
      for (let j = 0; j < m; j++) {
        e[j] = 1;
        lower.jvpXY(x, y, e, column);
        e[j] = 0;
        J.set(column, j * n);
      }
      return;
    }
    const e = unit.subarray(0, n);
    for (let i = 0; i < n; i++) {
      e[i] = 1;
      lower.jvpYX(x, y, e, row);
      e[i] = 0;
      for (let j = 0; j < m; j++) J[j * n + i] = row[j];
    }
  };
  const field: SampledField & { value: number } = {
    variables: [n, m],
    parts: [
      { length: m, level: "lower" },
      { length: m * m, level: "lower" },
      { length: n * m, level: "lower" },
      { length: m, level: "upper" },
      { length: n, level: "upper" },
    ],
    value: Number.NaN,
    evaluate([x, y], [gradYg, H, J, gradYf, gradXf]) {
      lower.gradY(x, y, gradYg);
      lower.hessianYY(x, y, H);
      jacobianInto(x, y, J);
      field.value = upper.valueGrad(x, y, gradXf, gradYf);
    },
  };
  return field;
}

class Spectral implements Recursion {
  readonly residuals = { lowerResidual: 0 };
  private readonly field: SampledField & { value: number };
  private readonly estimator: FieldEstimator;
  private readonly at: readonly Vector[];
  private readonly d: readonly Vector[];
  private readonly w: Vector;
  private readonly v: Vector;
  private raised = 0;

  constructor(
    private readonly setting: RecursionSetting,
    rule: SamplingPiece,
    power: number,
  ) {
    const { context, sampled, x, y } = setting;
    this.field = secondOrderField(sampled.batch);
    this.estimator = rule.make(context, sampled, this.field, { eta: momentumOf(context, power) });
    this.at = [x, y];
    this.d = this.field.parts.map((p) => new Float64Array(p.length));
    this.w = new Float64Array(x.length);
    this.v = new Float64Array(y.length);
  }

  get value(): number {
    return this.field.value;
  }

  direction(rho: number): Vector {
    const { at, d, w, residuals } = this;
    this.estimator.direction(at, d);
    const [u, H, J, b, a] = d;
    const n = w.length;
    this.solve(H, b);
    w.set(a);
    for (let j = 0; j < b.length; j++) for (let i = 0; i < n; i++) w[i] -= J[j * n + i] * b[j];
    residuals.lowerResidual = norm(u);
    axpyInto(-rho, u, at[1]);
    return w;
  }

  bias(): string | undefined {
    if (this.raised === 0) return undefined;
    return `Eigenvalues of the lower Hessian were clipped (${this.raised} at the end): the hypergradient is biased in their directions (options muClip, LClip).`;
  }

  reset(): void {
    this.estimator.reset();
  }

  /** b <- S(H)⁻¹ b */
  private solve(H: Vector, b: Vector): void {
    const { context } = this.setting;
    const m = b.length;
    const { values, vectors } = symmetricEigen(H, m);
    const low = given(context, "muClip") ?? SHARE * Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
    const high = given(context, "LClip") ?? Number.POSITIVE_INFINITY;
    const { v } = this;
    v.fill(0);
    this.raised = 0;
    for (let e = 0; e < m; e++) {
      let s = 0;
      for (let j = 0; j < m; j++) s += vectors[j * m + e] * b[j];
      if (values[e] < low || values[e] > high) this.raised++;
      s /= Math.min(Math.max(values[e], low), high) || 1;
      for (let j = 0; j < m; j++) v[j] += s * vectors[j * m + e];
    }
    b.set(v);
  }
}

export interface SpectralKind {
  readonly rule: SamplingPiece;
  /** Exponents of the decay of the momentum's weight and of the steps. */
  readonly momentum: number;
  readonly steps: number;
}

export const spectralKinds = {
  momentum: { rule: averaged, momentum: 1 / 2, steps: 1 / 2 },
  storm: { rule: storm, momentum: 2 / 3, steps: 1 / 3 },
} as const satisfies Record<string, SpectralKind>;

/** The loop of a variant, with `rho` and `gamma` as its steps. */
export function spectralLoop({ rule, momentum, steps }: SpectralKind): Method<Running> {
  return stochasticLoop({
    id: "mgbio",
    title: rule.title,
    reference: rule.reference,
    formulas: [],
    assumptions: "",
    failures: "",
    make: (setting) => new Spectral(setting, rule, momentum),
    reducesVariance: false,
    decay: { t0: 200, power: steps },
    parameters: [momentumParameter(momentum === 0.5 ? 0.5 : 2 / 3), samplerParameter],
  });
}
