/**
 * The lower level at a given x, as a nonlinear program in y: local solutions, the lowest of several, and the one among (almost)
 * equally low ones that the upper level prefers. Where the lower level looks convex one local solution is enough; else it is
 * solved from the given y, from solutions met before and from the best of many sampled points.
 */
import type { Backend } from "../../../codegen/kernel.js";
import type { NlpResult } from "../../../nlp/program.js";
import { symmetricEigen } from "../../../num/eigen.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { type CompiledProgram, compileProgram } from "../../../reform/compile.js";
import { lowerProgram, optimisticProgram } from "../../../reform/lowerLevel.js";
import { feasible, type ProgramSolver } from "../programSolver.js";
import { alongAxes } from "./axes.js";
import { basins } from "./basins.js";
import type { Box } from "./box.js";
import { EvenSequence } from "./sequence.js";

type Vector = Float64Array;

export interface LowerSolution {
  readonly y: Vector;
  readonly g: number;
}

/** The lower solution that the upper level prefers, and how much of its f is owed to the slack in g. */
export interface Preferred {
  readonly y: Vector;
  readonly leak: number;
}

/** Sampled points for a variable of the lower level, at most MOST, and how many of the best are solved from. */
const SAMPLES = 36;
const MOST = 360;
const BEST = 4;
/** Most passes along all axes. */
const PASSES = 3;
/** Shares of the way from a center to the points of the box; and how far apart starts are, as a share of its width. */
const REACHES = [1, 0.3, 0.1];
const APART = 0.05;
/** Sampled points at which the curvature is looked at, over the box and closer to the start. */
const CURVATURES = 90;
const SHARES = [1, 0.1, 0.01];
/** Corners of the box are looked at up to this many variables. */
const CORNERS = 4;
/** Hessians with larger entries say nothing. */
const HUGE = 1e100;
/** Slack of g in the optimistic program, times 1 + |g|. */
const SLACK = 1e-7;
/** Near sets without interior a violation of v lowers g by the order of sqrt(v). */
const OPTIONS = { maxIterations: 200, feasibilityTolerance: 1e-9, tolerance: 1e-10 } as const;
/** Bounds this near, relative to 1 + |bound|, may be meant; rows hold to rounding there. */
const NEXT = 1e-4;
const ROUNDING = 1e-12;
/** Where multipliers were missing before. */
const BRIEF = { ...OPTIONS, maxIterations: 30, elastic: false } as const;
const LOOSER = { maxIterations: 200 } as const;

/** Slacks of inequalities on the way to solutions without multipliers. */
const SOFTENED = [1e-2, 1e-4, 1e-7, 1e-10];

export class LowerLevel {
  /** The last slack with which a lower level without multipliers was solved; 0 where none was needed. */
  private soft = 0;
  /** No sampled Hessian of g or of a constraint has a negative eigenvalue (equalities: none is curved). */
  convex = false;
  private readonly program: CompiledProgram;
  private optimisticProgram: CompiledProgram | undefined;
  private readonly oracle: Oracle;
  private readonly backend: Backend;
  private readonly solver: ProgramSolver;
  private readonly sequence: EvenSequence;
  private readonly rows: Vector;
  private box: Box | undefined;

  constructor(oracle: Oracle, backend: Backend, solver: ProgramSolver) {
    this.oracle = oracle;
    this.backend = backend;
    this.solver = solver;
    this.program = compileProgram(lowerProgram(oracle.problem), backend);
    this.rows = new Float64Array(this.program.rows);
    this.sequence = new EvenSequence(oracle.m);
  }

  /** Where samples come from; looks at the curvature there. */
  prepare(box: Box): void {
    this.box = box;
    this.convex = true;
    const { program, oracle } = this;
    const { n, m } = oracle;
    const joint = new EvenSequence(n + m);
    const point = new Float64Array(n + m);
    const values = new Float64Array(program.hessian.rows.length);
    for (let k = 0; k < CURVATURES && this.convex; k++) {
      // some of them close to the start: boxes can be far wider than where things happen; every third of a sequence may fill no box
      joint.into(Math.floor(k / SHARES.length), box.lower, box.upper, point);
      const share = SHARES[k % SHARES.length];
      for (let j = 0; j < n + m; j++) {
        const middle = j < n ? oracle.startX[j] : oracle.startY[j - n];
        point[j] = middle + share * (point[j] - middle);
      }
      program.parameters.set(point.subarray(0, n));
      for (let row = -1; row < program.rows && this.convex; row++) {
        const z = new Float64Array(program.rows);
        const equality = row >= 0 && program.rowLower[row] === program.rowUpper[row];
        if (row >= 0) z[row] = 1;
        program.hessianInto(point.subarray(n), row < 0 ? 1 : 0, z, values);
        this.convex = this.positive(values, equality);
      }
    }
  }

