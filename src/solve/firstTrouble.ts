/**
 * Where a failed run first met a number that is not finite: the run is repeated (the same seed gives the same iterates)
 * on an oracle that looks at every answer. Looking costs a pass over each vector, which is why the run itself does not.
 */
import type { Method } from "../methods/method.js";
import type { RunOutcome } from "../methods/outcome.js";
import { type RunOptions, runMethod } from "../methods/run.js";
import { allFinite } from "../num/vector.js";
import type { LevelOracle, Linearization, Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;
type Level = "upper" | "lower";

/** The first finite point at which something asked of a level was not finite, in the last iteration. */
export interface Trouble {
  readonly level: Level;
  readonly x: Vector;
  readonly y: Vector;
}

/** Hears of every answer: the point that was asked for, and whether the answer is finite. */
type Listener = (level: Level, x: Vector, y: Vector, finite: boolean) => void;

/** The same run again, with an ear on every answer; undefined where it meets nothing (or the seconds do not suffice). */
export function firstTrouble(
  method: Method,
  oracle: Oracle,
  options: RunOptions,
  outcome: RunOutcome,
): Trouble | undefined {
  let first: Trouble | undefined;
  const watched = listening(oracle.fork(), (level, x, y, finite) => {
    if (finite || first || !allFinite(x) || !allFinite(y)) return;
    first = { level, x: x.slice(), y: y.slice() };
  });
  const { now, seed, tolerance, resume } = options;
  runMethod(method, watched, {
    parameters: outcome.parameters,
    limits: { iterations: outcome.iterations, seconds: options.limits?.seconds },
    now,
    ...(seed === undefined ? {} : { seed }),
    ...(tolerance === undefined ? {} : { tolerance }),
    resume,
    traceRows: 0,
    // Line searches try points that are not finite and leave them: what went before an accepted iterate did no harm.
    onIteration: () => {
      first = undefined;
    },
  });
  return first;
}

function listening(oracle: Oracle, hear: Listener): Oracle {
  return {
    ...oracle,
    upper: listeningLevel(oracle.upper, "upper", hear),
    lower: listeningLevel(oracle.lower, "lower", hear),
    fork: () => listening(oracle.fork(), hear),
  };
}

function listeningLevel(level: LevelOracle, name: Level, hear: Listener): LevelOracle {
  const told = (x: Vector, y: Vector, value: number, ...outs: readonly Vector[]): number => {
    hear(name, x, y, Number.isFinite(value) && outs.every(allFinite));
    return value;
  };
  /** A query (x, y, direction, out) that answers in its last argument. */
  const product =
    (ask: (x: Vector, y: Vector, v: Vector, out: Vector) => void) =>
    (x: Vector, y: Vector, v: Vector, out: Vector): void => {
      ask(x, y, v, out);
      told(x, y, 0, out);
    };
  const slope =
    (ask: (x: Vector, y: Vector, out: Vector) => void) =>
    (x: Vector, y: Vector, out: Vector): void => {
      ask(x, y, out);
      told(x, y, 0, out);
    };
  // Without `descent`: fused steps would not be heard.
  const { descent: _, constraints, ...rest } = level;
  return {
    ...rest,
    value: (x, y) => told(x, y, level.value(x, y)),
    gradX: slope(level.gradX),
    gradY: slope(level.gradY),
    valueGradY: (x, y, outY) => told(x, y, level.valueGradY(x, y, outY), outY),
    valueGrad: (x, y, outX, outY) => told(x, y, level.valueGrad(x, y, outX, outY), outX, outY),
    hvpYY: product(level.hvpYY),
    jvpXY: product(level.jvpXY),
    jvpYX: product(level.jvpYX),
    hessianYY: slope(level.hessianYY),
    linearize(x, y) {
      const [atX, atY] = [x.slice(), y.slice()];
      return listeningProducts(level.linearize(x, y), (...outs) => told(atX, atY, 0, ...outs));
    },
    constraints: {
      ...constraints,
      value: slope(constraints.value),
      jacobian(x, y, outX, outY) {
        constraints.jacobian(x, y, outX, outY);
        told(x, y, 0, outX, outY);
      },
      vjp(x, y, z, outX, outY) {
        constraints.vjp(x, y, z, outX, outY);
        told(x, y, 0, outX, outY);
      },
    },
  };
}

function listeningProducts(map: Linearization, told: (...outs: Vector[]) => void): Linearization {
  return {
    hvp(v, out) {
      map.hvp(v, out);
      told(out);
    },
    jvp(v, out) {
      map.jvp(v, out);
      told(out);
    },
    both(v, outH, outJ) {
      map.both(v, outH, outJ);
      told(outH, outJ);
    },
  };
}
