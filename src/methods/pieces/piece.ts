/**
 * The contracts of the composition kit. A method of the family "lower map, estimator, outer rule" is
 *
 *   y <- Φ(x, y), K times          a lower map        (gradient, Nesterov, aggregation …)
 *   G ~ dφ/dx at (x, y)            an estimator       (direct, cg, reverse, dropped …)
 *   x <- x - η G and the like      an outer rule      (gradient, momentum, Adam, adaptive)
 *
 * and one of the family "surrogate" takes its directions in x and y from one function of both. Each piece is one file with
 * its formula; named methods are declarations over pieces (see compose.ts).
 *
 * Vectors: x of length n, y of length m. Nothing allocates after `make`.
 */
import type { DomainOracle } from "../../oracle/oracle.js";
import type { MethodContext, Parameter } from "../method.js";
import type { AdjointRule } from "./estimators/adjoint.js";

type Vector = Float64Array;

/** The facts that every piece states, for help, docs and the methods made of it. */
export interface Piece {
  /** As on the command line: `--lower nesterov`. Unique among pieces of its kind. */
  readonly id: string;
  readonly title: string;
  /** The piece as formulas, a line each. */
  readonly formulas: readonly string[];
  readonly reference: string;
  /** The options it reads from `MethodContext.parameters`; names are unique within a composition. */
  readonly parameters: readonly Parameter[];
}

/** A differentiable map y_{k+1} = Φ_k(x, y_k, y_{k-1}, …) whose repetition leads to a lower solution. */
export interface LowerMap {
  /** y <- y_K from y_0 = y. With `keep` the path is stored for the sweeps below. */
  run(x: Vector, y: Vector, K: number, keep: boolean): void;
  /** K of the last run. */
  readonly steps: number;
  /** y_k of the last kept run, 0 <= k <= steps; borrowed. */
  iterate(k: number): Vector;
  /**
   * Reverse sweep over the kept steps from, from - 1, …, to + 1 for an F that depends on y_from only: on entry a = dF/dy_from;
   * on return a = dF/dy_to, and G (length n) has the steps' parts of dF/dx added. y_0 counts as constant in x.
   * Returns |a|.
   */
  pullInto(x: Vector, a: Vector, G: Vector, from: number, to: number): number;
  /** Forward sweep over all kept steps: on entry t = (dy_0/dx) u, on return t = (dy_K/dx) u; u of length n. */
  pushInto(x: Vector, u: Vector, t: Vector): void;
  /** Norm of the projected lower gradient at (x, y): asks for one gradient. */
  residual(x: Vector, y: Vector): number;
  /** After a non-finite or exploding state: smaller steps, momentum forgotten. */
  shrink(): void;
  /** Where set, called before the queries of step k, by runs and by sweeps: each step reads a sample of its own. */
  beforeStep?: ((k: number) => void) | undefined;
}

export interface LowerMapPiece extends Piece {
  readonly kind: "lower";
  /** Highest order of derivatives that `run` and the sweeps ask for. */
  readonly order: 1 | 2;
  /** True where the map mixes in the upper objective (aggregation). */
  readonly readsUpper: boolean;
  /** Keeps lower domains by projection. */
  readonly projects: boolean;
  /** Its maps keep no path: no sweeps, and of `iterate`, `pullInto` and `pushInto` nothing is asked. */
  readonly pathless?: true;
  /** Its maps call `beforeStep`, so that they run on minibatches. */
  readonly stepwise?: true;
  make(context: MethodContext): LowerMap;
}

/** A hypergradient at (x, y_K). */
export interface Estimator {
  /**
   * G (length n) <- estimate at x and y = y_K of the map's last run; returns f(x, y) (or the surrogate that G belongs to).
   * With a tolerance, inner iterations go on until their relative residual is below it; without, as many as the
   * parameters say (the published loop).
   */
  estimate(x: Vector, y: Vector, G: Vector, tolerance: number | undefined): number;
  /** Relative residual behind the last G: of the linear system, or what is left of the adjoint; NaN where unknown. */
  readonly residual: number;
  /** |grad_x f| + |the rest of G| at the last estimate, where known: G is a difference of terms of this size. */
  readonly size?: number;
  /** Gradient with respect to y_0 where the estimator has one (reverse sweeps): length m, valid after `estimate`. */
  readonly startGradient?: Vector;
  /** Forgets warm starts. */
  reset(): void;
}