  private positive(values: Vector, equality: boolean): boolean {
    const { hessian, n } = this.program;
    if (!values.every((v) => Math.abs(v) < HUGE)) return true;
    if (values.every((v) => v === 0)) return true;
    if (equality) return false;
    const H = new Float64Array(n * n);
    hessian.rows.forEach((i, e) => {
      const j = hessian.columns[e];
      H[i * n + j] += values[e];
      if (i !== j) H[j * n + i] += values[e];
    });
    const { values: eigen } = symmetricEigen(H, n);
    return eigen[0] >= -1e-9 * Math.max(Math.abs(eigen[0]), Math.abs(eigen[n - 1]));
  }

  /** A local solution near y; undefined where the solver finds none. */
  local(x: Vector, y: Vector): LowerSolution | undefined {
    this.program.parameters.set(x);
    if (this.soft > 0) {
      const strict = this.solver.solve(this.program, y, "lower", BRIEF);
      return usable(strict) ? { y: strict.u, g: strict.f } : this.withoutMultipliers(y, SOFTENED.slice(1));
    }
    let result = this.solver.solve(this.program, y, "lower", OPTIONS);
    if (!usable(result)) result = this.solver.solve(this.program, y, "lower", LOOSER);
    if (usable(result)) return this.atBounds({ y: result.u, g: result.f });
    return feasible(result) ? this.withoutMultipliers(y, SOFTENED) : undefined;
  }

  /** Interior answers stay off weakly active bounds: what is next to one is moved there if that is no worse. */
  private atBounds(found: LowerSolution): LowerSolution {
    const { program, rows, oracle } = this;
    const { lower, upper } = program;
    const y = found.y.slice();
    let moved = false;
    for (let j = 0; j < y.length; j++) {
      const bound = y[j] - lower[j] <= upper[j] - y[j] ? lower[j] : upper[j];
      const away = Math.abs(y[j] - bound);
      if (away === 0 || !(away <= NEXT * (1 + Math.abs(bound)))) continue;
      y[j] = bound;
      moved = true;
    }
    if (!moved) return found;
    program.constraintsInto(y, rows);
    oracle.counts.constraintValue++;
    for (let i = 0; i < rows.length; i++) {
      if (!(rows[i] <= program.rowUpper[i] + ROUNDING && rows[i] >= program.rowLower[i] - ROUNDING)) return found;
    }
    oracle.counts.lowerValue++;
    const g = program.value(y);
    return g <= found.g ? { y, g } : found;
  }

  /**
   * Where the solver meets the constraints and still finds no first-order point there may be no multipliers: the solution of the
   * level with inequalities <= eps has some, and tends to a solution as eps falls (Fritz John's conditions hold in the
   * limit). The last one found keeps the constraints to its eps.
   */
  private withoutMultipliers(y: Vector, slacks: readonly number[]): LowerSolution | undefined {
    let found: LowerSolution | undefined;
    for (const eps of slacks) {
      const result = this.solver.solve(softened(this.program, eps), found?.y ?? y, "lower", LOOSER);
      if (!usable(result)) break;
      if (eps <= 1e-6) this.soft = eps;
      found = { y: result.u, g: result.f };
    }
    return this.soft > 0 && found !== undefined ? found : undefined;
  }

  /** The lowest found from y, from `others` and from sampled points. */
  lowest(x: Vector, y: Vector, others: readonly Vector[] = []): LowerSolution | undefined {
    let best = this.local(x, y);
    if (this.convex && best !== undefined) return best;
    for (const start of [...others, ...this.samples(x, y)]) {
      if (this.solver.exhausted()) break;
      const found = this.local(x, start);
      if (found !== undefined && (best === undefined || found.g < best.g)) best = found;
      if (this.convex && best !== undefined) break;
    }
    return best === undefined ? undefined : this.pastMinima(x, best);
  }

