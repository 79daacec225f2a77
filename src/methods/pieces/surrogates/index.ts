/** The surrogates in x and y that methods descend on; the last three are made for constraints of the lower level. */
import type { SurrogatePiece } from "../piece.js";
import { moreau } from "./moreau.js";
import { barrier } from "./nestedBarrier.js";
import { penalty } from "./penalty.js";
import { proximalLagrangian } from "./proximalLagrangian.js";
import { regularisedGap } from "./regularisedGap.js";
import { squaredGradient } from "./squaredGradient.js";
import { valueGap } from "./valueGap.js";

export const surrogates: readonly SurrogatePiece[] = [
  penalty,
  valueGap,
  squaredGradient,
  moreau,
  barrier,
  proximalLagrangian,
  regularisedGap,
];
