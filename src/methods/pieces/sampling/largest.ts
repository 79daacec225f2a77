/**
 * L_max: the largest curvature |d²g_j/dy²| of a block of lower terms, by 3 power steps on each of at most 64 blocks drawn
 * without repetition. An estimate from below, as it should be for step sizes: single steps are short anyway.
 */
import { powerIteration } from "../../../num/lanczos.js";
import type { Random } from "../../../num/random.js";
import type { SampledOracle } from "../../../oracle/sampled.js";
import { exactProducts } from "../../kit/constants.js";

const mostBlocks = 64;
const powerSteps = 3;

/** At (x, y); leaves `everything` in use. 1 where the curvature is zero or not finite. `products`: exact, or by differences. */
export function largestCurvature(
  sampled: SampledOracle,
  x: Float64Array,
  y: Float64Array,
  random: Random,
  products = exactProducts,
): number {
  const { lower, batch } = sampled;
  const blocks = Int32Array.from({ length: lower.blocks }, (_, j) => j);
  const tried = Math.min(mostBlocks, blocks.length);
  let largest = 0;
  for (let k = 0; k < tried; k++) {
    const pick = k + random.integer(blocks.length - k);
    const j = blocks[pick];
    blocks[pick] = blocks[k];
    sampled.use("lower", lower.block(j));
    const size = powerIteration(products(batch.lower, x, y), y.length, powerSteps, random);
    if (size > largest) largest = size;
  }
  sampled.use("lower", lower.everything);
  return largest > 0 && Number.isFinite(largest) ? largest : 1;
}
