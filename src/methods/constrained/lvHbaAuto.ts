/** Automatic LV-HBA: f + c (g - v(x, y, z)) over (x, y) in C and z, the saddle point behind v solved for. */
import { numberOr } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { ProximalLagrangian } from "../pieces/surrogates/proximalLagrangian.js";
import { automaticJoint } from "./jointAuto.js";
import { JointSet } from "./jointSet.js";

export function automaticLvHba(context: MethodContext): Running {
  const { oracle } = context;
  const set = new JointSet(oracle, context.random.split("affine"));
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
