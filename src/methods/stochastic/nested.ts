/**
 * The recursion of double-loop stochastic methods: K lower steps on fresh samples, then one direction of x,
 *
 *   y <- y - rho_t grad_y g(x, y; ξ)                                     K times
 *   d_x = h(x, y)                     by a sampled Neumann series (neumannField.ts), or
 *   v <- v - rho_t (H(x, y; ξ) v - grad_y f(x, y; ζ))    M times;   d_x = grad_x f(x, y; ζ') - J(x, y; ξ') v
 *
 * Where the step of x comes first, the K lower steps follow it.
 */
import { axpyInto, norm } from "../../num/vector.js";
import type { SampledOracle } from "../../oracle/sampled.js";
import { given } from "../kit/options.js";
import type { SampledField } from "../pieces/sampling/field.js";
import { SampleStream } from "../pieces/sampling/reading.js";
import type { Recursion, RecursionSetting } from "./recursion.js";
import { Series, type SeriesLimits } from "./series.js";

type Vector = Float64Array;

export interface NestedParts {
  /** How H⁻¹ grad_y f is estimated. */
  readonly adjoint: "hia" | "shia" | "steps";
  /** Lower steps where K is not given. */
  readonly K: number;
  readonly upperFirst?: boolean;
}

/** What may be left out, and most factors, in automatic runs with noise; hia's variance grows with their number. */
const limits: Readonly<Record<"hia" | "shia", SeriesLimits>> = {
  hia: { left: 0.01, most: 30 },
  shia: { left: 0.01, most: 100 },
};

abstract class Nested implements Recursion {
  readonly residuals: Record<string, number> = { lowerResidual: 0 };
  protected readonly sampled: SampledOracle;
  protected readonly stream: SampleStream;
  private readonly K: number;
  private readonly gradYg: Vector;

  constructor(
    protected readonly setting: RecursionSetting,
    private readonly parts: NestedParts,
    field: SampledField,
  ) {
    const { context, sampled, y } = setting;
    this.sampled = sampled;
    this.stream = new SampleStream(sampled, field, context.random.split("samples"), 1);
    this.K = given(context, "K") ?? parts.K;
    this.gradYg = new Float64Array(y.length);
  }

  abstract readonly value: number;
  protected abstract estimate(rho: number): Vector;
  abstract reset(): void;

  direction(rho: number): Vector {
    if (!this.parts.upperFirst) this.lowerSteps(rho);
    return this.estimate(rho);
  }

  after(rho: number): void {
    if (this.parts.upperFirst) this.lowerSteps(rho);
  }

  private lowerSteps(rho: number): void {
    const { sampled, stream, gradYg, setting } = this;
    for (let k = 0; k < this.K; k++) {
      stream.drawLower();
      sampled.batch.lower.gradY(setting.x, setting.y, gradYg);
      axpyInto(-rho, gradYg, setting.y);
    }
    this.residuals.lowerResidual = norm(gradYg);
  }
}

/** d_x by a Neumann series. */
class BySeries extends Nested {
  private readonly series: Series;
  private readonly at: readonly Vector[];
  private readonly d: readonly [Vector];

  constructor(setting: RecursionSetting, parts: NestedParts, kind: "hia" | "shia") {
    const series = new Series(setting, kind, limits[kind], false);
    super(setting, parts, series.field);
    this.series = series;
    this.at = [setting.x, setting.y];
    this.d = [new Float64Array(setting.x.length)];
  }

  get value(): number {
    return this.series.field.value;
  }

  protected estimate(): Vector {
    this.stream.draw();
    this.series.field.evaluate(this.at, this.d);
    this.series.adapt(this.d[0]);
    return this.d[0];
  }

  exact(): boolean {
    return this.series.exact();
  }

  bias(): string | undefined {
    return this.series.bias();
  }

  reset(): void {
    this.series.shorten();
  }
}

/** d_x by steps on the adjoint equation, from the last v. */
class BySteps extends Nested {
  value = Number.NaN;
  private readonly v: Vector;
  private readonly Hv: Vector;
  private readonly gradYf: Vector;
  private readonly Jv: Vector;
  private readonly d: Vector;
  private readonly M: number;

  constructor(setting: RecursionSetting, parts: NestedParts) {
    const { context, x, y } = setting;
    super(setting, parts, { variables: [], parts: [], evaluate: () => {} });
    this.M = given(context, "M") ?? given(context, "K") ?? parts.K;
    this.v = new Float64Array(y.length);
    this.Hv = new Float64Array(y.length);
    this.gradYf = new Float64Array(y.length);
    this.Jv = new Float64Array(x.length);
    this.d = new Float64Array(x.length);
    this.residuals.adjointResidual = 0;
  }

  protected estimate(rho: number): Vector {
    const { stream, sampled, v, Hv, gradYf, Jv, d, setting } = this;
    const { upper, lower } = sampled.batch;
    const { x, y } = setting;
    for (let k = 0; k < this.M; k++) {
      stream.draw();
      upper.gradY(x, y, gradYf);
      lower.hvpYY(x, y, v, Hv);
      axpyInto(-1, gradYf, Hv);
      axpyInto(-rho, Hv, v);
    }
    this.residuals.adjointResidual = norm(Hv);
    stream.draw();
    this.value = upper.valueGrad(x, y, d, gradYf);
    lower.jvpXY(x, y, v, Jv);
    axpyInto(-1, Jv, d);
    return d;
  }

  reset(): void {
    this.v.fill(0);
  }
}

export function nested(parts: NestedParts): (setting: RecursionSetting) => Recursion {
  const { adjoint } = parts;
  return (setting) => (adjoint === "steps" ? new BySteps(setting, parts) : new BySeries(setting, parts, adjoint));
}
