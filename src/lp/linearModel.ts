/**
 * Linear and convex quadratic programs by HiGHS (Huangfu and Hall, Math. Program. Comp. 10, 2018), compiled to WebAssembly:
 *
 *     min ½ uᵀ Q u + cᵀ u + offset   subject to   rowLower <= A u <= rowUpper,   lower <= u <= upper
 *
 * A model stays in memory: bounds may be changed and the next solve starts from the last basis. The WebAssembly code is
 * loaded once, asynchronously; models are then made and solved synchronously. Models must be disposed of.
 */
import type { Highs, Model } from "highs";
import type { NlpResult } from "../nlp/program.js";
import { solveNonlinear } from "../nlp/solve.js";
import { asNonlinear } from "./asNonlinear.js";
import type { QuadraticProgram, Triplets } from "./quadratic.js";

type Vector = Float64Array;

/** `failed`: HiGHS could not decide. */
export type LinearStatus = "optimal" | "infeasible" | "unbounded" | "limit" | "failed";

/** Rows and columns (variables) whose limits contradict each other, and no proper part of which does. */
export interface Conflict {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

export interface LinearModel {
  /** Starts from the last basis. */
  solve(): LinearStatus;
  readonly objective: number;
  /** The last solution; copies. Duals: d objective / d limit. */
  solution(): {
    readonly u: Vector;
    readonly rowValues: Vector;
    readonly rowDuals: Vector;
    readonly columnDuals: Vector;
  };
  setColumn(j: number, lower: number, upper: number): void;
  setRow(i: number, lower: number, upper: number): void;
  setCost(cost: Vector): void;
  /** After `optimal`, linear programs: 0 where a variable, then a row, is basic, 1 at its lower limit, 2 at its upper one. */
  basis(): Uint8Array | undefined;
  /** After `infeasible`, linear programs: an irreducible infeasible subsystem. */
  conflict(): Conflict | undefined;
  /** After `unbounded`, linear programs: a direction along which the objective falls for ever. */
  ray(): Vector | undefined;
  dispose(): void;
}

let loading: Promise<Highs> | undefined;
let loaded: Highs | undefined;

/** Loads the solver; the first call takes a few tens of milliseconds. */
export async function loadLinearSolver(): Promise<void> {
  // the package's types describe its CommonJS form, whose default export is one level further down
  loading ??= import("highs").then(({ default: load }) => (load as unknown as typeof load.default)());
  loaded = await loading;
}

/** A model in memory; `loadLinearSolver` must have been awaited before. */
export function linearModel(program: QuadraticProgram): LinearModel {
  if (loaded === undefined) throw new Error("the linear solver is not loaded");
  return new HighsModel(loaded, program);
}

const statuses: Readonly<Record<number, LinearStatus>> = {
  7: "optimal",
  8: "infeasible",
  10: "unbounded",
  13: "limit",
  14: "limit",
  17: "limit",
};

class HighsModel implements LinearModel {
  private readonly model: Model;
  private readonly quadratic: boolean;
  /** The program with the limits as they stand. */
  private readonly limits: Record<"lower" | "upper" | "rowLower" | "rowUpper", Vector>;
  /** The interior point method's answer, where HiGHS gave none. */
  private interior: NlpResult | undefined;

  constructor(
    highs: Highs,
    private readonly program: QuadraticProgram,
  ) {
    const p = program;
    const { lower, upper, rowLower, rowUpper } = p;
    this.limits = {
      lower: lower.slice(),
      upper: upper.slice(),
      rowLower: rowLower.slice(),
      rowUpper: rowUpper.slice(),
    };
    this.quadratic = p.hessian !== undefined && p.hessian.values.length > 0;
    this.model = highs.createModel({
      numCols: p.n,
      numRows: p.rows,
      offset: p.offset,
      colCost: p.cost,
      colLower: p.lower,
      colUpper: p.upper,
      rowLower: p.rowLower,
      rowUpper: p.rowUpper,
      matrix: { format: "csc", numRows: p.rows, numCols: p.n, ...compressed(p.matrix, p.n) },
      ...(this.quadratic && p.hessian !== undefined
        ? { hessian: { format: "triangular", dimension: p.n, ...compressed(p.hessian, p.n) } }
        : {}),
    });
    this.model.options.set({
      output_flag: false,
      iis_strategy: 6,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
      // its active-set method may cycle where Q is singular; the interior point method then takes over
      qp_iteration_limit: 100 + 10 * (p.n + p.rows),
    });
  }

