/** The lower maps. */
import type { LowerMapPiece } from "../piece.js";
import { gradient } from "./gradient.js";

export const lowerMaps: readonly LowerMapPiece[] = [gradient];
