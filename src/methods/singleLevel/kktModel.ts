/**
 * A bilevel problem as complementarity programs in u = (x, y, z, v): starts with least-squares multipliers, homotopies and
 * sharp answers.
 */
import type { Backend } from "../../codegen/kernel.js";
import type { NlpOptions, NlpResult } from "../../nlp/program.js";
import { backendOf } from "../../oracle/backendOf.js";
import type { Oracle } from "../../oracle/oracle.js";
import { type CompiledProgram, compileProgram } from "../../reform/compile.js";
import type { Complementarity } from "../../reform/kkt.js";
import { multipliersAt } from "../../reform/multipliersAt.js";
import { DecidedPairs } from "../../reform/pairs.js";
import { applyKkt } from "../../reform/steps/kkt.js";
import { feasible, type ProgramSolver } from "./programSolver.js";

type Vector = Float64Array;

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
    return multipliersAt(this.pairs, x, y).u;
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
