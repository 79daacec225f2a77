/** What lints look at: the problem, its oracle, and lower solutions at a few points x, solved once for all lints. */
import { type FoundConstants, findConstants } from "../constants/find.js";
import type { Problem } from "../model/problem.js";
import { solveNonlinear } from "../nlp/solve.js";
import { createRandom, type Random } from "../num/random.js";
import { backendOf } from "../oracle/backendOf.js";
import type { Oracle } from "../oracle/oracle.js";
import { compileProgram } from "../reform/compile.js";
import { lowerProgram } from "../reform/lowerLevel.js";

type Vector = Float64Array;

export interface LowerSample {
  readonly x: Vector;
  /** A lower solution for x: stationary, and the best of a few starts. */
  readonly y: Vector;
  readonly value: number;
}

/** Variables of each level, and rows, of problems whose lower levels are solved for lints. */
const MOST_VARIABLES = 30;
const MOST_ROWS = 60;
/** Points x beside the starting one. */
const NEIGHBOURS = 5;
const ITERATIONS = 200;

export class LintContext {
  readonly problem: Problem;
  readonly oracle: Oracle;
  private readonly seed: number;
  private found: readonly LowerSample[] | undefined;
  private solver: ((x: Vector, starts: readonly Vector[]) => LowerSample | undefined) | undefined;
  private constantsFound: FoundConstants | undefined;

  constructor(oracle: Oracle, seed: number) {
    this.problem = oracle.problem;
    this.oracle = oracle;
    this.seed = seed;
  }

  random(label: string): Random {
    return createRandom(this.seed).split(`lint ${label}`);
  }

  /** Whether lower levels are solved at all: small problems with one lower objective. */
  get small(): boolean {
    const { problem, oracle } = this;
    return (
      oracle.m > 0 &&
      oracle.m <= MOST_VARIABLES &&
      oracle.n <= MOST_VARIABLES &&
      oracle.lower.constraints.rows <= MOST_ROWS &&
      problem.independentFollowers &&
      problem.samples.length === 0 &&
      problem.lowers.every((level) => level.priceOf === undefined)
    );
  }

  get constants(): FoundConstants {
    this.constantsFound ??= findConstants(this.oracle, this.random("constants"));
    return this.constantsFound;
  }

  /** At the start and at points around it, within the domain of x; fewer where lower solves fail, none for large problems. */
  get samples(): readonly LowerSample[] {
    this.found ??= this.small ? this.points().flatMap((x) => this.lowerSolution(x) ?? []) : [];
    return this.found;
  }

  /** The best lower solution for x from the given starts (default: the written one, its mirror image and 0). */
  lowerSolution(x: Vector, starts: readonly Vector[] = this.lowerStarts()): LowerSample | undefined {
    this.solver ??= this.makeSolver();
    return this.solver(x, starts);
  }

  private makeSolver(): (x: Vector, starts: readonly Vector[]) => LowerSample | undefined {
    const { oracle } = this;
    const program = compileProgram(lowerProgram(oracle.problem), backendOf(oracle));
    return (x, starts) => {
      program.parameters.set(x);
      let best: LowerSample | undefined;
      for (const start of starts) {
        const { status, u, f } = solveNonlinear(program, start, { maxIterations: ITERATIONS, elastic: false });
        if (status !== "solved" && status !== "acceptable") continue;
        if (best === undefined || f < best.value) best = { x: x.slice(), y: u, value: f };
      }
      return best;
    };
  }

  private lowerStarts(): readonly Vector[] {
    const { startY, domainY } = this.oracle;
    const project = (v: Vector): Vector => {
      domainY.project(v);
      return v;
    };
    return [startY, project(startY.map((v) => (v === 0 ? 1 : -v))), project(startY.map((v) => (v === 0 ? -1 : 2 * v)))];
  }

  private points(): readonly Vector[] {
    const { startX, domainX, n } = this.oracle;
    const random = this.random("points");
    const points = [startX];
    for (let k = 0; k < NEIGHBOURS && n > 0; k++) {
      const x = startX.map((v, i) => {
        const [lo, hi] = [domainX.lower[i], domainX.upper[i]];
        if (Number.isFinite(lo) && Number.isFinite(hi)) return lo + (hi - lo) * random.uniform();
        return v + (k + 1) * 0.5 * (1 + Math.abs(v)) * random.normal();
      });
      domainX.project(x);
      points.push(x);
    }
    return points;
  }
}
