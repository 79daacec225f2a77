/**
 * The curvature of blocks of lower terms along a run: steps that were short enough at the start are too long where x has made
 * the lower level steeper (exp(x) |y|²). One product d²g_j/dy² u on each of two random blocks, u the normalised last product
 * (a power iteration that goes on along the run), whenever x has moved by a tenth of max(1, |x|) or a number of steps went by.
 *
 *   L <- max(|d²g_j/dy² u|, 0.9 L)
 */

import type { Random } from "../../../num/random.js";
import type { LinearMap } from "../../../num/vector.js";
import { norm, scaleInto } from "../../../num/vector.js";
import type { LevelOracle } from "../../../oracle/oracle.js";
import type { SampledOracle } from "../../../oracle/sampled.js";

type Vector = Float64Array;

const blocksPerCheck = 2;
const fading = 0.9;

export class CurvatureWatch {
  private readonly u: Vector;
  private readonly product: Vector;
  private readonly checked: Vector;
  private since = 0;

  /** `L`: the curvature at `x`; `every`: most steps from one check to the next. */
  constructor(
    private readonly sampled: SampledOracle,
    private readonly products: (level: LevelOracle, x: Vector, y: Vector) => LinearMap,
    public L: number,
    x: Vector,
    private readonly every: number,
    private readonly random: Random,
  ) {
    const { m } = sampled.full;
    this.u = new Float64Array(m);
    for (let j = 0; j < m; j++) this.u[j] = random.normal();
    scaleInto(1 / norm(this.u), this.u, this.u);
    this.product = new Float64Array(m);
    this.checked = x.slice();
  }

  /** Called once a step, with the point as it is; leaves any sample in use. */
  update(x: Vector, y: Vector): void {
    const { checked, random, sampled } = this;
    let moved = 0;
    let size = 0;
    for (let i = 0; i < x.length; i++) {
      moved += (x[i] - checked[i]) ** 2;
      size += x[i] ** 2;
    }
    if (++this.since < this.every && moved <= 0.01 * Math.max(1, size)) return;
    this.since = 0;
    checked.set(x);
    let largest = 0;
    const { lower, batch } = sampled;
    for (let k = 0; k < Math.min(blocksPerCheck, lower.blocks); k++) {
      sampled.use("lower", lower.block(lower.blocks === 1 ? 0 : random.integer(lower.blocks)));
      this.products(batch.lower, x, y)(this.u, this.product);
      const found = norm(this.product);
      if (!(found > 0 && Number.isFinite(found))) continue;
      scaleInto(1 / found, this.product, this.u);
      if (found > largest) largest = found;
    }
    if (largest > 0) this.L = Math.max(largest, fading * this.L);
  }
}
