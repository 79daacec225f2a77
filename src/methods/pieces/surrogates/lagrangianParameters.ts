/** The options that the two regularised value functions share (proximal Lagrangian, doubly regularised gap). */
import type { Parameter } from "../../method.js";

export const lagrangianParameters: readonly Parameter[] = [
  {
    name: "gamma1",
    type: "number",
    default: undefined,
    auto: "1",
    min: 1e-12,
    doc: "Proximal parameter γ1 of the lower variables.",
  },
  {
    name: "gamma2",
    type: "number",
    default: undefined,
    auto: "1",
    min: 1e-12,
    doc: "Proximal parameter γ2 of the multipliers.",
  },
  {
    name: "c0",
    type: "number",
    default: undefined,
    auto: "1",
    min: 1e-12,
    doc: "c_k = c0 (k + 1)^p weighs the lower level against the upper one.",
  },
  {
    name: "p",
    type: "number",
    default: undefined,
    auto: "0.3",
    min: 0,
    max: 0.5,
    doc: "Exponent of c_k; 0 keeps c fixed, with a bias of the order of 1/c.",
  },
  { name: "r", type: "number", default: undefined, auto: "100", min: 1e-12, doc: "Bound on the multipliers z." },
  {
    name: "eta",
    type: "number",
    default: undefined,
    auto: "1/(2 (L_g + 1/γ1 + 1/γ2 + |h_y|)), at most 0.1",
    min: 0,
    doc: "Step size η of the lower pair (θ, λ).",
  },
  {
    name: "beta",
    type: "number",
    default: undefined,
    auto: "the step size of x and y",
    min: 0,
    doc: "Step size of z.",
  },
];
