/**
 * A primal-dual interior method with a filter line search: Wächter and Biegler, On the implementation of an interior-point
 * filter line-search algorithm for large-scale nonlinear programming, Math. Program. 106 (2006), Algorithm A, with the
 * monotone barrier rule (7). `restore` is called where the line search fails (step A-9).
 */
import { Filter } from "./filter.js";
import { Iterate, type Snapshot } from "./iterate.js";
import { FilterSearch, oneNorm } from "./lineSearch.js";
import { Newton } from "./newton.js";
import type { NlpIteration } from "./program.js";
import type { SlackForm } from "./slackForm.js";

type Vector = Float64Array;

const KAPPA_EPSILON = 10;
const KAPPA_MU = 0.2;
const THETA_MU = 1.5;
const TAU_MIN = 0.99;
/** Objectives below minus this, at points feasible to within rounding, mean: unbounded. */
const UNBOUNDED = 1e15;
/** Errors that count as acceptable, and for how many iterations in a row before the method stops with one. */
const ACCEPTABLE = 1e-6;
const ACCEPTABLE_RUN = 15;
/** Soft steps between two restorations, and restorations of one run. */
const SOFT_STEPS = 10;
const RESCUES = 30;
/** Relative length of the shortest step that counts as progress. */
const LEAST_STRIDE = 1e-12;

export interface InteriorOptions {
  readonly tolerance: number;
  readonly feasibilityTolerance: number;
  readonly unscaledTolerance: number;
  readonly phase: NlpIteration["phase"];
  readonly linear?: "dense" | "sparse" | undefined;
  /** Iterations that are left, shared by all phases of a pass. */
  readonly budget: { left: number; spent: number };
  readonly cancelled?: (() => boolean) | undefined;
  readonly log?: ((line: NlpIteration) => void) | undefined;
  /** True ends the run at this point (the restoration's goal). */
  readonly enough?: (x: Vector) => boolean;
  readonly restore?: (method: InteriorMethod) => "recovered" | InteriorEnd;
}

export type InteriorEnd =
  | "solved"
  | "acceptable"
  | "infeasible"
  | "unbounded"
  | "stalled"
  | "limit"
  | "cancelled"
  | "not-finite"
  | "enough";

export class InteriorMethod {
  readonly at: Iterate;
  readonly newton: Newton;
  readonly search: FilterSearch;
  readonly filter = new Filter(Number.POSITIVE_INFINITY);
  readonly #best: { error: number; readonly point: Snapshot };
  readonly #saved: Snapshot;
  #soft = 0;
  #rescues = 0;
  #thetaMin = 0;
  #muMin: number;

  constructor(
    readonly form: SlackForm,
    readonly options: InteriorOptions,
  ) {
    this.at = new Iterate(form, options.linear);
    this.newton = new Newton(this.at);
    this.search = new FilterSearch(this.at, this.newton);
    this.#muMin = options.tolerance / (KAPPA_EPSILON + 1);
    this.#best = { error: Number.POSITIVE_INFINITY, point: this.at.snapshot() };
    this.#saved = this.at.snapshot();
  }

  /** Factorisations so far, those of restorations included. */
  get factorisations(): number {
    return this.at.kkt.factorisations;
  }

  /** Runs from the point and multipliers in `at` (x strictly inside, mu set). */
  run(): InteriorEnd {
    const end = this.#loop();
    const { at } = this;
    const best = this.#best;
    // A run may end beside an acceptable point it passed.
    const failed = end === "stalled" || end === "limit" || end === "infeasible";
    if (end !== "acceptable" && !(failed && best.error <= ACCEPTABLE)) return end;
    at.load(best.point);
    return "acceptable";
  }

