/**
 * Estimator: the implicit term left out,   G = grad_x f(x, y).
 *
 * A hypergradient only where grad_y f or J vanishes (upper objectives that do not read y, or g = -f at the lower solution).
 */
import type { EstimatorPiece } from "../piece.js";

export const dropped: EstimatorPiece = {
  kind: "estimator",
  id: "dropped",
  title: "The upper gradient alone, without the implicit term",
  formulas: ["G = ∇x f(x, y)"],
  reference: "Luketina and others, ICML 2016 (first-order); Liu, Simonyan and Yang, DARTS, ICLR 2019, section 2.3",
  parameters: [],
  order: 1,
  keepsPath: false,
  maps: "all",
  bias: "ignores that y moves with x",
  make: ({ oracle }) => {
    const gradY = new Float64Array(oracle.m);
    return {
      residual: Number.NaN,
      estimate: (x, y, G) => oracle.upper.valueGrad(x, y, G, gradY),
      reset: () => {},
    };
  },
};
