/**
 * Multipliers of lower rows in a single variable that presolve turned into values or bounds, from lower stationarity at the solution:
 *
 *   d/dy_i [ g + sum over the other rows of z_k c_k ] + a z = 0
 *
 * An inequality that is not active, and all but the first active one of a variable, has multiplier 0.
 */
import { gradient } from "../diff/index.js";
import type { InputBlock } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import type { Multipliers } from "./reduction.js";

export interface SingletonRow {
  /** Among all lower rows. */
  readonly position: number;
  /** Of y, and the row's coefficient there. */
  readonly entry: number;
  readonly slope: number;
  readonly kind: "le" | "eq";
}

/** What counts as active, relative to 1 + |y_i|. */
const ACTIVE = 1e-7;

export function singletonMultipliers(problem: Problem, rows: readonly SingletonRow[]): Multipliers {
  if (rows.length === 0) return () => undefined;
  const { builder: b, x, y, lowers, lowerObjective } = problem;
  const bodies = lowers.flatMap((l) => l.constraints.map((c) => b.reshape(c.body, [c.rows])));
  const all = b.concat(bodies, 0);
  const z: InputBlock = { name: "multipliers", size: all.shape[0] };
  const [slope] = gradient(b, b.add(lowerObjective, b.dot(b.input(z), all)), [y]);
  return (point, multipliers) => {
    const [gradientY, values] = evaluate(
      [slope, all],
      new Map([
        [x, point.x],
        [y, point.y],
        [z, multipliers],
      ]),
    );
    const done = new Set<number>();
    for (const { position, entry, slope: a, kind } of rows) {
      const distance = Math.abs(values[position] / a);
      if (done.has(entry) || (kind === "le" && distance > ACTIVE * (1 + Math.abs(point.y[entry])))) continue;
      const found = gradientY[entry] === 0 ? 0 : -gradientY[entry] / a;
      multipliers[position] = kind === "eq" ? found : Math.max(0, found);
      if (multipliers[position] !== 0) done.add(entry);
    }
  };
}
