/**
 * Small linear programs without HiGHS, whose WebAssembly code then need not be loaded: a feasible basis by the dual simplex
 * method (without costs, unless the basis at hand is dual feasible), then the primal one with Dantzig's rule, Bland's
 * where it stands still. Infeasible is what the data prove, unbounded what no basic variable blocks.
 */
import { DenseProof, residual } from "./denseProof.js";
import { DenseSimplex, PIVOT } from "./denseSimplex.js";
import { type Conflict, type LinearModel, type LinearStatus, linearModel } from "./linearModel.js";
import type { QuadraticProgram } from "./quadratic.js";

type Vector = Float64Array;

const inf = Number.POSITIVE_INFINITY;
/** Variables and rows of programs that are small; and of those whose directions at infinity are small programs too. */
const VARIABLES = 80;
const ROWS = 120;
const WITHIN = { variables: 30, rows: 60 };
/** Reduced costs below this share of 1 + the largest cost count as zero. */
const ZERO = 1e-10;
const RESIDUAL = 1e-9;
const ITERATIONS = 1000;
/** Steps of Dantzig's rule before Bland's. */
const DANTZIG = 300;
/** Pivots after which the tableau is made anew. */
const OLD = 100;

/** Whether a search over this program, and all that it asks, needs no other solver. */
export function isSmall({ n, rows, hessian }: QuadraticProgram): boolean {
  return hessian === undefined && n <= WITHIN.variables && rows <= WITHIN.rows;
}

/** A model of a linear program by the dense simplex method where it is small, else by HiGHS. */
export function modelOf(program: QuadraticProgram): LinearModel {
  const small = program.hessian === undefined && program.n <= VARIABLES && program.rows <= ROWS;
  return small ? new SmallModel(program) : linearModel(program);
}

class SmallModel implements LinearModel {
  private readonly lp: DenseSimplex;
  private readonly proof: DenseProof;
  private readonly cost: Vector;
  private readonly offset: number;
  private direction: Vector | undefined;

  constructor({ n, rows, cost, offset, matrix, lower, upper, rowLower, rowUpper }: QuadraticProgram) {
    const dense = new Float64Array(rows * n);
    matrix.values.forEach((v, e) => {
      dense[matrix.rows[e] * n + matrix.columns[e]] += v;
    });
    this.cost = cost.slice();
    this.offset = offset;
    this.lp = new DenseSimplex({ n, rows, matrix: dense, cost: this.cost });
    this.proof = new DenseProof(n, rows);
    this.lp.lower.set(lower);
    this.lp.upper.set(upper);
    this.lp.lower.set(rowLower, n);
    this.lp.upper.set(rowUpper, n);
    this.lp.load(Uint8Array.from({ length: n + rows }, (_, v) => (v < n ? 1 : 0)));
  }

  solve(): LinearStatus {
    const { lp } = this;
    this.direction = undefined;
    // a row or variable whose limits contradict each other
    for (let v = 0; v < lp.lower.length; v++) if (lp.lower[v] > lp.upper[v]) return "infeasible";
    if (lp.age > OLD) lp.load(lp.basis());
    for (let attempt = 0; attempt < 2; attempt++) {
      const status = this.attempt();
      if (status !== "failed") return status;
      lp.load(lp.basis());
    }
    return "failed";
  }

  private attempt(): LinearStatus {
    const { lp, proof } = this;
    this.price();
    if (!this.dualFeasible()) lp.d.fill(0);
    const status = lp.solve();
    if (status === "infeasible") return proof.infeasible(lp) ? "infeasible" : "failed";
    if (status === "stuck") return "failed";
    this.price();
    const end = this.primal();
    return end === "optimal" && residual(lp) > RESIDUAL ? "failed" : end;
  }

  /** d = c_N + Tᵀ c_B */
  private price(): void {
    const { T, d, basic, nonbasic } = this.lp;
    const n = d.length;
    for (let j = 0; j < n; j++) d[j] = this.costOf(nonbasic[j]);
    for (let i = 0, at = 0; i < basic.length; i++, at += n) {
      const c = this.costOf(basic[i]);
      if (c !== 0) for (let j = 0; j < n; j++) d[j] += c * T[at + j];
    }
  }

