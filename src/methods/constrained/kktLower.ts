/**
 * The lower level at a given x to the limit of rounding, with its active set and multipliers:
 *
 *   warm     Newton steps on the first-order conditions of the last active set; what turns out violated enters, what has a
 *            multiplier of the wrong sign leaves (primal-dual active sets, Hintermüller, Ito and Kunisch, SIAM J. Optim. 13, 2003),
 *            all at once, and one at a time where that cycles (block pivoting, Júdice and Pires, 1994)
 *   else     the interior point method from the last y, then the same steps from the active set that its multipliers show
 *
 * Rows have prices: a multiplier that would exceed its row's stays there and the row is violated, so that there is a solution at
 * every x, the lower level's own wherever it has one (elasticLower.ts). Where the gradients of the active rows depend on each
 * other, rows are left out, those with the largest multipliers kept first: the multipliers are then a vertex of their polyhedron
 * (Ralph and Dempe, Math. Program. 70, 1995).
 */
import type { NlpResult } from "../../nlp/program.js";
import type { Counts } from "../../oracle/oracle.js";
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import type { ProgramSolver } from "../singleLevel/programSolver.js";
import type { Inertia } from "./activeKkt.js";
import { elasticLower } from "./elasticLower.js";
import { independentRows } from "./independentRows.js";
import type { Held } from "./kinkModel.js";
import { KktConditions } from "./kktConditions.js";

type Vector = Float64Array;

/** `curvature`: the Hessian of the Lagrangian is not positive definite where the active rows vanish. */
export type KktEnd = "solved" | "unbounded" | "curvature" | "failed" | "exhausted";

/** Shift of singular Hessians, relative to their largest entry. */
const PROXIMAL = 1e-9;
const STEPS = 60;
const BLOCKS = 6;
/** Relative residual of the first-order conditions. */
const ACCURACY = 1e-12;
/** Multipliers and slacks below this share of their scales are weak. */
export const WEAK = 1e-7;
const OPTIONS = { tolerance: 1e-10, feasibilityTolerance: 1e-9, maxIterations: 200 } as const;

export class KktLower extends KktConditions {
  /** x of the last solve. */
  readonly x: Vector;
  /** Relative residual of the first-order conditions. */
  residual = Number.NaN;
  /** Rows and bounds that are active with (almost) no multiplier or are about to be; and active rows left out as dependent. */
  weak = 0;
  dependent = 0;
  /** Rows violated at their price, over the sizes of their gradients, summed up. */
  violation = 0;
  /** Interior point solves so far. */
  cold = 0;
  private readonly change: Vector;
  private readonly last: Vector;
  private known = false;
  private factored: Inertia | undefined;

  constructor(
    model: LowerSensitivity,
    private readonly solver: ProgramSolver,
    counts: Counts,
    start: Vector,
  ) {
    super(model, counts, start);
    this.x = new Float64Array(model.program.parameters.length - 1).fill(Number.NaN);
    this.change = new Float64Array(this.right.length);
    this.last = new Float64Array(this.y.length);
  }

  /** Active rows and bounds. */
  get activeCount(): number {
    const { rows, bounds } = this.active;
    return rows.reduce((sum, r) => sum + (r === 1 ? 1 : 0), 0) + bounds.reduce((sum, b) => sum + (b !== 0 ? 1 : 0), 0);
  }

  /** Forgets the active set: the next solve is cold. */
  reset(): void {
    this.known = false;
    this.factored = undefined;
  }

  solve(x: Vector): KktEnd {
    const { program } = this.model;
    this.x.set(x);
    program.parameters.set(x);
    program.parameters[x.length] = this.weight;
    if (!this.constant) this.factored = undefined;
    this.last.set(this.y);
    if (this.known && this.newton() === "solved") return this.conclude();
    if (this.solver.exhausted()) return "exhausted";
    this.cold++;
    this.known = false;
    this.y.set(this.last);
    let found = this.solver.solve(program, this.y, "lower", OPTIONS);
    if (this.solver.exhausted()) return "exhausted";
    if (found.status === "unbounded") return "unbounded";
    if (found.status !== "solved" && found.status !== "acceptable") {
      const start = new Float64Array(this.y.length + 2 * this.z.length);
      start.set(found.u.every(Number.isFinite) ? found.u : this.y);
      this.priceAt(found.u.every(Number.isFinite) ? found.u : this.y);
      found = this.solver.solve(elasticLower(program, this.price), start, "lower", OPTIONS);
      if (this.solver.exhausted()) return "exhausted";
      if (found.status !== "solved" && found.status !== "acceptable") return "failed";
    }
    this.take(found);
    const end = this.newton();
    if (end === "solved") {
      this.known = true;
      return this.conclude();
    }
    if (end === "curvature") return end;
    // Not sharpened: the interior point itself, on the active set it shows.
    this.take(found);
    this.derivatives();
    if (this.factor() !== "right") return "curvature";
    this.residual = this.measure();
    return this.residual <= 1e-7 ? this.conclude() : "failed";
  }

