/** All experiments, in the order of the documentation. */
import { complexity } from "./complexity.js";
import type { Experiment } from "./experiment.js";
import { galetConstants } from "./galetConstants.js";
import { galetScores } from "./galetScores.js";
import { galetShadow } from "./galetShadow.js";

import { jump } from "./jump.js";
import { kernel } from "./kernel.js";
import { penaltyBias } from "./penaltyBias.js";
import { regularise } from "./regularise.js";
import { spectrum } from "./spectrum.js";

export const experiments: readonly Experiment[] = [
  galetScores,
  galetShadow,
  galetConstants,
  penaltyBias,
  complexity,
  kernel,
  jump,
  regularise,
  spectrum,
];
