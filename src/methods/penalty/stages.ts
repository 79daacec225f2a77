/** The option that all continuations share. */
import type { Parameter } from "../method.js";

export const stages: Parameter = {
  name: "stages",
  type: "integer",
  default: 14,
  min: 1,
  max: 40,
  doc: "Most penalty parameters in the continuation.",
};
