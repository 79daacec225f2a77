/** Outer rule: the projected gradient step,   x <- P_X(x - eta G),   eta given or adaptive (kit/outerStep.ts). */
import { given } from "../../kit/options.js";
import { OuterStep } from "../../kit/outerStep.js";
import { upperStep } from "../../kit/stepParameters.js";
import type { OuterPiece } from "../piece.js";

export const gradientStep: OuterPiece = {
  kind: "outer",
  id: "gradient",
  title: "Projected gradient step",
  formulas: ["x ← P_X(x - η G)"],
  reference: "Goldstein, 1964; Levitin and Polyak, 1966",
  parameters: [upperStep],
  searches: true,
  make: (context, size) => new OuterStep(size, given(context, "eta")),
};
