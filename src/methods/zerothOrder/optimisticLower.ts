/**
 * The lower solution that the upper level prefers, for smooth f and g, by tilting and restoring:
 *
 *   y_e = argmin g(x, ·) + e f(x, ·),   z = argmin g(x, ·) from y_e,   phi~(x) = f(x, z)
 *
 * y_e is within O(e) of the optimistic solution (Tikhonov's selection: Cabot, Proximal point algorithm controlled by a slowly
 * vanishing term, SIAM J. Optim. 2005); the way back moves across the level sets of g only, and along the solution set f
 * is stationary, so phi~ - phi = O(e²). Where the lower solution is unique, z is it whatever e is. Both by projected
 * quasi-Newton steps. Nonsmooth levels leave a large residual: `smooth` turns false, and subgradients are the way.
 */
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { LevelOracle, Oracle } from "../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { CurvedLowerSolver } from "../kit/curvedLowerSolver.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { BoxLowerSolver, type LowerSolver } from "../kit/lowerSolver.js";
import { ScaledProblem } from "../kit/scaledProblem.js";

type Vector = Float64Array;

/** e relative to the curvatures of both levels. */
const TILT = 1e-5;
/** A lower solve that leaves more than this share of the gradient's size has met a kink. */
const KINK = 1e-5;

export class OptimisticLower {
  /** False once a lower solve could not bring the gradient down. */
  smooth = true;
  /** Norm of the projected lower gradient at the last answer, and g there. */
  residual = Number.NaN;
  value = Number.NaN;
  private readonly upper: LevelOracle;
  private readonly tilted: LowerSolver;
  private readonly plain: LowerSolver;
  private readonly gradient: Vector;
  private readonly exhausted: () => boolean;
  private readonly scale: number;

  constructor(oracle: Oracle, random: Random, exhausted: () => boolean) {
    const { n, m } = oracle;
    this.upper = oracle.upper;
    this.exhausted = exhausted;
    this.gradient = new Float64Array(m);
    const unit = { dx: new Float64Array(n).fill(1), dy: new Float64Array(m).fill(1) };
    const solver = (o: Oracle): LowerSolver => {
      const problem = new ScaledProblem(differenceOracle(o), unit);
      return o.domainY.boxes ? new BoxLowerSolver(problem) : new CurvedLowerSolver(problem);
    };
    const above = scaleOf(oracle.upper, oracle, random.split("upper"));
    const below = scaleOf(oracle.lower, oracle, random.split("lower"));
    this.scale = below.gradient;
    this.plain = solver(oracle);
    this.tilted = solver(tilt(oracle, (TILT * below.curvature) / above.curvature));
  }

  /** y holds the start and then z; returns f(x, z), NaN where the lower level is unbounded or not finite. */
  solve(x: Vector, y: Vector): number {
    const { tilted, plain, gradient, exhausted } = this;
    tilted.solve(x, y, gradient, 1e-12, exhausted);
    const end = plain.solve(x, y, gradient, 1e-14, exhausted);
    tilted.accept();
    plain.accept();
    this.residual = plain.residual;
    this.value = plain.value;
    if (end === "unbounded" || end === "not-finite") return Number.NaN;
    if (this.residual > KINK * Math.max(this.scale, norm(gradient))) this.smooth = false;
    return this.upper.value(x, y);
  }
}

function tilt(oracle: Oracle, e: number): Oracle {
  const { upper, lower, m } = oracle;
  const extra = new Float64Array(m);
  const gradX = new Float64Array(oracle.n);
  const valueGradY = (x: Vector, y: Vector, out: Vector): number => {
    const g = lower.valueGradY(x, y, out);
    const f = upper.valueGradY(x, y, extra);
    for (let j = 0; j < m; j++) out[j] += e * extra[j];
    return g + e * f;
  };
  const valueGrad = (x: Vector, y: Vector, outX: Vector, outY: Vector): number => {
    const g = lower.valueGrad(x, y, outX, outY);
    const f = upper.valueGrad(x, y, gradX, extra);
    for (let i = 0; i < outX.length; i++) outX[i] += e * gradX[i];
    for (let j = 0; j < m; j++) outY[j] += e * extra[j];
    return g + e * f;
  };
  return { ...oracle, lower: { ...lower, valueGradY, valueGrad } };
}

interface Scale {
  /** Size of the gradient in y: at the start, and as far as the curvature carries it. */
  readonly gradient: number;
  /** Largest curvature in y; gradient over 1 + |y| where the level is straight, 1 where it is constant. */
  readonly curvature: number;
}

function scaleOf(level: LevelOracle, { startX, startY, m }: Oracle, random: Random): Scale {
  const { L } = estimateCurvature(differenceProducts(level, startX, startY), m, random);
  const gradient = new Float64Array(m);
  level.gradY(startX, startY, gradient);
  const size = norm(gradient);
  const reach = 1 + norm(startY);
  // differences of gradients carry rounding errors of about 1e-10 of the gradient
  const curved = L > 1e-8 * size && L > 1e-200;
  if (curved) return { gradient: Math.max(size, L * reach), curvature: L };
  return { gradient: size, curvature: size > 0 ? size / reach : 1 };
}
