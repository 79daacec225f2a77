/**
 * The door behind which an oracle's numbers are computed. The oracle asks an engine for one kernel per query, at the
 * first use of that query; an engine may run them anywhere (generated closures, an interpreter, WebAssembly memory, a
 * tensor library) as long as they keep the calling convention of codegen/kernel.ts. Later engines implement `Engine`
 * and are passed to `compileOracle(problem, { engine })`.
 */
import type { Descent, Kernel, StagedKernel } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { Profile, SampledKernels } from "./sampledKernels.js";

export type LevelName = "upper" | "lower";

/**
 * Queries and the arguments of their kernels: the inputs, then the outputs. n, m: lengths of x and y; c: rows of the
 * level's constraints; F: the level's objective; [1] a scalar, which is also returned.
 *
 *   value        x y       -> F [1]                      gradX, gradY   x y   -> dF/dx [n], dF/dy [m]
 *   valueGradY   x y       -> F [1], dF/dy [m]           valueGrad      x y   -> F [1], dF/dx [n], dF/dy [m]
 *   surrogate    x y z[m] l[1] -> f(x, y) [1], f_x(x, y) + l (g_x(x, y) - g_x(x, z)) [n]; upper level only
 *   hvpYY        x y v[m]  -> F_yy v [m]                 jvpXY          x y v[m] -> F_xy v [n]
 *   jvpYX        x y u[n]  -> F_yx u [m]
 *   constraints  x y       -> c [c]                      constraintVjp  x y z[c] -> c_xᵀ z [n], c_yᵀ z [m]
 *   constraintHvpYY  x y z[c] v[m] -> (zᵀc)_yy v [m]     constraintJvpXY  x y z[c] v[m] -> (zᵀc)_xy v [n]
 */
export type Query =
  | "value"
  | "gradX"
  | "gradY"
  | "valueGradY"
  | "valueGrad"
  | "surrogate"
  | "hvpYY"
  | "jvpXY"
  | "jvpYX"
  | "constraints"
  | "constraintVjp"
  | "constraintHvpYY"
  | "constraintJvpXY";

/**
 * Queries answered in two stages: `prepare` takes x y, then `apply` the rest.
 *   hvp  v[m] -> F_yy v [m]     jvp  v[m] -> F_xy v [n]     both  v[m] -> F_yy v [m], F_xy v [n]
 *   constraintRows  z[c] -> c_xᵀ z [n], c_yᵀ z [m]
 */
export type StagedQuery = "hvp" | "jvp" | "both" | "constraintRows";

export interface ProblemKernels {
  /** May be asked for repeatedly; should answer with the same kernel. */
  kernel(level: LevelName, query: Query): Kernel;
  /** A new staged kernel each time: what it prepared belongs to whoever asked. */
  staged(level: LevelName, query: StagedQuery): StagedKernel;
  /**
   * Gradient steps in y as one kernel (see codegen/kernel.ts): on the lower objective, arguments x y; on the upper plus
   * lambda times the lower one, arguments x y lambda[1]. Undefined where a loop is as good.
   */
  descent?(objective: "lower" | "penalised"): Descent | undefined;
  /** Kernels of a level on minibatches of given sizes; an engine without them reads sampled sums in full. */
  thinned?(level: LevelName, profile: Profile): SampledKernels;
}

export interface Engine {
  readonly id: string;
  compile(problem: Problem): ProblemKernels;
}
