/** Automatic LV-HBA: f + c (g - v(x, y, z)) over (x, y) in C and z, the saddle point behind v solved for. */
import { norm } from "../../num/vector.js";
import { numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { ProximalLagrangian } from "../pieces/surrogates/proximalLagrangian.js";
import { automaticJoint } from "./jointAuto.js";
import { JointSet } from "./jointSet.js";

/** No point of C to start from. */
class Refused extends StateFields implements Running {
  constructor(context: MethodContext, violation: number) {
    super(context.oracle);
    this.finish(
      "stalled",
      `no (x, y) near the start was found that keeps the lower constraints (they stay violated by ${violation.toPrecision(2)})`,
    );
  }

  step(): void {}

  backOff(): boolean {
    return false;
  }
}

export function automaticLvHba(context: MethodContext): Running {
  const { oracle } = context;
  const set = new JointSet(oracle, context.random.split("affine"));
  const [x, y] = [oracle.startX.slice(), oracle.startY.slice()];
  set.project(x, y);
  const violation = set.violation(x, y);
  if (!(violation <= 1e-7 * (1 + norm(x) + norm(y)))) return new Refused(context, violation);
  const constrained = oracle.lower.constraints.rows > 0;
  const radius = numberOr(context, "r", 1e4);
  const piece = new ProximalLagrangian(oracle, {
    gamma1: numberOr(context, "gamma1", 1),
    gamma2: numberOr(context, "gamma2", 1),
    radius,
    eta: 0,
    beta: 0,
    c: () => 1,
  });
  return automaticJoint(context, {
    theta: piece.theta,
    z: piece.z,
    radius,
    boxes: oracle.domainX.boxes && oracle.domainY.boxes && !constrained,
    project: (x, y) => set.project(x, y),
    inner: (x, y, theta, out) => piece.augmented(x, y, theta, out),
    outer: (x, y, c, Gx, Gy, Gz) => piece.outer(x, y, c, Gx, Gy, Gz),
  });
}
