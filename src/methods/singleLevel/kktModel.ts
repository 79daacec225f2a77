/**
 * A bilevel problem as complementarity programs in u = (x, y, z, v): starts, homotopies and sharp answers.
 *
 * Multipliers of a start (x, y) are the least-squares ones: min |∇y g - Σ_near z_j ∇y s_j + Σ v_i ∇y e_i| over z >= 0, with
 * the slacks s_j that are nearly zero at (x, y).
 */
import type { Backend } from "../../codegen/kernel.js";
import type { NlpOptions, NlpResult } from "../../nlp/program.js";
import { nonNegativeLeastSquares } from "../../num/nonNegative.js";
import { backendOf } from "../../oracle/backendOf.js";
import type { Oracle } from "../../oracle/oracle.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import type { Complementarity } from "../../reform/kkt.js";
import { DecidedPairs } from "../../reform/pairs.js";
import { applyKkt } from "../../reform/steps/kkt.js";
import { feasible, type ProgramSolver } from "./programSolver.js";

type Vector = Float64Array;

/** Slacks up to this times (1 + |y|) count as nearly zero. */
const NEAR = 1e-3;

export class KktModel {
  readonly pairs: DecidedPairs;
  readonly n: number;
  readonly m: number;
  private readonly oracle: Oracle;
  private readonly backend: Backend;
  private readonly programs = new Map<Complementarity, CompiledProgram>();

  constructor(oracle: Oracle) {
    this.oracle = oracle;
    this.backend = backendOf(oracle);
    this.n = oracle.n;
    this.m = oracle.m;
    this.pairs = new DecidedPairs(oracle.problem, this.backend);
  }

  /** The program with its complementarity relaxed; `parameters[0]` is t. */
  relaxed(kind: Complementarity): CompiledProgram {
    let found = this.programs.get(kind);
    if (found === undefined) {
      found = compileProgram(applyKkt(this.oracle.problem, kind).target, this.backend);
      this.programs.set(kind, found);
    }
    return found;
  }

  /** u at (x, y) with least-squares multipliers. */
  start(x: Vector, y: Vector): Vector {
    const { pairs, n, m } = this;
    const { compiled, kkt, size } = pairs;
    const u = new Float64Array(compiled.n);
    u.set(x);
    u.set(y, n);
    const rows = new Float64Array(compiled.rows);
    compiled.constraintsInto(u, rows);
    const values = new Float64Array(compiled.jacobian.rows.length);
    compiled.jacobianInto(u, values);
    const { at, size: conditions } = pairs.stationarity;
    const columns = Array.from({ length: compiled.n - n - m }, () => new Float64Array(conditions));
    compiled.jacobian.rows.forEach((row, e) => {
      const column = compiled.jacobian.columns[e] - n - m;
      if (row >= at && row < at + conditions && column >= 0) columns[column][row - at] += values[e];
    });
    const slacks = new Float64Array(size);
    pairs.slacksInto(u, slacks);
    const reach = NEAR * (1 + Math.hypot(...y));
    const chosen = [...columns.keys()].filter((j) => j >= size || slacks[j] <= reach);
    const b = rows.slice(at, at + conditions).map((r) => -r);
    if (!b.every(Number.isFinite)) return u;
    const found = nonNegativeLeastSquares(
      chosen.map((j) => columns[j]),
      b,
      chosen.map((j) => j < kkt.z.input.size),
    );
    chosen.forEach((j, k) => {
      if (Number.isFinite(found[k])) u[n + m + j] = found[k];
    });
    return u;
  }

  x(u: Vector): Vector {
    return u.slice(0, this.n);
  }

  y(u: Vector): Vector {
    return u.slice(this.n, this.n + this.m);
  }
}

/** A path of one relaxation's solutions: each solve is warm from the one before. */
export class Homotopy {
  u: Vector;
  last: NlpResult | undefined;
  readonly program: CompiledProgram;
  private readonly solver: ProgramSolver;
  private readonly options: NlpOptions;

  constructor(model: KktModel, kind: Complementarity, solver: ProgramSolver, start: Vector, options: NlpOptions = {}) {
    this.program = model.relaxed(kind);
    this.solver = solver;
    this.u = start.slice();
    this.options = options;
  }

  /** Solves at t. The point moves on only where the constraints of the relaxation were met. */
  solve(t: number): NlpResult {
    const { program, solver, last } = this;
    program.parameters[0] = t;
    const warm =
      last !== undefined && feasible(last)
        ? { rowMultipliers: last.rowMultipliers, boundMultipliers: last.boundMultipliers }
        : undefined;
    let result = solver.solve(
      program,
      this.u,
      "single-level",
      warm === undefined ? this.options : { ...this.options, warm },
    );
    if (!feasible(result) && warm !== undefined) result = solver.solve(program, this.u, "single-level", this.options);
    if (result.u.every(Number.isFinite) && (feasible(result) || last === undefined)) {
      this.u = result.u;
      this.last = result;
    }
    return result;
  }
}
