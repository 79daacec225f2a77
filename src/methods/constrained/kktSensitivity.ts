/**
 * kkt-sensitivity: descent on the hyper-objective of a constrained lower level, by implicit differentiation through its
 * Karush-Kuhn-Tucker conditions (kktEvaluator.ts); outer rule as in aid-auto, with its steps at kinks; ends at kinks are settled
 * and examined by directional derivatives (kinkFinish.ts).
 */
import { assertNever } from "../../base/never.js";
import { backendOf } from "../../oracle/backendOf.js";
import { type LowerSensitivity, lowerSensitivity } from "../../reform/lowerSensitivity.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { given } from "../kit/options.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { ProgramSolver } from "../singleLevel/programSolver.js";
import { withStart } from "../start.js";
import { KinkFinish } from "./kinkFinish.js";
import { KktEvaluator } from "./kktEvaluator.js";

type Vector = Float64Array;

/** Violations of lower rows above this, in units of y, are no solution: their price was too low. */
const VIOLATED = 1e-9;
const RAISES = 5;
/** Restarts from kinks along directions of descent. */
const ESCAPES = 20;

class KktDescent extends StateFields implements Running {
  readonly multipliers: Vector;
  private inner: HyperDescent;
  private raises = 0;
  private escapes = 0;

  constructor(
    context: MethodContext,
    private readonly evaluator: KktEvaluator,
    private readonly model: LowerSensitivity,
  ) {
    super(context.oracle);
    this.multipliers = new Float64Array(context.oracle.lower.constraints.rows);
    this.inner = new HyperDescent(context, evaluator);
    this.describe();
  }

  step(context: MethodContext): void {
    this.inner.step(context);
    this.describe();
    if (this.finished === "no") return;
    if (!(this.evaluator.lower.violation > VIOLATED)) {
      this.atKink(context);
      return;
    }
    if (this.raises++ >= RAISES) {
      this.finish("stalled", NO_FEASIBLE);
      return;
    }
    this.evaluator.penalty *= 10;
    this.evaluator.G0 = 0;
    this.again(context);
  }

  /** A new descent from the current point. */
  private again(context: MethodContext): void {
    this.finished = "no";
    this.inner = new HyperDescent({ ...context, oracle: withStart(context.oracle, this.x, this.y) }, this.evaluator);
  }

  /** The descent is over: at a kink, onto it, and on along a direction of descent if there is one. */
  private atKink(context: MethodContext): void {
    const { evaluator, extra } = this;
    const { current } = this.inner.inner;
    if (!current.finite || !context.oracle.domainX.boxes) return;
    if (this.finished === "converged" && !(extra.kink >= 0) && evaluator.lower.weak + evaluator.lower.dependent === 0)
      return;
    const finish = new KinkFinish(evaluator, this.model, context.exhausted);
    finish.settle(current);
    const verdict = finish.examine(current);
    if (!current.finite) return;
    this.x.set(current.x);
    this.y.set(current.y);
    this.value = current.f;
    switch (verdict.kind) {
      case "smooth":
        return;
      case "descent":
        if (this.escapes++ < ESCAPES) this.again(context);
        else this.finish("stalled", "Kinks were left along directions of descent too many times.");
        return;
      case "stationary":
        this.tell();
        this.finish("converged", B_STATIONARY);
        this.stationarity = 0;
        this.remark = kinkRemark(verdict.weak, evaluator.lower.weight);
        return;
      case "undecided":
        this.tell();
        this.remark =
          `${this.remark ?? ""} Whether a direction falls from this kink is not decided: ${verdict.why}.`.trim();
        return;
      default:
        assertNever(verdict);
    }
  }

  /** Multipliers and counts of the lower solution at the current point. */
  private tell(): void {
    const { evaluator, extra } = this;
    const { lower } = evaluator;
    this.model.multipliersInto(lower.y, lower.z, lower.w, this.multipliers);
    extra.active = lower.activeCount;
    extra.weaklyActive = lower.weak;
    extra.dependentRows = lower.dependent;
    extra.violation = lower.violation;
    extra.coldSolves = lower.cold;
  }

  backOff(context: MethodContext): boolean {
    return this.inner.backOff(context);
  }

  /** The point, its multipliers and active sets. */
  private describe(): void {
    const { evaluator, extra, inner } = this;
    const { lower } = evaluator;
    const { current } = inner.inner;
    this.x.set(inner.x);
    this.y.set(inner.y);
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.finished = inner.finished;
    this.reason = inner.reason;
    Object.assign(extra, inner.extra);
    if (!current.finite) {
      if (!Number.isNaN(current.phi) || this.finished !== "no" || evaluator.exhausted) return;
      this.value = Number.NaN;
      this.finish("stalled", current.notPositive ? SINGULAR : NO_LOWER);
      return;
    }
    if (!current.x.every((v, i) => v === lower.x[i])) {
      // A trial point was solved last.
      if (this.finished === "no" || !evaluator.evaluate(current) || !current.finite) return;
    }
    this.tell();
    if (this.finished === "no") return;
    const remark = remarkOf(lower.weak, lower.dependent, lower.weight);
    if (remark !== undefined) this.remark = remark;
  }
}

