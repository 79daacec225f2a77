/**
 * The hypergradient estimate through a sampled Neumann series, as a field of (x, y) that can be evaluated at two points
 * with the same samples:
 *
 *   h(x, y) = grad_x f(x, y; ζ) - J(x, y; ξ) r,    r ~ H⁻¹ w,  w = grad_y f(x, y; ζ)
 *   hia   (Ghadimi and Wang, 2018, Algorithm 3):   N' uniform in {0, …, N-1},  r = N c Π_{k<=N'} (I - c H(ξ_k)) w
 *   shia  (Ji, Yang and Liang, ICML 2021, (6)):    r = c Σ_{j=0}^{N} Π_{k<=j} (I - c H(ξ_k)) w
 *
 * with a fresh ξ_k per factor, so that E r = c Σ_{j<N} (I - c H)^j w for hia and the sum to j = N for shia: a share
 * (1 - c mu)^N (N + 1 for shia) of H⁻¹ w is left out. hia's variance grows with N, since one term stands for all.
 * Contractive for c below 2 / L of every sample; beyond that the products grow without bound.
 */
import { axpyInto, scaleInto } from "../../num/vector.js";
import type { SampledOracle, SampleToken } from "../../oracle/sampled.js";
import type { FieldPart, SampledField } from "../pieces/sampling/field.js";

type Vector = Float64Array;

export interface NeumannSettings {
  readonly kind: "hia" | "shia";
  /** N, at least 1. */
  readonly terms: number;
  /** c */
  readonly c: number;
  /** grad_y g(x, y; ξ) as the first part, h as the second, in place of h alone. */
  readonly withLower?: boolean;
}

export interface NeumannField extends SampledField {
  /** The estimate of f at the last evaluation. */
  readonly value: number;
  /** c, which may be made smaller along a run. */
  c: number;
  redraw: NonNullable<SampledField["redraw"]>;
}

/**
 * Factors are drawn independently of each other and of the samples in use: blocks of lower terms with probability in
 * proportion to their size. With everything in use (or nothing random below) both kinds are their expectation.
 */
export function neumannField(sampled: SampledOracle, settings: NeumannSettings): NeumannField {
  const { n, m, upper, lower } = sampled.batch;
  const { kind, terms, withLower = false } = settings;
  const gradYf = new Float64Array(m);
  const term = new Float64Array(m);
  const product = new Float64Array(m);
  const r = new Float64Array(m);
  const Jr = new Float64Array(n);
  const factors: SampleToken[] = new Array(terms).fill(sampled.lower.everything);
  const lowerPart: FieldPart = { length: m, level: "lower" };
  const hyperPart: FieldPart = { length: n, level: "lower" };
  let count = kind === "hia" ? terms - 1 : terms;
  let summed = true;
  let c = settings.c;
  let value = Number.NaN;

  /** r from w = grad_y f. */
  const series = (x: Vector, y: Vector): void => {
    term.set(gradYf);
    if (summed) scaleInto(c, gradYf, r);
    const kept = sampled.current("lower");
    for (let k = 0; k < count; k++) {
      sampled.use("lower", factors[k]);
      lower.hvpYY(x, y, term, product);
      axpyInto(-c, product, term);
      if (summed) axpyInto(c, term, r);
    }
    if (!summed) scaleInto(c * terms, term, r);
    sampled.use("lower", kept);
  };

  return {
    variables: [n, m],
    parts: withLower ? [lowerPart, hyperPart] : [hyperPart],
    get value() {
      return value;
    },
    get c() {
      return c;
    },
    set c(next) {
      c = next;
    },
    redraw(random, everything) {
      const { lower: sampling } = sampled;
      const exact = everything || !sampling.random;
      summed = kind === "shia" || exact;
      count = kind === "shia" ? terms : exact ? terms - 1 : random.integer(terms);
      for (let k = 0; k < count; k++) {
        factors[k] = exact
          ? sampling.everything
          : sampling.block(random.integer(sampling.terms) % sampling.blocks, random);
      }
    },
    evaluate([x, y], out) {
      if (withLower) lower.gradY(x, y, out[0]);
      const h = out[withLower ? 1 : 0];
      value = upper.valueGrad(x, y, h, gradYf);
      series(x, y);
      lower.jvpXY(x, y, r, Jr);
      axpyInto(-1, Jr, h);
    },
  };
}
