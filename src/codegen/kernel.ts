/**
 * A kernel is what code generation makes: a function over flat Float64Arrays. Arguments are first the inputs in the
 * order asked for, then one output array per output node (scalars have length 1). It returns the first output that is
 * a scalar, or 0. It allocates nothing, keeps no reference to its arguments, and is not re-entrant (its scratch is its own).
 */
import type { InputBlock, Node } from "../expr/node.js";

export type Kernel = (...buffers: Float64Array[]) => number;

export interface KernelRequest {
  /** For stack traces and module exports; a plain identifier chosen by us, never by the user. */
  readonly name: string;
  readonly inputs: readonly InputBlock[];
  readonly outputs: readonly Node[];
}

/** Work that depends on `inputs` only is done once by `prepare`; `apply` then answers for each value of `late`. */
export interface StagedRequest extends KernelRequest {
  readonly late: readonly InputBlock[];
}
export interface StagedKernel {
  /** Arguments: the inputs. */
  readonly prepare: Kernel;
  /** Arguments: the late inputs, then the outputs. */
  readonly apply: Kernel;
}

/** Steps along a gradient: `count` times  moving <- moving - step * gradient(inputs). */
export interface DescentRequest {
  readonly name: string;
  readonly inputs: readonly InputBlock[];
  /** One of the inputs. */
  readonly moving: InputBlock;
  /** Of the moving block's size. */
  readonly gradient: Node;
}
/**
 * Arguments: an array that holds the step (a number of its own would be boxed at each call), the count, the inputs (the
 * moving one is updated in place), then an array for the last gradient used.
 */
export type Descent = (step: Float64Array, count: number, ...buffers: Float64Array[]) => void;

export interface KernelStatistics {
  readonly nodes: number;
  readonly statements: number;
  readonly characters: number;
}

/** A back end. `generated` emits JavaScript through `new Function`; `interpreted` never evaluates text. */
export interface Backend {
  readonly id: "generated" | "interpreted";
  compile(request: KernelRequest): Kernel;
  compileStaged(request: StagedRequest): StagedKernel;
  /** Undefined where a loop over a gradient kernel is as good. */
  compileDescent?(request: DescentRequest): Descent | undefined;
}
