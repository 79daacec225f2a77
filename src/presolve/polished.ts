/**
 * A numerical minimum over a box, to the last digits: entries at a bound with an outward slope are set to it, and Newton's method
 * is applied to the others,  H_FF s = -grad_F,  as long as the gradient falls. One step solves quadratics exactly, up to rounding.
 * Presolve puts such minima into the problem as constants: errors of theirs would be errors of the problem.
 */
import { gradient, hessian } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import { choleskyInto, choleskySolveInto } from "../num/cholesky.js";
import type { Builder } from "../ops/build.js";
import { evaluate } from "../ops/evaluate.js";

type Vector = Float64Array;

/** Nearer than this times 1 + |bound| counts as at the bound. */
const AT = 1e-7;
const STEPS = 6;

/** v itself where no step makes the gradient smaller. */
export function polished(
  b: Builder,
  objective: Node,
  input: InputBlock,
  v: Vector,
  lower: Vector,
  upper: Vector,
): Vector {
  const [slope] = gradient(b, objective, [input]);
  const curvature = hessian(b, objective, input);
  const at = (point: Vector) => evaluate([slope, curvature], new Map([[input, point]]));
  let best = v.slice();
  const first = at(best)[0];
  best.forEach((t, i) => {
    const held = first[i] > 0 ? lower[i] : upper[i];
    if (first[i] !== 0 && Number.isFinite(held) && Math.abs(t - held) <= AT * (1 + Math.abs(held))) best[i] = held;
  });
  const free = [...best.keys()].filter((i) => best[i] > lower[i] && best[i] < upper[i]);
  const length = (g: Vector): number => Math.hypot(...free.map((i) => g[i]));
  let [g, H] = at(best);
  for (let step = 0; step < STEPS && length(g) > 0; step++) {
    const k = free.length;
    const L = Float64Array.from({ length: k * k }, (_, e) => H[free[Math.floor(e / k)] * v.length + free[e % k]]);
    if (choleskyInto(L, k) >= 0) break;
    const s = Float64Array.from(free, (i) => -g[i]);
    choleskySolveInto(L, k, s);
    const next = best.slice();
    free.forEach((i, e) => {
      next[i] += s[e];
    });
    const inside = free.every((i) => next[i] > lower[i] && next[i] < upper[i]);
    if (!inside) break;
    const [slopeThere, curvatureThere] = at(next);
    if (!(length(slopeThere) < length(g))) break;
    best = next;
    g = slopeThere;
    H = curvatureThere;
  }
  return best;
}