  private costOf(v: number): number {
    return v < this.cost.length ? this.cost[v] : 0;
  }

  private get zero(): number {
    return ZERO * (1 + this.cost.reduce((top, c) => Math.max(top, Math.abs(c)), 0));
  }

  private dualFeasible(): boolean {
    const { d, nonbasic, x, lower, upper } = this.lp;
    const zero = this.zero;
    return d.every((slope, j) => {
      const v = nonbasic[j];
      if (lower[v] === upper[v] || Math.abs(slope) <= zero) return true;
      return slope > 0 ? x[v] === lower[v] : x[v] === upper[v];
    });
  }

  private primal(): LinearStatus {
    const { lp } = this;
    const { T, d, basic, nonbasic, x, lower, upper } = lp;
    const n = d.length;
    const zero = this.zero;
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      let entering = -1;
      let steepest = zero;
      for (let j = 0; j < n; j++) {
        const v = nonbasic[j];
        if (d[j] < 0 ? x[v] >= upper[v] : x[v] <= lower[v]) continue;
        const bland = iteration >= DANTZIG && entering >= 0;
        if (Math.abs(d[j]) <= (bland ? zero : steepest) || (bland && v > nonbasic[entering])) continue;
        entering = j;
        steepest = iteration >= DANTZIG ? zero : Math.abs(d[j]);
      }
      if (entering < 0) return "optimal";
      const v = nonbasic[entering];
      const way = d[entering] < 0 ? 1 : -1;
      const own = way > 0 ? upper[v] - x[v] : x[v] - lower[v];
      let step = inf;
      let leaving = -1;
      let size = 0;
      for (let i = 0, at = entering; i < basic.length; i++, at += n) {
        const a = way * T[at];
        const w = basic[i];
        if (Math.abs(a) < PIVOT) continue;
        const room = Math.max(0, a > 0 ? upper[w] - x[w] : x[w] - lower[w]) / Math.abs(a);
        if (room === inf || room > step || (room === step && Math.abs(a) <= size)) continue;
        step = room;
        leaving = i;
        size = Math.abs(a);
      }
      if (leaving < 0 && own === inf) {
        this.direction = this.along(entering, way);
        return "unbounded";
      }
      if (own <= step) {
        lp.move(entering, way > 0 ? upper[v] : lower[v]);
        continue;
      }
      const out = basic[leaving];
      const to = way * T[leaving * n + entering] > 0 ? upper[out] : lower[out];
      lp.move(entering, x[v] + way * step);
      x[out] = to;
      lp.exchange(leaving, entering);
    }
    return "failed";
  }

  private along(entering: number, way: number): Vector {
    const { T, nonbasic, place } = this.lp;
    const n = nonbasic.length;
    return Float64Array.from(this.cost, (_, j) => {
      const p = place[j];
      return p >= 0 ? way * T[p * n + entering] : -1 - p === entering ? way : 0;
    });
  }

  get objective(): number {
    return this.cost.reduce((sum, c, j) => sum + c * this.lp.x[j], this.offset);
  }

  solution(): ReturnType<LinearModel["solution"]> {
    const { x, d, place } = this.lp;
    const n = this.cost.length;
    const duals = Float64Array.from(place, (p) => (p < 0 ? d[-1 - p] : 0));
    return { u: x.slice(0, n), rowValues: x.slice(n), columnDuals: duals.slice(0, n), rowDuals: duals.slice(n) };
  }

  setColumn(j: number, lower: number, upper: number): void {
    this.lp.limit(j, lower, upper);
  }

  setRow(i: number, lower: number, upper: number): void {
    this.lp.limit(this.cost.length + i, lower, upper);
  }

  setCost(cost: Vector): void {
    this.cost.set(cost);
  }

  basis(): Uint8Array {
    return this.lp.basis();
  }

  conflict(): Conflict | undefined {
    return undefined;
  }

  ray(): Vector | undefined {
    return this.direction;
  }

  dispose(): void {}
}
