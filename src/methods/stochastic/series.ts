/**
 * Methods on the sampled Neumann series: its options, and how many factors N it has in automatic runs. The share that the
 * last factor leaves of grad_y f is known after each evaluation; N grows by a half while that share is above half of
 * |d_x| relative to the largest one (and above what makes no difference any more), and shrinks again where it is far below.
 */
import { norm } from "../../num/vector.js";
import { claimTolerance } from "../kit/claim.js";
import { given } from "../kit/options.js";
import type { Parameter } from "../method.js";
import { type NeumannField, type NeumannSettings, neumannField } from "./neumannField.js";
import type { RecursionSetting } from "./recursion.js";

const published = 10;

export const seriesParameters: readonly Parameter[] = [
  {
    name: "M",
    type: "integer",
    default: undefined,
    auto: `grows from ${published} while what the series leaves out matters; ${published} if another step option is given`,
    min: 1,
    doc: "Factors N of the Neumann series.",
  },
  {
    name: "adjointStep",
    type: "number",
    default: undefined,
    auto: "1 / L_max",
    min: 0,
    doc: "Step size c of the Neumann series; below 2/L of every sample.",
  },
];

/** What may be left out, and most factors, where the noise of samples hides the rest. */
export interface SeriesLimits {
  readonly left: number;
  readonly most: number;
}

/** Most factors where the answer is to be exact. */
const mostExact = 20_000;

export class Series {
  readonly field: NeumannField;
  private readonly grows: boolean;
  private readonly limits: SeriesLimits;
  private readonly tolerance: number;
  private largest = 0;
  private left = Number.NaN;

  /** `withLower` as in the field's settings. */
  constructor(setting: RecursionSetting, kind: NeumannSettings["kind"], noisy?: SeriesLimits, withLower = true) {
    const { context, sampled, largest } = setting;
    const M = given(context, "M");
    this.grows = M === undefined && !setting.published;
    this.tolerance = context.tolerance;
    const random = sampled.lower.random || sampled.upper.random;
    this.limits = (random ? noisy : undefined) ?? { left: claimTolerance(context.tolerance), most: mostExact };
    this.field = neumannField(sampled, {
      kind,
      terms: M ?? published,
      c: given(context, "adjointStep") ?? 1 / largest(),
      withLower,
    });
  }

  /**
   * After an evaluation that came to the direction `dx`; true where N was changed. A share of one or more says that the
   * factors do not contract at this point (which more of them would not mend).
   */
  adapt(dx: Float64Array): boolean {
    const { field, limits } = this;
    const size = norm(dx);
    if (size > this.largest) this.largest = size;
    if (Number.isNaN(field.left)) return false;
    this.left = field.left;
    if (!this.grows) return false;
    const wanted = Math.max(limits.left, this.largest > 0 ? (0.5 * size) / this.largest : 0);
    const before = field.terms;
    if (this.left > wanted && this.left < 1) field.terms = Math.min(limits.most, Math.ceil(1.5 * before));
    else if (this.left < 1e-3 * wanted && before > published) field.terms = Math.ceil(0.7 * before);
    return field.terms !== before;
  }

  /** True where a longer series would make no difference, or is not to be had. */
  exact(): boolean {
    return !this.grows || this.left <= this.limits.left || this.field.terms >= this.limits.most;
  }

  bias(): string | undefined {
    if (!(this.left > Math.max(this.tolerance, this.limits.left))) return undefined;
    return `The Neumann series of M = ${this.field.terms} factors leaves out a share of ${this.left.toExponential(1)}: a bias of that order remains (option M).`;
  }

  /** Shorter steps of the series, after a point jumped or grew without bound. */
  shorten(): void {
    this.field.c *= 0.5;
    this.largest = 0;
    this.left = Number.NaN;
  }
}
