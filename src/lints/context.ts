/** What lints look at: the problem, its oracle, and lower solutions at a few points x, solved once for all lints. */

import { type FoundConstants, findConstants } from "../constants/find.js";
import { curvatureOf } from "../curvature/index.js";
import { isConvex } from "../curvature/verdict.js";
import { dependents } from "../expr/walk.js";
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
/** Points x beside the starting one, and draws until so many keep the upper constraints. */
const NEIGHBOURS = 5;
const DRAWS = 50;
const VIOLATED = 1e-6;
const ITERATIONS = 200;
/** Starts of lower solves besides three fixed ones, where the lower level is not known to be convex. */
const MORE_STARTS = 4;
/** Lower values that differ by less than this times 1 + |g| are equal: the better one for the upper level counts. */
const TIE = 1e-7;

export class LintContext {
  readonly problem: Problem;
  readonly oracle: Oracle;
  private readonly seed: number;
  private found: readonly LowerSample[] | undefined;
  private solver: ((x: Vector, starts: readonly Vector[]) => LowerSample | undefined) | undefined;
  private constantsFound: FoundConstants | undefined;
  private rowsOfX: readonly boolean[] | undefined;
  private convexKnown: boolean | undefined;
  private startsKnown: readonly Vector[] | undefined;

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

  /**
   * The best lower solution for x from the given starts, of equally good ones the best for the upper level. Where the lower level
   * is not known to be convex, the usual starts come on top.
   */
  lowerSolution(x: Vector, starts: readonly Vector[] = []): LowerSample | undefined {
    this.solver ??= this.makeSolver();
    return this.solver(x, starts.length > 0 && this.convex ? starts : [...starts, ...this.lowerStarts]);
  }

  /** Whether each lower level is proved to be convex: a stationary point is a solution. */
  private get convex(): boolean {
    this.convexKnown ??= curvatureOf(this.problem).lowers.every(
      ({ objective, constraints }) => isConvex(objective.own) && constraints.every((c) => c.set !== "unknown"),
    );
    return this.convexKnown;
  }

  private makeSolver(): (x: Vector, starts: readonly Vector[]) => LowerSample | undefined {
    const { oracle } = this;
    const { upper } = oracle.fork();
    const program = compileProgram(lowerProgram(oracle.problem), backendOf(oracle));
    return (x, starts) => {
      program.parameters.set(x);
      let best: LowerSample | undefined;
      for (const start of starts) {
        const { status, u, f } = solveNonlinear(program, start, { maxIterations: ITERATIONS, elastic: false });
        if (status !== "solved" && status !== "acceptable") continue;
        const tie = TIE * (1 + Math.abs(f));
        const better =
          best === undefined ||
          f < best.value - tie ||
          (f <= best.value + tie && upper.value(x, u) < upper.value(x, best.y));
        if (better) best = { x: x.slice(), y: u, value: f };
      }
      return best;
    };
  }

  /** The written start, its mirror image, its double; and where minima may be several, points drawn from the bounds. */
  private get lowerStarts(): readonly Vector[] {
    this.startsKnown ??= this.makeLowerStarts();
    return this.startsKnown;
  }

  private makeLowerStarts(): readonly Vector[] {
    const { startY, domainY } = this.oracle;
    const project = (v: Vector): Vector => {
      domainY.project(v);
      return v;
    };
    const random = this.random("lower starts");
    const drawn = (): Vector =>
      project(
        startY.map((v, j) => {
          const [lo, hi] = [domainY.lower[j], domainY.upper[j]];
          const bounded = Number.isFinite(lo) && Number.isFinite(hi);
          return bounded ? lo + (hi - lo) * random.uniform() : v + 2 * (1 + Math.abs(v)) * random.normal();
        }),
      );
    return [
      startY,
      project(startY.map((v) => (v === 0 ? 1 : -v))),
      project(startY.map((v) => (v === 0 ? -1 : 2 * v))),
      ...(this.convex ? [] : Array.from({ length: MORE_STARTS }, drawn)),
    ];
  }

  /** Whether x keeps the upper constraints that no lower variable is part of: elsewhere nobody asks for lower solutions. */
  readonly allowed = (x: Vector): boolean => {
    const { problem, oracle } = this;
    this.rowsOfX ??= rowsWithoutY(problem);
    const { upper } = oracle.fork();
    const { rows, equality } = upper.constraints;
    if (this.rowsOfX.every((own) => !own)) return true;
    const c = new Float64Array(rows);
    upper.constraints.value(x, oracle.startY, c);
    return c.every((v, r) => this.rowsOfX?.[r] !== true || (equality[r] === 1 ? Math.abs(v) : v) <= VIOLATED);
  };

  private points(): readonly Vector[] {
    const { startX, domainX, n } = this.oracle;
    const random = this.random("points");
    const points = [startX];
    for (let k = 0; k < DRAWS && points.length <= NEIGHBOURS && n > 0; k++) {
      const x = startX.map((v, i) => {
        const [lo, hi] = [domainX.lower[i], domainX.upper[i]];
        if (Number.isFinite(lo) && Number.isFinite(hi)) return lo + (hi - lo) * random.uniform();
        return v + ((k % NEIGHBOURS) + 1) * 0.5 * (1 + Math.abs(v)) * random.normal();
      });
      domainX.project(x);
      if (this.allowed(x)) points.push(x);
    }
    return points;
  }
}

/** By row of the upper constraints, as the oracle orders them. */
function rowsWithoutY({ upper, y }: Problem): readonly boolean[] {
  return upper.constraints.flatMap(({ body, rows }) =>
    new Array<boolean>(rows).fill(dependents([body], [y]).size === 0),
  );
}
