/**
 * The joint field of single-loop bilevel methods (Dagréou et al., NeurIPS 2022, eq. (4)), here with v -> -H⁻¹ grad_y f:
 *
 *   D_y = grad_y g,   D_v = H v + grad_y f,   D_x = J v + grad_x f          z = (x, y, v)
 *
 * Its zeros are the points with dφ/dx = 0. Parts: grad_y g, H v, J v of the lower sample; grad_y f, grad_x f of the upper one.
 */
import { axpyInto } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import type { SampledField } from "../pieces/sampling/field.js";

type Vector = Float64Array;

export interface JointField extends SampledField {
  /** The estimate of f at the last evaluation. */
  value: number;
}

/** `oracle`: the side of a stochastic oracle that sees its samples. */
export function jointField({ n, m, upper, lower }: Oracle): JointField {
  const field: JointField = {
    variables: [n, m, m],
    parts: [
      { length: m, level: "lower" },
      { length: m, level: "lower" },
      { length: n, level: "lower" },
      { length: m, level: "upper" },
      { length: n, level: "upper" },
    ],
    value: Number.NaN,
    evaluate([x, y, v], [gradYg, Hv, Jv, gradYf, gradXf]) {
      lower.gradY(x, y, gradYg);
      lower.linearize(x, y).both(v, Hv, Jv);
      field.value = upper.valueGrad(x, y, gradXf, gradYf);
    },
  };
  return field;
}

/** After the reduction of the parts: D_v in place of H v, D_x in place of J v. */
export function joinParts([, Hv, Jv, gradYf, gradXf]: readonly Vector[]): void {
  axpyInto(1, gradYf, Hv);
  axpyInto(1, gradXf, Jv);
}