  #loop(): InteriorEnd {
    const { at, newton, search, filter, options } = this;
    if (!at.evaluate() || !at.differentiate(at.x)) return "not-finite";
    this.form.barrier?.(at.mu);
    const theta0 = oneNorm(at.c);
    // Relative to the rows' own size where their slacks start far from 0.
    let rowSize = 1;
    for (let k = this.form.base; k < this.form.size; k++) rowSize = Math.max(rowSize, Math.abs(at.x[k]));
    filter.thetaMax = 1e4 * Math.max(rowSize, theta0);
    this.#thetaMin = 1e-4 * Math.max(1, theta0);
    let acceptable = 0;
    let tiny = 0;
    let hardships = 0;
    let extra = 0;
    let floor = 0;
    for (;;) {
      const errors = at.measure(0);
      this.#log();
      if (errors.total <= options.tolerance) {
        if (this.#unscaledGood(1)) return "solved";
        if (extra++ > 12) {
          this.#keep(Math.min(errors.total, this.#best.error));
          return "acceptable";
        }
        this.#muMin = Math.max(1e-14, 0.1 * this.#muMin);
      }
      acceptable = errors.total <= ACCEPTABLE && this.#unscaledGood(100) ? acceptable + 1 : 0;
      if (acceptable > 0 && errors.total < this.#best.error) this.#keep(errors.total);
      if (acceptable >= ACCEPTABLE_RUN) return "acceptable";
      if (this.#unbounded()) return "unbounded";
      if (options.enough?.(at.x)) return "enough";
      if (options.cancelled?.()) return "cancelled";
      if (options.budget.left-- <= 0) return "limit";
      options.budget.spent++;
      this.#lowerBarrier(tiny >= 2);

      const tau = Math.max(TAU_MIN, 1 - at.mu);
      if (!newton.compute(floor)) {
        const end = this.#rescue();
        if (end !== "recovered") return end;
        continue;
      }
      if (this.#stride(1) <= 2e-15 && at.errors.primal <= 1e-4) {
        if (++tiny > 3 && at.mu <= this.#muMin) return "stalled";
        search.move(newton.primalStep(tau));
        if (!at.differentiate(search.trial)) return "stalled";
        this.#advance(newton.primalStep(tau), tau);
        continue;
      }
      tiny = 0;
      if (search.run(filter, tau, this.#thetaMin)) {
        // Steps within rounding count as failures.
        if (this.#stride(search.alpha) > LEAST_STRIDE) {
          hardships = 0;
          floor = 0;
        } else if (++hardships > 8) return "stalled";
        else if (hardships > 3) tiny = 2;
        this.#advance(search.alpha, tau);
        continue;
      }
      at.differentiate(at.x);
      if (this.#softStep(tau)) continue;
      // Without violation there is nothing to restore: shorter steps by a larger shift, then the next barrier problem.
      if (at.errors.primal <= options.tolerance) {
        hardships++;
        if (hardships <= 3) floor = Math.max(1e-4, 100 * newton.shift);
        else if (hardships <= 5 && at.mu > this.#muMin) {
          tiny = 2;
          floor = 0;
        } else return "stalled";
        continue;
      }
      floor = 0;
      const end = this.#rescue();
      if (end !== "recovered") return end;
    }
  }

  /** Residuals in the program's own units, within `slack` times the tolerances. */
  #unscaledGood(slack: number): boolean {
    const { at, options, form } = this;
    const { errors } = at;
    return (
      at.unscaledViolation() <= Math.min(slack, 10) * options.feasibilityTolerance &&
      Math.max(errors.complementarity, errors.worth) <=
        slack * options.unscaledTolerance * Math.max(form.objectiveScale, Math.abs(at.f)) &&
      errors.dualBase <= slack * options.unscaledTolerance * at.stationarityScale()
    );
  }

  #keep(error: number): void {
    const { at } = this;
    const best = this.#best;
    best.error = error;
    at.saveInto(best.point);
  }

  #unbounded(): boolean {
    const { at, form } = this;
    if (this.options.phase === "restoration" || at.f >= -UNBOUNDED * form.objectiveScale) return false;
    let size = 1;
    for (let j = 0; j < form.base; j++) size = Math.max(size, Math.abs(at.x[j]));
    return at.errors.primal <= 1e-8 * size;
  }

  /** Rule (7), as often as the point solves the barrier problem already; at least once if `forced`. */
  #lowerBarrier(forced: boolean): void {
    const { at } = this;
    for (let must = forced; at.mu > this.#muMin; must = false) {
      if (!must && at.measure(at.mu).total > KAPPA_EPSILON * at.mu) break;
      at.mu = Math.max(this.#muMin, Math.min(KAPPA_MU * at.mu, at.mu ** THETA_MU));
      this.form.barrier?.(at.mu);
      if (this.form.barrier) {
        at.f = this.form.value(at.x);
        at.differentiate(at.x);
      }
      this.filter.clear();
    }
    at.measure(0);
  }

  /** Length of a step relative to the point. */
  #stride(alpha: number): number {
    const { at, newton } = this;
    let top = 0;
    for (let j = 0; j < at.x.length; j++) top = Math.max(top, Math.abs(alpha * newton.dx[j]) / (1 + Math.abs(at.x[j])));
    return top;
  }

  /** Takes over the trial point, whose derivatives are there already. */
  #advance(alpha: number, tau: number): void {
    const { at, newton, search } = this;
    const dual = newton.dualStep(tau);
    at.x.set(search.trial);
    at.c.set(search.trialC);
    at.f = search.trialF;
    for (let i = 0; i < at.lambda.length; i++) at.lambda[i] += alpha * newton.dLambda[i];
    for (let j = 0; j < at.x.length; j++) {
      if (at.hasLower[j]) at.zLower[j] += dual * newton.dLower[j];
      if (at.hasUpper[j]) at.zUpper[j] += dual * newton.dUpper[j];
    }
    this.search.alpha = alpha;
    at.safeguard();
  }

  /** A full step that shrinks the primal-dual error of the barrier problem, taken against the filter. */
  #softStep(tau: number): boolean {
    const { at, newton, search } = this;
    if (this.#soft >= SOFT_STEPS) return false;
    const before = at.measure(at.mu).total;
    at.saveInto(this.#saved);
    const alpha = Math.min(newton.primalStep(tau), newton.dualStep(tau));
    if (search.move(alpha) && at.differentiate(search.trial)) {
      this.#advance(alpha, tau);
      if (at.measure(at.mu).total <= 0.99 * before && oneNorm(at.c) <= this.filter.thetaMax) {
        this.#soft++;
        return true;
      }
    }
    at.load(this.#saved);
    at.measure(0);
    return false;
  }

  /** Step A-9: the current point is forbidden, restoration looks for another one that the filter accepts. */
  #rescue(): "recovered" | InteriorEnd {
    const { at, filter, options } = this;
    if (!options.restore || this.#rescues++ >= RESCUES) return "stalled";
    filter.add(oneNorm(at.c), at.barrierValue(at.x, at.f));
    at.saveInto(this.#saved);
    const end = options.restore(this);
    if (end !== "recovered") return end;
    if (!at.evaluate() || !at.differentiate(at.x)) {
      at.load(this.#saved);
      return "stalled";
    }
    this.#soft = 0;
    return "recovered";
  }

  #log(): void {
    const { at, options, search, newton, form } = this;
    options.log?.({
      iteration: options.budget.spent,
      phase: options.phase,
      objective: at.f / form.objectiveScale,
      violation: at.unscaledViolation(),
      error: at.errors.total,
      barrier: at.mu,
      step: search.alpha,
      shift: newton.shift,
    });
  }
}
