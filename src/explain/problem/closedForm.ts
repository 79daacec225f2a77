/**
 * The lower solution in closed form, where the lower objective is quadratic in few variables y: with g_y = H y + c(x) it is
 * y*(x) = -H^-1 c(x), and the upper level sees F(x) = f(x, y*(x)). H may depend on x where y is a single number.
 */
import { gradient } from "../../diff/index.js";
import { hessian } from "../../diff/jacobian.js";
import { substitute } from "../../diff/substitute.js";
import { degreeIn } from "../../expr/degree.js";
import type { Node } from "../../expr/node.js";
import { dependsOn } from "../../expr/walk.js";
import type { Problem } from "../../model/problem.js";
import { evaluate } from "../../ops/evaluate.js";

/** Variables of a level up to which anything is worked out. */
export const fewVariables = 4;

/** Relative size of a residual up to which an inverse counts as one. */
const inverseTolerance = 1e-8;

export interface ClosedForm {
  /** y*(x), F(x) and its gradient, over x. */
  readonly solution: Node;
  readonly value: Node;
  readonly gradient: Node;
}

export function closedForm(problem: Problem): ClosedForm | undefined {
  const { builder: b, x, y, upper, lowers, lowerObjective: g } = problem;
  if (x.size === 0 || y.size === 0 || x.size > fewVariables || y.size > fewVariables) return undefined;
  if (!problem.independentFollowers || lowers.some((l) => l.constraints.length > 0)) return undefined;
  // on a simplex a row is always active
  if (lowers.some((l) => l.variables.some((v) => v.domain.kind === "simplex"))) return undefined;
  if (degreeIn(g, y) > 2) return undefined;
  const H = hessian(b, g, y);
  const [slope] = gradient(b, g, [y]);
  const [c] = substitute(b, [slope], new Map([[y, b.zeros([y.size])]]));
  if (dependsOn(H, y)) return undefined;
  const solution = dependsOn(H, x) ? quotient(problem, H, c) : product(problem, H, c);
  if (!solution) return undefined;
  const [value] = substitute(b, [upper.objective], new Map([[y, solution]]));
  return { solution, value, gradient: gradient(b, value, [x])[0] };
}

function quotient({ builder: b, y }: Problem, H: Node, c: Node): Node | undefined {
  return y.size === 1 ? b.neg(b.div(c, b.reshape(H, [1]))) : undefined;
}

/** By the inverse of a constant positive definite H. */
function product({ builder: b, y }: Problem, H: Node, c: Node): Node | undefined {
  const m = y.size;
  const [values] = evaluate([H], new Map());
  if (!isPositiveDefinite(values, m)) return undefined;
  const matrix = b.tensor({ shape: [m, m], values: Float64Array.from(values) });
  const [inverse] = evaluate([b.solve(matrix, b.eye(m))], new Map());
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < m; k++) sum += values[i * m + k] * inverse[k * m + j];
      if (!(Math.abs(sum) <= inverseTolerance)) return undefined;
    }
  }
  return b.neg(b.matvec(b.tensor({ shape: [m, m], values: Float64Array.from(inverse) }), c));
}

/** Cholesky's pivots are all positive. */
function isPositiveDefinite(matrix: ArrayLike<number>, m: number): boolean {
  const L = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * m + j];
      for (let k = 0; k < j; k++) sum -= L[i * m + k] * L[j * m + k];
      if (i === j) {
        if (!(sum > 0)) return false;
        L[i * m + i] = Math.sqrt(sum);
      } else L[i * m + j] = sum / L[j * m + j];
    }
  }
  return true;
}
