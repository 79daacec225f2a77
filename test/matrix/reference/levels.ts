/**
 * Reference answers of bilevel problems with a nonsingular lower Hessian, from functions and derivatives written by hand:
 * Newton's method below, the implicit function theorem with a Cholesky factor between, projected spectral gradients above.
 */
import { cholesky, dot, norm, type Rows, solveWith, type Vector } from "./algebra.js";

export interface Levels {
  /** Lower objective at (x, y), its gradient and Hessian in y. */
  lower(x: Vector, y: Vector): number;
  lowerGradient(x: Vector, y: Vector): Vector;
  lowerHessian(x: Vector, y: Vector): Rows;
  /** d²g/dxdy times v. */
  cross(x: Vector, y: Vector, v: Vector): Vector;
  /** Upper objective and its gradient in y; f does not depend on x directly. */
  upper(y: Vector): number;
  upperGradient(y: Vector): Vector;
  readonly box: readonly [number, number];
}

/** The local minimiser that Newton's method with halved steps comes to; throws where the Hessian is not positive definite. */
export function lowerSolution(levels: Levels, x: Vector, start: Vector): Vector {
  let y = [...start];
  let value = levels.lower(x, y);
  for (let k = 0; k < 100; k++) {
    const gradient = levels.lowerGradient(x, y);
    if (norm(gradient) < 1e-13) break;
    const L = cholesky(levels.lowerHessian(x, y));
    if (L === undefined) throw new Error("the lower Hessian is not positive definite");
    const step = solveWith(L, gradient);
    let t = 1;
    let next = y.map((v, j) => v - step[j]);
    let at = levels.lower(x, next);
    while (at > value + 1e-15 * Math.abs(value) && t > 1e-10) {
      t /= 2;
      next = y.map((v, j) => v - t * step[j]);
      at = levels.lower(x, next);
    }
    if (t <= 1e-10) break;
    y = next;
    value = at;
  }
  return y;
}

/** d/dx f(y*(x)) = -d²g/dxdy H^(-1) grad f, at a lower solution y. */
export function hypergradient(levels: Levels, x: Vector, y: Vector): Vector {
  const L = cholesky(levels.lowerHessian(x, y));
  if (L === undefined) throw new Error("the lower Hessian is not positive definite");
  return levels.cross(x, y, solveWith(L, levels.upperGradient(y))).map((v) => -v);
}

const clip = (v: number, [low, high]: Levels["box"]): number => Math.min(high, Math.max(low, v));

/** |x - P(x - G)|: zero exactly where the box's optimality conditions hold. */
export function boxResidual(x: Vector, G: Vector, box: Levels["box"]): number {
  return norm(x.map((v, i) => v - clip(v - G[i], box)));
}

export interface Answer {
  readonly x: Vector;
  readonly y: Vector;
  readonly value: number;
  readonly residual: number;
}

/**
 * A local minimiser in the box: spectral projected gradients (Birgin, Martinez and Raydan, 2000) with the largest of the
 * last ten values, until the box residual is below `goal` times the first one.
 */
export function bilevelSolution(levels: Levels, startX: Vector, startY: Vector, goal = 1e-8, most = 3000): Answer {
  let x = [...startX];
  let y = lowerSolution(levels, x, startY);
  let value = levels.upper(y);
  let G = hypergradient(levels, x, y);
  const first = boxResidual(x, G, levels.box);
  let t = 1 / Math.max(...G.map(Math.abs));
  const last = [value];
  for (let k = 0; k < most && boxResidual(x, G, levels.box) > goal * first; k++) {
    const d = x.map((v, i) => clip(v - t * G[i], levels.box) - v);
    const slope = dot(d, G);
    let a = 1;
    let next = x;
    let nextY = y;
    for (; a > 1e-12; a /= 2) {
      next = x.map((v, i) => v + a * d[i]);
      nextY = lowerSolution(levels, next, y);
      if (levels.upper(nextY) <= Math.max(...last) + 1e-4 * a * slope + 1e-15) break;
    }
    const nextG = hypergradient(levels, next, nextY);
    const s = next.map((v, i) => v - x[i]);
    const sg = dot(
      s,
      nextG.map((v, i) => v - G[i]),
    );
    t = sg > 0 ? Math.min(1e8, dot(s, s) / sg) : 1e8;
    x = next;
    y = nextY;
    G = nextG;
    value = levels.upper(y);
    last.push(value);
    if (last.length > 10) last.shift();
  }
  return { x, y, value, residual: boxResidual(x, G, levels.box) };
}
