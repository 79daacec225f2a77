/**
 * Upper constraints c(x, y) <= 0, c(x, y) = 0 for methods whose theory has none: the augmented Lagrangian (augmentedOracle.ts)
 * takes the place of the upper objective, the method runs to its end, and multipliers follow (Hestenes 1969; Powell 1969;
 * Rockafellar 1973; Nocedal and Wright, 2nd ed., algorithm 17.4; first ρ: Birgin and Martínez 2014, (12.6)):
 *
 *   μ <- [μ + ρ c(x, y)],   ρ <- 4 ρ where violation and complementarity did not fall to a quarter
 *
 * Converged once the method claims a stationary point of the hyper-objective of the sum and the constraints hold with
 * complementary multipliers: then grad f + Σ μ_r grad c_r = 0 along lower solutions, the first-order condition.
 */
import { norm } from "../../num/vector.js";
import type { Method, MethodContext, MethodState } from "../method.js";
import { augmentedOracle, type Terms, updateMultipliers } from "./augmentedOracle.js";
import { StateFields } from "./running.js";

type Vector = Float64Array;

const ACCURACY = 1e-9;
const COARSE = 1e-6;
const ROUNDS = 60;
const GROWTH = 4;
const SHRINK = 0.25;
const MOST_RHO = 1e8;
/** Steps of a method that does not end by itself before multipliers are updated. */
const PATIENCE = 400;
/** Points this many times farther away than the start's size: the sum is unbounded below, ρ too small. */
const AWAY = 1e8;

export class CoupledRun extends StateFields {
  private readonly terms: Terms;
  private readonly c: Vector;
  private readonly size: number;
  private inner: MethodState;
  private innerContext: MethodContext;
  private steps = 0;
  private rounds = 0;
  private violation = Number.POSITIVE_INFINITY;

  constructor(
    private readonly method: Method,
    context: MethodContext,
  ) {
    super(context.oracle);
    const { oracle } = context;
    const { rows, equality } = oracle.upper.constraints;
    this.c = new Float64Array(rows);
    oracle.upper.constraints.value(this.x, this.y, this.c);
    const over = norm(this.c.map((v, r) => (equality[r] === 1 ? v : Math.max(0, v))));
    const f = Math.abs(oracle.upper.value(this.x, this.y));
    const rho = (10 * Math.max(1, f)) / Math.max(1, 0.5 * over * over);
    this.terms = { mu: new Float64Array(rows), rho: Number.isFinite(rho) ? Math.min(1e3, Math.max(1e-3, rho)) : 10 };
    this.size = AWAY * (1 + norm(this.x) + norm(this.y));
    this.innerContext = this.around(context);
    this.inner = method.init(this.innerContext);
    this.publish(context);
  }

  /** The context of a run from the current x. y starts as written: methods take the size of lower gradients at the start for their unit. */
  private around(context: MethodContext): MethodContext {
    const { oracle } = context;
    // Far from the multipliers the last digits of a round are wasted.
    const tolerance = this.violation > COARSE ? Math.max(COARSE, context.tolerance) : context.tolerance;
    return {
      ...context,
      tolerance,
      oracle: augmentedOracle(oracle, this.terms, this.x.slice(), oracle.startY),
    };
  }

  step(context: MethodContext): void {
    const { method } = this;
    if (this.inner.finished === "no") {
      method.step(this.inner, this.innerContext);
      this.steps++;
    }
    const far = !(norm(this.inner.x) + norm(this.inner.y) <= this.size);
    if (!far) this.publish(context);
    const { finished } = this.inner;
    if (finished === "no" && this.steps < PATIENCE && !far) return;
    this.nextRound(context, far || finished === "unbounded");
  }

  private nextRound(context: MethodContext, unbounded: boolean): void {
    const { terms } = this;
    const { finished, reason } = this.inner;
    if (unbounded) terms.rho = Math.min(MOST_RHO, 10 * terms.rho);
    else {
      const before = this.violation;
      this.violation = this.update(context);
      if (this.violation <= ACCURACY * (1 + norm(this.x) + norm(this.y)) && finished !== "no") {
        if (finished === "converged") this.finish("converged", CLAIM + this.violation.toExponential(1));
        else this.finish("stalled", reason);
        return;
      }
      if (this.violation > SHRINK * before) terms.rho = Math.min(MOST_RHO, GROWTH * terms.rho);
    }
    if (++this.rounds > ROUNDS) {
      this.finish(
        "stalled",
        `After ${ROUNDS} multiplier updates the upper constraints are still violated, or their multipliers still change, by ${this.violation.toExponential(1)}.`,
      );
      return;
    }
    this.steps = 0;
    this.innerContext = this.around({ ...context, random: context.random.split(`round ${this.rounds}`) });
    this.inner = this.method.init(this.innerContext);
  }

  /** New multipliers; returns violation and complementarity together. */
  private update({ oracle }: MethodContext): number {
    const { c, terms } = this;
    const { constraints } = oracle.upper;
    constraints.value(this.x, this.y, c);
    return updateMultipliers(terms, constraints, c);
  }

  private publish({ oracle }: MethodContext): void {
    const { inner, extra, terms } = this;
    this.x.set(inner.x);
    this.y.set(inner.y);
    this.value = Number.isFinite(inner.value) ? oracle.upper.value(this.x, this.y) : inner.value;
    this.stationarity = inner.stationarity;
    if (inner.remark !== undefined) this.remark = inner.remark;
    Object.assign(extra, inner.extra);
    extra.upperViolation = this.violation;
    extra.rho = terms.rho;
    extra.multiplier = terms.mu.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  }

  get multipliers(): Vector {
    return this.inner.multipliers ?? new Float64Array(0);
  }

  backOff(context: MethodContext): boolean {
    if (this.terms.rho >= MOST_RHO) return false;
    this.terms.rho *= 10;
    this.steps = 0;
    this.innerContext = this.around(context);
    this.inner = this.method.init(this.innerContext);
    return true;
  }
}

const CLAIM =
  "The hypergradient of the augmented Lagrangian vanishes, and the upper constraints hold with complementary multipliers to ";

/** The method, with upper constraints through an augmented Lagrangian. */
export function coupled(method: Method): Method {
  const { backOff } = method;
  return {
    ...method,
    formulas: [
      ...method.formulas,
      "upper constraints c: all this on f + Σ ½ ([μ + ρ c]² - μ²)/ρ;  μ ← [μ + ρ c], ρ ← 4 ρ where the violation stays",
    ],
    requirements: { ...method.requirements, upperConstraints: true, augmented: true },
    init: (context) =>
      context.oracle.upper.constraints.rows === 0 ? method.init(context) : new CoupledRun(method, context),
    step: (state, context) => {
      if (state instanceof CoupledRun) state.step(context);
      else method.step(state, context);
    },
    backOff: (state, context) =>
      state instanceof CoupledRun ? state.backOff(context) : (backOff?.(state, context) ?? false),
  };
}
