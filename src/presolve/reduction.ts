/** From a rewritten problem to a reduction: points go there by leaving out, and come back by putting in what was removed. */

import type { Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import { type Cut, rewritten } from "./rewrite.js";
import type { Point, Reduction } from "./step.js";

type Vector = Float64Array;

/** Puts the multipliers of removed lower rows into `multipliers`, which hold those of the rows that stayed. */
export type Multipliers = (point: { readonly x: Vector; readonly y: Vector }, multipliers: Vector) => void;

export function reductionOf(
  problem: Problem,
  cut: Cut,
  changes: readonly string[],
  removedMultipliers: Multipliers = () => undefined,
): Reduction {
  const { problem: target, keptX, keptY, keptRows } = rewritten(problem, cut);
  const rows = problem.lowers.reduce((sum, l) => sum + l.constraints.reduce((p, c) => p + c.rows, 0), 0);
  const formulas = [...(cut.y ?? [])].filter((entry): entry is [number, Node] => typeof entry[1] !== "number");
  const nodes = formulas.map(([, node]) => node);
  return {
    target,
    changes,
    restrict: ({ x, y }) => ({ x: pick(x, keptX), y: pick(y, keptY) }),
    invert(point: Point): Point {
      const x = put(point.x, keptX, problem.x.size);
      for (const [k, value] of cut.x ?? []) x[k] = value;
      const y = put(point.y, keptY, problem.y.size);
      for (const [k, value] of cut.y ?? []) if (typeof value === "number") y[k] = value;
      evaluate(nodes, new Map([[problem.x, x]])).forEach(([value], i) => {
        y[formulas[i][0]] = value;
      });
      const known = point.multipliers ?? (keptRows.length === 0 && rows > 0 ? new Float64Array(0) : undefined);
      if (known === undefined) return { x, y };
      const multipliers = put(known, keptRows, rows);
      removedMultipliers({ x, y }, multipliers);
      return { x, y, multipliers };
    },
  };
}

function pick(values: Vector, kept: Int32Array): Vector {
  return Float64Array.from(kept, (k) => values[k]);
}

function put(values: Vector, kept: Int32Array, size: number): Vector {
  const out = new Float64Array(size);
  kept.forEach((k, i) => {
    out[k] = values[i];
  });
  return out;
}
