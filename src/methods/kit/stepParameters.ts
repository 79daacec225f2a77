/**
 * Options that several methods share, each documented once. A method that needs another bound or default spreads the
 * record: `{ ...lowerSteps, default: 1 }`.
 */
import type { Parameter } from "../method.js";

export const lowerSteps: Parameter = {
  name: "K",
  type: "integer",
  default: undefined,
  auto: "lower level solved to the tolerance",
  min: 1,
  doc: "Lower steps per outer step.",
};

export const upperStep: Parameter = {
  name: "eta",
  type: "number",
  default: undefined,
  auto: "adaptive (Malitsky and Mishchenko)",
  min: 0,
  doc: "Upper step size.",
};

/** Iterations of an adjoint rule; `published` is what the published loop takes where it is not given. */
export function adjointSteps(what: string, published: number): Parameter {
  return {
    name: "M",
    type: "integer",
    default: undefined,
    auto: `to the tolerance; ${published} if another step option is given`,
    min: 1,
    doc: `${what} per outer step.`,
  };
}

export const adjointStep: Parameter = {
  name: "adjointStep",
  type: "number",
  default: undefined,
  auto: "alpha where that is given, else 1/L, L by Lanczos",
  min: 0,
  doc: "Step size c of the adjoint iteration; it converges for c below 2/L.",
};

export const warmAdjoint: Parameter = {
  name: "warmAdjoint",
  type: "boolean",
  default: true,
  doc: "Start the adjoint iteration from the last adjoint.",
};
