/**
 * What differs between stochastic methods that keep a point (x, y) and estimates of directions there: how the direction of x
 * comes about, and when y (and v) moves. The loop (loop.ts) moves x, chooses the steps and judges the run:
 *
 *   each step:   d_x = direction(rho_t);   x <- P_X(x - gamma_t d_x);   after(rho_t)
 */
import type { SampledOracle } from "../../oracle/sampled.js";
import type { Method, MethodContext, Parameter } from "../method.js";

type Vector = Float64Array;

export interface Recursion {
  /** The estimate of f at the last evaluation. */
  readonly value: number;
  /** Norms of the residuals besides the direction of x, by the name that they have in the trace. */
  readonly residuals: Readonly<Record<string, number>>;
  /** Evaluations per step, as a share of those of one sample of each level; default 1. */
  readonly evaluations?: number;
  /** The direction of x; moves y and v here where they move before x, or all move from the old point. */
  direction(rho: number): Vector;
  /** What follows the step of x. */
  after?(rho: number): void;
  /** Asked before convergence is claimed: false where an approximation was made finer, so that the run goes on. */
  exact?(): boolean;
  /** Said of the run when it ends, where the approximation leaves a bias; such a run claims nothing. */
  bias?(): string | undefined;
  /** Forgets directions and tables: the point has jumped. */
  reset(): void;
}

/** What a recursion is made from. */
export interface RecursionSetting {
  readonly context: MethodContext;
  readonly sampled: SampledOracle;
  /** The point that moves; x is moved by the loop. */
  readonly x: Vector;
  readonly y: Vector;
  /** True where step sizes were given. */
  readonly published: boolean;
  /** The largest curvature of a block of lower terms (estimated when it is asked for first). */
  readonly largest: () => number;
}

/** A method of this form: its facts, what it is made of, and how its steps decay. */
export interface LoopRecipe
  extends Pick<Method, "id" | "title" | "reference" | "formulas" | "assumptions" | "failures"> {
  readonly make: (setting: RecursionSetting) => Recursion;
  /** True where the noise vanishes at a solution. */
  readonly reducesVariance: boolean;
  /** Published decay of the steps. */
  readonly decay: { readonly t0: number; readonly power: number; readonly upperPower?: number };
  /** Highest order of derivatives asked for; default 2. */
  readonly order?: 1 | 2;
  /** Parameters of its own, after the shared ones. */
  readonly parameters: readonly Parameter[];
}
