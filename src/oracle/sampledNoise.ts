/**
 * Additive noise of experiments: gradients of a level get sigma e / sqrt(d), products with second derivatives along v get
 * sigma |v| e / sqrt(d), where e ~ N(0, I) has the length d of the answer, so that E |noise|² = sigma² (sigma² |v|²).
 * e depends on the token and on the kind of query only: the same token at two points, or along two directions, has the
 * same e. Values have no noise. A token of M samples has its variance divided by M.
 */
import { createRandom } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { LevelName } from "./engine.js";
import type { SampleToken } from "./sampled.js";

type Vector = Float64Array;

/** Standard deviations per level; `products` replaces both where second-order products differ (0: exact products). */
export interface NoiseModel {
  readonly upper?: number;
  readonly lower?: number;
  readonly products?: number;
}

export type NoisyQuery = "gradX" | "gradY" | "hvpYY" | "jvpXY" | "jvpYX" | "hessianYY";

export class LevelNoise {
  readonly gradients: number;
  readonly products: number;
  private readonly drawn = new Map<NoisyQuery, { seed: number; readonly normals: Vector }>();

  constructor(model: NoiseModel, level: LevelName) {
    this.gradients = model[level] ?? 0;
    this.products = this.gradients > 0 ? (model.products ?? this.gradients) : 0;
  }

  get present(): boolean {
    return this.gradients > 0;
  }

  toGradient(query: NoisyQuery, token: SampleToken, out: Vector): void {
    this.add(query, token, this.gradients, out);
  }

  toProduct(query: NoisyQuery, token: SampleToken, v: Vector, out: Vector): void {
    if (this.products > 0) this.add(query, token, this.products * norm(v), out);
  }

  /** The same to each column of the dense m x m Hessian, kept symmetric. */
  toHessian(token: SampleToken, m: number, out: Vector): void {
    if (token.noise === 0 || !(this.products > 0)) return;
    const e = this.normals("hessianYY", token.noise, m * m);
    const size = this.products / Math.sqrt(m * (token.samples ?? 1));
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) out[i * m + j] += size * (i >= j ? e[i * m + j] : e[j * m + i]);
    }
  }

  private add(query: NoisyQuery, token: SampleToken, sigma: number, out: Vector): void {
    if (token.noise === 0 || sigma === 0) return;
    const e = this.normals(query, token.noise, out.length);
    const size = sigma / Math.sqrt(out.length * (token.samples ?? 1));
    for (let i = 0; i < out.length; i++) out[i] += size * e[i];
  }

  private normals(query: NoisyQuery, seed: number, length: number): Vector {
    let known = this.drawn.get(query);
    if (known?.normals.length !== length) {
      known = { seed: 0, normals: new Float64Array(length) };
      this.drawn.set(query, known);
    }
    if (known.seed !== seed) {
      const random = createRandom(seed).split(query);
      for (let i = 0; i < length; i++) known.normals[i] = random.normal();
      known.seed = seed;
    }
    return known.normals;
  }
}
