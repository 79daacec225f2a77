/** Curvature by rules on the expression graph: what is affine, quadratic, convex, smooth, separable, and why. */
export { curvatureOf } from "./problem.js";
export type {
  ClassWord,
  ConstraintCurvature,
  FunctionCurvature,
  LevelCurvature,
  ProblemCurvature,
  QuadraticForm,
  RoughPart,
  Shape,
  StrongConvexity,
  Verdict,
  Witness,
} from "./verdict.js";
export { isAffine, isConcave, isConvex } from "./verdict.js";
