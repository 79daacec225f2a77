/**
 * The gradients of fully first-order methods as fields of (x, z, y): steps of z and y on one sample or on samples of their
 * own, and the direction of x, whose two terms of g always share theirs.
 */
import { axpyInto } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import type { SampledField } from "../pieces/sampling/field.js";

/** grad_y g(x, z), grad_y g(x, y), grad_y f(x, y) at (x, z, y), on one sample. */
export function innerField({ n, m, upper, lower }: Oracle): SampledField {
  return {
    variables: [n, m, m],
    parts: [
      { length: m, level: "lower" },
      { length: m, level: "lower" },
      { length: m, level: "upper" },
    ],
    evaluate([x, z, y], [gz, gy, fy]) {
      lower.gradY(x, z, gz);
      lower.gradY(x, y, gy);
      upper.gradY(x, y, fy);
    },
  };
}

/** The first part of the same, and the other two: for samples of their own. */
export function apart({ n, m, upper, lower }: Oracle): readonly [SampledField, SampledField] {
  const ofZ: SampledField = {
    variables: [n, m],
    parts: [{ length: m, level: "lower" }],
    evaluate: ([x, z], [gz]) => lower.gradY(x, z, gz),
  };
  const ofY: SampledField = {
    variables: [n, m],
    parts: [
      { length: m, level: "lower" },
      { length: m, level: "upper" },
    ],
    evaluate([x, y], [gy, fy]) {
      lower.gradY(x, y, gy);
      upper.gradY(x, y, fy);
    },
  };
  return [ofZ, ofY];
}

/** grad_x g(x, y) - grad_x g(x, z) and grad_x f(x, y) at (x, z, y), with the estimate of f. */
export function outerField({ n, m, upper, lower }: Oracle): SampledField & { value: number } {
  const at = new Float64Array(n);
  const gradYf = new Float64Array(m);
  const field: SampledField & { value: number } = {
    variables: [n, m, m],
    parts: [
      { length: n, level: "lower" },
      { length: n, level: "upper" },
    ],
    value: Number.NaN,
    evaluate([x, z, y], [difference, gradXf]) {
      lower.gradX(x, y, difference);
      lower.gradX(x, z, at);
      axpyInto(-1, at, difference);
      field.value = upper.valueGrad(x, y, gradXf, gradYf);
    },
  };
  return field;
}
