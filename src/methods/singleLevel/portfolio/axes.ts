/**
 * A better start from a local minimum: one variable after the other goes to the best of an even grid over its range, the others
 * held. Where the objective is a sum over variables, or nearly so, this leaves all local minima but the global one behind,
 * at a cost that grows with the number of variables only.
 */
type Vector = Float64Array;

const POINTS = 48;
/** Gains below this times 1 + |value| are none. */
const GAIN = 1e-9;

/** Undefined where no step along an axis is better. `value` is Infinity at points that are not allowed. */
export function alongAxes(
  value: (y: Vector) => number,
  from: Vector,
  lower: Vector,
  upper: Vector,
): Vector | undefined {
  const y = from.slice();
  let least = value(y);
  let moved = false;
  for (let j = 0; j < y.length; j++) {
    const width = upper[j] - lower[j];
    let best = y[j];
    for (let k = 0; k < POINTS; k++) {
      y[j] = lower[j] + ((k + 0.5) / POINTS) * width;
      const there = value(y);
      if (!(there < least - GAIN * (1 + Math.abs(least)))) continue;
      least = there;
      best = y[j];
      moved = true;
    }
    y[j] = best;
  }
  return moved ? y : undefined;
}
