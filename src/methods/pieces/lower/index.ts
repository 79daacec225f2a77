/**
 * The lower maps. Projection is part of each of them (the identity where Y is the whole space), so "projected gradient" is
 * `gradient`. A free initial point is not a map of its own: methods move y_0 along the estimator's `startGradient`.
 */
import type { LowerMapPiece } from "../piece.js";
import { aggregation } from "./aggregation.js";
import { gradient } from "./gradient.js";
import { heavyBall } from "./heavyBall.js";
import { nesterov } from "./nesterov.js";
import { proximal } from "./proximal.js";

export const lowerMaps: readonly LowerMapPiece[] = [gradient, nesterov, heavyBall, aggregation, proximal];
