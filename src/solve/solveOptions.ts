/** What a caller may ask of a run. */
import type { Checkpoint } from "../methods/checkpoint.js";
import type { Method, ParameterValue } from "../methods/method.js";
import type { PieceIds } from "../methods/pieces/catalogue.js";
import type { TraceRow } from "../methods/result.js";
import type { OracleOptions } from "../oracle/compile.js";
import type { NoiseModel } from "../oracle/sampledNoise.js";
import type { NamedValues } from "../report/values.js";
import type { AskedLimits } from "./limits.js";

/**
 * Where no limit is given, here or in `solve { }`, a run ends after 60 seconds, a plain run of a problem with bounds or constraints
 * after 20.
 */
export interface SolveOptions extends OracleOptions, AskedLimits {
  /** Id of a method, a method, or the ids of pieces to make one of; default: what `solve { }` says, else by the problem's class. */
  readonly method?: string | Method | PieceIds | undefined;
  /** Without a method: stop at the first certified answer, which may be a local one, instead of looking for a better one. */
  readonly quick?: boolean | undefined;
  /** Options of the method by name. */
  readonly options?: Readonly<Record<string, ParameterValue>> | undefined;
  /** Options that are not given come from the method's analysis and the problem's constants. */
  readonly theory?: boolean | undefined;
  /**
   * Whether presolve makes the problem smaller first. Default: for runs that name no method; a method that is named runs on the
   * problem as written.
   */
  readonly presolve?: boolean | undefined;
  /** Default 1. The same seed gives the same answer. */
  readonly seed?: number | undefined;
  /** Relative tolerance on stationarity; default 1e-6. */
  readonly tolerance?: number | undefined;
  /** Starting values by variable name; others start where the source says. */
  readonly start?: NamedValues | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Called after every iteration. The arrays are the method's own: copy them, do not keep them. */
  readonly onIteration?: ((row: TraceRow, x: Float64Array, y: Float64Array) => void) | undefined;
  /** Gets every row of the trace; the result keeps at most 2,000, thinned evenly. */
  readonly trace?: ((row: TraceRow) => void) | undefined;
  /**
   * Measures to follow the run by, such as `hypergradient` or `goldstein:delta=0.01`: in the `extra` of the trace's kept rows (or of
   * every `measureEvery`-th iteration) and, for the last point, in the result. They do not count as oracle calls.
   */
  readonly measures?: readonly string[] | undefined;
  readonly measureEvery?: number | undefined;
  /**
   * For experiments: Gaussian noise on the gradients (and second-order products) that the method is given, with the standard
   * deviations stated. Certificates and measures see none.
   */
  readonly noise?: NoiseModel | undefined;
  /** Writes the point every so often, and when a limit ends the run. */
  readonly checkpoint?: { readonly everySeconds: number; readonly write: (c: Checkpoint) => void } | undefined;
  /** Goes on from a checkpoint of the same method. */
  readonly resume?: Checkpoint | undefined;
}
