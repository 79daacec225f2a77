/**
 * Automatic BLOCC: the penalised hyper-objective with both lower problems solved to the limit of float64,
 *
 *   L(x) = min_{h <= 0} [f(x, y) + γ g(x, y)] - γ min_{h <= 0} g(x, y)
 *   grad L = ∇x f(y_F) + γ [∇x g(y_F) + h_xᵀ μ_F - ∇x g(y_g) - h_xᵀ μ_g]      (Danskin's theorem with multipliers)
 *
 * minimised over x by the automatic outer rule, for γ × 4 from 10 L_f/L_g on. Where no y is feasible both are elastic, with
 * prices K for y_g and K + M/γ for y_F, so that L gains M times the least violation: an exact penalty that leads x back. In a HyperPoint `y` holds y_g and `v` y_F.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { descend } from "../implicit/aidAuto.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { MethodContext } from "../method.js";
import { LowerProgram, type ProgramEnd } from "./lowerProgram.js";
import { type Stage, Stages } from "./stages.js";

type Vector = Float64Array;

const RATIO = 4;
/** Multipliers of the lower problem count up to this times the slope of g; beyond, rows are violated (elastic problem). */
const LIMIT = 1e4;
/** Violations cost the upper level this times its own slope for a unit. */
const PRICE = 100;

export class LagrangianSurrogate extends HyperEvaluator {
  gamma: number;
  gap = Number.POSITIVE_INFINITY;
  readonly plain: LowerProgram;
  readonly mixed: LowerProgram;
  private readonly oracle: Oracle;
  private readonly stopped: () => boolean;
  private begun = false;
  /** Price of violations for the upper level, on top of what the lower level pays. */
  private price = Number.NaN;
  private readonly atF: Vector;
  private readonly atG: Vector;
  private readonly pull: Vector;
  private readonly spareY: Vector;

  constructor(problem: ScaledProblem, exhausted: () => boolean, gamma: number) {
    super(problem, exhausted);
    const { oracle, n, m } = problem;
    this.oracle = oracle;
    this.stopped = exhausted;
    this.gamma = gamma;
    this.plain = new LowerProgram(oracle);
    this.mixed = new LowerProgram(oracle);
    this.atF = new Float64Array(n);
    this.atG = new Float64Array(n);
    this.pull = new Float64Array(n);
    this.spareY = new Float64Array(m);
  }

  override evaluate(p: HyperPoint): boolean {
    const { plain, mixed, gamma, oracle, atF, atG } = this;
    p.finite = false;
    p.checked = false;
    p.adjointResidual = 0;
    p.rt = 1e-13;
    if (!this.begun) this.begin(p);
    const first = plain.solve(p.x, p.y, 0, this.stopped);
    p.lowerResidual = plain.stationarity;
    p.lowerEnd = first === "unbounded" ? "unbounded" : "solved";
    if (!usable(first)) return first !== "exhausted";
    const second = mixed.solve(p.x, p.v, 1 / gamma, this.stopped);
    if (!usable(second)) return second !== "exhausted";
    p.f = oracle.upper.valueGrad(p.x, p.v, p.G, this.spareY);
    this.slopeInto(mixed, p.x, p.v, atF);
    this.slopeInto(plain, p.x, p.y, atG);
    for (let i = 0; i < p.G.length; i++) p.G[i] += gamma * (atF[i] - atG[i]);
    p.phi = gamma * (mixed.lagrangian - plain.lagrangian);
    this.gap = mixed.lagrangian - p.f / gamma - plain.lagrangian;
    p.slack = 1e-15 * gamma * (Math.abs(mixed.lagrangian) + Math.abs(plain.lagrangian)) + 1e-14 * Math.abs(p.f);
    p.rounding = norm(p.G) + 0.2 * gamma * (norm(atF) + norm(atG));
    projectHypergradient(this.problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    p.checked = p.finite && first === "solved" && second === "solved";
    // The first point sets the scale: trial points of steep penalties would inflate it.
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  /** Limits on the multipliers, from the slopes at the first point. */
  private begin(p: HyperPoint): void {
    const { oracle, spareY, pull } = this;
    this.begun = true;
    p.v.set(p.y);
    oracle.lower.valueGrad(p.x, p.y, pull, spareY);
    const slope = norm(spareY) + norm(pull);
    this.plain.limit.fill(LIMIT * (1 + (Number.isFinite(slope) ? slope : 0)));
    oracle.upper.valueGrad(p.x, p.y, pull, spareY);
    const upper = norm(spareY) + norm(pull);
    this.price = PRICE * (1 + (Number.isFinite(upper) ? upper : 0));
    this.setPenalty(this.gamma);
  }

  setPenalty(gamma: number): void {
    this.gamma = gamma;
    if (this.plain.limit.length > 0) this.mixed.limit.fill(this.plain.limit[0] + this.price / gamma);
  }

  /** out = ∇x g + h_xᵀ z: the gradient of the lower value without the part of f. */
  private slopeInto(program: LowerProgram, x: Vector, y: Vector, out: Vector): void {
    this.oracle.lower.gradX(x, y, out);
    program.rows.pullInto(x, y, program.z, this.pull, this.spareY);
    for (let i = 0; i < out.length; i++) out[i] += this.pull[i];
  }
}

function usable(end: ProgramEnd): boolean {
  return end === "solved" || end === "inaccurate";
}

export function unitScaling(oracle: Oracle): ScaledProblem {
  return new ScaledProblem(oracle, { dx: new Float64Array(oracle.n).fill(1), dy: new Float64Array(oracle.m).fill(1) });
}

export function automaticBlocc(context: MethodContext): Running {
  const { oracle } = context;
  const fixed = given(context, "gamma");
  const gamma = fixed ?? firstPenalty(oracle, context.random.split("penalty"));
  const evaluator = new LagrangianSurrogate(unitScaling(oracle), context.exhausted, gamma);
  const inner = descend(evaluator, context.tolerance);
  const stage: Stage = {
    inner,
    evaluator,
    ratio: RATIO,
    name: "gamma",
    parameter: () => evaluator.gamma,
    sharpen: () => {
      evaluator.setPenalty(RATIO * evaluator.gamma);
    },
    gap: () => evaluator.gap,
    readInto: (out) => {
      out.set(inner.current.x);
      out.set(inner.current.v, oracle.n);
    },
  };
  return new Stages(context, stage, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
