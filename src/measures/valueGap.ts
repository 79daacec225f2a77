/**
 * The value gap g(x, y) - g*(x), g* from an accurate lower solve that starts at y (so that it is never negative beyond
 * rounding). A local solution where the lower level is not convex: then the gap is against the basin of y.
 */
import type { Measure } from "./measure.js";

export const valueGap: Measure = {
  id: "gap",
  title: "Value gap of the lower level",
  formulas: ["g(x, y) - g*(x)"],
  reference: "Ye and Zhu, Optimality conditions for bilevel programming problems, 1995 (the value-function constraint)",
  columns: [{ name: "valueGap", doc: "lower objective above the lower minimum" }],
  constrained: false,
  make:
    ({ oracle, lower }) =>
    (x, y, out) => {
      out.valueGap = Math.max(0, oracle.lower.value(x, y) - lower().value);
    },
};