const SINGULAR =
  "The Hessian of the lower Lagrangian is not positive definite along the active constraints: the lower solution is not differentiable in x.";
const NO_FEASIBLE = "The constraints of the lower level cannot be met near x.";
const NO_LOWER = "The lower level could not be solved at the starting point.";

const B_STATIONARY =
  "the hyper-objective has a kink here and falls in no direction to first order: the point is B-stationary";

function kinkRemark(weak: number, weight: number): string {
  const kink = `The hyper-objective has a kink here, where ${weak} lower constraint${weak === 1 ? " is" : "s are"} weakly active (no slack and no multiplier); its directional derivative, from the quadratic programs of all pieces, is negative in no direction.`;
  const rest = remarkOf(0, 0, weight);
  return rest === undefined ? kink : `${kink} ${rest}`;
}

function remarkOf(weak: number, dependent: number, weight: number): string | undefined {
  const parts: string[] = [];
  if (weak > 0)
    parts.push(
      `${weak} lower constraint${weak === 1 ? " is" : "s are"} weakly active (no slack and no multiplier): the hyper-objective may have a kink here, and hypergradients are those of one of its pieces.`,
    );
  if (dependent > 0)
    parts.push(
      `The gradients of the active lower constraints depend on each other: multipliers are not unique, and ${dependent} row${dependent === 1 ? " was" : "s were"} left out.`,
    );
  if (weight > 0)
    parts.push(
      `The lower level has many or badly determined solutions: ${weight.toExponential(1)} times the upper objective was added to it to choose among them.`,
    );
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function init(context: MethodContext): Running {
  const { oracle } = context;
  const model = lowerSensitivity(oracle.problem, backendOf(oracle));
  const solver = new ProgramSolver(oracle, context.exhausted);
  return new KktDescent(context, new KktEvaluator(oracle, model, solver, given(context, "selection")), model);
}

export const kktSensitivity: Method<Running> = {
  id: "kkt-sensitivity",
  title: "Implicit differentiation through the KKT conditions of the lower level",
  reference:
    "Fiacco, Math. Program. 10, 1976, theorem 2.1; degenerate multipliers: Jittorntrum, Math. Program. Study 21, 1984; Ralph and Dempe, Math. Program. 70, 1995, theorem 2; as a hypergradient: Gould and others, arXiv 1607.05447, 2016; Amos and Kolter, OptNet, ICML 2017",
  formulas: [
    "y, z: min g(x, y) subject to c(x, y) <= 0, e(x, y) = 0, y in Y      Newton on the last active set, else interior point",
    "[ L_yy c_yᵀ; c_y 0 ] (v, u) = (∇y f, 0)   on the active rows, and on the entries of y off their bounds",
    "G = ∇x f - L_xy v - c_xᵀ u,   L = g + zᵀ c",
    "x ← P_X(x - a B G)                        L-BFGS(20), weak Wolfe on phi(x) = f(x, y(x)); at kinks shortest combinations of nearby G",
    "x without feasible y: constraints at a price (l1), and M times their violation joins phi",
    "at kinks (W weakly active):  min_v ½ vᵀ L_yy v + vᵀ L_yx d,  c_y v + c_x d = 0 on S, <= 0 on W,   phi'(x; d) = ∇x fᵀ d + ∇y fᵀ v",
    "min phi'(x; d) over d in T_X(x):            branch and bound; a descent direction is taken, none: B-stationary",
    "singular L_yy along the active rows:       g + w f in place of g, w = 1e-6 |∇y g| / |∇y f|",
  ],
  assumptions:
    "f once, g and the lower constraints twice continuously differentiable; at lower solutions the Hessian of the Lagrangian positive definite where the active constraints' gradients vanish (always for strongly convex g with convex constraints). phi is then piecewise smooth.",
  failures:
    "Where weakly active constraints meet, G belongs to one piece of phi and the solution can be a kink: steps go along combinations of nearby G, then onto the kink and along it, and the end is examined by directional derivatives (not with balls or simplices above, nor where the pieces are too many: said then). Dependent gradients of active constraints: the multiplier that maximises dᵀ ∇x L decides for each d, as long as multipliers are bounded. Jumps of the lower solution (linear lower levels) stop the search beside the jump. At the border of the x with feasible lower levels phi has a kink. Lower levels that are not convex: the local solution followed.",
  requirements: {
    order: 2,
    class: "lower level with constraints, strongly convex in y or with unique solutions",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: true,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "selection",
      type: "number",
      default: undefined,
      auto: "0; where the Hessian of the Lagrangian is singular 1e-6 of the ratio of the gradients",
      min: 0,
      doc: "Weight w of the upper objective in the lower one, which chooses among many lower solutions.",
    },
  ],
  anyStart: true,
  init,
  ...running,
};
