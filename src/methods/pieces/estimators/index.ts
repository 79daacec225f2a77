/** The estimators by id, in the order in which they are listed. */
import type { EstimatorPiece } from "../piece.js";
import { cg } from "./cg.js";
import { clipped } from "./clipped.js";
import { difference } from "./difference.js";
import { direct } from "./direct.js";
import { dropped } from "./dropped.js";
import { fixedPoint } from "./fixedPoint.js";
import { minimumNorm } from "./minimumNorm.js";
import { neumann } from "./neumann.js";
import { randomNeumann } from "./randomNeumann.js";
import { reverse } from "./reverse.js";
import { shadow } from "./shadow.js";
import { zerothOrder } from "./zerothOrder.js";

export const estimators: readonly EstimatorPiece[] = [
  direct,
  cg,
  fixedPoint,
  neumann,
  randomNeumann,
  minimumNorm,
  shadow,
  clipped,
  reverse,
  difference,
  dropped,
  zerothOrder,
];
