/**
 * SAGA on a vector field (Defazio, Bach and Lacoste-Julien, NeurIPS 2014, eq. (1); for bilevel problems Dagréou et al.,
 * NeurIPS 2022): the last value M_j of every block of terms is kept, with their mean A = Σ w_j M_j, w_j = |block j| / N.
 *
 *   draw a block j:  d = (D_j(z) - M_j) B w_j + A;   A += w_j (D_j(z) - M_j);   M_j = D_j(z)        B blocks
 *
 * Unbiased for uniform j. A is added up anew from the table after every B evaluations, since rounding drifts. Needs
 * B times the lengths of the parts in memory; the levels have blocks and tables of their own.
 */
import { fail } from "../../../base/diagnostic.js";
import type { Random } from "../../../num/random.js";
import type { LevelSampling, SampledOracle } from "../../../oracle/sampled.js";
import type { FieldEstimator, Level, SampledField, SamplingPiece, SamplingSettings } from "./field.js";
import { partsLike, sizeOfAll } from "./reading.js";

type Vector = Float64Array;

/** Most doubles in tables: a gigabyte. */
const mostTableEntries = 2 ** 27;

const levels: readonly Level[] = ["upper", "lower"];

class Saga implements FieldEstimator {
  readonly memory: number;
  /** Per part: block j at j * length. */
  private readonly tables: readonly Vector[];
  private readonly means: readonly Vector[];
  private readonly blockOf: Record<Level, number> = { upper: 0, lower: 0 };
  private readonly streams: Readonly<Record<Level, Random>>;
  private filled = false;
  private sinceSum = 0;

  constructor(
    private readonly sampled: SampledOracle,
    private readonly field: SampledField,
    random: Random,
    private readonly start: "full" | "zero",
  ) {
    if (field.redraw) throw new Error("a field that draws more than one sample per level has no SAGA tables");
    const entries = field.parts.reduce((sum, p) => sum + sampled[p.level].blocks * p.length, 0);
    if (entries > mostTableEntries) fail("BLO0817", { entries, most: mostTableEntries });
    this.tables = field.parts.map((p) => new Float64Array(sampled[p.level].blocks * p.length));
    this.means = partsLike(field);
    this.memory = sizeOfAll(this.tables) + sizeOfAll(this.means);
    this.streams = { upper: random.split("upper"), lower: random.split("lower") };
  }

  direction(at: readonly Vector[], out: readonly Vector[]): void {
    const { field, sampled, blockOf, tables, means } = this;
    if (!this.filled) this.fill(at, out);
    for (const level of levels) {
      const sampling = sampled[level];
      this.take(level, sampling.blocks === 1 ? 0 : this.streams[level].integer(sampling.blocks));
    }
    field.evaluate(at, out);
    for (let k = 0; k < out.length; k++) {
      const { level, length } = field.parts[k];
      const sampling: LevelSampling = sampled[level];
      const weight = sampling.weight(blockOf[level]);
      const factor = sampling.blocks * weight;
      const table = tables[k];
      const mean = means[k];
      const d = out[k];
      const first = blockOf[level] * length;
      for (let i = 0; i < length; i++) {
        const change = d[i] - table[first + i];
        table[first + i] = d[i];
        d[i] = factor * change + mean[i];
        mean[i] += weight * change;
      }
    }
    const blocks = Math.max(sampled.upper.blocks, sampled.lower.blocks);
    if (++this.sinceSum >= blocks) this.sum();
  }

  reset(): void {
    this.filled = false;
  }

  private take(level: Level, j: number): void {
    this.blockOf[level] = j;
    this.sampled.use(level, this.sampled[level].block(j, this.streams[level]));
  }

  /** All blocks at one point: a pass over the terms, or zeros. */
  private fill(at: readonly Vector[], out: readonly Vector[]): void {
    const { field, sampled, tables } = this;
    this.filled = true;
    if (this.start === "zero") {
      for (const table of tables) table.fill(0);
    } else {
      const most = Math.max(sampled.upper.blocks, sampled.lower.blocks);
      for (let j = 0; j < most; j++) {
        for (const level of levels) this.take(level, Math.min(j, sampled[level].blocks - 1));
        field.evaluate(at, out);
        for (let k = 0; k < out.length; k++) {
          const { level, length } = field.parts[k];
          tables[k].set(out[k], this.blockOf[level] * length);
        }
      }
    }
    this.sum();
  }

  /** The means from the tables. */
  private sum(): void {
    const { field, sampled, tables, means } = this;
    this.sinceSum = 0;
    for (let k = 0; k < means.length; k++) {
      const { level, length } = field.parts[k];
      const mean = means[k];
      mean.fill(0);
      for (let j = 0; j < sampled[level].blocks; j++) {
        const weight = sampled[level].weight(j);
        for (let i = 0; i < length; i++) mean[i] += weight * tables[k][j * length + i];
      }
    }
  }
}

export const saga: SamplingPiece = {
  kind: "sampling",
  reducesVariance: true,
  keepsTables: true,
  id: "saga",
  title: "Tables of the last value of each block (SAGA)",
  formulas: ["draw j;  d_t = (D_j(z_t) - M_j) + A;   A += w_j (D_j(z_t) - M_j);   M_j = D_j(z_t)"],
  reference: "Defazio, Bach and Lacoste-Julien, SAGA, NeurIPS 2014",
  parameters: [],
  make(context, sampled, field, settings: SamplingSettings = {}) {
    return new Saga(sampled, field, settings.random ?? context.random.split("samples"), settings.start ?? "full");
  },
};
