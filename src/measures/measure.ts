/**
 * Measures of stationarity that any run can be followed by, whatever the method says of itself. A measure reads the point
 * only; it asks a fork of the oracle, so that a method's counts stay its own, and lower solutions come from the
 * certificate's solver, once for all measures of a point.
 */
import type { Random } from "../num/random.js";
import type { Counts, Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** The accurate lower solution found from the y of a point. */
export interface LowerAnswer {
  readonly y: Vector;
  readonly value: number;
  /** Largest curvature of g met. */
  readonly L: number;
}

export interface MeasureContext {
  readonly oracle: Oracle;
  /** Of the method. */
  readonly counts: Readonly<Counts>;
  readonly random: Random;
  readonly exhausted: () => boolean;
  /** At the point that is being measured. */
  readonly lower: () => LowerAnswer;
  /** Settings by name; `settings` of the measure gives the defaults. */
  readonly settings: Readonly<Record<string, number>>;
}

export interface Column {
  /** In the trace, in plots and in documents. */
  readonly name: string;
  readonly doc: string;
}

export interface Setting {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly doc: string;
}

export interface Measure {
  /** As on the command line: `--measures galet`. */
  readonly id: string;
  readonly title: string;
  readonly formulas: readonly string[];
  readonly reference: string;
  readonly columns: readonly Column[];
  readonly settings?: readonly Setting[];
  /** False where a lower level with general constraints leaves it undefined. */
  readonly constrained: boolean;
  /** Returns the evaluation at a point, which writes each column. */
  make(context: MeasureContext): (x: Vector, y: Vector, out: Record<string, number>) => void;
}
