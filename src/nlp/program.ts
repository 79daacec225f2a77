/**
 * A nonlinear program as the numerical core sees it, and what a solve returns:
 *
 *     min f(u)   subject to   rowLower <= c(u) <= rowUpper,   lower <= u <= upper.
 *
 * A row with equal limits is an equality, a limit may be infinite. All functions are twice continuously differentiable
 * where they are finite; derivatives come in sparse patterns that are given once.
 *
 * Signs. The Lagrangian is L = f(u) + zᵀ c(u) + wᵀ u, one multiplier a row (z) and one a variable (w), with
 *
 *     grad f + Jᵀ z + w = 0;   z_i, w_j >= 0 at an upper limit, <= 0 at a lower limit, 0 in between, free for equalities.
 */
type Vector = Float64Array;

/** Positions of a sparse matrix; the values of repeated positions add up. */
export interface Pattern {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

export interface NonlinearProgram {
  /** Number of variables. */
  readonly n: number;
  readonly lower: Vector;
  readonly upper: Vector;
  /** Number of rows. */
  readonly rows: number;
  readonly rowLower: Vector;
  readonly rowUpper: Vector;
  /** f(u); a value that is not finite means: outside of the domain. */
  value(u: Vector): number;
  gradientInto(u: Vector, out: Vector): void;
  constraintsInto(u: Vector, out: Vector): void;
  readonly jacobian: Pattern;
  /** Values in the order of `jacobian`. */
  jacobianInto(u: Vector, values: Vector): void;
  /** Lower triangle of the Hessian of sigma f + zᵀ c: row >= column. */
  readonly hessian: Pattern;
  /** Values in the order of `hessian`. */
  hessianInto(u: Vector, sigma: number, z: Vector, values: Vector): void;
  /** Directional derivatives that the values of the Jacobian and of the Hessian take; one each where this is left out. */
  readonly products?: { readonly jacobian: number; readonly hessian: number };
}

/**
 * How a solve ended.
 * - `solved`: a first-order point to the tolerances.
 * - `acceptable`: a first-order point to a hundred times the tolerances (ten times for feasibility, a thousand times for
 *   complementarity) where progress ended; so end programs whose solution has no multipliers.
 * - `infeasible`: a stationary point of the violation that is not feasible (a local claim unless the rows are convex).
 * - `unbounded`: feasible points with objectives or variables beyond the limits.
 * - `stalled`: neither progress nor any of the above.
 * - `limit`: out of iterations.
 * - `cancelled`: the caller asked for the end.
 * - `not-finite`: a function is not finite at the start, after the start was moved inside the bounds.
 */
export type NlpStatus =
  | "solved"
  | "acceptable"
  | "infeasible"
  | "unbounded"
  | "stalled"
  | "limit"
  | "cancelled"
  | "not-finite";

/** First-order residuals of a point with its multipliers, all in the program's own units, maxima of absolute values. */
export interface KktResiduals {
  /** |grad f + Jᵀ z + w| */
  readonly stationarity: number;
  /** The largest term that had to cancel in it: max(1, |grad f|, |J_ij z_i|, |w|). */
  readonly stationarityScale: number;
  /** Largest violation of a row or a bound. */
  readonly violation: number;
  /** Largest product of a multiplier and the distance to the limit its sign belongs to. */
  readonly complementarity: number;
  /** Largest multiplier of a sign whose limit is infinite. */
  readonly sign: number;
}

export interface NlpCounts {
  value: number;
  gradient: number;
  constraints: number;
  jacobian: number;
  /** Directional derivatives in them. */
  jacobianProducts: number;
  hessian: number;
  hessianProducts: number;
  factorisations: number;
}

export interface NlpResult {
  readonly status: NlpStatus;
  /** One sentence for people. */
  readonly reason: string;
  readonly u: Vector;
  readonly f: number;
  /** c(u) */
  readonly c: Vector;
  /** Multipliers of the rows; see the signs above. */
  readonly rowMultipliers: Vector;
  /** Multipliers of the bounds; see the signs above. */
  readonly boundMultipliers: Vector;
  readonly residuals: KktResiduals;
  readonly iterations: number;
  readonly counts: NlpCounts;
  /** Which pass found it: the plain interior method or the elastic one. */
  readonly phase: "interior" | "elastic";
}

export interface NlpOptions {
  /** Scaled optimality error, Wächter and Biegler (2006), equation (5). Default 1e-8. */
  readonly tolerance?: number;
  /** Largest violation in the program's own units. Default 1e-7. */
  readonly feasibilityTolerance?: number;
  /** Complementarity over max(1, |f|), and stationarity over its scale, in the program's own units. Default 1e-6. */
  readonly unscaledTolerance?: number;
  /** Iterations of one pass, restoration included; there are at most five passes. Default 500. */
  readonly maxIterations?: number;
  /** First barrier parameter; 0.1, and 1e-4 after a warm start with multipliers. */
  readonly barrier?: number;
  /**
   * Bounds and limits of inequalities are moved outwards by this times max(1, |limit|), so that sets without an interior
   * get one; the answer is moved back inside its bounds. Default 0.
   */
  readonly relaxation?: number;
  /** Multipliers to start from. Without them: least squares. */
  readonly warm?: { readonly rowMultipliers: Vector; readonly boundMultipliers: Vector };
  /** Linear algebra of the Newton systems; by size and fill unless given. */
  readonly linear?: "dense" | "sparse";
  /** More passes where the first one fails or claims infeasibility: elastic (l1) and from least squares. Default true. */
  readonly elastic?: boolean;
  /** Asked once an iteration; true ends the solve. */
  readonly cancelled?: () => boolean;
  /** Told once an iteration. */
  readonly log?: (line: NlpIteration) => void;
}

export interface NlpIteration {
  readonly iteration: number;
  readonly phase: "interior" | "restoration" | "elastic";
  readonly objective: number;
  readonly violation: number;
  readonly error: number;
  readonly barrier: number;
  readonly step: number;
  readonly shift: number;
}