export interface EstimatorPiece extends Piece {
  readonly kind: "estimator";
  readonly order: 0 | 1 | 2;
  /** Asks the map to keep its path. */
  readonly keepsPath: boolean;
  /**
   * The lower maps it makes sense with: all, those that look at the lower objective only, or these ids; and the reason for
   * people where it does not.
   */
  readonly maps: "all" | "plain" | readonly string[];
  readonly why?: string;
  /**
   * What the estimate leaves out however long its inner iterations go on, as the end of "the estimate …"; then no search on
   * values is made with it and every result says so.
   */
  readonly bias?: string;
  /** Why it makes no sense on minibatches, for people. */
  readonly exactOnly?: string;
  /** Where the estimate is G = grad_x f - J v with v from a linear system: the rule that solves it (see adjoint.ts). */
  readonly adjoint?: (context: MethodContext) => AdjointRule;
  make(context: MethodContext, map: LowerMap): Estimator;
}

/** A function of x and y together whose descent solves the bilevel problem, with auxiliary variables of its own. */
export interface Surrogate {
  /**
   * Moves the auxiliary variables, then Gx, Gy <- gradients of the surrogate at (x, y); returns its value, or f(x, y) where
   * that would take further queries. Surrogates with y eliminated move y as well; then Gy = 0.
   */
  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number;
  /** Norm of what the auxiliary variables still have to go. */
  readonly residual: number;
  /** After a non-finite or exploding state: smaller steps, auxiliary variables again from y. */
  shrink(): void;
  /** f(x, y) of the last `evaluate`, for the trace; the surrogate's value where missing. */
  readonly upper?: number;
  /** Steps are divided by it, so that step sizes need not follow the penalty: max(penalty, 1); 1 where missing. */
  readonly steepness?: number;
  /** Size of the rounding errors of Gx and Gy; 0 where missing. */
  readonly rounding?: number;
  /** False while a schedule still changes the surrogate: no claim of convergence then. */
  readonly settled?: boolean;
  /** Where y moves after x: Gy <- gradient in y at the new x, auxiliary variables as they are. */
  afterX?(x: Vector, y: Vector, Gy: Vector): void;
  /** Puts numbers of its own into the trace. */
  note?(extra: Record<string, number>): void;
  /** What a point where the gradient vanishes is, as a sentence for people. */
  claim?(): string;
  /** Where x and y are meant to stay in a set of both, in place of their domains: onto it, after each step. */
  project?(x: Vector, y: Vector): void;
  /** Multipliers of the lower rows, where it has them. */
  readonly multipliers?: Vector;
}

/** How x and y move: both from the old point, y after x at the new one, or y inside the surrogate (then S_y = 0). */
export type MoveOrder = "together" | "after-x" | "nested";

export interface SurrogatePiece extends Piece {
  readonly kind: "surrogate";
  readonly order: 1 | 2;
  readonly projects: boolean;
  /** Takes the rows of the lower level into account; of the upper level, too. */
  readonly constraints: boolean;
  readonly upperConstraints?: true;
  /** The ways of moving x and y that it allows, the published one first. */
  readonly moves: readonly MoveOrder[];
  /** The lower levels it is for, in words. */
  readonly class: string;
  make(context: MethodContext): Surrogate;
}

/** What is done with a direction G at a variable of a domain (x, and y or y_0 where they are moved too). */
export interface OuterRule {
  readonly eta: number;
  /** Norm of the (projected) gradient mapping for the step that `take` will do; call before it. */
  measure(domain: DomainOracle, x: Vector, G: Vector): number;
  take(domain: DomainOracle, x: Vector, G: Vector): void;
  shrink(): void;
  /** theta of x <- x + theta (P_X(x - eta G) - x), where the rule relaxes; applied to simultaneous lower steps as well. */
  readonly relaxation?: number;
}

export interface OuterPiece extends Piece {
  readonly kind: "outer";
  /** Without options, L-BFGS with Wolfe's conditions takes its place where the estimate belongs to a function's values. */
  readonly searches?: boolean;
  /** Why it makes no sense with sampled directions, for people. */
  readonly exactOnly?: string;
  /** The length of its steps does not follow that of G. */
  readonly scaleFree?: true;
  /** `size`: length of the variable. */
  make(context: MethodContext, size: number): OuterRule;
}
