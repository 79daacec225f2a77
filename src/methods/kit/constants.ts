/**
 * Constants that step sizes come from, estimated at one point (Lanczos for both ends of the
 * spectrum, secants where only gradients may be asked for).
 *
 *   L = largest |eigenvalue| and mu = smallest eigenvalue of d²g/dy²;   L_f likewise for the upper objective
 *
 * Ritz values lie inside the spectrum, so L is raised by 5 % and mu lowered by 10 %.
 */
import { lanczosExtremes } from "../../num/lanczos.js";
import type { Random } from "../../num/random.js";
import { addScaledInto, type LinearMap, norm } from "../../num/vector.js";
import type { LevelOracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export interface Curvature {
  /** Upper estimate of the largest |eigenvalue|; at least the smallest positive number so that 1/L is finite. */
  readonly L: number;
  /** Lower estimate of the smallest eigenvalue; may be zero or negative. */
  readonly mu: number;
}

/** Products with d²/dy² by exact Hessian-vector products at (x, y). */
export function exactProducts(level: LevelOracle, x: Vector, y: Vector): LinearMap {
  return (v, out) => level.hvpYY(x, y, v, out);
}

/**
 * Products with d²/dy² by central differences of gradients, for methods that ask for first derivatives only:
 * H v = (grad(y + e v) - grad(y - e v)) / 2e, e = 6e-6 (1 + |y|) / |v| (the cube root of the rounding unit).
 */
export function differenceProducts(level: LevelOracle, x: Vector, y: Vector): LinearMap {
  const at = new Float64Array(y.length);
  const minus = new Float64Array(y.length);
  return (v, out) => {
    const size = norm(v);
    if (size === 0) {
      out.fill(0);
      return;
    }
    const e = (6e-6 * (1 + norm(y))) / size;
    addScaledInto(y, e, v, at);
    level.gradY(x, at, out);
    addScaledInto(y, -e, v, at);
    level.gradY(x, at, minus);
    for (let j = 0; j < out.length; j++) out[j] = (out[j] - minus[j]) / (2 * e);
  };
}

/** Both ends of the spectrum of a symmetric map by at most `steps` products (exact for m <= steps, up to rounding). */
export function estimateCurvature(products: LinearMap, m: number, random: Random, steps = 30): Curvature {
  const { smallest, largest } = lanczosExtremes(products, m, steps, random);
  const top = Math.max(Math.abs(smallest), Math.abs(largest));
  const L = 1.05 * (top > 0 ? top : 1e-300);
  const noise = 1e-13 * top;
  return { L: Number.isFinite(L) && L > 1e-300 ? L : 1, mu: smallest > noise ? 0.9 * smallest : smallest };
}
