/**
 * Automatic runs of methods whose surrogate S(x, y, z) is minimised over all three at once, with its inner problem in θ solved
 * to the limit of float64 instead of by one step: u = (x, y, z) takes the place of x in the automatic outer rule (quasi-Newton
 * where u lies in boxes, projected gradient steps with the spectral step length elsewhere), θ that of y; c × 4 from stage to
 * stage, Richardson's table in 1/c.
 *
 *   minimised:  f(x, y) + c D(x, y, z),   D the gap of the lower level
 */
import { norm } from "../../num/vector.js";
import type { DomainOracle, Oracle } from "../../oracle/oracle.js";
import { descend } from "../implicit/aidAuto.js";
import { CurvedLowerSolver } from "../kit/curvedLowerSolver.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { BoxLowerSolver, type LowerSolver } from "../kit/lowerSolver.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { MethodContext } from "../method.js";
import { type Stage, Stages } from "./stages.js";

type Vector = Float64Array;

const RATIO = 4;

/** What a method gives. Its θ, x, y, z are set before each call. */
export interface JointSurrogate {
  readonly theta: Vector;
  readonly z: Vector;
  /** Value and gradient in θ of the function that θ minimises over Y. */
  inner(x: Vector, y: Vector, theta: Vector, out: Vector): number;
  /** Value of f + c D and its gradients, at the θ solved for. */
  outer(x: Vector, y: Vector, c: number, Gx: Vector, Gy: Vector, Gz: Vector): number;
  /** In place, onto the set of (x, y). */
  project(x: Vector, y: Vector): void;
  readonly boxes: boolean;
  readonly radius: number;
}

/** u seen as (x, y, z). */
class Parts {
  readonly x: Vector;
  readonly y: Vector;
  readonly z: Vector;
  private readonly n: number;

  constructor(oracle: Oracle) {
    this.n = oracle.n;
    this.x = oracle.startX.slice();
    this.y = oracle.startY.slice();
    this.z = new Float64Array(oracle.lower.constraints.rows);
  }

  read(u: Vector): void {
    const { n, x, y, z } = this;
    const m = y.length;
    for (let i = 0; i < n; i++) x[i] = u[i];
    for (let j = 0; j < m; j++) y[j] = u[n + j];
    for (let r = 0; r < z.length; r++) z[r] = u[n + m + r];
  }

  write(u: Vector): void {
    u.set(this.x);
    u.set(this.y, this.n);
    u.set(this.z, this.n + this.y.length);
  }
}

function jointDomain(oracle: Oracle, surrogate: JointSurrogate): DomainOracle {
  const { domainX, domainY } = oracle;
  const { equality } = oracle.lower.constraints;
  const floor = Float64Array.from(equality, (e) => (e === 1 ? -surrogate.radius : 0));
  const top = new Float64Array(equality.length).fill(surrogate.radius);
  const lower = Float64Array.from([...domainX.lower, ...domainY.lower, ...floor]);
  const upper = Float64Array.from([...domainX.upper, ...domainY.upper, ...top]);
  const parts = new Parts(oracle);
  return {
    free:
      surrogate.boxes &&
      lower.every((v) => v === Number.NEGATIVE_INFINITY) &&
      upper.every((v) => v === Number.POSITIVE_INFINITY),
    boxes: surrogate.boxes,
    lower,
    upper,
    project(u) {
      parts.read(u);
      surrogate.project(parts.x, parts.y);
      const { z } = parts;
      for (let r = 0; r < z.length; r++) z[r] = Math.min(top[r], Math.max(floor[r], z[r]));
      parts.write(u);
    },
    // Asked by implicit solvers of constrained LOWER levels only.
    projectTangent() {},
  };
}

/** The problem of θ as the kit's lower solvers see it: u fixed, θ in Y. */
class InnerProblem extends ScaledProblem {
  readonly parts: Parts;
  private readonly surrogate: JointSurrogate;

  constructor(joint: Oracle, oracle: Oracle, surrogate: JointSurrogate) {
    super(joint, { dx: new Float64Array(joint.n).fill(1), dy: new Float64Array(joint.m).fill(1) });
    this.surrogate = surrogate;
    this.parts = new Parts(oracle);
  }

