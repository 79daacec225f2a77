/**
 * null-aid: implicit differentiation where the lower Hessian is singular and the lower level therefore may have many
 * solutions. Which of them is taken is a variable of the upper level, too: the point y0 from which the lower level is solved
 * by steps in the range of H. The outer rule is aid-auto's on the lifted problem (nullAidOracle.ts) in (x, y0).
 */

import type { Oracle } from "../../oracle/oracle.js";
import { type Running, running, StateFields } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { Method, MethodContext } from "../method.js";
import { aidAuto, descend } from "./aidAuto.js";
import type { AidAutoState } from "./aidAutoState.js";
import { NullAidEvaluator } from "./nullAidEvaluator.js";
import { liftedOracle } from "./nullAidOracle.js";

/** The lifted problem in the scaled variables (x/dx, y0/dy), z/dy. */
function scaledLift(oracle: Oracle, context: MethodContext): ScaledProblem {
  const { dx, dy } = estimateScaling(oracle, context.random.split("scaling"));
  const both = new Float64Array(oracle.n + oracle.m);
  both.set(dx);
  both.set(dy, oracle.n);
  return new ScaledProblem(liftedOracle(oracle), { dx: both, dy });
}

class NullAid extends StateFields implements Running {
  /** The record of the inner state itself. */
  override readonly extra: Record<string, number>;
  private readonly inner: AidAutoState;

  constructor(context: MethodContext) {
    super(context.oracle);
    const problem = scaledLift(context.oracle, context);
    const evaluator = new NullAidEvaluator(problem, context.exhausted, context.random.split("probe"));
    this.inner = descend(evaluator, context.tolerance);
    this.extra = this.inner.extra;
    this.publish();
  }

  step(context: MethodContext): void {
    aidAuto.step(this.inner, context);
    this.publish();
  }

  backOff(context: MethodContext): boolean {
    this.inner.x.set(this.x);
    this.inner.x.set(this.y, this.x.length);
    this.inner.y.fill(0);
    const mended = aidAuto.backOff?.(this.inner, context) === true;
    this.publish();
    return mended;
  }

  private publish(): void {
    const { inner } = this;
    const n = this.x.length;
    for (let i = 0; i < n; i++) this.x[i] = inner.x[i];
    for (let j = 0; j < this.y.length; j++) this.y[j] = inner.x[n + j] + inner.y[j];
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.finished = inner.finished;
    this.reason = inner.reason;
  }
}

export const nullAid: Method<Running> = {
  id: "null-aid",
  title: "Implicit differentiation with a choice among lower solutions (singular lower Hessian)",
  reference:
    "Blo's own, not published; its stationarity is that of GALET (Xiao, Lu and Chen, NeurIPS 2023, Definition 3) with nothing of ∇y f left in the kernel of H",
  formulas: [
    "variables (x, y0);  y = limit of Newton or cold L-BFGS steps from y0, in the range of H",
    "v = H⁺ b,  b = ∇y f        eigenvalues for m <= 128, else CG from 0 on H w = H b, H v = w",
    "G = (∇x f - J v,  b - H v),   φ = f - vᵀ ∇y g",
    "(x, y0) <- P_X((x, y) - a B G)    L-BFGS(20), weak Wolfe on φ; outer rule of aid-auto",
  ],
  assumptions:
    "f once and g twice continuously differentiable; g convex in y or Polyak-Łojasiewicz, its Hessian of one rank near the lower solutions followed, with eigenvalues that are either zero or above 1e-10 of the largest; lower variables free. Upper domains: boxes, balls and simplices.",
  failures:
    "Finds local optimistic solutions: for nonconvex upper levels the choice among lower solutions is a local one, too. Where the rank of H changes on the way (y⁴, flat regions of sums of hinges), H⁺ jumps and the line search stops. Up to 128 lower variables each change of H costs m products and O(m³); beyond, CG on the range takes its place, and its accuracy falls with the condition there.",
  requirements: {
    order: 2,
    class: "lower level convex (or Polyak-Łojasiewicz) in y, singular Hessian allowed, no bounds on y",
    upperDomain: true,
    lowerDomain: false,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [],
  init: (context) => new NullAid(context),
  ...running,
};
