/** All experiments, in the order of the documentation. */
import type { Experiment } from "./experiment.js";
import { galetConstants } from "./galetConstants.js";
import { galetScores } from "./galetScores.js";
import { galetShadow } from "./galetShadow.js";

import { kernel } from "./kernel.js";
import { penaltyBias } from "./penaltyBias.js";

export const experiments: readonly Experiment[] = [galetScores, galetShadow, galetConstants, penaltyBias, kernel];