  override lowerGradient(u: Vector, theta: Vector, out: Vector): number {
    const { parts, surrogate } = this;
    parts.read(u);
    surrogate.z.set(parts.z);
    return surrogate.inner(parts.x, parts.y, theta, out);
  }
}

class JointEvaluator extends HyperEvaluator {
  c: number;
  readonly parts: Parts;
  private readonly surrogate: JointSurrogate;
  private readonly inside: LowerSolver;
  private readonly gtheta: Vector;
  private readonly g: { readonly x: Vector; readonly y: Vector; readonly z: Vector };
  private readonly stopped: () => boolean;

  constructor(problem: InnerProblem, surrogate: JointSurrogate, c: number, exhausted: () => boolean) {
    const { domainY } = problem.oracle;
    const inside = domainY.boxes ? new BoxLowerSolver(problem) : new CurvedLowerSolver(problem);
    super(problem, exhausted, undefined, inside);
    const { x, y, z } = problem.parts;
    this.parts = problem.parts;
    this.surrogate = surrogate;
    this.inside = inside;
    this.c = c;
    this.stopped = exhausted;
    this.gtheta = new Float64Array(problem.m);
    this.g = { x: new Float64Array(x.length), y: new Float64Array(y.length), z: new Float64Array(z.length) };
  }

  override evaluate(p: HyperPoint): boolean {
    const { surrogate, parts, g, c } = this;
    p.finite = false;
    p.checked = false;
    p.adjointResidual = 0;
    p.rt = 1e-14;
    p.lowerEnd = this.inside.solve(p.x, p.y, this.gtheta, p.rt, this.stopped);
    p.lowerResidual = this.inside.residual;
    if (p.lowerEnd !== "solved" && p.lowerEnd !== "floor") return p.lowerEnd !== "exhausted";
    parts.read(p.x);
    surrogate.z.set(parts.z);
    surrogate.theta.set(p.y);
    p.phi = surrogate.outer(parts.x, parts.y, c, g.x, g.y, g.z);
    p.f = p.phi;
    p.G.set(g.x);
    p.G.set(g.y, g.x.length);
    p.G.set(g.z, g.x.length + g.y.length);
    const lower = Math.abs(this.inside.value);
    p.slack = 1e-15 * c * lower + 1e-14 * Math.abs(p.phi);
    p.rounding = norm(p.G) + 0.2 * c * lower;
    projectHypergradient(this.problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    p.checked = p.finite;
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }
}

export function automaticJoint(context: MethodContext, surrogate: JointSurrogate): Running {
  const { oracle } = context;
  const { n, m } = oracle;
  const fixed = given(context, "c0");
  const start = new Parts(oracle);
  surrogate.project(start.x, start.y);
  const startU = new Float64Array(n + m + start.z.length);
  start.write(startU);
  const domain = jointDomain(oracle, surrogate);
  const joint: Oracle = { ...oracle, n: startU.length, startX: startU, domainX: domain };
  const c = fixed ?? firstPenalty(oracle, context.random.split("penalty"));
  const evaluator = new JointEvaluator(new InnerProblem(joint, oracle, surrogate), surrogate, c, context.exhausted);
  const inner = descend(evaluator, context.tolerance);
  const y = new Float64Array(m);
  const x = new Float64Array(n);
  const stage: Stage = {
    inner,
    evaluator,
    ratio: RATIO,
    name: "c",
    iterations: surrogate.boxes ? 300 : 3000,
    parameter: () => evaluator.c,
    sharpen: () => {
      evaluator.c *= RATIO;
    },
    gap: () => {
      const u = inner.current.x;
      for (let i = 0; i < n; i++) x[i] = u[i];
      for (let j = 0; j < m; j++) y[j] = u[n + j];
      return (inner.current.phi - oracle.upper.value(x, y)) / evaluator.c;
    },
    readInto: (out) => {
      const u = inner.current.x;
      for (let i = 0; i < n + m; i++) out[i] = u[i];
    },
  };
  return new Stages(context, stage, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
