/** What a run ends with. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Counts } from "../oracle/oracle.js";
import type { ParameterValue } from "./method.js";

/** Every outcome, and the exit code of the command line that goes with it. */
export type Status =
  | "converged" // certified within tolerance; exit 0
  | "uncertified" // the method claims convergence but the certificate disagrees or could not be made; exit 6
  | "stalled" // no further progress possible and not certified; exit 6
  | "iteration-limit" // exit 6
  | "call-limit" // exit 6
  | "time-limit" // exit 6
  | "diverged" // exit 7
  | "not-finite" // exit 7
  | "not-applicable" // the method does not fit; exit 5
  | "infeasible" // proved: no point satisfies all constraints with y a lower solution; exit 5
  | "unbounded" // the upper objective falls for ever, or the lower one at every x; `obstruction` says whether proved; exit 5
  | "not-attained" // the best value is approached by points that pass the certificate, but no point has it; exit 5
  | "interrupted" // exit 130
  | "invalid"; // the source or data have errors: diagnostics say which; exit 3 or 4

export type NestedNumbers = number | readonly NestedNumbers[];

/** The verdict of an independent path on a point. All residuals in the problem's own units; `scale` entries turn them relative. */
export interface Certificate {
  /** True where every part holds within its tolerance. */
  readonly certified: boolean;
  /** Each check: what it is, the number, the tolerance it was held against, and whether it holds. */
  readonly checks: readonly CertificateCheck[];
  /** How the lower level was verified. */
  readonly lowerEvidence: "global (proved)" | "global (multistart)" | "local" | "none";
  /** Hypergradient norm by the implicit function theorem (pseudo-inverse where singular). */
  readonly hypergradient: number;
  /** Euclidean norm of the projected lower gradient at (x, y). */
  readonly lowerStationarity: number;
  /** g(x, y) minus the value an independent accurate solve reached. */
  readonly valueGap: number;
  readonly violation: number;
  /** GALET's R_x, R_w, R_y (Xiao, Lu and Chen 2023, Definition 3) and R_ker = |b - Hv| / |b| for the minimum-norm v. */
  readonly rx: number;
  readonly rw: number;
  readonly ry: number;
  readonly rker: number;
  /** Smallest and largest eigenvalue of the lower Hessian seen (on the free coordinates); NaN where not computed. */
  readonly curvature: readonly [number, number];
  readonly sentence: string;
}
export interface CertificateCheck {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly holds: boolean;
  readonly words: string;
}

/** Why a problem has no solution, or why no feasible point was found. */
export interface Obstruction {
  /**
   * - `constraints`: the constraints named contradict each other, whatever the lower level minimises.
   * - `upper constraints`: no lower solution satisfies the upper constraints named.
   * - `lower unbounded`: the lower objective falls for ever along the ray, at every x that the lower constraints allow; where that is
   *   not proved, as far as was looked: at this x, or at several where the status is `unbounded`.
   * - `no equilibrium`: followers that depend on each other have no equilibrium at any x that the lower constraints allow.
   * - `upper unbounded`: the upper objective falls for ever along the ray, through lower solutions; where that is not proved, as far as
   *   was looked.
   * - `not attained`: seen, not proved: along the ray the upper objective goes to a limit that no point has; or points beside `limit`
   *   have values close to that of the answer, but the lower solution at `limit` is another one.
   * - `violation`: nothing is proved; the constraints named are violated where their violation is smallest nearby.
   */
  readonly kind:
    | "constraints"
    | "upper constraints"
    | "lower unbounded"
    | "no equilibrium"
    | "upper unbounded"
    | "not attained"
    | "violation";
  readonly proved: boolean;
  /** Names of constraints, and of bounds as in "lower bound of x"; leaving out any one removes the conflict where proved. */
  readonly constraints: readonly string[];
  /** By variable name; the largest entry is 1 or -1. Variables that stay where they are are left out. */
  readonly ray?: Readonly<Record<string, NestedNumbers>>;
  /** `not attained`: values of the upper variables that the points of good value come close to. */
  readonly limit?: Readonly<Record<string, NestedNumbers>>;
  /** `violation`: the smallest sum of violations that was found. */
  readonly violation?: number;
}

export interface TraceRow {
  readonly iteration: number;
  readonly value: number;
  readonly stationarity: number;
  readonly calls: number;
  readonly seconds: number;
  readonly extra: Readonly<Record<string, number>>;
}

export interface Pessimistic {
  /** In the sense the source wrote; infinite where there is no worst one. */
  readonly objective: number;
  /** Of the lower variables. */
  readonly values: Readonly<Record<string, NestedNumbers>>;
}

/** One method's turn in a run that tried several. */
export interface Attempt {
  readonly method: string;
  readonly status: Status;
  /** Upper objective reached, in the sense the source wrote. */
  readonly objective: number;
  readonly certified: boolean;
  readonly seconds: number;
  /** Why it had its turn, where nobody asked for it. */
  readonly why?: string | undefined;
}

export interface Result {
  readonly problem: string;
  readonly method: string;
  readonly options: Readonly<Record<string, ParameterValue | undefined>>;
  readonly seed: number;
  readonly status: Status;
  /** One sentence: why it stopped and, where not converged, what is missing. */
  readonly reason: string;
  /** What the method found out about the problem, whatever became of its point; part of the reason. */
  readonly remark?: string | undefined;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** By variable name: a number for scalars, nested arrays for vectors and matrices. */
  readonly values: Readonly<Record<string, NestedNumbers>>;
  /** In the sense the source wrote (a maximised objective is reported as written). */
  readonly upper: { readonly objective: number; readonly violation: number };
  readonly lower: { readonly objective: number; readonly violation: number; readonly gap: number };
  /**
   * Of the lower constraints by name, as the method has them (for the minimised lower objective), else by least squares at the
   * answer: a number where the constraint is one row, else an array. Undefined where there are none.
   */
  readonly multipliers?: Readonly<Record<string, NestedNumbers>> | undefined;
  /**
   * Of the upper constraints by name, and of the bounds and domains of upper variables that act ("lower bound of x"): of the
   * Lagrangian f + λᵀ c of the minimised upper objective along lower solutions, λ >= 0 for c <= 0, l - x <= 0, x - u <= 0. Undefined
   * where the answer is no first-order point.
   */
  readonly upperMultipliers?: Readonly<Record<string, NestedNumbers>> | undefined;
  readonly certificate: Certificate | undefined;
  readonly counts: Readonly<Counts>;
  readonly iterations: number;
  readonly seconds: number;
  readonly trace: readonly TraceRow[];
  /** Of an unbounded problem: the direction in which the upper objective falls for ever, through lower solutions. */
  readonly ray?: { readonly x: Float64Array; readonly y: Float64Array } | undefined;
  /** What presolve did before the method ran, in order; undefined where the method ran on the problem as written. */
  readonly presolve?: readonly { readonly step: string; readonly text: string }[] | undefined;
  /** What keeps the problem from having a solution, where that was found. */
  readonly obstruction?: Obstruction | undefined;
  /**
   * The worst upper objective found among the lower solutions for x, and such a solution: what a follower who does not care
   * may do. Undefined where none is worse than the answer, or the problem is too large to look.
   */
  readonly pessimistic?: Pessimistic | undefined;
  /** The measures that were asked for, at the point of the result. */
  readonly measures?: Readonly<Record<string, number>> | undefined;
  /** Methods in the order they had their turn, this one among them. */
  readonly tried?: readonly Attempt[] | undefined;
  readonly warnings: readonly Diagnostic[];
}
