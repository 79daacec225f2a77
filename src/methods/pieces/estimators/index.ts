/** The estimators by id, in the order in which they are listed. */
import type { EstimatorPiece } from "../piece.js";
import { cg } from "./cg.js";
import { clipped } from "./clipped.js";
import { difference } from "./difference.js";
import { direct } from "./direct.js";
import { dropped } from "./dropped.js";
import { fixedPoint } from "./fixedPoint.js";
import { forward } from "./forward.js";
import { minimumNorm } from "./minimumNorm.js";
import { neumann } from "./neumann.js";
import { pessimistic } from "./pessimistic.js";
import { randomNeumann } from "./randomNeumann.js";
import { reverse } from "./reverse.js";
import { selection } from "./selection.js";
import { shadow } from "./shadow.js";
import { truncated } from "./truncated.js";
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
  truncated,
  forward,
  pessimistic,
  selection,
  difference,
  dropped,
  zerothOrder,
];
