/**
 * The loop of snllvf: semismooth Newton steps on the system of reform/valueSystem.ts, one a step, for each λ in turn,
 *
 *   (Φ'ᵀΦ' + ν I) d = -Φ'ᵀ Φ,   ν = min(1e-2, |Φ|²),   Armijo on ½|Φ|²
 *
 * In the end the solutions whose y is a lower solution are compared by f: for too small a λ the penalty is not exact and y is
 * none.
 */

import { choleskyInto, choleskySolveInto } from "../../num/cholesky.js";
import { dot, norm } from "../../num/vector.js";
import { backendOf } from "../../oracle/backendOf.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import { valueSystem } from "../../reform/valueSystem.js";
import { given } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { KktModel } from "./kktModel.js";

type Vector = Float64Array;

const EXPONENTS = [-1, 0, 1, 2, 3, 4, 5, 6, 7];
const MOST_STEPS = 200;
const SOLVED = 1e-9;
const ARMIJO = 1e-4;
const SHORTEST = 1e-12;
/** Largest gap of the lower value at an answer, over 1 + |g|. */
const GAP = 1e-6;

export class SnllvfLoop extends StateFields implements Running {
  private readonly system: CompiledProgram;
  private readonly lambdas: readonly number[];
  private readonly start: Vector;
  private readonly u: Vector;
  private readonly phi: Vector;
  private readonly trial: Vector;
  private readonly values: Vector;
  private readonly dense: Vector;
  private readonly normal: Vector;
  private readonly d: Vector;
  private least = Number.POSITIVE_INFINITY;
  private k = 0;
  private steps = 0;
  private best: { readonly f: number; readonly lambda: number } | undefined;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    this.system = compileProgram(valueSystem(oracle.problem), backendOf(oracle));
    const { n: count, rows, jacobian } = this.system;
    const lambda = given(context, "lambda");
    this.lambdas = lambda === undefined ? EXPONENTS.map((e) => 2 ** e) : [lambda];
    const model = new KktModel(oracle);
    this.start = new Float64Array(count);
    this.start.set(oracle.startX);
    this.start.set(oracle.startY, oracle.n);
    this.start.set(oracle.startY, oracle.n + oracle.m);
    // least-squares multipliers of the lower level for its copy
    const first = model.start(oracle.startX, oracle.startY).subarray(oracle.n + oracle.m);
    this.start.set(first, oracle.n + 2 * oracle.m);
    this.u = this.start.slice();
    this.phi = new Float64Array(rows);
    this.trial = new Float64Array(count);
    this.values = new Float64Array(jacobian.rows.length);
    this.dense = new Float64Array(rows * count);
    this.normal = new Float64Array(count * count);
    this.d = new Float64Array(count);
    this.begin();
  }

  private begin(): void {
    this.u.set(this.start);
    this.system.parameters[0] = this.lambdas[this.k];
    this.steps = 0;
  }

  step(context: MethodContext): void {
    const { u, phi, system, extra } = this;
    const { oracle } = context;
    oracle.counts.constraintValue++;
    oracle.counts.lowerGradient += 2;
    system.constraintsInto(u, phi);
    const size = norm(phi);
    extra.lambda = this.lambdas[this.k];
    extra.residual = size;
    const solved = size <= SOLVED * (1 + norm(u));
    if (solved) this.take(context);
    if (solved || ++this.steps > MOST_STEPS || !Number.isFinite(size) || !this.newton(context, size)) {
      if (++this.k >= this.lambdas.length) this.conclude();
      else this.begin();
    }
  }

  /** One damped step; false where none reduces the residual. */
  private newton({ oracle, exhausted }: MethodContext, size: number): boolean {
    const { system, u, phi, values, dense, normal, d, trial } = this;
    const { n, rows, jacobian } = system;
    system.jacobianInto(u, values);
    oracle.counts.constraintJacobian++;
    oracle.counts.lowerHvp += 2;
    oracle.counts.upperProduct++;
    dense.fill(0);
    jacobian.rows.forEach((i, e) => {
      dense[i * n + jacobian.columns[e]] += values[e];
    });
    let shift = Math.min(1e-2, size * size);
    for (let attempt = 0; ; attempt++) {
      if (attempt > 12 || exhausted()) return false;
      normal.fill(0);
      d.fill(0);
      for (let r = 0; r < rows; r++) {
        for (let i = 0; i < n; i++) {
          const a = dense[r * n + i];
          if (a === 0) continue;
          d[i] -= a * phi[r];
          for (let j = 0; j <= i; j++) normal[i * n + j] += a * dense[r * n + j];
        }
      }
      for (let i = 0; i < n; i++) normal[i * n + i] += shift;
      if (!d.every(Number.isFinite)) return false;
      if (choleskyInto(normal, n) >= 0) {
        shift = Math.max(1e-14, 10 * shift);
        continue;
      }
      break;
    }
    choleskySolveInto(normal, n, d);
    // the slope of ½|Φ|² along d
    let fall = 0;
    for (let r = 0; r < rows; r++) {
      let along = 0;
      for (let i = 0; i < n; i++) along += dense[r * n + i] * d[i];
      fall += along * phi[r];
    }
    if (!(fall < 0)) return false;
    for (let alpha = 1; alpha > SHORTEST; alpha *= 0.5) {
      for (let i = 0; i < n; i++) trial[i] = u[i] + alpha * d[i];
      oracle.counts.constraintValue++;
      system.constraintsInto(trial, phi);
      if (0.5 * dot(phi, phi) <= 0.5 * size * size + ARMIJO * alpha * fall) {
        u.set(trial);
        return true;
      }
    }
    return false;
  }

  /** A solution of the system becomes an answer if y is as low as its copy, and keeps all constraints. */
  private take({ oracle }: MethodContext): void {
    const { u } = this;
    const { n, m } = oracle;
    const x = u.slice(0, n);
    const y = u.slice(n, n + m);
    const g = oracle.lower.value(x, y);
    const copy = oracle.lower.value(x, u.slice(n + m, n + 2 * m));
    const f = oracle.upper.value(x, y);
    const gap = g - copy;
    this.extra.gap = gap;
    const low = gap <= GAP * (1 + Math.abs(g));
    // without an answer so far: the point whose y is closest to being one
    if (low ? this.best !== undefined && f >= this.best.f : this.best !== undefined || gap >= this.least) return;
    if (low) this.best = { f, lambda: this.lambdas[this.k] };
    else this.least = gap;
    this.x.set(x);
    this.y.set(y);
    this.value = f;
    this.stationarity = norm(this.phi);
  }

  private conclude(): void {
    const { best } = this;
    if (best === undefined) {
      const closest = Number.isFinite(this.least)
        ? `; the closest is above the lower value by ${this.least.toExponential(1)}`
        : "";
      this.finish("stalled", `For none of the λ tried did Newton's method end at a lower solution${closest}.`);
    } else {
      this.finish(
        "converged",
        `The first-order conditions of the penalised value function hold at λ = ${best.lambda}, and y is as low as the lower solution found with it.`,
      );
    }
  }

  backOff(): boolean {
    return false;
  }
}
