/** The outer rules by id, in the order in which they are listed. */
import type { OuterPiece } from "../piece.js";
import { adam } from "./adam.js";
import { adaptive } from "./adaptive.js";
import { gradientStep } from "./gradient.js";
import { momentum } from "./momentum.js";
import { relaxed } from "./relaxed.js";

export const outerRules: readonly OuterPiece[] = [gradientStep, adaptive, momentum, adam, relaxed];
