/**
 * Outer rule: the projected gradient step with the inverse of the local Lipschitz constant of G as its length,
 *
 *   eta_k = min( sqrt(1 + eta_{k-1} / eta_{k-2}) eta_{k-1},  |x_k - x_{k-1}| / (2 |G_k - G_{k-1}|) )
 */
import { OuterStep } from "../../kit/outerStep.js";
import type { OuterPiece } from "../piece.js";

export const adaptive: OuterPiece = {
  kind: "outer",
  id: "adaptive",
  title: "Gradient step with an adaptive length",
  formulas: ["η_k = min(√(1 + η_{k-1}/η_{k-2}) η_{k-1},  |x_k - x_{k-1}| / (2 |G_k - G_{k-1}|))", "x ← P_X(x - η_k G)"],
  reference: "Malitsky and Mishchenko, Adaptive gradient descent without descent, ICML 2020, Algorithm 1",
  parameters: [],
  exactOnly: "its step length is read off the difference of two directions, which on samples is mostly their noise",
  make: (_context, size) => new OuterStep(size, undefined),
};
