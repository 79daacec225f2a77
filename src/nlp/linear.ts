/**
 * The two ways to factor an equilibrated Newton matrix given by its lower triangle: dense with Bunch and Kaufman's pivots,
 * sparse with a fixed order and a small quasi-definite shift (Friedlander and Orban, Math. Program. Comput. 4, 2012) that
 * the caller's refinement removes again.
 */
import { factorSymmetricInto, symmetricFactor, symmetricSolveInto } from "../num/ldlt.js";
import { sparseFactor } from "../num/sparseLdlt.js";

type Vector = Float64Array;

export interface LinearSolver {
  /** Multiplications of a factorisation. */
  readonly work: number;
  /** Factors the values, which come in the order of the pattern; entries are at most about 1. Returns the inertia. */
  factor(values: Vector): { readonly positive: number; readonly negative: number; readonly zero: number };
  solveInto(x: Vector): void;
}

export function denseSolver(size: number, rows: Int32Array, columns: Int32Array): LinearSolver {
  const factor = symmetricFactor(size);
  return {
    work: size ** 3 / 6,
    factor(values) {
      factor.LD.fill(0);
      for (let e = 0; e < values.length; e++) factor.LD[rows[e] * size + columns[e]] = values[e];
      factorSymmetricInto(factor);
      return factor;
    },
    solveInto(x) {
      symmetricSolveInto(factor, x);
    },
  };
}

/** The shift of an equilibrated matrix: errors of about eps / SHIFT a solve, which refinement contracts by that factor. */
const SHIFT = 1e-9;

/** `primal` leading unknowns are shifted up, the others down. */
export function sparseSolver(size: number, primal: number, rows: Int32Array, columns: Int32Array): LinearSolver {
  const factor = sparseFactor(size, rows, columns);
  const shift = Float64Array.from({ length: size }, (_, i) => (i < primal ? SHIFT : -SHIFT));
  return {
    work: factor.work,
    factor(values) {
      factor.factor(values, shift, 1e-14);
      return factor;
    },
    solveInto(x) {
      factor.solveInto(x);
    },
  };
}
