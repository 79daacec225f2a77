/** The lower level replaced by its first-order conditions with complementarity, in the forms of reform/kkt.ts. */
import type { Problem } from "../../model/problem.js";
import { type Complementarity, constraintMultipliersInto, type KktProgram, kktProgram } from "../kkt.js";
import type { Applied, Obstacle } from "../step.js";
import { type BilevelPoint, lowerRowCount, type SingleLevelStep } from "./bilevelPoint.js";
import { convexLower, smoothLower } from "./obstacles.js";

/** Solutions are the points u = (x, y, z, v) of the program. */
export type KktStep = SingleLevelStep<KktProgram, Float64Array>;

/** The program in one of its forms, and how its points are read. */
export function applyKkt(
  problem: Problem,
  complementarity: Complementarity,
): Applied<KktProgram, Float64Array, BilevelPoint> {
  const target = kktProgram(problem, complementarity);
  const n = target.x.input.size;
  const m = target.y.input.size;
  return {
    target,
    invert: (u) => {
      const multipliers = new Float64Array(lowerRowCount(problem));
      constraintMultipliersInto(target, u, multipliers);
      return { x: u.slice(0, n), y: u.slice(n, n + m), multipliers };
    },
  };
}

/** What every form of the first-order conditions asks for. */
export function acceptsKkt(problem: Problem): readonly Obstacle[] {
  return [...smoothLower(problem), ...convexLower(problem)];
}

export const kkt: KktStep = {
  id: "kkt",
  title: "First-order conditions with complementarity",
  reference:
    "Karush 1939; Kuhn and Tucker 1951; as a bilevel reformulation: Bard and Falk, Comput. Oper. Res. 9, 1982; relaxed after Scholtes, SIAM J. Optim. 11, 2001",
  formulas: [
    "min f(x, y)  over x, y, z, v  subject to the upper constraints,",
    "∇y g + h_yᵀ z + e_yᵀ v = 0,  h(x, y) <= 0,  e(x, y) = 0,  z >= 0,  -z_j h_j(x, y) <= t,  t = 0",
  ],
  accepts: acceptsKkt,
  apply: (problem) => applyKkt(problem, "scholtes"),
  keeps:
    "Global solutions, where the lower level has multipliers (its constraints affine in y, or a Slater point at every x). A local solution with several multipliers may be none of the bilevel problem (Dempe and Dutta, Math. Program. 131, 2012).",
};