  /** Rows and bounds without slack to a tolerance: those with a multiplier, and the weak ones. */
  held(tolerance: number): { readonly strict: readonly Held[]; readonly weak: readonly Held[] } {
    const { z, w, c, size, y, slope, reach, active } = this;
    const { program } = this.model;
    const strict: Held[] = [];
    const weak: Held[] = [];
    for (let i = 0; i < z.length; i++) {
      const held: Held = { at: i, side: 0 };
      if (program.rowLower[i] === program.rowUpper[i]) {
        if (active.rows[i] === 1) strict.push(held);
      } else if (c[i] >= -tolerance * size[i] * reach) (z[i] * size[i] <= tolerance * slope ? weak : strict).push(held);
    }
    for (let j = 0; j < y.length; j++) {
      const below = y[j] - program.lower[j];
      const above = program.upper[j] - y[j];
      const held: Held = { at: j, side: below <= above ? -1 : 1 };
      if (program.lower[j] === program.upper[j]) strict.push(held);
      else if (Math.min(below, above) <= tolerance * reach)
        (Math.abs(w[j]) <= tolerance * slope ? weak : strict).push(held);
    }
    return { strict, weak };
  }

  private conclude(): KktEnd {
    const { z, c, size, active } = this;
    this.weak = this.held(WEAK).weak.length;
    let violation = 0;
    for (let i = 0; i < z.length; i++) if (active.rows[i] === 2) violation += Math.abs(c[i]) / (size[i] || 1);
    this.violation = violation;
    return "solved";
  }

  /** Newton steps with changes of the active set, from the current one. */
  private newton(): KktEnd {
    let fewest = Number.POSITIVE_INFINITY;
    let blocks = BLOCKS;
    this.dependent = 0;
    for (let k = 0; k < STEPS; k++) {
      this.holdBounds();
      this.derivatives();
      this.residual = this.measure();
      if (!(this.residual - this.residual === 0)) return "failed";
      if (k > 0) {
        const wrong = this.changes(false, false);
        if (wrong === 0 && this.residual <= ACCURACY) return this.sharp();
        if (wrong > 0) {
          if (wrong < fewest) {
            fewest = wrong;
            blocks = BLOCKS;
          } else blocks--;
          this.changes(true, blocks < 0);
          this.factored = undefined;
          this.holdBounds();
          this.derivatives();
          this.measure();
        } else if (k > 12 && this.residual <= 1e-9) return this.sharp();
      }
      const inertia = this.factored ?? this.factor();
      if (inertia !== "right") return "curvature";
      this.kkt.solveInto(this.right, this.change);
      const m = this.y.length;
      for (let j = 0; j < m; j++) this.y[j] += this.change[j];
      for (let i = 0; i < this.z.length; i++) this.z[i] += this.change[m + i];
    }
    return "failed";
  }

  /** The factors must belong to the very point where Hessians change. */
  private sharp(): KktEnd {
    if (this.factored === undefined || !this.constant) return this.factor() === "right" ? "solved" : "curvature";
    return "solved";
  }

  private factor(): Inertia {
    let inertia = this.kkt.factor(this.active);
    if (inertia !== "right") {
      const left = independentRows(this.model.program, this.kkt.jacobian, this.active, this.z);
      if (left.length > 0) {
        this.dependent += left.length;
        for (const i of left) this.leave(i);
        this.measure();
        inertia = this.kkt.factor(this.active);
      }
    }
    // The upper objective need not care either: a proximal term then, which changes steps and adjoints but no solution.
    if (inertia !== "right" && this.weight > 0) inertia = this.kkt.factor(this.active, PROXIMAL * this.curvature);
    this.factored = inertia === "right" && this.constant ? inertia : undefined;
    return inertia;
  }

  /** Point, multipliers and active set of an interior solution: active is what has more multiplier than slack. */
  private take({ u, rowMultipliers, boundMultipliers }: NlpResult): void {
    const { y, z, active, size, price } = this;
    const { program } = this.model;
    y.set(u.subarray(0, y.length));
    this.factored = undefined;
    this.derivatives();
    this.priceAt(y);
    const at = this.c;
    this.pull.fill(0);
    this.scales();
    const { slope, reach } = this;
    for (let i = 0; i < z.length; i++) {
      const equality = program.rowLower[i] === program.rowUpper[i];
      const share = (rowMultipliers[i] * size[i]) / slope;
      const slack = -at[i] / ((size[i] || 1) * reach);
      active.rows[i] = equality || share > slack ? 1 : 0;
      if (Math.abs(rowMultipliers[i]) > 0.5 * price[i] && Math.abs(slack) > 1e-7) active.rows[i] = 2;
      z[i] =
        active.rows[i] === 0 ? 0 : active.rows[i] === 1 ? rowMultipliers[i] : Math.sign(rowMultipliers[i]) * price[i];
    }
    for (let j = 0; j < y.length; j++) {
      const share = boundMultipliers[j] / slope;
      active.bounds[j] =
        share > (program.upper[j] - y[j]) / reach ? 1 : -share > (y[j] - program.lower[j]) / reach ? -1 : 0;
    }
  }
}
