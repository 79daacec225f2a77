/** Known forms that the composition rule alone does not decide, tried in order. */
import type { Node } from "../../expr/node.js";
import type { Analysis, Verdicted } from "../analysis.js";
import { entropy } from "./entropy.js";
import { logarithms } from "./logarithms.js";
import { matrixForms } from "./matrix.js";
import { monomials, powerMeans } from "./monomials.js";
import { piecewise } from "./piecewise.js";
import { powers } from "./powers.js";
import { quadraticOverLinear, roots } from "./squares.js";

export type Form = (analysis: Analysis, node: Node) => Verdicted | undefined;

const forms: readonly Form[] = [
  powers,
  roots,
  quadraticOverLinear,
  entropy,
  piecewise,
  logarithms,
  matrixForms,
  monomials,
  powerMeans,
];

export function recognised(analysis: Analysis, node: Node): Verdicted | undefined {
  for (const form of forms) {
    const found = form(analysis, node);
    if (found) return found;
  }
  return undefined;
}
