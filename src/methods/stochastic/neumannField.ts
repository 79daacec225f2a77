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
import type { Random } from "../../num/random.js";
import { axpyInto, norm, scaleInto } from "../../num/vector.js";
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
  /** N, which may grow along a run; from the next sample on. */
  terms: number;
  /** |Π (I - c H(ξ_k)) w| / |w| of the last evaluation, what the series leaves out; NaN where hia drew an earlier term. */
  readonly left: number;
  redraw: NonNullable<SampledField["redraw"]>;
}

/**
 * Factors are drawn independently of each other and of the samples in use: blocks of lower terms with probability in
 * proportion to their size. With everything in use (or nothing random below) both kinds are their expectation.
 */
export function neumannField(sampled: SampledOracle, settings: NeumannSettings): NeumannField {
  const { n, m, upper, lower } = sampled.batch;
  const { kind, withLower = false } = settings;
  const gradYf = new Float64Array(m);
  const term = new Float64Array(m);
  const product = new Float64Array(m);
  const r = new Float64Array(m);
  const Jr = new Float64Array(n);
  const factors: SampleToken[] = [];
  const lowerPart: FieldPart = { length: m, level: "lower" };
  const hyperPart: FieldPart = { length: n, level: "lower" };
  let { c, terms } = settings;
  /** Every factor reads all terms. */
  let exact = true;
  let count = 0;
  let value = Number.NaN;
  let left = Number.NaN;

  const redraw = (random: Random | undefined): void => {
    const most = kind === "shia" ? terms : terms - 1;
    const sampling = sampled.lower;
    exact = random === undefined;
    count = kind === "hia" && random !== undefined ? random.integer(terms) : most;
    if (random === undefined) return;
    for (let k = 0; k < count; k++)
      factors[k] = sampling.block(random.integer(sampling.terms) % sampling.blocks, random);
  };
  redraw(undefined);

  /** r from w = grad_y f. */
  const series = (x: Vector, y: Vector): void => {
    const summed = kind === "shia" || exact;
    const kept = sampled.current("lower");
    term.set(gradYf);
    if (summed) scaleInto(c, gradYf, r);
    if (exact) sampled.use("lower", sampled.lower.everything);
    const map = exact ? lower.linearize(x, y) : undefined;
    for (let k = 0; k < count; k++) {
      if (map) map.hvp(term, product);
      else {
        sampled.use("lower", factors[k]);
        lower.hvpYY(x, y, term, product);
      }
      axpyInto(-c, product, term);
      if (summed) axpyInto(c, term, r);
    }
    if (!summed) scaleInto(c * terms, term, r);
    const size = norm(gradYf);
    const complete = count >= (kind === "shia" ? terms : terms - 1);
    left = !complete ? Number.NaN : size > 0 ? norm(term) / size : 0;
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
    get terms() {
      return terms;
    },
    set terms(next) {
      terms = next;
    },
    get left() {
      return left;
    },
    redraw: (random, everything) => redraw(everything || !sampled.lower.random ? undefined : random),
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
