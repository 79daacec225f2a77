/**
 * What the implicit estimators share: the implicit function theorem on the tangent space of the lower domain,
 *
 *   G = grad_x f - J v,   H v = grad_y f     at (x, y)        (Pedregosa, ICML 2016, (3)-(4))
 *
 * Each estimator brings a rule for v. A rule serves the published loops (fixed numbers of iterations) and the automatic
 * ones (iterations to a tolerance, see hyperAdjoint).
 */
import { copyInto, dot, type LinearMap, norm } from "../../../num/vector.js";
import type { Linearization } from "../../../oracle/oracle.js";
import type { TangentSpace } from "../../kit/checkedAdjoint.js";
import type { AdjointSolver } from "../../kit/hyperPoint.js";
import { lowerStepOf } from "../../kit/lowerStep.js";
import { Tangent } from "../../kit/tangent.js";
import type { MethodContext } from "../../method.js";
import type { Estimator, EstimatorPiece } from "../piece.js";

type Vector = Float64Array;

/** (P H P + rho) v = P grad_y f: the system on the tangent space (see kit/tangent.ts). */
export class AdjointSystem {
  readonly b: Vector;
  /** |b| */
  size = 0;
  space: TangentSpace;
  private readonly products: LinearMap;

  /** `products` multiplies with H at the point that is current when it is called. */
  constructor(m: number, space: TangentSpace, products: LinearMap) {
    this.b = new Float64Array(m);
    this.space = space;
    this.products = products;
  }

  /** out = H v, not reduced. */
  get hvp(): LinearMap {
    return this.products;
  }

  /** out = (P H P + rho) v for v in the tangent space. */
  readonly apply = (v: Vector, out: Vector): void => {
    this.products(v, out);
    if (!this.space.whole) this.space.reduceInto(v, out);
  };

  /** Takes grad_y f as right-hand side, and the part of the last v that is still in the tangent space. */
  pose(gradient: Vector, v: Vector): void {
    copyInto(gradient, this.b);
    if (!this.space.whole) {
      this.space.projectInto(this.b);
      this.space.projectInto(v);
    }
    this.size = norm(this.b);
  }
}

export interface AdjointRule {
  /**
   * Leaves the adjoint in v, which holds the last one on entry; b is not 0. With a tolerance, iterates until the relative
   * residual is below it; without, as often as the options say. Returns that residual; NaN where unknown.
   */
  solve(system: AdjointSystem, v: Vector, tolerance: number | undefined, exhausted: () => boolean): number;
  /** A direction without positive curvature was met at the last solve. */
  readonly notPositive: boolean;
  /** Forgets what was learned at earlier points. */
  reset(): void;
}

class ImplicitEstimator implements Estimator {
  residual = Number.NaN;
  size = 0;
  private readonly context: MethodContext;
  private readonly rule: AdjointRule;
  private readonly tangent: Tangent;
  private readonly system: AdjointSystem;
  private readonly v: Vector;
  private readonly gradY: Vector;
  private readonly Jv: Vector;
  private map: Linearization | undefined;

  constructor(context: MethodContext, rule: AdjointRule) {
    const { n, m, domainY } = context.oracle;
    this.context = context;
    this.rule = rule;
    this.tangent = new Tangent(domainY, m);
    this.system = new AdjointSystem(m, this.tangent, (v, out) => this.map?.hvp(v, out));
    this.v = new Float64Array(m);
    this.gradY = new Float64Array(m);
    this.Jv = new Float64Array(n);
  }

  estimate(x: Vector, y: Vector, G: Vector, tolerance: number | undefined): number {
    const { context, rule, system, v, gradY, Jv } = this;
    const { upper, lower, domainY } = context.oracle;
    if (!domainY.free) {
      lower.gradY(x, y, gradY);
      this.tangent.update(y, gradY, lowerStepOf(context));
    }
    const value = upper.valueGrad(x, y, G, gradY);
    this.size = norm(G);
    this.map = lower.linearize(x, y);
    system.pose(gradY, v);
    if (system.size === 0) {
      v.fill(0);
      this.residual = 0;
      return value;
    }
    this.residual = rule.solve(system, v, tolerance, context.exhausted);
    this.map.jvp(v, Jv);
    this.size += norm(Jv);
    for (let i = 0; i < Jv.length; i++) G[i] -= Jv[i];
    return value;
  }

  reset(): void {
    this.v.fill(0);
    this.rule.reset();
  }
}

type Facts = Omit<EstimatorPiece, "kind" | "order" | "keepsPath" | "maps" | "why" | "make" | "adjoint">;

/** The piece of a rule: second-order, needs no path, makes sense with maps that lead to lower solutions. */
export function implicitPiece(
  facts: Facts,
  rule: (context: MethodContext) => AdjointRule,
): EstimatorPiece & { readonly adjoint: (context: MethodContext) => AdjointRule } {
  return {
    kind: "estimator",
    order: 2,
    keepsPath: false,
    maps: "plain",
    why: "it differentiates the optimality conditions of the lower level, which steps that mix in the upper objective do not meet",
    ...facts,
    adjoint: rule,
    make: (context) => new ImplicitEstimator(context, rule(context)),
  };
}

/** A rule as the adjoint solver of automatic runs (kit/hyperPoint.ts). */
export function hyperAdjoint(rule: AdjointRule, m: number, hvp: LinearMap): AdjointSolver {
  let system: AdjointSystem | undefined;
  const solver = {
    residual: 0,
    notPositive: false,
    solve(
      gradient: Vector,
      v: Vector,
      rt: number,
      space: TangentSpace,
      _precondition: LinearMap | undefined,
      exhausted: () => boolean,
    ): boolean {
      system ??= new AdjointSystem(m, space, hvp);
      system.space = space;
      system.pose(gradient, v);
      solver.residual = 0;
      solver.notPositive = false;
      if (system.size === 0) {
        v.fill(0);
        return true;
      }
      solver.residual = rule.solve(system, v, rt, exhausted);
      solver.notPositive = rule.notPositive;
      return solver.residual <= rt;
    },
  };
  return solver;
}

/** |b - A v| / |b| by one product; `scratch` of length m. */
export function relativeResidual(system: AdjointSystem, v: Vector, scratch: Vector): number {
  system.apply(v, scratch);
  for (let j = 0; j < scratch.length; j++) scratch[j] = system.b[j] - scratch[j];
  return Math.sqrt(dot(scratch, scratch)) / system.size;
}
