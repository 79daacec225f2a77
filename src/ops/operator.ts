/**
 * What an operator of the expression graph is: one record with all that is known of it. Adding an operator means
 * writing one such record in its family's file; evaluation, derivatives, code, formulas and the tests read it from there.
 */
import type * as tfcore from "@tensorflow/tfjs-core";
import type { Attributes, Node, Shape } from "../expr/node.js";
import type { Builder } from "./build.js";
import type { CurvatureRule } from "./curvature.js";
import type { HullRule } from "./hulls.js";

export type Tf = typeof tfcore;
export type TfTensor = tfcore.Tensor;

export type Family = "leaf" | "elementwise" | "reduction" | "layout" | "linear";

/** Intervals of a tensor's entries, row-major: lo <= hi, and the flags of src/num/interval.ts (as numbers). */
export interface Intervals {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  readonly flags: Float64Array;
}

/** Those of an operator's arguments, part by part. */
export interface IntervalArguments {
  readonly lo: readonly Float64Array[];
  readonly hi: readonly Float64Array[];
  readonly flags: readonly Float64Array[];
}

export interface Operator {
  /** Unique name; also what the graph prints. */
  readonly name: string;
  readonly family: Family;
  /** Number of arguments; `undefined`: one or more. */
  readonly arity: number | undefined;
  /** One sentence with the formula and, where there is a kink, the documented choice of subgradient. */
  readonly doc: string;
  /** Shape of the result. Assumes well-formed arguments (the builder and the checks see to it); throws a plain Error if not. */
  shape(args: readonly Shape[], attributes: Attributes): Shape;
  /** Reference semantics: writes the result into `out` (row-major, not aliased with any argument). Allocates nothing. */
  evaluateInto(out: Float64Array, args: readonly Float64Array[], node: Node): void;
  /**
   * Interval extension: bounds of the result over all arguments within theirs, at the points where it is defined; the
   * rounded result of `evaluateInto` lies inside, too. Flags say where some point has no value (UNDEFINED) or the operator
   * may be discontinuous (JUMP); an argument's flags pass on. Infinite bounds are bounds; none is NaN. Allocates nothing.
   */
  intervalInto(out: Intervals, args: IntervalArguments, node: Node): void;
  /** Bounds of all entries of the result together from such bounds of each argument: `intervalInto` for tensors of any size. */
  readonly hull: HullRule;
  /** How it bends in the arguments that vary, and its trend in each. */
  readonly curvature: CurvatureRule;
  /** Elementwise operators: the function of scalars, and its JavaScript text over the given operand texts (each an atom or bracketed). */
  readonly scalar?: ScalarRule;
  /**
   * Reverse mode: the adjoint of each argument given the adjoint of the result; `undefined` where it is zero.
   * Arguments with `needed[i]` false may be skipped (left `undefined`).
   */
  vjp(b: Builder, node: Node, adjoint: Node, needed: readonly boolean[]): readonly (Node | undefined)[];
  /** Forward mode: the tangent of the result; at least one tangent is defined; `undefined` stands for zero. */
  jvp(b: Builder, node: Node, tangents: readonly (Node | undefined)[]): Node | undefined;
  /** TeX over the arguments' TeX with their binding strengths settled by the caller. */
  tex(args: readonly string[], node: Node): string;
  /** The same value by TensorFlow.js (float32): the independent engine. */
  tf(tf: Tf, args: readonly TfTensor[], node: Node): TfTensor;
  /** Elementwise: where an argument must lie for a finite real result; checked statically on constants. */
  readonly domain?: { readonly argument: number; readonly holds: (value: number) => boolean; readonly words: string };
}

export interface ScalarRule {
  readonly apply: (...args: number[]) => number;
  readonly js: (...args: string[]) => string;
  /** Self-contained functions the text calls by name; standalone modules carry their text along. */
  readonly helpers?: Readonly<Record<string, (...args: number[]) => number>>;
  /** Rough cost in multiplications: 1 for add and mul, about 20 for exp. Cheap results may be computed twice. */
  readonly cost: number;
}