  solve(): LinearStatus {
    const { model } = this;
    let code = this.run();
    // "unbounded or infeasible" (presolve found one of the two), or trouble: once more from scratch, without presolve
    if (statuses[code] === undefined) {
      model.clearSolver();
      model.options.set({ presolve: "off" });
      code = this.run();
      model.options.set({ presolve: "choose" });
    }
    this.interior = undefined;
    const status = statuses[code] ?? "failed";
    return this.quadratic && (status === "failed" || status === "limit") ? this.byInterior() : status;
  }

  /** Only an optimum of the interior point method is a proof here; it knows infeasible programs too, as the rows are linear. */
  private byInterior(): LinearStatus {
    const found = solveNonlinear(asNonlinear(this.program, this.limits), new Float64Array(this.program.n));
    if (found.status === "infeasible") return "infeasible";
    if (found.status !== "solved") return "failed";
    this.interior = found;
    return "optimal";
  }

  /** HiGHS' model status; -1 where the run ended in an error. */
  private run(): number {
    try {
      return Number(this.model.run().modelStatus);
    } catch {
      return -1;
    }
  }

  get objective(): number {
    return this.interior?.f ?? this.model.getObjectiveValue();
  }

  solution(): ReturnType<LinearModel["solution"]> {
    if (this.interior !== undefined) {
      const { u, c: rowValues, rowMultipliers, boundMultipliers } = this.interior;
      return { u, rowValues, rowDuals: rowMultipliers.map((z) => -z), columnDuals: boundMultipliers.map((w) => -w) };
    }
    const { colValue: u, rowValue: rowValues, rowDual: rowDuals, colDual: columnDuals } = this.model.getSolution();
    return { u, rowValues, rowDuals, columnDuals };
  }

  setColumn(j: number, lower: number, upper: number): void {
    this.limits.lower[j] = lower;
    this.limits.upper[j] = upper;
    this.model.changeColBounds(j, lower, upper);
  }

  setRow(i: number, lower: number, upper: number): void {
    this.limits.rowLower[i] = lower;
    this.limits.rowUpper[i] = upper;
    this.model.changeRowBounds(i, lower, upper);
  }

  setCost(cost: Vector): void {
    this.model.changeColsCost({ kind: "range", from: 0, to: cost.length - 1 }, cost);
  }

  basis(): Uint8Array | undefined {
    if (this.quadratic) return undefined;
    const { colStatus, rowStatus } = this.model.getBasis();
    return Uint8Array.from([...colStatus, ...rowStatus], (s) => (s === 1 ? 0 : s === 2 ? 2 : 1));
  }

  conflict(): Conflict | undefined {
    if (this.quadratic) return undefined;
    const { rowIndex: rows, colIndex: columns } = this.model.getIis();
    return rows.length + columns.length > 0 ? { rows, columns } : undefined;
  }

  ray(): Vector | undefined {
    return this.quadratic ? undefined : this.model.getPrimalRay()?.values;
  }

  dispose(): void {
    this.model.dispose();
  }
}

/** Columns one after the other, rows ascending, repeated positions added up, zeros left out. */
function compressed(m: Triplets, n: number): { starts: Int32Array; indices: Int32Array; values: Vector } {
  const columns: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  m.rows.forEach((i, e) => {
    const column = columns[m.columns[e]];
    column.set(i, (column.get(i) ?? 0) + m.values[e]);
  });
  const starts = new Int32Array(n + 1);
  const indices: number[] = [];
  const values: number[] = [];
  columns.forEach((column, j) => {
    for (const [i, value] of [...column].sort(([a], [b]) => a - b)) {
      if (value === 0) continue;
      indices.push(i);
      values.push(value);
    }
    starts[j + 1] = indices.length;
  });
  return { starts, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}