  /** From one local solution to lower ones that differ in single variables. */
  private pastMinima(x: Vector, best: LowerSolution): LowerSolution {
    const { box, program, rows, oracle, solver } = this;
    const { n } = oracle;
    let lowest = best;
    for (let round = 0; box !== undefined && round < PASSES && !solver.exhausted(); round++) {
      program.parameters.set(x);
      const value = (y: Vector): number => {
        oracle.counts.lowerValue++;
        if (rows.length > 0) {
          oracle.counts.constraintValue++;
          program.constraintsInto(y, rows);
          for (let i = 0; i < rows.length; i++) {
            if (!(rows[i] <= program.rowUpper[i] && rows[i] >= program.rowLower[i])) return Number.POSITIVE_INFINITY;
          }
        }
        return program.value(y);
      };
      const start = alongAxes(value, lowest.y, box.lower.subarray(n), box.upper.subarray(n));
      const found = start === undefined ? undefined : this.local(x, start);
      if (found === undefined || !(found.g < lowest.g)) break;
      lowest = found;
    }
    return lowest;
  }

  /** The best sampled points at x, over the box and closer to `center`: feasible ones by g, then the others by violation. */
  private samples(x: Vector, center: Vector): Vector[] {
    const { program, rows, box, oracle, sequence } = this;
    if (box === undefined) return [];
    const { n, m } = oracle;
    program.parameters.set(x);
    const lower = box.lower.subarray(n);
    const upper = box.upper.subarray(n);
    const found: { y: Vector; violation: number; g: number }[] = [];
    const look = (y: Vector): void => {
      oracle.domainY.project(y);
      program.constraintsInto(y, rows);
      oracle.counts.constraintValue++;
      let violation = 0;
      for (let i = 0; i < rows.length; i++) {
        violation += Math.max(0, rows[i] - program.rowUpper[i], program.rowLower[i] - rows[i]);
      }
      oracle.counts.lowerValue++;
      const g = program.value(y);
      if (Number.isFinite(g) && Number.isFinite(violation)) found.push({ y, violation, g });
    };
    // local minima that bounds make have small basins: the ends and corners themselves
    for (let corner = 0; m <= CORNERS && corner < 2 ** m; corner++) {
      look(Float64Array.from({ length: m }, (_, j) => (((corner >> j) & 1) === 1 ? upper[j] : lower[j])));
    }
    const count = Math.min(MOST, SAMPLES * m);
    for (let k = 0; k < count; k++) {
      const y = new Float64Array(m);
      sequence.into(Math.floor(k / REACHES.length), lower, upper, y);
      const share = REACHES[k % REACHES.length];
      for (let j = 0; j < m; j++) y[j] = center[j] + share * (y[j] - center[j]);
      look(y);
    }
    found.sort((a, b) => (a.violation > 0 || b.violation > 0 ? a.violation - b.violation : 0) || a.g - b.g);
    const width = upper.map((u, j) => u - lower[j]);
    return basins(
      found.map((s) => s.y),
      width,
      BEST,
      APART,
    );
  }

  /** min f over lower points with g <= level + slack that keep the upper constraints, from y. */
  optimistic(x: Vector, { y, g }: LowerSolution, share = SLACK): Preferred | undefined {
    this.optimisticProgram ??= compileProgram(optimisticProgram(this.oracle.problem), this.backend);
    const program = this.optimisticProgram;
    program.parameters.set(x);
    const slack = share * (1 + Math.abs(g));
    program.parameters[x.length] = g + slack;
    const target = this.soft > 0 ? softened(program, this.soft) : program;
    const result = this.solver.solve(target, y, "optimistic", { ...OPTIONS, elastic: false });
    if (!feasible(result)) return undefined;
    // f changes by the multiplier times the slack, by twice that where it goes with the square root
    return { y: result.u, leak: 2 * slack * Math.abs(result.rowMultipliers[program.rows - 1]) };
  }
}

/** Inequalities may be violated by eps; bounds of variables may not. */
function softened(program: CompiledProgram, eps: number): CompiledProgram {
  const rowUpper = program.rowUpper.map((u, r) => (u > program.rowLower[r] ? u + eps : u));
  return { ...program, rowUpper };
}

/** Only first-order points: a feasible point where the solver gave up says nothing about the lowest value. */
function usable({ status, f }: NlpResult): boolean {
  return (status === "solved" || status === "acceptable") && Number.isFinite(f);
}
