/**
 * What the analysis of curvature says. A shape other than "unknown" and "nonconvex" is proved for all points of the set that
 * the variables' bounds describe (on the part of it where the function is defined); "nonconvex" has a witness; samples that
 * found nothing against convexity prove nothing and leave the shape "unknown".
 */
import type { Derivation } from "../base/derivation.js";
import type { Span } from "../base/span.js";
import type { Node } from "../expr/node.js";
import type { Constraint, Variable } from "../model/problem.js";

export type Shape = "constant" | "affine" | "convex" | "concave" | "nonconvex" | "unknown";

/** Three points of a segment at which the function breaks the definition of convexity: f(middle) > (f(first) + f(last)) / 2. */
export interface Witness {
  readonly first: { readonly x: Float64Array; readonly y: Float64Array };
  readonly middle: { readonly x: Float64Array; readonly y: Float64Array };
  readonly last: { readonly x: Float64Array; readonly y: Float64Array };
  /** f(middle) - (f(first) + f(last)) / 2 > 0 */
  readonly excess: number;
}

export interface Verdict {
  readonly shape: Shape;
  readonly derivation: Derivation;
  /** Where rules do not decide: segments that were tried. With a witness the shape is "nonconvex". */
  readonly samples?: number;
  readonly witness?: Witness;
}

/** f(y) - mu/2 |y|² is convex for every x of the bounds. */
export interface StrongConvexity {
  /** Proved modulus for all x; undefined where each x has one but no positive number serves all. */
  readonly mu: number | undefined;
  readonly derivation: Derivation;
}

/** f = constant + slope'u + u'H u / 2 in the entries u of one block (or of x and y one after the other). */
export interface QuadraticForm {
  /** Number of variables u. */
  readonly size: number;
  /** Nodes over what is fixed: H [size, size] (undefined where it is large: see `product`), slope [size] and constant. */
  readonly hessian: Node | undefined;
  readonly slope: Node;
  readonly constant: Node;
  /** H as numbers, row-major, where it does not depend on what is fixed. */
  readonly matrix: Float64Array | undefined;
  /** H does not depend on what is fixed. */
  readonly constantHessian: boolean;
}

export interface FunctionCurvature {
  /** In the level's own variables, all others fixed. */
  readonly own: Verdict;
  /** In the other level's variables (x for a lower level), the own ones fixed. */
  readonly other: Verdict;
  /** In all variables together. */
  readonly joint: Verdict;
  /** Bounds of all its values over the variables' bounds: its sign, where they have one. */
  readonly values: { readonly lo: number; readonly hi: number };
  /**
   * How it changes with each entry of x and of y, all others fixed (rows times entries, row-major): 1 nowhere falling, -1 nowhere
   * rising, 2 constant, 0 not known. Undefined where that would be large, or the function may jump.
   */
  readonly monotone: { readonly x: Int8Array | undefined; readonly y: Int8Array | undefined };
  /** Polynomial degrees; Infinity: not polynomial, as far as is known. */
  readonly degree: { readonly own: number; readonly other: number; readonly joint: number };
}

export interface ConstraintCurvature extends FunctionCurvature {
  readonly constraint: Constraint;
  /** The set the rows describe in the own variables for fixed others: polyhedral, convex (proved) or open. */
  readonly set: "polyhedral" | "convex" | "unknown";
  readonly dependsOnX: boolean;
  readonly dependsOnY: boolean;
}

export type Roughness = "kink" | "jump" | "steep" | "bend";

/**
 * A part that is not smooth somewhere in the bounds: a kink, a possible jump, an unbounded slope (sqrt at 0), or a bend, where only
 * second derivatives jump (Huber's loss).
 */
export interface RoughPart {
  readonly kind: Roughness;
  readonly op: string;
  readonly node: Node;
  readonly span: Span | undefined;
}

export type ClassWord =
  | "linear"
  | "convex quadratic"
  | "strongly convex"
  | "convex"
  | "smooth nonconvex"
  | "piecewise"
  | "undecided";

export interface LevelCurvature {
  readonly name: string;
  readonly objective: FunctionCurvature;
  /** Present where the objective is proved strongly convex in the own variables. */
  readonly strong: StrongConvexity | undefined;
  readonly constraints: readonly ConstraintCurvature[];
  /** The objective as a quadratic in the own variables for fixed others; and in all variables together. */
  readonly quadratic: QuadraticForm | undefined;
  readonly jointQuadratic: QuadraticForm | undefined;
  /** Parts of objective and constraints that are not smooth in some variable. */
  readonly rough: readonly RoughPart[];
  /** Groups of own variables that no term of the objective joins (one group: not separable), and whether constraints join them. */
  readonly blocks: readonly (readonly Variable[])[];
  readonly separable: { readonly objective: boolean; readonly withConstraints: boolean };
  /** Upper variables that the objective and the constraints depend on. */
  readonly dependsOn: { readonly objective: readonly Variable[]; readonly constraints: readonly Variable[] };
  readonly word: ClassWord;
}

export interface ProblemCurvature {
  readonly upper: LevelCurvature;
  /** All followers together: the sum of their objectives in all of y. Of one follower: that follower. */
  readonly lower: LevelCurvature;
  readonly lowers: readonly LevelCurvature[];
  /** f = -g, declared or recognised on the simplified expressions of one lower level; constraints are not looked at. */
  readonly minimaxLike: boolean;
}

export function isConvex(v: Verdict): boolean {
  return v.shape === "convex" || isAffine(v);
}

export function isConcave(v: Verdict): boolean {
  return v.shape === "concave" || isAffine(v);
}

export function isAffine(v: Verdict): boolean {
  return v.shape === "affine" || v.shape === "constant";
}
