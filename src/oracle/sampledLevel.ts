/** The queries of one level at the sample in use: exact ones where it is everything, thinned ones otherwise, plus noise. */
import type { Tally } from "./counts.js";
import type { LevelOracle, Linearization } from "./oracle.js";
import type { SampleToken } from "./sampled.js";
import type { SampledKernels } from "./sampledKernels.js";
import type { LevelNoise } from "./sampledNoise.js";

type Vector = Float64Array;

/** Minibatch queries of one profile, and the tables behind them. */
export interface ThinnedLevel {
  readonly level: LevelOracle;
  readonly kernels: SampledKernels;
}

/** Where the thinned queries of a token come from; undefined where it reads every term. */
export type ThinnedLevels = (token: SampleToken) => ThinnedLevel | undefined;

/** Counts part / whole of a query each time, as multiples of 1 / whole, so that whole passes add up to whole numbers. */
export class ShareTally implements Tally {
  constructor(
    private readonly real: Tally,
    private readonly part: number,
    private readonly whole: number,
  ) {}

  get value(): number {
    return 0;
  }
  set value(count: number) {
    this.real.value = this.more(this.real.value, count);
  }
  get gradient(): number {
    return 0;
  }
  set gradient(count: number) {
    this.real.gradient = this.more(this.real.gradient, count);
  }
  get hvp(): number {
    return 0;
  }
  set hvp(count: number) {
    this.real.hvp = this.more(this.real.hvp, count);
  }
  get jvp(): number {
    return 0;
  }
  set jvp(count: number) {
    this.real.jvp = this.more(this.real.jvp, count);
  }

  private more(before: number, count: number): number {
    return Math.round(before * this.whole + count * this.part) / this.whole;
  }
}

export interface SampledLevel extends LevelOracle {
  token: SampleToken;
}

/** `next`: called before each query, where each query has a sample of its own. */
export function sampledLevel(
  full: LevelOracle,
  thinned: ThinnedLevels,
  noise: LevelNoise,
  m: number,
  everything: SampleToken,
  next?: () => SampleToken,
): SampledLevel {
  const noisy = noise.present;
  let token = everything;
  let current: ThinnedLevel | undefined;
  const at = (): LevelOracle => {
    if (next) token = next();
    if (current === undefined) return full;
    current.kernels.load(token);
    return current.level;
  };
  const products = new SampledProducts(noise, next);
  const self: SampledLevel = {
    get token() {
      return token;
    },
    set token(given) {
      token = given;
      current = thinned(given);
    },
    constraints: full.constraints,
    value: (x, y) => at().value(x, y),
    gradX(x, y, out) {
      at().gradX(x, y, out);
      if (noisy) noise.toGradient("gradX", token, out);
    },
    gradY(x, y, out) {
      at().gradY(x, y, out);
      if (noisy) noise.toGradient("gradY", token, out);
    },
    valueGradY(x, y, outY) {
      const value = at().valueGradY(x, y, outY);
      if (noisy) noise.toGradient("gradY", token, outY);
      return value;
    },
    valueGrad(x, y, outX, outY) {
      const value = at().valueGrad(x, y, outX, outY);
      if (noisy) noise.toGradient("gradX", token, outX);
      if (noisy) noise.toGradient("gradY", token, outY);
      return value;
    },
    hvpYY(x, y, v, out) {
      at().hvpYY(x, y, v, out);
      if (noisy) noise.toProduct("hvpYY", token, v, out);
    },
    jvpXY(x, y, v, out) {
      at().jvpXY(x, y, v, out);
      if (noisy) noise.toProduct("jvpXY", token, v, out);
    },
    jvpYX(x, y, u, out) {
      at().jvpYX(x, y, u, out);
      if (noisy) noise.toProduct("jvpYX", token, u, out);
    },
    linearize(x, y) {
      const map = at().linearize(x, y);
      if (current === undefined && !noisy) return map;
      products.set(map, token, current?.kernels);
      return products;
    },
    hessianYY(x, y, out) {
      at().hessianYY(x, y, out);
      if (noisy) noise.toHessian(token, m, out);
    },
  };
  return self;
}

/** Products at a fixed point that keep the sample under which they were made. */
class SampledProducts implements Linearization {
  private map: Linearization | undefined;
  private token: SampleToken | undefined;
  private kernels: SampledKernels | undefined;

  constructor(
    private readonly noise: LevelNoise,
    private readonly next: (() => SampleToken) | undefined,
  ) {}

  set(map: Linearization, token: SampleToken, kernels: SampledKernels | undefined): void {
    this.map = map;
    this.token = token;
    this.kernels = kernels;
  }

  hvp(v: Vector, out: Vector): void {
    const token = this.ready();
    this.map!.hvp(v, out);
    this.noise.toProduct("hvpYY", token, v, out);
  }

  jvp(v: Vector, out: Vector): void {
    const token = this.ready();
    this.map!.jvp(v, out);
    this.noise.toProduct("jvpXY", token, v, out);
  }

  both(v: Vector, outH: Vector, outJ: Vector): void {
    const token = this.ready();
    this.map!.both(v, outH, outJ);
    this.noise.toProduct("hvpYY", token, v, outH);
    this.noise.toProduct("jvpXY", token, v, outJ);
  }

  private ready(): SampleToken {
    const token = this.next ? this.next() : this.token!;
    this.kernels?.load(token);
    return token;
  }
}
