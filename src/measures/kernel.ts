/**
 * The kernel residual R_ker = |b - H v| / |b| at (x, y*), b = grad_y f, v = H⁺ b: the share of the upper level's wish that
 * no movement of x can answer. Above about 1e-6 the lower level has many solutions and the upper level prefers another
 * one: the point is not optimistic-optimal, even where the hypergradient and GALET's residuals vanish.
 */
import { implicitGradient } from "../certify/implicitGradient.js";
import type { Measure } from "./measure.js";

export const kernel: Measure = {
  id: "kernel",
  title: "Kernel residual",
  formulas: ["R_ker = |∇y f - H v| / |∇y f|,  v = H⁺ ∇y f,  at (x, y*)"],
  reference: "the optimistic position: Dempe, Foundations of Bilevel Programming, 2002, section 3.2",
  columns: [{ name: "R_ker", doc: "part of the upper gradient in the kernel of the lower Hessian" }],
  constrained: false,
  make:
    ({ oracle, lower, random, exhausted }) =>
    (x, _y, out) => {
      const { y, L } = lower();
      out.R_ker = implicitGradient(oracle, x, y, L, random.split("spectrum"), exhausted).rker;
    },
};
