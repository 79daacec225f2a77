/** Automatic BiC-GAFFA: f + c G(x, y, z) over X x Y x [0, r], the minimum over θ behind G solved for. */
import { numberOr } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { RegularisedGap } from "../pieces/surrogates/regularisedGap.js";
import { automaticJoint } from "./jointAuto.js";

export function automaticBicGaffa(context: MethodContext): Running {
  const { oracle } = context;
  const { domainX, domainY } = oracle;
  const radius = numberOr(context, "r", 1e4);
  const piece = new RegularisedGap(oracle, {
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
    boxes: domainX.boxes && domainY.boxes,
    project: (x, y) => {
      domainX.project(x);
      domainY.project(y);
    },
    inner: (x, y, theta, out) => piece.linear(x, y, theta, out),
    outer: (x, y, c, Gx, Gy, Gz) => piece.outer(x, y, c, Gx, Gy, Gz),
  });
}
