/**
 * gda: gradient descent-ascent for min over x max over y of f. Published loops (simultaneous, alternating) with two step
 * sizes; automatic: descent on phi(x) = max_y f(x, y) with the maximum found to the tolerance, whose gradient is grad_x f
 * (Danskin) because the implicit term vanishes.
 */

import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import { anyGiven, choice, given } from "../kit/options.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { automaticGda } from "./gdaAuto.js";

type Vector = Float64Array;

class GdaPaper extends StateFields implements Running {
  private readonly gx: Vector;
  private readonly gy: Vector;
  private readonly scratchX: Vector;
  private readonly scratchY: Vector;
  private readonly stop: RelativeStop;
  private readonly alternating: boolean;
  private etaX: number;
  private etaY: number;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    this.gx = new Float64Array(oracle.n);
    this.gy = new Float64Array(oracle.m);
    this.scratchX = new Float64Array(oracle.n);
    this.scratchY = new Float64Array(oracle.m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.alternating = choice(context, "order", "simultaneous") === "alternating";
    const products = differenceProducts(oracle.lower, this.x, this.y);
    const { L, mu } = estimateCurvature(products, oracle.m, context.random.split("constants"));
    const kappa = mu > 0 ? L / mu : 1;
    this.etaY = given(context, "etaY") ?? 1 / L;
    this.etaX = given(context, "etaX") ?? 1 / (16 * (kappa + 1) ** 2 * L);
  }

  step(context: MethodContext): void {
    const { upper, domainX, domainY } = context.oracle;
    const { x, y, gx, gy } = this;
    this.value = upper.valueGrad(x, y, gx, gy);
    for (let j = 0; j < y.length; j++) gy[j] = -gy[j];
    const px = projectedNorm(domainX, x, gx, this.scratchX);
    const py = projectedNorm(domainY, y, gy, this.scratchY);
    this.stationarity = Math.hypot(px, py);
    if (this.stop.passes(this.stationarity)) {
      this.finish("converged", "The projected gradients of both players are below the tolerance.");
      return;
    }
    for (let i = 0; i < x.length; i++) x[i] -= this.etaX * gx[i];
    if (!domainX.free) domainX.project(x);
    if (this.alternating) {
      upper.gradY(x, y, gy);
      for (let j = 0; j < y.length; j++) gy[j] = -gy[j];
    }
    for (let j = 0; j < y.length; j++) y[j] -= this.etaY * gy[j];
    if (!domainY.free) domainY.project(y);
  }

  backOff(): boolean {
    this.etaX *= 0.5;
    this.etaY *= 0.5;
    return true;
  }
}

export const gda: Method<Running> = {
  id: "gda",
  title: "Gradient descent-ascent for minimax problems",
  reference:
    "Arrow, Hurwicz and Uzawa 1958; step sizes: Lin, Jin and Jordan, On gradient descent ascent for nonconvex-concave minimax problems, ICML 2020, Algorithm 1 and Theorem 4.4",
  formulas: [
    "x ← P_X(x - η_x ∇x f(x, y))",
    "y ← P_Y(y + η_y ∇y f(x, y))        alternating: at the new x",
    "auto: y = argmax to the tolerance by L-BFGS, then L-BFGS with Wolfe's conditions on φ(x) = f(x, y(x)), ∇φ = ∇x f",
  ],
  assumptions: "f = -g; f strongly concave in y.",
  failures: "Where f is not strongly concave in y (bilinear f) it cycles or diverges: use extragradient.",
  requirements: {
    order: 1,
    class: "minimax, strongly concave in the lower variables",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: true,
  },
  parameters: [
    {
      name: "etaX",
      type: "number",
      default: undefined,
      auto: "line search; 1/(16 (κ + 1)² L) if etaY is given",
      min: 0,
      doc: "Step size of x. Giving etaX, etaY or order selects the published loop.",
    },
    {
      name: "etaY",
      type: "number",
      default: undefined,
      auto: "maximised to the tolerance; 1/L if etaX is given",
      min: 0,
      doc: "Step size of y.",
    },
    {
      name: "order",
      type: "choice",
      default: undefined,
      auto: "simultaneous in the published loop",
      choices: ["simultaneous", "alternating"],
      doc: "Whether y steps at the old or the new x.",
    },
  ],
  init: (context) => (anyGiven(context, ["etaX", "etaY", "order"]) ? new GdaPaper(context) : automaticGda(context)),
  ...running,
};
